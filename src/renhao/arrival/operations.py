"""Finding today's appointments at the desk, and checking in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from renhao import audit, booking, identity, schedule
from renhao.arrival import store
from renhao.arrival.model import (
    AtDesk,
    CheckedIn,
    DayPassed,
    NothingToday,
    WrongDay,
    WrongHospital,
    refusal_of,
)
from renhao.arrival.tickets import read_ticket
from renhao.audit import Actor
from renhao.kernel import AppointmentId, HospitalId, Purpose
from renhao.privacy import Vault
from renhao.storage import Tx


async def find_today(
    tx: Tx,
    vault: Vault,
    *,
    hospital_id: HospitalId,
    document: identity.Document,
    by: Actor,
    now: datetime,
) -> tuple[AtDesk, ...]:
    """Find today's appointments of the person whose card was read or number typed.

    Cancelled and arrived ones are among them, to say so. Each reveal is audited. Tells nothing of
    other hospitals. Raises NothingToday, WrongDay (booked here for a later day), DayPassed
    (booked here for one of the last seven days).
    """
    patient_id = await identity.find_by_document(tx, vault, document=document)
    if patient_id is None:
        raise NothingToday
    today = await _today(tx, hospital_id, now)
    found = await booking.appointments_of_patient_on(
        tx, hospital_id=hospital_id, patient_id=patient_id, day=today
    )
    if not found:
        for day in await store.near_days(tx, hospital_id, patient_id, today=today):
            raise WrongDay(day=day) if day > today else DayPassed(day=day)
        raise NothingToday
    return tuple([await _at_desk(tx, vault, each, by=by, now=now) for each in found])


async def find_by_ticket(
    tx: Tx, vault: Vault, *, hospital_id: HospitalId, ticket: str, by: Actor, now: datetime
) -> AtDesk:
    """Find the appointment of an arrival code; the reveal is audited.

    Raises TicketUnreadable, TicketForged, TicketExpired, WrongDay, WrongHospital.
    """
    read = read_ticket(vault, ticket, today=await _today(tx, hospital_id, now))
    found = await _appointment(tx, hospital_id, read.appointment_id)
    return await _at_desk(tx, vault, found, by=by, now=now)


async def check_in(
    tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId, by: Actor, now: datetime
) -> CheckedIn:
    """Mark a patient as arrived and seen, after card and person were compared (人号对应).

    Locks what the hospital knows of the patient, the appointment, the patient, and last the
    clinic's counter of arrivals. Raises WrongHospital, WrongDay, AppointmentCancelled,
    AlreadyArrived, ArrivalOver.
    """
    await _check(tx, hospital_id, appointment_id, now)
    try:
        held = await booking.arrive(
            tx, hospital_id=hospital_id, appointment_id=appointment_id, by=by, now=now
        )
    except booking.IllegalTransition:
        # Somebody was faster between the look and the lock: say what they did.
        await _check(tx, hospital_id, appointment_id, now)
        raise
    await identity.mark_seen(
        tx,
        hospital_id=hospital_id,
        patient_id=held.patient_id,
        identity_id=held.identity_id,
        by=by,
        now=now,
    )
    arrival = CheckedIn(
        hospital_id=hospital_id,
        appointment_id=appointment_id,
        clinic_id=held.clinic_id,
        patient_id=held.patient_id,
        queue_number=await store.next_queue_number(tx, hospital_id, held.clinic_id),
        number=held.number,
        arrived_at=now,
    )
    await store.insert_arrival(tx, arrival, by=by.id)
    event = audit.Event(
        at=now,
        action="arrival.checked-in",
        by=by,
        hospital_id=hospital_id,
        patient_id=held.patient_id,
        subject_id=appointment_id,
        fields=("queue_number",),
        purpose=Purpose.COMPARE_AT_DESK,
    )
    await audit.record(tx, event)
    return arrival


async def _check(
    tx: Tx, hospital_id: HospitalId, appointment_id: AppointmentId, now: datetime
) -> None:
    found = await _appointment(tx, hospital_id, appointment_id)
    refusal = refusal_of(
        found,
        today=now.astimezone(ZoneInfo(found.zone)).date(),
        queue_number=await store.queue_number(tx, hospital_id, appointment_id),
    )
    if refusal is not None:
        raise refusal


async def _appointment(
    tx: Tx, hospital_id: HospitalId, appointment_id: AppointmentId
) -> booking.AppointmentView:
    found = await booking.appointment_at_desk(
        tx, hospital_id=hospital_id, appointment_id=appointment_id
    )
    if found is None:
        raise WrongHospital
    return found


async def _at_desk(
    tx: Tx, vault: Vault, found: booking.AppointmentView, *, by: Actor, now: datetime
) -> AtDesk:
    claim = await identity.identity_of(
        tx,
        vault,
        hospital_id=found.hospital_id,
        patient_id=found.patient_id,
        identity_id=found.identity_id,
        purpose=Purpose.COMPARE_AT_DESK,
        by=by,
        now=now,
    )
    return AtDesk(
        appointment=found,
        name=claim.name,
        document_kind=claim.kind,
        masked_document=identity.mask_document(claim.number, kind=claim.kind),
        queue_number=await store.queue_number(tx, found.hospital_id, found.appointment_id),
    )


async def _today(tx: Tx, hospital_id: HospitalId, now: datetime) -> date:
    hospital = await schedule.hospital(tx, hospital_id=hospital_id)
    return now.astimezone(ZoneInfo(hospital.zone)).date()
