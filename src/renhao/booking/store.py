"""The SQL of single use cases: locks in the one order, then changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from renhao.booking.model import Affected, Appointment, Booked, CancelReason, Status
from renhao.kernel import (
    AccountId,
    AppointmentId,
    ClinicId,
    DepartmentId,
    HospitalId,
    PatientId,
    RequestId,
    SlotId,
)
from renhao.schedule import Channel
from renhao.storage import Tx

COLUMNS = """hospital_id, appointment_id, clinic_id, slot_id, department_id, day, channel, number,
  patient_id, identity_id, account_id, assurance, status, cancelled_late"""

CLAIM = """
INSERT INTO request (hospital_id, actor_id, request_id, digest, appointment_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (hospital_id, actor_id, request_id) DO UPDATE SET seen = request.seen + 1
RETURNING digest, appointment_id, seen
"""

ONE = f"SELECT {COLUMNS} FROM appointment WHERE hospital_id = %s AND appointment_id = %s"

LOCK_PATIENTS = """
SELECT FROM hospital_patient WHERE hospital_id = %s AND patient_id = ANY(%s::uuid[])
ORDER BY patient_id FOR NO KEY UPDATE
"""

LOCK_POOLS = """
SELECT slot_id, channel, capacity, taken, held_back, first_number, reopened FROM slot_pool
WHERE hospital_id = %s AND slot_id = ANY(%s::uuid[])
ORDER BY slot_id, channel FOR NO KEY UPDATE
"""

LOCK_CLINIC_POOLS = """
SELECT FROM slot_pool WHERE hospital_id = %s AND clinic_id = ANY(%s::uuid[])
ORDER BY slot_id, channel FOR NO KEY UPDATE
"""

LOCK_APPOINTMENTS = f"""
SELECT {COLUMNS} FROM appointment WHERE hospital_id = %s AND appointment_id = ANY(%s::uuid[])
ORDER BY appointment_id FOR NO KEY UPDATE
"""

MOVE = """
UPDATE appointment SET status = %s, status_at = %s, cancelled_late = %s, cancel_reason = %s
WHERE hospital_id = %s AND appointment_id = ANY(%s::uuid[])
"""

HOLD_BACK = """
UPDATE slot_pool SET taken = taken - given.many, held_back = held_back + given.many
FROM (SELECT slot_id, channel, count(*)::int AS many
  FROM unnest(%s::uuid[], %s::text[]) AS one (slot_id, channel) GROUP BY slot_id, channel) AS given
WHERE hospital_id = %s AND slot_pool.slot_id = given.slot_id
  AND slot_pool.channel = given.channel
"""

REOPEN = """
UPDATE slot_pool SET taken = taken - 1, reopened = array_append(reopened, %s)
WHERE hospital_id = %s AND slot_id = %s AND channel = %s
"""

TAKE = """
UPDATE slot_pool SET taken = taken + 1, reopened = reopened[%s:]
WHERE hospital_id = %s AND slot_id = %s AND channel = %s
"""

INSERT = """
INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id, day,
  channel, number, patient_id, identity_id, account_id, booked_by, assurance, booked_at, status_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

BOOKED = """
SELECT a.hospital_id, a.appointment_id, a.clinic_id, a.slot_id, a.department_id, a.channel,
  a.number, a.day, s.starts_at, s.ends_at, a.patient_id, a.booked_at
FROM appointment a JOIN slot s ON s.hospital_id = a.hospital_id AND s.slot_id = a.slot_id
WHERE a.hospital_id = %s AND a.appointment_id = ANY(%s::uuid[])
"""

CLINIC = """
SELECT clinic_id, status, mode, starts_at, ends_at, free_cancel_until FROM clinic
WHERE hospital_id = %s AND clinic_id = %s
"""

CLINICS_OVER = """
SELECT clinic_id FROM clinic
WHERE hospital_id = %s AND day = %s AND status = 'open' AND ends_at <= %s
"""

SLOT = """
SELECT slot_id, clinic_id, starts_at, ends_at FROM slot WHERE hospital_id = %s AND slot_id = %s
"""

CLINIC_STATUS = """
UPDATE clinic SET status = %s WHERE hospital_id = %s AND clinic_id = ANY(%s::uuid[])
"""

SUSPENSION = """
INSERT INTO suspension (hospital_id, suspension_id, clinic_id, reason, suspended_by, suspended_at)
VALUES (%s, %s, %s, %s, %s, %s)
"""

LIVE_OF_CLINICS = f"""
SELECT {COLUMNS} FROM appointment WHERE hospital_id = %s AND clinic_id = ANY(%s::uuid[])
  AND status IN ('booked', 'arrived') AND status <> 'cancelled'
"""

AFFECTED = """
SELECT a.appointment_id, a.patient_id, a.identity_id, a.number, s.starts_at, a.status,
  a.account_id IS NOT NULL AS reachable
FROM appointment a JOIN slot s ON s.hospital_id = a.hospital_id AND s.slot_id = a.slot_id
WHERE a.hospital_id = %s AND a.clinic_id = %s AND a.status IN ('booked', 'arrived')
ORDER BY a.number
"""

OF_OTHERS = f"""
SELECT {COLUMNS} FROM appointment WHERE hospital_id = %s AND patient_id = %s
  AND status = 'booked' AND account_id IS NOT NULL AND account_id IS DISTINCT FROM %s
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A request row after it was claimed; `seen` is 1 when it is new."""

    digest: bytes
    appointment_id: AppointmentId
    seen: int


@dataclass(frozen=True, slots=True)
class ClinicRow:
    """What changing an appointment needs to know of its clinic."""

    clinic_id: ClinicId
    status: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    free_cancel_until: datetime


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot of a clinic."""

    slot_id: SlotId
    clinic_id: ClinicId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A locked pool."""

    slot_id: SlotId
    channel: str
    capacity: int
    taken: int
    held_back: int
    first_number: int
    reopened: list[int]


@dataclass(frozen=True, slots=True)
class _BookedRow:
    hospital_id: HospitalId
    appointment_id: AppointmentId
    clinic_id: ClinicId
    slot_id: SlotId
    department_id: DepartmentId
    channel: str
    number: int
    day: date
    starts_at: datetime
    ends_at: datetime
    patient_id: PatientId
    booked_at: datetime


async def claim(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    actor_id: UUID,
    request_id: RequestId,
    digest: bytes,
    appointment_id: AppointmentId,
    at: datetime,
) -> Claim:
    """Insert or touch the request row, which writes WAL in either case. Locks it."""
    row = await tx.row(
        Claim, CLAIM, [hospital_id, actor_id, request_id, digest, appointment_id, at]
    )
    assert row is not None  # noqa: S101 - an upsert always returns its row
    return row


async def find(
    tx: Tx, hospital_id: HospitalId, appointment_id: AppointmentId
) -> Appointment | None:
    """Read one appointment without a lock."""
    return await tx.row(Appointment, ONE, [hospital_id, appointment_id])


async def lock_patients(tx: Tx, hospital_id: HospitalId, patients: Iterable[PatientId]) -> None:
    """Lock what the hospital knows of these patients, sorted."""
    await tx.run(LOCK_PATIENTS, [hospital_id, list(set(patients))])


async def lock_pools(
    tx: Tx, hospital_id: HospitalId, slots: Iterable[SlotId]
) -> dict[tuple[SlotId, str], PoolRow]:
    """Lock every pool of these slots, sorted."""
    rows = await tx.rows(PoolRow, LOCK_POOLS, [hospital_id, list(set(slots))])
    return {(row.slot_id, row.channel): row for row in rows}


async def lock_clinic_pools(tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId]) -> None:
    """Lock every pool of these clinics, sorted: no booking of theirs is under way any more."""
    await tx.run(LOCK_CLINIC_POOLS, [hospital_id, list(clinics)])


