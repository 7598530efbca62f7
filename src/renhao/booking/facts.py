"""What a batch knows when it decides: rows read under its locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from renhao.booking.limits import DatedRule
from renhao.booking.model import BookCommand
from renhao.kernel import ClinicId, DepartmentId


@dataclass(slots=True)
class Pool:
    """A locked pool; the decision function takes its numbers one after the other."""

    slot_id: UUID
    channel: str
    capacity: int
    taken: int
    held_back: int
    first_number: int
    reopened: list[int]
    added: int = 0
    reused: int = 0

    def take(self) -> int | None:
        """Take the next number, or None when none is left.

        A reopened number goes out first; else the next of the range that was never given out.
        """
        if self.taken + self.held_back >= self.capacity:
            return None
        issued = self.taken + self.held_back + len(self.reopened)
        number = self.first_number + issued
        if self.reopened:
            number = self.reopened.pop(0)
            self.reused += 1
        self.taken += 1
        self.added += 1
        return number


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A slot and its clinic."""

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    clinic_id: ClinicId
    department_id: DepartmentId
    day: date
    clinic_starts_at: datetime
    mode: str
    status: str
    released_at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """An appointment that counts: live, a no-show, or cancelled late."""

    patient_id: UUID
    clinic_id: UUID
    department_id: UUID
    day: date
    channel: str
    account_id: UUID | None
    assurance: str
    status: str


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as one command names them, and what the account may do."""

    patient_id: UUID
    account_id: UUID | None
    assurance: str | None
    compared: UUID | None
    """The identity row that an authority matched or the desk compared."""
    linked: UUID | None
    """The identity row that the account booked with, if it has a link to the patient."""


@dataclass(slots=True)
class Facts:
    """All that a batch has read; pools and holdings grow as it decides."""

    zone: str
    rules: Sequence[DatedRule]
    slots: Mapping[UUID, SlotFacts]
    pools: Mapping[tuple[UUID, str], Pool]
    persons: Mapping[tuple[UUID, UUID | None], Person]
    holdings: dict[UUID, list[Holding]]
    asked: dict[UUID, int]
    """How often each account was sent to the window today."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision for a command: it gets this number."""

    command: BookCommand
    slot: SlotFacts
    number: int
    assurance: str
