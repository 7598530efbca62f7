"""Book, see, cancel and move appointments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from renhao import arrival, booking, identity, kernel, storage
from renhao.audit import Actor, ActorKind
from renhao.booking import AppointmentView, BookCommand, Status
from renhao.kernel import AccountId, AppointmentId, PatientId, Refused, RequestId, SlotId
from renhao.schedule import Channel
from renhao.services import Services
from renhao.web.api import cursor as cursors
from renhao.web.api.appointments_shapes import (
    AppointmentPage,
    AppointmentShown,
    Book,
    CancelledShown,
    IdempotencyKey,
    Move,
    Ticket,
)
from renhao.web.api.availability import availability_of
from renhao.web.api.bearer import account_of, session_required
from renhao.web.api.cursor import LIMIT_USUAL, Cursor, Limit, Place
from renhao.web.api.describe import SECURED, Described, problem_responses
from renhao.web.operate import Metrics

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
    account_id = account_of(request)
    command = await _command(request, services, data, RequestId(idempotency_key))
    outcome = await services.allocators.book(command)
    _count(request, outcome)
    if isinstance(outcome, Refused):
        raise outcome
    return await _shown(services, account_id, outcome.appointment_id)


@get(
    "/appointments",
    operation_class=Described,
    responses=problem_responses(session=True, more=(422,)),
)
async def list_appointments(
    request: AnyRequest,
    services: NamedDependency[Services],
    cursor: Cursor = None,
    limit: Limit = LIMIT_USUAL,
) -> AppointmentPage:
    """List the account's appointments at every hospital, latest visit day first."""
    account_id, before = account_of(request), None
    if cursor is not None:
        place = cursors.read(cursor)
        before = (place.day, AppointmentId(place.id))
    async with storage.begin(services.pool) as tx:
        found = await booking.appointments_of_account(
            tx, account_id=account_id, before=before, limit=limit + 1
        )
        items = await _with_names(tx, services, found[:limit])
    last = items[-1] if len(found) > limit else None
    return AppointmentPage(
        items=items,
        next=None if last is None else cursors.written(Place(last.day, last.appointment_id)),
    )


@get(
    "/appointments/{appointment_id:uuid}",
    operation_class=Described,
    responses=problem_responses(session=True),
)
async def get_appointment(
    request: AnyRequest, services: NamedDependency[Services], appointment_id: FromPath[UUID]
) -> AppointmentShown:
    """Show one appointment of the account."""
    return await _shown(services, account_of(request), AppointmentId(appointment_id))


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
        view = await _view(tx, account_id, id_)
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
        view = await _view(tx, account_id, id_)
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
    return await _shown(services, account_id, moved.appointment_id)


@get(
    "/appointments/{appointment_id:uuid}/ticket",
    operation_class=Described,
    responses=problem_responses(session=True, more=(409,)),
)
async def ticket(
    request: AnyRequest, services: NamedDependency[Services], appointment_id: FromPath[UUID]
) -> Ticket:
    """Give the arrival code that the desk scans, while the appointment is booked."""
    async with storage.begin(services.pool) as tx:
        view = await _view(tx, account_of(request), AppointmentId(appointment_id))
    if view.status is not Status.BOOKED:
        raise booking.IllegalTransition(status=view.status.value, target=Status.ARRIVED.value)
    text = arrival.make_ticket(services.vault, appointment_id=view.appointment_id, day=view.day)
    return Ticket(ticket=text, day=view.day)


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


def digest(services: Services, action: str, *parts: object) -> bytes:
    """Reduce a wish to a keyed digest, which tells a repeat from a reused key."""
    return services.vault.mac("request", "|".join((action, *map(str, parts))).encode())


async def _command(
    request: AnyRequest, services: Services, data: Book, request_id: RequestId
) -> BookCommand:
    account_id = account_of(request)
    hospital = await availability_of(request).hospital(data.hospital)
    async with storage.begin(services.pool) as tx:
        link = await identity.patient_link(
            tx, account_id=account_id, patient_id=PatientId(data.patient_id)
        )
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


async def _shown(
    services: Services, account_id: AccountId, appointment_id: AppointmentId
) -> AppointmentShown:
    async with storage.begin(services.pool) as tx:
        view = await _view(tx, account_id, appointment_id)
        (shown,) = await _with_names(tx, services, [view])
    return shown


async def _view(
    tx: storage.Tx, account_id: AccountId, appointment_id: AppointmentId
) -> AppointmentView:
    view = await booking.appointment(tx, appointment_id=appointment_id, account_id=account_id)
    if view is None:
        raise booking.AppointmentUnknown
    return view


async def _with_names(
    tx: storage.Tx, services: Services, views: Sequence[AppointmentView]
) -> list[AppointmentShown]:
    now = services.clock()
    names = await identity.own_names(
        tx, services.vault, identity_ids=[view.identity_id for view in views]
    )
    return [AppointmentShown.of(view, names.get(view.identity_id), now=now) for view in views]


def _count(request: AnyRequest, outcome: booking.Outcome) -> None:
    metrics: Metrics = request.app.state.metrics
    name = outcome.code if isinstance(outcome, Refused) else "booked"
    metrics.outcomes.labels(name).inc()
