"""Arrival at the desk: card reader, arrival code or typed number, then one key."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from renhao import arrival, identity, storage
from renhao.arrival import AtDesk, CheckedIn
from renhao.booking import Status
from renhao.identity import DocumentKind
from renhao.kernel import AppointmentId, Kind, Language, Refused
from renhao.services import Services
from renhao.web import preferences
from renhao.web.forms import AnyRequest, Page
from renhao.web.staff import notes, sessions
from renhao.web.staff.cards import CardGone
from renhao.web.staff.documents import read_document
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import DESK_ROLES, show

FIELDS = ("document_number", "issuing_state")
LABEL = "arrival"
GUARD = sessions.required(*DESK_ROLES)


class SearchForm(msgspec.Struct):
    """What the reader typed; the kind is told by the number unless chosen."""

    document_number: str = ""
    document_kind: str = ""
    issuing_state: str = ""


class CheckInForm(msgspec.Struct):
    """Whose card was compared: the note written when it was found."""

    note: str = ""


@get("/arrival", guards=[GUARD])
async def ask(request: AnyRequest) -> Page:
    """Wait for a card or a code."""
    return await _page(request)


@post("/arrival", guards=[GUARD], status_code=200)
async def find(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[SearchForm]
) -> Page:
    """Show today's appointments of the person, name and masked number large."""
    desk = await sessions.current(request)
    try:
        found = await _found(services, desk, data)
    except Refused as refusal:
        return await _page(request, data, refusal=refusal)

    return await _page(request, found=found)


@post("/arrival/check-in", guards=[GUARD], status_code=200)
async def check_in(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[CheckInForm]
) -> Page:
    """Check in whoever was compared; the page waits for the next card at once."""
    desk = await sessions.current(request)
    try:
        appointment_id = _compared(services, desk, data)
        async with storage.begin(services.pool) as tx:
            done = await arrival.check_in(
                tx,
                hospital_id=desk.hospital_id,
                appointment_id=appointment_id,
                by=desk.by,
                now=services.clock(),
            )
    except Refused as refusal:
        return await _page(request, refusal=refusal)

    return await _page(request, done=done)


def _compared(services: Services, desk: Desk, sent: CheckInForm) -> AppointmentId:
    """Read whose card or code was found before. Raises CardGone."""
    ids = notes.read(services.vault, desk, LABEL, sent.note, now=services.clock())
    if ids is None:
        raise CardGone(minutes=notes.MINUTES_MAX)
    return AppointmentId(ids[0])


async def _found(services: Services, desk: Desk, typed: SearchForm) -> tuple[AtDesk, ...]:
    now = services.clock()
    async with storage.begin(services.pool) as tx:
        if arrival.looks_like_ticket(typed.document_number):
            ticket = await arrival.find_by_ticket(
                tx,
                services.vault,
                hospital_id=desk.hospital_id,
                ticket=typed.document_number,
                by=desk.by,
                now=now,
            )
            return (ticket,)
        document = read_document(
            typed.document_kind,
            typed.document_number,
            today=desk.today(now),
            issuing_state=typed.issuing_state,
        )
        return await arrival.find_today(
            tx,
            services.vault,
            hospital_id=desk.hospital_id,
            document=document,
            by=desk.by,
            now=now,
        )


async def _page(
    request: AnyRequest,
    typed: SearchForm | None = None,
    *,
    found: tuple[AtDesk, ...] = (),
    done: CheckedIn | None = None,
    refusal: Refused | None = None,
) -> Page:
    language: Language = preferences.of(request).language
    waiting = [each for each in found if each.appointment.status is Status.BOOKED]
    services: Services = request.app.state.services
    desk, now = await sessions.current(request), services.clock()
    wrong_number = refusal is not None and refusal.kind is Kind.INVALID
    return await show(
        request,
        "arrival.html",
        refusal=refusal,
        fields=FIELDS,
        typed=typed if typed is not None and wrong_number else SearchForm(),
        found=found,
        notes={
            each.appointment.appointment_id: notes.write(
                services.vault, desk, LABEL, each.appointment.appointment_id, now=now
            )
            for each in waiting
        },
        first=waiting[0].appointment.appointment_id if waiting else None,
        done=done,
        kinds=list(DocumentKind),
        issuers=identity.issuing_states(language),
    )
