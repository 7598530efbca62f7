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
        folder = _quoted(str(self.socket_folder))
        login = f"{_quoted(role)}:{_quoted(password)}"
        return f"postgresql://{login}@/{_quoted(database)}?host={folder}&port={self.port}"


def _quoted(text: str) -> str:
    return quote(text, safe="")
