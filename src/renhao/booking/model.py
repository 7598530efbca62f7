"""Appointments: what one is, how its status moves, and what booking takes and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from renhao.audit import Actor
from renhao.booking.refusals import IllegalTransition
from renhao.kernel import (
    AccountId,
    AppointmentId,
    ClinicId,
    DepartmentId,
    HospitalId,
    IdentityId,
    PatientId,
    RequestId,
    SlotId,
)
from renhao.schedule import Channel


class Status(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    NO_SHOW = "noshow"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an appointment was cancelled."""

    PATIENT = "patient"
    """The account that made it, or the card holder at the window, gave it up."""
    RESCHEDULED = "rescheduled"
    """It was moved to another slot of the same clinic."""
    SUSPENDED = "suspended"
    """The hospital suspended the clinic."""
    HOLDER = "holder"
    """The card holder voided what others had booked."""


class Assurance(StrEnum):
    """How sure the platform was of the identity when the number was booked."""

    DECLARED = "declared"
    MATCHED = "matched"
    SEEN = "seen"


LIVE = frozenset({Status.BOOKED, Status.ARRIVED})

TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.BOOKED: frozenset({Status.ARRIVED, Status.NO_SHOW, Status.CANCELLED}),
        Status.ARRIVED: frozenset({Status.FULFILLED, Status.CANCELLED}),
        Status.FULFILLED: frozenset(),
        Status.NO_SHOW: frozenset(),
        Status.CANCELLED: frozenset(),
    }
)


def moved_to(status: Status, target: Status) -> Status:
    """Return the target if the table allows the step. Raises IllegalTransition."""
    if target not in TRANSITIONS[status]:
        raise IllegalTransition(status=status.value, target=target.value)
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCommand:
    """One wish for one number.

    `digest` is an HMAC of the request's body: it tells a repeat from a reused request id.
    """

    hospital_id: HospitalId
    appointment_id: AppointmentId
    slot_id: SlotId
    channel: Channel
    patient_id: PatientId
    identity_id: IdentityId
    account_id: AccountId | None
    by: Actor
    request_id: RequestId
    digest: bytes
    at: datetime

    @property
    def actor_id(self) -> UUID:
        """Who the request id belongs to."""
        return self.by.id or UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The answer to a wish that got its number; a repeat gets the same one."""

    hospital_id: HospitalId
    appointment_id: AppointmentId
    clinic_id: ClinicId
    slot_id: SlotId
    department_id: DepartmentId
    channel: Channel
    number: int
    day: date
    starts_at: datetime
    ends_at: datetime
    patient_id: PatientId
    booked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The answer to a cancellation."""

    appointment_id: AppointmentId
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One patient holds one number of one slot; patient, slot and number never change."""

    hospital_id: HospitalId
    appointment_id: AppointmentId
    clinic_id: ClinicId
    slot_id: SlotId
    department_id: DepartmentId
    day: date
    channel: Channel
    number: int
    patient_id: PatientId
    identity_id: IdentityId
    account_id: AccountId | None
    assurance: Assurance
    status: Status
    cancelled_late: bool

    def __post_init__(self) -> None:
        for name, kind in (("channel", Channel), ("assurance", Assurance), ("status", Status)):
            object.__setattr__(self, name, kind(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One appointment that a suspension would cancel."""

    appointment_id: AppointmentId
    patient_id: PatientId
    identity_id: IdentityId
    number: int
    starts_at: datetime
    status: Status
    reachable: bool
    """Whether an account holds it, so that a message can be sent."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What closing a day found."""

    clinics: int
    fulfilled: int
    no_shows: int
