"""An embedded PostgreSQL: found or brought along, started, adopted, recovered, stopped.

The server runs under an unprivileged account, on a unix socket in a folder that nobody else may
open, with a password for every role, checksums and fsync. When renhao is killed the server stays,
and the next start adopts it.
"""

from renhao.storage.embedded.binaries import Binaries, Origin, find_binaries
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.layout import default_data_folder
from renhao.storage.embedded.names import KEY_DATABASE, MAIN_DATABASE, SUPERUSER
from renhao.storage.embedded.server import Server
from renhao.storage.embedded.store import create_database, drop_database
from renhao.storage.embedded.supervisor import Running, attach, exists, start

__all__ = [
    "KEY_DATABASE",
    "MAIN_DATABASE",
    "SUPERUSER",
    "Binaries",
    "EmbeddedError",
    "Origin",
    "Running",
    "Server",
    "attach",
    "create_database",
    "default_data_folder",
    "drop_database",
    "exists",
    "find_binaries",
    "start",
]