async def lock_appointments(
    tx: Tx, hospital_id: HospitalId, ids: Iterable[AppointmentId]
) -> list[Appointment]:
    """Lock these appointments, sorted, and read them as they are now."""
    return await tx.rows(Appointment, LOCK_APPOINTMENTS, [hospital_id, list(ids)])


async def move(
    tx: Tx,
    hospital_id: HospitalId,
    ids: Sequence[AppointmentId],
    *,
    status: Status,
    at: datetime,
    late: bool = False,
    reason: CancelReason | None = None,
) -> None:
    """Write a status that the transition table allowed."""
    reason_text = None if reason is None else reason.value
    await tx.run(MOVE, [status.value, at, late, reason_text, hospital_id, list(ids)])


async def hold_back(tx: Tx, hospital_id: HospitalId, freed: Sequence[Appointment]) -> None:
    """Count the numbers of cancelled appointments as held back, not as open."""
    slots = [each.slot_id for each in freed]
    await tx.run(HOLD_BACK, [slots, [each.channel.value for each in freed], hospital_id])


async def reopen(tx: Tx, freed: Appointment) -> None:
    """Open the number of a rescheduled appointment again."""
    await tx.run(REOPEN, [freed.number, freed.hospital_id, freed.slot_id, freed.channel.value])


