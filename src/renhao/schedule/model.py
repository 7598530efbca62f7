"""Hospitals, their parts, and clinics with their slots and pools of numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from renhao.kernel import (
    CampusId,
    ClinicId,
    DepartmentId,
    HospitalId,
    PractitionerId,
    SlotId,
    VisitKindId,
)
from renhao.schedule.kinds import Channel, HalfDay, Mode

DAYS_AHEAD_MAX = 90
FREE_CANCEL_DAYS_BEFORE_MAX = 14
LIMIT_REACH_DAYS_MAX = 730
"""The most days a limit's window and bar come to together."""

MakeId = Callable[[], UUID]
"""Makes one id; edges give `kernel.new_id`."""


class ClinicStatus(StrEnum):
    """Where a clinic stands."""

    OPEN = "open"
    SUSPENDED = "suspended"
    """It does not take place (停诊)."""
    CLOSED = "closed"
    """Its day is over and its no-shows are counted."""


class LimitCode(StrEnum):
    """The limits a hospital sets on booking; one live appointment per clinic always holds."""

    DEPARTMENTS_PER_DAY = "departments-per-day"
    APPOINTMENTS_PER_WEEK = "appointments-per-week"
    NO_SHOWS = "no-shows"
    LATE_CANCELS = "late-cancels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One hospital; all its visit days and clock times are those of its zone."""

    hospital_id: HospitalId
    code: str
    """Short name in its web address."""
    name_zh: str
    name_en: str
    zone: str = "Asia/Shanghai"
    address_zh: str = ""
    address_en: str = ""
    phone: str = ""
    notice_zh: str = ""
    notice_en: str = ""
    free_cancel_days_before: int = 1
    free_cancel_time: time = time(15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campus:
    """One site of a hospital (院区)."""

    campus_id: CampusId
    name_zh: str
    name_en: str
    address_zh: str = ""
    address_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department of one campus."""

    department_id: DepartmentId
    campus_id: CampusId
    department_code: str | None
    name_zh: str
    name_en: str
    place_zh: str = ""
    place_en: str = ""
    search_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "search_words", tuple(self.search_words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """One practitioner in one department."""

    practitioner_id: PractitionerId
    department_id: DepartmentId
    name: str
    title: str
    search_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "search_words", tuple(self.search_words))


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitKind:
    """A kind of visit (号别) with its usual fee and mode."""

    visit_kind_id: VisitKindId
    name_zh: str
    name_en: str
    fee_cents: int
    mode: Mode

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", Mode(self.mode))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRule:
    """When clinics open: days ahead of the visit day, at a clock time (放号).

    Without a department it is the hospital's; a department's own rule wins.
    """

    days_ahead: int
    release_time: time
    department_id: DepartmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One day that does not follow its weekday."""

    day: date
    is_working: bool
    """A weekend day that is worked (调休); otherwise a day off."""
    name_zh: str
    name_en: str
    is_confirmed: bool = True
    """Whether the hospital has confirmed it; seeded days wait for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """One limit: at most so many in so many days; `bar_days` without online booking beyond."""

    limit_code: LimitCode
    most: int
    window_days: int
    bar_days: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "limit_code", LimitCode(self.limit_code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """One practitioner or department, one visit day, one half-day: what numbers belong to."""

    hospital_id: HospitalId
    clinic_id: ClinicId
    department_id: DepartmentId
    practitioner_id: PractitionerId | None
    visit_kind_id: VisitKindId
    day: date
    half_day: HalfDay
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    status: ClinicStatus
    fee_cents: int
    room: str
    released_at: datetime
    free_cancel_until: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_day", HalfDay(self.half_day))
        object.__setattr__(self, "mode", Mode(self.mode))
        object.__setattr__(self, "status", ClinicStatus(self.status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time segment of a clinic, at most 30 minutes."""

    slot_id: SlotId
    clinic_id: ClinicId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The numbers of one channel in one slot: `capacity` numbers from `first_number` on."""

    slot_id: SlotId
    channel: Channel
    capacity: int
    first_number: int
    taken: int = 0
    held_back: int = 0
    reopened: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel", Channel(self.channel))
        object.__setattr__(self, "reopened", tuple(self.reopened))

    @property
    def issued(self) -> int:
        """Numbers given out at least once."""
        return self.taken + self.held_back + len(self.reopened)


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfDayLeft:
    """What one half-day of one department has."""

    day: date
    half_day: HalfDay
    clinics: int
    """Clinics that take place."""
    left: int
    """Online numbers that can be booked now, in instant clinics that are released."""
    drawn: int
    """Clinics whose numbers are drawn by lot."""
    next_release_at: datetime | None
    """When the next of its clinics opens; None when all are open."""
    suspended: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_day", HalfDay(self.half_day))


@dataclass(frozen=True, slots=True)
class DepartmentDay:
    """One visit day of a department; without clinics `half_days` is empty."""

    day: date
    half_days: tuple[HalfDayLeft, ...]

    @property
    def left(self) -> int:
        """Online numbers that can be booked now."""
        return sum(half_day.left for half_day in self.half_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicCard:
    """One clinic as lists show it."""

    clinic_id: ClinicId
    department_id: DepartmentId
    department_zh: str
    department_en: str
    place_zh: str
    place_en: str
    practitioner: str | None
    """None for a clinic of the department itself (普通号)."""
    title: str | None
    visit_kind_zh: str
    visit_kind_en: str
    day: date
    half_day: HalfDay
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    status: ClinicStatus
    fee_cents: int
    room: str
    released_at: datetime
    free_cancel_until: datetime
    left: int
    """Online numbers left; none once it has begun."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_day", HalfDay(self.half_day))
        object.__setattr__(self, "mode", Mode(self.mode))
        object.__setattr__(self, "status", ClinicStatus(self.status))

    def is_open(self, *, now: datetime) -> bool:
        """Whether its numbers are released and it takes place."""
        return self.status is ClinicStatus.OPEN and self.released_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLeft:
    """One slot and what is left in it by channel; numbers held back are no part of it."""

    slot_id: SlotId
    starts_at: datetime
    ends_at: datetime
    left: Mapping[Channel, int]

    def __post_init__(self) -> None:
        left = {Channel(name): count for name, count in self.left.items()}
        object.__setattr__(self, "left", left)

    @property
    def online(self) -> int:
        """Online numbers left."""
        return self.left.get(Channel.ONLINE, 0)


@dataclass(frozen=True, slots=True)
class ClinicPage:
    """One clinic with its slots in order of time."""

    clinic: ClinicCard
    slots: tuple[SlotLeft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One schedule file that was applied."""

    schedule_import_id: UUID
    digest: bytes
    file_name: str
    imported_by: UUID
    imported_at: datetime
    added: int
    changed: int
    unchanged: int
