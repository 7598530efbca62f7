"""Personal data as a type: it prints as stars until somebody says what for."""

from collections.abc import Callable
from enum import Enum
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Purpose(Enum):
    """Why a personal value is made readable: the closed list that the audit uses."""

    OWN_PAGE = "own-page"
    """The person, or the account that entered it, looks at it."""
    SEAL = "seal"
    """It is encrypted or turned into a blind index; nobody reads it."""
    COMPARE_AT_DESK = "compare-at-desk"
    """Staff compare the card with the person (人号对应)."""
    SEND_MESSAGE = "send-message"
    """A message is delivered to the person's own phone."""
    AUTHORITY_MATCH = "authority-match"
    """Name and number are matched by an authority."""
    MASK = "mask"
    """Only a few characters of it are shown, too few to know the value."""
    CORRECTION = "correction"
    """The desk corrects a mistyped name with the card present."""


class Sensitive(Generic[T]):
    """Hold one personal value; `repr`, `str`, `format` and templates show `Sensitive(***)`."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self, *, purpose: Purpose) -> T:
        """Return the value for a stated purpose. The caller writes the audit row."""
        del purpose
        return self._value

    def map(self, function: "Callable[[T], U]") -> "Sensitive[U]":
        """Apply a function without revealing the value."""
        return Sensitive(function(self._value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash((Sensitive, self._value))

    def __repr__(self) -> str:
        return "Sensitive(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Sensitive(***)"

    def __reduce__(self) -> NoReturn:
        """Refuse pickling: a personal value does not leave the process by accident."""
        raise TypeError("a Sensitive value cannot be serialised")
