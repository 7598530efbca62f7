"""Steps that several operations take: telling, recording, cancelling many at once."""

from datetime import datetime

from renhao import audit, notify
from renhao.audit import Actor
from renhao.booking import store
from renhao.booking.model import Appointment, CancelReason, Status, moved_to
from renhao.kernel import ClinicId, HospitalId, RequestId
from renhao.notify import Template
from renhao.schedule import ClinicUnknown
from renhao.storage import Tx


async def clinic(tx: Tx, hospital_id: HospitalId, clinic_id: ClinicId) -> store.ClinicRow:
    """Read a clinic. Raises ClinicUnknown."""
    found = await store.clinic(tx, hospital_id, clinic_id)
    if found is None:
        raise ClinicUnknown
    return found


async def cancel_all(
    tx: Tx,
    held: list[Appointment],
    *,
    by: Actor,
    now: datetime,
    reason: CancelReason,
    late: bool = False,
    request_id: RequestId | None = None,
) -> None:
    """Cancel appointments that the caller has locked, hold their numbers back, record and tell."""
    if not held:
        return
    hospital_id = held[0].hospital_id
    for each in held:
        moved_to(each.status, Status.CANCELLED)
    ids = [each.appointment_id for each in held]
    await store.move(
        tx, hospital_id, ids, status=Status.CANCELLED, at=now, late=late, reason=reason
    )
    await store.hold_back(tx, hospital_id, held)
    action = f"appointment.cancelled-{reason.value}"
    await audit.record(tx, *(event(action, each, by, now, request_id) for each in held))
    suspended = reason is CancelReason.SUSPENDED
    await tell(tx, held, Template.SUSPENDED if suspended else Template.CANCELLED, now)


async def tell(tx: Tx, changed: list[Appointment], template: Template, now: datetime) -> None:
    """Write a message to each account; it makes sense until the visit day is over."""
    ends = {each.slot_id: await store.slot(tx, each.hospital_id, each.slot_id) for each in changed}
    messages = [
        notify.Message(
            template=template,
            created_at=now,
            expires_at=max(now, end.ends_at),
            hospital_id=each.hospital_id,
            account_id=each.account_id,
            appointment_id=each.appointment_id,
        )
        for each in changed
        if each.account_id is not None and (end := ends[each.slot_id]) is not None
    ]
    await notify.enqueue(tx, *messages)


def event(
    action: str,
    changed: Appointment,
    by: Actor,
    now: datetime,
    request_id: RequestId | None = None,
) -> audit.Event:
    """Say what was done to an appointment."""
    return audit.Event(
        at=now,
        action=action,
        by=by,
        hospital_id=changed.hospital_id,
        patient_id=changed.patient_id,
        subject_id=changed.appointment_id,
        request_id=request_id,
    )