async def take(
    tx: Tx, hospital_id: HospitalId, slot_id: SlotId, channel: Channel, *, reused: int
) -> None:
    """Count one number as taken; `reused` is 1 when it is the first of the reopened ones."""
    await tx.run(TAKE, [reused + 1, hospital_id, slot_id, channel.value])


async def insert(tx: Tx, booked: Appointment, *, by: UUID | None, at: datetime) -> None:
    """Insert one appointment."""
    await tx.run(
        INSERT,
        [
            booked.hospital_id,
            booked.appointment_id,
            booked.clinic_id,
            booked.slot_id,
            booked.department_id,
            booked.day,
            booked.channel.value,
            booked.number,
            booked.patient_id,
            booked.identity_id,
            booked.account_id,
            by or UUID(int=0),
            booked.assurance.value,
            at,
            at,
        ],
    )


async def booked(tx: Tx, hospital_id: HospitalId, ids: Sequence[UUID]) -> dict[UUID, Booked]:
    """Read what was answered when these appointments were booked."""
    rows = await tx.rows(_BookedRow, BOOKED, [hospital_id, list(ids)])
    return {row.appointment_id: _answer(row) for row in rows}


async def clinic(tx: Tx, hospital_id: HospitalId, clinic_id: ClinicId) -> ClinicRow | None:
    """Read one clinic; what changes with its pools must be read after their locks."""
    return await tx.row(ClinicRow, CLINIC, [hospital_id, clinic_id])


async def clinics_over(tx: Tx, hospital_id: HospitalId, day: date, now: datetime) -> list[ClinicId]:
    """List the open clinics of a day that have ended."""
    return await tx.values(CLINICS_OVER, [hospital_id, day, now])


async def slot(tx: Tx, hospital_id: HospitalId, slot_id: SlotId) -> SlotRow | None:
    """Read one slot."""
    return await tx.row(SlotRow, SLOT, [hospital_id, slot_id])


async def set_clinic_status(
    tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId], status: str
) -> None:
    """Write the status of clinics whose pools are locked."""
    await tx.run(CLINIC_STATUS, [status, hospital_id, list(clinics)])


async def insert_suspension(
    tx: Tx,
    hospital_id: HospitalId,
    suspension_id: UUID,
    clinic_id: ClinicId,
    *,
    reason: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Keep who suspended the clinic and why."""
    by_id = by or UUID(int=0)
    await tx.run(SUSPENSION, [hospital_id, suspension_id, clinic_id, reason, by_id, at])


async def live_of_clinics(
    tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId]
) -> list[Appointment]:
    """Read the live appointments of these clinics without a lock."""
    return await tx.rows(Appointment, LIVE_OF_CLINICS, [hospital_id, list(clinics)])


async def affected(tx: Tx, hospital_id: HospitalId, clinic_id: ClinicId) -> list[Affected]:
    """Read whom suspending the clinic would affect."""
    return await tx.rows(Affected, AFFECTED, [hospital_id, clinic_id])


async def of_others(
    tx: Tx, hospital_id: HospitalId, patient_id: PatientId, keep: AccountId | None
) -> list[Appointment]:
    """Read what accounts other than `keep` hold for the patient."""
    return await tx.rows(Appointment, OF_OTHERS, [hospital_id, patient_id, keep])


def _answer(row: _BookedRow) -> Booked:
    return Booked(
        hospital_id=row.hospital_id,
        appointment_id=row.appointment_id,
        clinic_id=row.clinic_id,
        slot_id=row.slot_id,
        department_id=row.department_id,
        channel=Channel(row.channel),
        number=row.number,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        patient_id=row.patient_id,
        booked_at=row.booked_at,
    )
