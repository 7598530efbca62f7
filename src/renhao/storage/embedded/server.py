"""What a caller needs to connect to the embedded server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from renhao.storage.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `version` is PostgreSQL's own number, such as 180006 for 18.6."""

    socket_folder: Path
    port: int
    version: int
    passwords: Mapping[str, str] = field(repr=False)

    def url(self, *, role: str, database: str) -> str:
        """Give the address to connect to, password included. Raises for an unknown role."""
        password = self.passwords.get(role)
        if password is None:
            known = ", ".join(self.passwords)
            raise EmbeddedError(f"There is no role {role} on the embedded server; it has {known}.")
        place = f"host={quote(str(self.socket_folder), safe='')}&port={self.port}"
        return f"postgresql://{quote(role)}:{quote(password)}@/{quote(database)}?{place}"
