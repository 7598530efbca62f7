"""What happens to a whole clinic: called off, or over. Same lock order as `operations.py`."""

from datetime import date, datetime
from uuid import UUID

from renhao import audit
from renhao.audit import PROGRAM, Actor
from renhao.booking import refusals, steps, store
from renhao.booking.model import (
    Affected,
    Appointment,
    CancelReason,
    Closed,
    Status,
    moved_to,
)
from renhao.kernel import ClinicId, HospitalId
from renhao.storage import Tx


async def suspend_plan(tx: Tx, *, hospital_id: HospitalId, clinic_id: ClinicId) -> list[Affected]:
    """List whom suspending the clinic would affect; changes nothing. Raises ClinicUnknown."""
    await steps.clinic(tx, hospital_id, clinic_id)
    return await store.affected(tx, hospital_id, clinic_id)


async def suspend(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    clinic_id: ClinicId,
    suspension_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
) -> list[Affected]:
    """Call a clinic off (停诊): cancel all its numbers, counted against nobody, and tell.

    Locks the patients, every pool of the clinic, and the appointments. A patient who books between
    the first look and the pools' locks is cancelled without a lock of their own: freeing can break
    no limit. Raises ClinicUnknown, ClinicSuspended, ClinicClosed.
    """
    await _lock_clinics(tx, hospital_id, [clinic_id])
    clinic = await steps.clinic(tx, hospital_id, clinic_id)
    if clinic.status != "open":
        suspended = clinic.status == "suspended"
        raise refusals.ClinicSuspended if suspended else refusals.ClinicClosed
    affected = await store.affected(tx, hospital_id, clinic_id)
    held = await store.lock_appointments(
        tx, hospital_id, [each.appointment_id for each in affected]
    )
    await store.set_clinic_status(tx, hospital_id, [clinic_id], "suspended")
    await store.insert_suspension(
        tx, hospital_id, suspension_id, clinic_id, reason=reason, by=by.id, at=now
    )
    await steps.cancel_all(tx, held, by=by, now=now, reason=CancelReason.SUSPENDED)
    await audit.record(tx, _clinic_event("clinic.suspended", hospital_id, clinic_id, by, now))
    return affected


async def close_day(
    tx: Tx, *, hospital_id: HospitalId, day: date, now: datetime, by: Actor = PROGRAM
) -> Closed:
    """Close the clinics of a day that have ended: who never arrived is a no-show.

    Locks the patients, the clinics' pools and the appointments. Running it again changes nothing.
    """
    clinics = await store.clinics_over(tx, hospital_id, day, now)
    await _lock_clinics(tx, hospital_id, clinics)
    live = await store.live_of_clinics(tx, hospital_id, clinics)
    held = await store.lock_appointments(tx, hospital_id, [each.appointment_id for each in live])
    missed = [each for each in held if each.status is Status.BOOKED]
    came = [each for each in held if each.status is Status.ARRIVED]
    await _end(tx, hospital_id, missed, Status.NO_SHOW, by, now)
    await _end(tx, hospital_id, came, Status.FULFILLED, by, now)
    await store.set_clinic_status(tx, hospital_id, clinics, "closed")
    await audit.record(
        tx, *(_clinic_event("clinic.closed", hospital_id, each, by, now) for each in clinics)
    )
    return Closed(clinics=len(clinics), fulfilled=len(came), no_shows=len(missed))


async def _lock_clinics(tx: Tx, hospital_id: HospitalId, clinics: list[ClinicId]) -> None:
    live = await store.live_of_clinics(tx, hospital_id, clinics)
    await store.lock_patients(tx, hospital_id, [each.patient_id for each in live])
    await store.lock_clinic_pools(tx, hospital_id, clinics)


async def _end(
    tx: Tx,
    hospital_id: HospitalId,
    held: list[Appointment],
    status: Status,
    by: Actor,
    now: datetime,
) -> None:
    if not held:
        return
    for each in held:
        moved_to(each.status, status)
    ids = [each.appointment_id for each in held]
    await store.move(tx, hospital_id, ids, status=status, at=now)
    action = f"appointment.{status.value}"
    await audit.record(tx, *(steps.event(action, each, by, now) for each in held))


def _clinic_event(
    action: str, hospital_id: HospitalId, clinic_id: ClinicId, by: Actor, now: datetime
) -> audit.Event:
    return audit.Event(at=now, action=action, by=by, hospital_id=hospital_id, subject_id=clinic_id)
