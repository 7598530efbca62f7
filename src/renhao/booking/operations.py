"""What happens to an appointment after it is booked; each in one transaction of the caller.

All take their locks in the one order: request, patients, pools, appointments
(docs/concepts/contention.md).
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from renhao import audit
from renhao.audit import Actor, ActorKind
from renhao.booking import refusals, steps, store
from renhao.booking.facts import Pool
from renhao.booking.model import (
    Appointment,
    Booked,
    Cancelled,
    CancelReason,
    Status,
    moved_to,
)
from renhao.kernel import (
    AccountId,
    AppointmentId,
    HospitalId,
    PatientId,
    RequestId,
    SlotId,
)
from renhao.notify import Template
from renhao.schedule import Mode
from renhao.storage import Tx


async def cancel(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    appointment_id: AppointmentId,
    account_id: AccountId | None,
    by: Actor,
    request_id: RequestId,
    digest: bytes,
    now: datetime,
) -> Cancelled:
    """Give a number up; it is held back and does not open again.

    A repeat with the same id and digest gets the same answer. Locks request, patient, pool and
    appointment. Raises AppointmentUnknown, IllegalTransition, TooLateToCancel, RequestIdReused.
    """
    asked = await _claim(tx, hospital_id, by, request_id, digest, appointment_id, now)
    if asked.seen > 1:
        first = await _own(tx, hospital_id, appointment_id, account_id, by)
        return Cancelled(appointment_id=appointment_id, late=first.cancelled_late)
    seen = await _own(tx, hospital_id, appointment_id, account_id, by)
    held = await _lock(tx, seen, seen.slot_id)
    if held.status is not Status.BOOKED:
        raise refusals.IllegalTransition(status=held.status, target=Status.CANCELLED.value)
    clinic = await steps.clinic(tx, hospital_id, held.clinic_id)
    if now >= clinic.starts_at:
        raise refusals.TooLateToCancel
    late = now >= clinic.free_cancel_until
    reason = CancelReason.PATIENT
    await steps.cancel_all(
        tx, [held], by=by, now=now, reason=reason, late=late, request_id=request_id
    )
    return Cancelled(appointment_id=appointment_id, late=late)


async def reschedule(  # noqa: PLR0913 - one step names both appointments
    tx: Tx,
    *,
    hospital_id: HospitalId,
    appointment_id: AppointmentId,
    new_appointment_id: AppointmentId,
    slot_id: SlotId,
    account_id: AccountId | None,
    by: Actor,
    request_id: RequestId,
    digest: bytes,
    now: datetime,
) -> Booked:
    """Move a booked patient to a free slot of the same clinic, in one step, never late.

    The old number opens again at once: the new slot was free anyway. A repeat with the same id and
    digest gets the same answer. Locks request, patient, both slots' pools and the appointment.
    Raises AppointmentUnknown, IllegalTransition, OtherClinic, SameSlot, SlotFull, SlotOver,
    DrawClinic, ClinicStarted, RequestIdReused.
    """
    asked = await _claim(tx, hospital_id, by, request_id, digest, new_appointment_id, now)
    if asked.seen == 1:
        seen = await _own(tx, hospital_id, appointment_id, account_id, by)
        await _check_target(tx, seen, slot_id, now)
        await store.lock_patients(tx, hospital_id, [seen.patient_id])
        pools = await store.lock_pools(tx, hospital_id, [seen.slot_id, slot_id])
        (held,) = await store.lock_appointments(tx, hospital_id, [appointment_id])
        await _check_clinic(tx, held, now)
        pool = pools.get((slot_id, held.channel.value))
        await _move(tx, held, new_appointment_id, pool, by=by, now=now, request_id=request_id)
    booked = await store.booked(tx, hospital_id, [asked.appointment_id])
    return booked[asked.appointment_id]


async def arrive(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    appointment_id: AppointmentId,
    by: Actor,
    now: datetime,
) -> Appointment:
    """Mark a booked patient as arrived. The caller has compared the document.

    Locks patient and appointment. Raises AppointmentUnknown, IllegalTransition.
    """
    seen = await store.find(tx, hospital_id, appointment_id)
    if seen is None:
        raise refusals.AppointmentUnknown
    await store.lock_patients(tx, hospital_id, [seen.patient_id])
    (held,) = await store.lock_appointments(tx, hospital_id, [appointment_id])
    arrived = replace(held, status=moved_to(held.status, Status.ARRIVED))
    await store.move(tx, hospital_id, [appointment_id], status=arrived.status, at=now)
    await audit.record(tx, steps.event("appointment.arrived", held, by, now))
    return arrived


async def void_others(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    patient_id: PatientId,
    keep_account_id: AccountId | None,
    by: Actor,
    now: datetime,
) -> list[AppointmentId]:
    """Cancel what accounts other than `keep_account_id` booked for the card holder at the window.

    Counts against nobody. Locks the patient, the pools and the appointments. Raises StaffOnly.
    """
    if by.kind is not ActorKind.STAFF:
        raise refusals.StaffOnly
    await store.lock_patients(tx, hospital_id, [patient_id])
    seen = await store.of_others(tx, hospital_id, patient_id, keep_account_id)
    await store.lock_pools(tx, hospital_id, [each.slot_id for each in seen])
    locked = await store.lock_appointments(tx, hospital_id, [each.appointment_id for each in seen])
    held = [each for each in locked if each.status is Status.BOOKED]
    await steps.cancel_all(tx, held, by=by, now=now, reason=CancelReason.HOLDER)
    return [each.appointment_id for each in held]


async def _claim(
    tx: Tx,
    hospital_id: HospitalId,
    by: Actor,
    request_id: RequestId,
    digest: bytes,
    appointment_id: AppointmentId,
    now: datetime,
) -> store.Claim:
    """Claim the request id. A refusal rolls the claim back, so a repeat is looked at anew."""
    asked = await store.claim(
        tx,
        hospital_id=hospital_id,
        actor_id=by.id or UUID(int=0),
        request_id=request_id,
        digest=digest,
        appointment_id=appointment_id,
        at=now,
    )
    if asked.digest != digest:
        raise refusals.RequestIdReused
    return asked


async def _own(
    tx: Tx,
    hospital_id: HospitalId,
    appointment_id: AppointmentId,
    account_id: AccountId | None,
    by: Actor,
) -> Appointment:
    """Find it for the account that made it, or for staff with the card before them."""
    found = await store.find(tx, hospital_id, appointment_id)
    mine = by.kind is ActorKind.ACCOUNT and by.id == account_id
    if found is None or not (
        by.kind is ActorKind.STAFF or (mine and found.account_id == account_id)
    ):
        raise refusals.AppointmentUnknown
    return found


async def _lock(tx: Tx, seen: Appointment, slot_id: SlotId) -> Appointment:
    await store.lock_patients(tx, seen.hospital_id, [seen.patient_id])
    await store.lock_pools(tx, seen.hospital_id, [slot_id])
    (held,) = await store.lock_appointments(tx, seen.hospital_id, [seen.appointment_id])
    return held


async def _check_target(tx: Tx, held: Appointment, slot_id: SlotId, now: datetime) -> None:
    slot = await store.slot(tx, held.hospital_id, slot_id)
    if slot is None:
        raise refusals.NoSuchNumbers
    if slot.clinic_id != held.clinic_id:
        raise refusals.OtherClinic
    if slot.slot_id == held.slot_id:
        raise refusals.SameSlot
    if now >= slot.ends_at:
        raise refusals.SlotOver


async def _check_clinic(tx: Tx, held: Appointment, now: datetime) -> None:
    clinic = await steps.clinic(tx, held.hospital_id, held.clinic_id)
    if held.status is not Status.BOOKED:
        raise refusals.IllegalTransition(status=held.status, target=Status.BOOKED.value)
    if clinic.mode == Mode.DRAW:
        raise refusals.DrawClinic
    if now >= clinic.starts_at:
        raise refusals.ClinicStarted


async def _move(
    tx: Tx,
    held: Appointment,
    new_id: AppointmentId,
    pool: store.PoolRow | None,
    *,
    by: Actor,
    now: datetime,
    request_id: RequestId,
) -> None:
    if pool is None:
        raise refusals.NoSuchNumbers
    count = Pool(**{name: getattr(pool, name) for name in store.PoolRow.__slots__})
    number = count.take()
    if number is None:
        raise refusals.SlotFull
    moved = replace(held, appointment_id=new_id, slot_id=pool.slot_id, number=number)
    reason = CancelReason.RESCHEDULED
    old_id = held.appointment_id
    await store.move(tx, held.hospital_id, [old_id], status=Status.CANCELLED, at=now, reason=reason)
    await store.reopen(tx, held)
    await store.take(tx, held.hospital_id, pool.slot_id, held.channel, reused=count.reused)
    await store.insert(tx, moved, by=by.id, at=now)
    await audit.record(
        tx,
        steps.event("appointment.cancelled-rescheduled", held, by, now, request_id),
        steps.event("appointment.rescheduled", moved, by, now, request_id),
    )
    await steps.tell(tx, [moved], Template.RESCHEDULED, now)
