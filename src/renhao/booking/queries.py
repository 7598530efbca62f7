"""Reads for pages: a person's appointments with the names that belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from renhao.booking.model import CancelReason, Status
from renhao.kernel import (
    AccountId,
    AppointmentId,
    ClinicId,
    DepartmentId,
    HospitalId,
    IdentityId,
    PatientId,
    SlotId,
)
from renhao.schedule import Channel, HalfDay, Mode
from renhao.storage import Tx

PAGE_MAX = 101
"""A page of a hundred, and one more that tells whether another page follows."""

VIEW = """
SELECT a.hospital_id, h.code AS hospital_code, h.name_zh AS hospital_zh, h.name_en AS hospital_en,
  h.zone, a.appointment_id, a.clinic_id, a.slot_id, a.department_id,
  d.name_zh AS department_zh, d.name_en AS department_en, d.place_zh, d.place_en,
  p.name AS practitioner, p.title AS practitioner_title,
  v.name_zh AS visit_kind_zh, v.name_en AS visit_kind_en,
  a.day, c.half_day, c.mode, c.room, c.fee_cents, c.starts_at AS clinic_starts_at,
  c.free_cancel_until, s.starts_at, s.ends_at, a.number, a.channel, a.patient_id, a.identity_id,
  a.account_id, a.status, a.status_at, a.cancelled_late, a.cancel_reason, a.booked_at
FROM appointment a
JOIN hospital h ON h.hospital_id = a.hospital_id
JOIN clinic c ON c.hospital_id = a.hospital_id AND c.clinic_id = a.clinic_id
JOIN slot s ON s.hospital_id = a.hospital_id AND s.slot_id = a.slot_id
JOIN department d ON d.hospital_id = a.hospital_id AND d.department_id = a.department_id
JOIN visit_kind v ON v.hospital_id = c.hospital_id AND v.visit_kind_id = c.visit_kind_id
LEFT JOIN practitioner p
  ON p.hospital_id = c.hospital_id AND p.practitioner_id = c.practitioner_id
"""

OF_ACCOUNT = f"""{VIEW}
WHERE a.account_id = %s AND a.hospital_id IN (SELECT hospital_id FROM hospital)
  AND (%s::date IS NULL OR (a.day, a.appointment_id) < (%s::date, %s::uuid))
ORDER BY a.day DESC, a.appointment_id DESC LIMIT %s
"""

HOSPITAL_OF = """
SELECT a.hospital_id FROM hospital h JOIN appointment a ON a.hospital_id = h.hospital_id
WHERE a.appointment_id = %s AND a.account_id = %s
"""
"""Asked first: planning the view without a known hospital takes longer than all the rest."""

ONE = f"{VIEW} WHERE a.hospital_id = %s AND a.appointment_id = %s"

BY_ID = f"{VIEW} WHERE a.hospital_id = %s AND a.appointment_id = ANY(%s)"

OF_PATIENT_ON = f"""{VIEW}
WHERE a.hospital_id = %s AND a.patient_id = %s AND a.day = %s ORDER BY s.starts_at, a.appointment_id
"""

OF_PATIENT_FROM = f"""{VIEW}
WHERE a.hospital_id = %s AND a.patient_id = %s AND a.day >= %s
ORDER BY a.day, s.starts_at, a.appointment_id LIMIT %s
"""

COUNTS = """
SELECT a.clinic_id, count(*)::int AS booked,
  (count(*) FILTER (WHERE a.status IN ('arrived', 'fulfilled')))::int AS arrived,
  (count(*) FILTER (WHERE a.status = 'noshow'))::int AS no_shows
