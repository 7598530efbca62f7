"""The port behind which an authority stands, and the authority that never knows."""

from dataclasses import dataclass
from typing import Protocol

from renhao.identity.documents import Document
from renhao.kernel import Sensitive


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no of one provider to one name and number; nothing else is ever kept of it."""

    provider: str
    matched: bool


class Authority(Protocol):
    """Says whether a name and a document number belong together."""

    @property
    def provider(self) -> str:
        """Name it, as kept beside its answers."""

    async def match(self, *, name: Sensitive[str], document: Document) -> Answer | None:
        """Answer yes or no, or None when it cannot say (unknown, out of reach, too slow)."""


class NoAuthority:
    """Stands where no authority is set up: everybody stays `declared` until seen."""

    provider = "none"

    async def match(self, *, name: Sensitive[str], document: Document) -> Answer | None:
        """Say nothing."""
        del name, document
        return None
