"""Book, cancel and move appointments; the router of all that is about them."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from renhao import booking, identity, kernel, storage
from renhao.audit import Actor, ActorKind
from renhao.booking import BookCommand
from renhao.kernel import AppointmentId, PatientId, Refused, RequestId, SlotId
from renhao.schedule import Channel
from renhao.services import Services
from renhao.web.api.appointments_read import (
    get_appointment,
    list_appointments,
    shown,
    ticket,
    view_of,
)
from renhao.web.api.appointments_shapes import (
    AppointmentShown,
    Book,
    CancelledShown,
    IdempotencyKey,
    Move,
)
from renhao.web.api.availability import availability_of
from renhao.web.api.bearer import account_of, session_required
from renhao.web.api.describe import SECURED, Described, problem_responses
from renhao.web.readers import readers_of
from renhao.web.wishes import digest

AnyRequest = Request[Any, Any, Any]


@post(
    "/appointments",
    status_code=201,
    operation_class=Described,
    responses=problem_responses(session=True, body=True, more=(409,)),
)
async def book(
    request: AnyRequest,
    services: NamedDependency[Services],
    data: JSONBody[Book],
    idempotency_key: IdempotencyKey,
) -> AppointmentShown:
    """Book one number of a slot for a patient of the account."""
    command = await _command(request, services, data, RequestId(idempotency_key))
    outcome = await services.allocators.book(command)
    if isinstance(outcome, Refused):
        raise outcome
    place = (outcome.hospital_id, outcome.appointment_id)
    named = await readers_of(request).appointments.get(place)
    if named is None:
        raise booking.AppointmentUnknown
    return AppointmentShown.of(*named, now=services.clock())


@post(
    "/appointments/{appointment_id:uuid}/cancel",
    status_code=200,
    operation_class=Described,
    responses=problem_responses(session=True, more=(409,)),
)
async def cancel(
    request: AnyRequest,
    services: NamedDependency[Services],
    appointment_id: FromPath[UUID],
    idempotency_key: IdempotencyKey,
) -> CancelledShown:
    """Give a number up; it is not offered to a race again."""
    account_id, id_ = account_of(request), AppointmentId(appointment_id)
    async with storage.begin(services.pool) as tx:
        view = await view_of(tx, account_id, id_)
        cancelled = await booking.cancel(
            tx,
            hospital_id=view.hospital_id,
            appointment_id=id_,
            account_id=account_id,
            by=Actor(ActorKind.ACCOUNT, account_id),
            request_id=RequestId(idempotency_key),
            digest=digest(services, "cancel", id_),
            now=services.clock(),
        )
    return CancelledShown.of(cancelled)


@post(
    "/appointments/{appointment_id:uuid}/reschedule",
    status_code=201,
    operation_class=Described,
    responses=problem_responses(session=True, body=True, more=(409,)),
)
async def reschedule(
    request: AnyRequest,
    services: NamedDependency[Services],
    appointment_id: FromPath[UUID],
    data: JSONBody[Move],
    idempotency_key: IdempotencyKey,
) -> AppointmentShown:
    """Move an appointment to another slot of the same clinic; the answer is the new one."""
    account_id, id_ = account_of(request), AppointmentId(appointment_id)
    async with storage.begin(services.pool) as tx:
        view = await view_of(tx, account_id, id_)
        moved = await booking.reschedule(
            tx,
            hospital_id=view.hospital_id,
            appointment_id=id_,
            new_appointment_id=AppointmentId(kernel.new_id()),
            slot_id=SlotId(data.slot_id),
            account_id=account_id,
            by=Actor(ActorKind.ACCOUNT, account_id),
            request_id=RequestId(idempotency_key),
            digest=digest(services, "reschedule", id_, data.slot_id),
            now=services.clock(),
        )
    return await shown(services, account_id, moved.appointment_id)


def appointments_router() -> Router:
    """Give the routes of appointments."""
    return Router(
        "/",
        route_handlers=[
            book,
            list_appointments,
            get_appointment,
            cancel,
            reschedule,
            ticket,
        ],
        guards=[session_required],
        security=SECURED,
        tags=["appointments"],
    )


async def _command(
    request: AnyRequest, services: Services, data: Book, request_id: RequestId
) -> BookCommand:
    account_id = account_of(request)
    hospital = await availability_of(request).hospital(data.hospital)
    link = await readers_of(request).links.get((account_id, PatientId(data.patient_id)))
    if link is None:
        raise identity.PatientUnknown(field="patient_id")
    return BookCommand(
        hospital_id=hospital.hospital_id,
        appointment_id=AppointmentId(kernel.new_id()),
        slot_id=SlotId(data.slot_id),
        channel=Channel.ONLINE,
        patient_id=link.patient_id,
        identity_id=link.identity_id,
        account_id=account_id,
        by=Actor(ActorKind.ACCOUNT, account_id),
        request_id=request_id,
        digest=digest(services, "book", hospital.hospital_id, data.slot_id, data.patient_id),
        at=services.clock(),
    )