FROM clinic c JOIN appointment a ON a.hospital_id = c.hospital_id AND a.clinic_id = c.clinic_id
WHERE c.hospital_id = %s AND c.day = %s AND a.status <> 'cancelled' GROUP BY a.clinic_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicCount:
    """What became of the numbers of one clinic so far."""

    clinic_id: ClinicId
    booked: int
    """Numbers given out and not cancelled."""
    arrived: int
    no_shows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """An appointment as pages show it; of the patient it holds ids only."""

    hospital_id: HospitalId
    hospital_code: str
    hospital_zh: str
    hospital_en: str
    zone: str
    appointment_id: AppointmentId
    clinic_id: ClinicId
    slot_id: SlotId
    department_id: DepartmentId
    department_zh: str
    department_en: str
    place_zh: str
    place_en: str
    practitioner: str | None
    practitioner_title: str | None
    visit_kind_zh: str
    visit_kind_en: str
    day: date
    half_day: HalfDay
    mode: Mode
    room: str
    fee_cents: int
    clinic_starts_at: datetime
    free_cancel_until: datetime
    starts_at: datetime
    ends_at: datetime
    number: int
    channel: Channel
    patient_id: PatientId
    identity_id: IdentityId
    account_id: AccountId | None
    status: Status
    status_at: datetime
    cancelled_late: bool
    cancel_reason: CancelReason | None
    booked_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_day", HalfDay(self.half_day))
        object.__setattr__(self, "mode", Mode(self.mode))
        object.__setattr__(self, "channel", Channel(self.channel))
        object.__setattr__(self, "status", Status(self.status))
        if self.cancel_reason is not None:
            object.__setattr__(self, "cancel_reason", CancelReason(self.cancel_reason))

    def may_cancel(self, now: datetime) -> bool:
        """Whether it can still be given up."""
        return self.status is Status.BOOKED and now < self.clinic_starts_at

    def late_if_cancelled(self, now: datetime) -> bool:
        """Whether giving it up now counts as late."""
        return now >= self.free_cancel_until

    def may_reschedule(self, now: datetime) -> bool:
        """Whether it can be moved to another slot of the clinic."""
        return self.may_cancel(now) and self.mode is Mode.INSTANT


async def appointments_of_account(
    tx: Tx,
    *,
    account_id: AccountId,
    before: tuple[date, AppointmentId] | None = None,
    limit: int = PAGE_MAX,
) -> list[AppointmentView]:
    """List what the account booked, at every hospital, latest visit day first; page by `before`."""
    day, last = before or (None, None)
    most = min(limit, PAGE_MAX)
    return await tx.rows(AppointmentView, OF_ACCOUNT, [account_id, day, day, last, most])


async def appointment(
    tx: Tx, *, appointment_id: AppointmentId, account_id: AccountId
) -> AppointmentView | None:
    """Read one appointment of the account; another account's is not found."""
    hospital_id = await tx.value(HOSPITAL_OF, [appointment_id, account_id])
    return await tx.row(AppointmentView, ONE, [hospital_id, appointment_id])


async def appointments_by_id(
    tx: Tx, *, hospital_id: HospitalId, appointment_ids: Sequence[AppointmentId]
) -> list[AppointmentView]:
    """Read appointments of one hospital, whoever's they are."""
    return await tx.rows(AppointmentView, BY_ID, [hospital_id, list(appointment_ids)])


async def appointment_at_desk(
    tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId
) -> AppointmentView | None:
    """Read one appointment of the hospital, for its staff."""
    return await tx.row(AppointmentView, ONE, [hospital_id, appointment_id])


async def appointments_of_patient_on(
    tx: Tx, *, hospital_id: HospitalId, patient_id: PatientId, day: date
) -> list[AppointmentView]:
    """List a patient's appointments of one day, cancelled ones included, for the desk."""
    return await tx.rows(AppointmentView, OF_PATIENT_ON, [hospital_id, patient_id, day])


async def appointments_of_patient(
    tx: Tx, *, hospital_id: HospitalId, patient_id: PatientId, since: date
) -> list[AppointmentView]:
    """List a patient's appointments from a day on, cancelled ones included, for the window."""
    return await tx.rows(
        AppointmentView, OF_PATIENT_FROM, [hospital_id, patient_id, since, PAGE_MAX]
    )


async def counts_of_day(tx: Tx, *, hospital_id: HospitalId, day: date) -> list[ClinicCount]:
    """Count the numbers of a day by clinic; clinics nobody booked are left out."""
    return await tx.rows(ClinicCount, COUNTS, [hospital_id, day])
