"""The account's appointments: list, ticket, calendar file, cancel, move to another time."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from renhao import booking, identity, schedule, storage
from renhao.booking import AppointmentView
from renhao.identity import Session
from renhao.kernel import AppointmentId, Refused, RequestId, SlotId, new_id
from renhao.services import Services
from renhao.web import preferences, sessions
from renhao.web.api import cursor as cursors
from renhao.web.api.cursor import LIMIT_USUAL, Place
from renhao.web.forms import AnyRequest, Page, as_id, shown_in_form, status_of, told
from renhao.web.pages import page
from renhao.web.patient import people, ticket
from renhao.web.wishes import digest


class CancelForm(msgspec.Struct):
    """A confirmed wish to cancel."""

    request_id: str = ""


class MoveForm(msgspec.Struct):
    """The time to move to."""

    slot_id: str = ""
    request_id: str = ""


@get("/appointments", guards=[sessions.account_required])
async def list_visits(
    request: AnyRequest, services: NamedDependency[Services], cursor: FromQuery[str] = ""
) -> Page:
    """List what the account booked, the latest visit day first; older ones a page further."""
    session = await sessions.current(request)
    place = cursors.read(cursor) if cursor else None

    async with storage.begin(services.pool) as tx:
        found = await booking.appointments_of_account(
            tx,
            account_id=session.account_id,
            before=None if place is None else (place.day, AppointmentId(place.id)),
            limit=LIMIT_USUAL + 1,
        )
        visits = found[:LIMIT_USUAL]
        names = await identity.own_names(
            tx, services.vault, identity_ids=[each.identity_id for each in visits]
        )

    return page(
        request,
        "patient/appointments.html",
        visits=visits,
        names=names,
        zone_of=zone_of,
        older=_place_of(visits[-1]) if len(found) > LIMIT_USUAL else "",
    )


@get("/appointments/{appointment_id:uuid}", guards=[sessions.account_required])
async def show(
    request: AnyRequest,
    services: NamedDependency[Services],
    appointment_id: FromPath[UUID],
    done: FromQuery[int] = 0,
) -> Page:
    """Show one appointment; right after booking it opens with the good news."""
    session = await sessions.current(request)

    visit = await _visit(services, session, appointment_id)

    template = "patient/done.html" if done else "patient/appointment.html"
    return await _visit_page(request, services, session, visit, template)


@get("/appointments/{appointment_id:uuid}/calendar.ics", guards=[sessions.account_required])
async def calendar(
    request: AnyRequest, services: NamedDependency[Services], appointment_id: FromPath[UUID]
) -> Response[bytes]:
    """Give the visit as a calendar file."""
    session = await sessions.current(request)

    visit = await _visit(services, session, appointment_id)

    return Response(
        ticket.calendar(services, visit, preferences.of(request).language),
        media_type="text/calendar; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="renhao.ics"',
            "cache-control": "no-store",
        },
    )


@get("/appointments/{appointment_id:uuid}/cancel", guards=[sessions.account_required])
async def ask_cancel(
    request: AnyRequest, services: NamedDependency[Services], appointment_id: FromPath[UUID]
) -> Page:
    """Say what cancelling means now, and ask."""
    session = await sessions.current(request)

    visit = await _visit(services, session, appointment_id)

    return await _visit_page(
        request,
        services,
        session,
        visit,
        "patient/cancel.html",
        late=visit.late_if_cancelled(services.clock()),
        request_id=str(new_id()),
    )


@post("/appointments/{appointment_id:uuid}/cancel", guards=[sessions.account_required])
async def cancel(
    request: AnyRequest,
    services: NamedDependency[Services],
    appointment_id: FromPath[UUID],
    data: URLEncodedBody[CancelForm],
) -> Page:
    """Give the number up; sending the form twice cancels once."""
    session = await sessions.current(request)
    visit = await _visit(services, session, appointment_id)

    async with storage.begin(services.pool) as tx:
        await booking.cancel(
            tx,
            hospital_id=visit.hospital_id,
            appointment_id=visit.appointment_id,
            account_id=session.account_id,
            by=people.actor(session.account_id),
            request_id=RequestId(as_id(data.request_id)),
            digest=digest(services, "cancel", appointment_id),
            now=services.clock(),
        )

    return Redirect(f"/appointments/{appointment_id}", status_code=303)


@get("/appointments/{appointment_id:uuid}/reschedule", guards=[sessions.account_required])
async def ask_move(
    request: AnyRequest, services: NamedDependency[Services], appointment_id: FromPath[UUID]
) -> Page:
    """Ask to which free time of the same clinic to move."""
    session = await sessions.current(request)

    visit = await _visit(services, session, appointment_id)

    return await _move_page(request, services, session, visit)


@post("/appointments/{appointment_id:uuid}/reschedule", guards=[sessions.account_required])
async def move(
    request: AnyRequest,
    services: NamedDependency[Services],
    appointment_id: FromPath[UUID],
    data: URLEncodedBody[MoveForm],
) -> Page:
    """Move to another time in one step: the old number is kept until the new one is there."""
    session = await sessions.current(request)
    visit = await _visit(services, session, appointment_id)
    slot_id = as_id(data.slot_id)

    try:
        async with storage.begin(services.pool) as tx:
            booked = await booking.reschedule(
                tx,
                hospital_id=visit.hospital_id,
                appointment_id=visit.appointment_id,
                new_appointment_id=AppointmentId(new_id()),
                slot_id=SlotId(slot_id),
                account_id=session.account_id,
                by=people.actor(session.account_id),
                request_id=RequestId(as_id(data.request_id)),
                digest=digest(services, "reschedule", appointment_id, slot_id),
                now=services.clock(),
            )
    except Refused as refusal:
        return await _move_page(request, services, session, visit, shown_in_form(refusal))

    return Redirect(f"/appointments/{booked.appointment_id}?done=1", status_code=303)


def zone_of(visit: AppointmentView) -> ZoneInfo:
    """Give the zone of the visit's hospital."""
    return ZoneInfo(visit.zone)


