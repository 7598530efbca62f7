"""What an import would do: additions, changes, and conflicts with their place in the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from renhao.kernel import ClinicId, Language, SlotId
from renhao.schedule.kinds import Channel, HalfDay, Mode
from renhao.schedule.model import (
    Campus,
    ClinicStatus,
    Department,
    Hospital,
    Pool,
    Practitioner,
    ReleaseRule,
    Slot,
    VisitKind,
)
from renhao.schedule.sheets import ClinicRow, Place

ClinicKey = tuple[str, str, str, str, date, HalfDay]
"""Campus, department, practitioner, visit kind by name; day; half-day."""

DepartmentName = tuple[str, str]
"""Campus and department."""
PersonName = tuple[str, str, str]
"""Campus, department and practitioner."""


class Reason(NamedTuple):
    """Why a row cannot be applied and what to do instead, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One row that cannot be applied."""

    row: ClinicRow
    reason: Reason

    @property
    def place(self) -> Place:
        """Where it stands in the file."""
        return self.row.place

    def sentence(self, language: Language) -> str:
        """Say where, which clinic and what to do, in one language."""
        row = self.row
        where = f"{self.place.sheet} {self.place.row}"
        who = row.practitioner or row.visit_kind
        clinic = f"{row.day} {row.department} {who}"
        if language == "zh":
            return f"{where}（{clinic}）：{self.reason.zh}"
        return f"{where} ({clinic}): {self.reason.en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a hospital has that clinics are made of."""

    hospital: Hospital
    campuses: tuple[Campus, ...]
    """The main one first: rows without a campus belong to it."""
    departments: tuple[Department, ...]
    practitioners: tuple[Practitioner, ...]
    visit_kinds: tuple[VisitKind, ...]
    release_rules: tuple[ReleaseRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicState:
    """One clinic as it stands in the database, as far as an import looks at it."""

    key: ClinicKey
    clinic_id: ClinicId
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    status: ClinicStatus
    fee_cents: int
    room: str
    is_used: bool
    """Whether any number of it was ever booked."""
    was_suspended_by_staff: bool
    capacity: Mapping[Channel, int]
    """Numbers by channel over all slots; a channel without any is left out."""
    slots: tuple[Slot, ...] = ()
    """Read only while it is used, as its pools: an unused clinic is laid out anew."""
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One clinic as a row of the file wants it, with every default filled in."""

    row: ClinicRow
    key: ClinicKey
    starts_at: datetime
    ends_at: datetime
    released_at: datetime
    free_cancel_until: datetime
    fee_cents: int
    room: str
    status: ClinicStatus

    @property
    def capacity(self) -> dict[Channel, int]:
        """Numbers by channel."""
        return {Channel(name): count for name, count in self.row.capacity.items() if count}


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """One pool of a clinic in use that gets another capacity, or a new pool in a slot."""

    slot_id: SlotId
    channel: Channel
    capacity: int
    first_number: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicChange:
    """What changes in one clinic."""

    clinic_id: ClinicId
    wanted: Wanted
    fields: tuple[str, ...]
    """Names of what changes: times, capacity, mode, fee, room, status."""
    is_laid_out_anew: bool
    """Whether its slots and pools are made anew; only while nothing of it was ever booked."""
    pools: tuple[PoolChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNames:
    """Departments, practitioners and visit kinds that an import brings with it."""

    departments: tuple[DepartmentName, ...] = ()
    practitioners: tuple[PersonName, ...] = ()
    visit_kinds: tuple[tuple[str, int, Mode], ...] = ()
    """Name, fee and mode."""
    titles: Mapping[PersonName, str] = field(default_factory=dict)
    """Titles that are new or differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What applying a file would do; with any conflict it cannot be applied at all."""

    added: tuple[Wanted, ...]
    changed: tuple[ClinicChange, ...]
    unchanged: tuple[ClinicRow, ...]
    conflicts: tuple[Conflict, ...]
    names: NewNames

    @property
    def changes_nothing(self) -> bool:
        """Whether the file says what the schedule says already."""
        return not (self.added or self.changed or self.conflicts or self.names.titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What applying a file did."""

    added: int
    changed: int
    unchanged: int
    new_departments: int
    new_practitioners: int
