"""Refusals: what the program says no to on purpose, with a reason a person can act on."""

from enum import Enum
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


class Kind(Enum):
    """What sort of no it is, free of any transport; each edge maps it to its own answer."""

    INVALID = "invalid"
    """The input breaks a rule; HTTP 422."""
    UNAUTHENTICATED = "unauthenticated"
    """Nobody is logged in; HTTP 401."""
    FORBIDDEN = "forbidden"
    """Somebody is logged in who may not do this; HTTP 403."""
    NOT_FOUND = "not-found"
    """There is no such thing for this caller; HTTP 404."""
    CONFLICT = "conflict"
    """It cannot be done in the present state; HTTP 409."""
    LIMITED = "limited"
    """Too many in a span of time; HTTP 429."""
    UNAVAILABLE = "unavailable"
    """The program cannot serve this now, trying again later helps; HTTP 503."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An anticipated no.

    Subclasses set `kind`, a stable `code` and one sentence in each language that names the rule
    and what to do instead. `{names}` in the sentences are filled from the facts given; facts never
    hold personal values. The fact `field` names the form field at fault.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def field(self) -> str | None:
        """Name the form field at fault, if one is."""
        field = self.facts.get("field")
        return None if field is None else str(field)

    def sentence(self, language: Language) -> str:
        """Say it in one language."""
        return (self.zh if language == "zh" else self.en).format(**self.facts)

    def __str__(self) -> str:
        """Say the code and the English sentence, for logs and terminals."""
        return f"{self.code}: {self.sentence('en')}"