def _place_of(visit: AppointmentView) -> str:
    """Write where a page ended, as the API does."""
    return cursors.written(Place(visit.day, visit.appointment_id))


async def _visit(services: Services, session: Session, appointment_id: UUID) -> AppointmentView:
    async with storage.begin(services.pool) as tx:
        found = await booking.appointment(
            tx, appointment_id=AppointmentId(appointment_id), account_id=session.account_id
        )
    if found is None:
        raise booking.AppointmentUnknown
    return found


async def _move_page(
    request: AnyRequest,
    services: Services,
    session: Session,
    visit: AppointmentView,
    refusal: Refused | None = None,
) -> Page:
    now = services.clock()
    async with storage.begin(services.pool) as tx:
        found = await schedule.clinic_page(
            tx, hospital_id=visit.hospital_id, clinic_id=visit.clinic_id, now=now
        )
    free = [
        each
        for each in found.slots
        if each.online and each.ends_at > now and each.slot_id != visit.slot_id
    ]
    return await _visit_page(
        request,
        services,
        session,
        visit,
        "patient/reschedule.html",
        status=status_of(refusal),
        slots=free if visit.may_reschedule(now) else [],
        request_id=str(new_id()),
        **told(request, refusal),
    )


async def _visit_page(
    request: AnyRequest,
    services: Services,
    session: Session,
    visit: AppointmentView,
    template: str,
    **context: Any,
) -> Page:
    language = preferences.of(request).language
    persons = await people.of_account(services, session.account_id, language)
    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=visit.hospital_code)
    now = services.clock()
    return page(
        request,
        template,
        hospital=hospital,
        visit=visit,
        zone=zone_of(visit),
        patient=next((each for each in persons if each.patient_id == visit.patient_id), None),
        qr=ticket.code_image(services, visit) if visit.status in booking.LIVE else "",
        may_cancel=visit.may_cancel(now),
        may_move=visit.may_reschedule(now),
        **context,
    )
