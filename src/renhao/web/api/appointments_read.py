"""List and show appointments, and give their arrival codes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from renhao import arrival, booking, identity, storage
from renhao.booking import AppointmentView, Status
from renhao.kernel import AccountId, AppointmentId
from renhao.services import Services
from renhao.web.api import cursor as cursors
from renhao.web.api.appointments_shapes import (
    AppointmentPage,
    AppointmentShown,
    Ticket,
)
from renhao.web.api.bearer import account_of
from renhao.web.api.cursor import LIMIT_USUAL, Cursor, Limit, Place
from renhao.web.api.describe import Described, problem_responses

AnyRequest = Request[Any, Any, Any]


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
    return await shown(services, account_of(request), AppointmentId(appointment_id))


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
        view = await view_of(tx, account_of(request), AppointmentId(appointment_id))
    if view.status is not Status.BOOKED:
        raise booking.IllegalTransition(status=view.status.value, target=Status.ARRIVED.value)
    text = arrival.make_ticket(services.vault, appointment_id=view.appointment_id, day=view.day)
    return Ticket(ticket=text, day=view.day)


async def shown(
    services: Services, account_id: AccountId, appointment_id: AppointmentId
) -> AppointmentShown:
    """Show one appointment of the account. Raises AppointmentUnknown."""
    async with storage.begin(services.pool) as tx:
        view = await view_of(tx, account_id, appointment_id)
        (found,) = await _with_names(tx, services, [view])
    return found


async def view_of(
    tx: storage.Tx, account_id: AccountId, appointment_id: AppointmentId
) -> AppointmentView:
    """Read one appointment of the account. Raises AppointmentUnknown."""
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
