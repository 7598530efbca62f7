"""The window: the card is read, then what the person holds here, cancelling, and voiding."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from renhao import booking, identity, storage
from renhao.booking import AppointmentUnknown
from renhao.identity import DocumentKind, WindowPatient
from renhao.kernel import (
    AppointmentId,
    IdentityId,
    PatientId,
    Purpose,
    Refused,
    RequestId,
    new_id,
)
from renhao.services import Services
from renhao.staff import Role
from renhao.web import preferences
from renhao.web.forms import AnyRequest, Page, as_id, shown_in_form
from renhao.web.staff import cards, sessions
from renhao.web.staff.cards import Card
from renhao.web.staff.choices import choices_of
from renhao.web.staff.documents import read_birth_date, read_document
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import WINDOW_ROLES, show
from renhao.web.wishes import digest

FIELDS = ("document_number", "issuing_state", "name", "birth_date")
GUARD = sessions.required(*WINDOW_ROLES)
REGISTRAR = sessions.required(Role.REGISTRAR)


class CardForm(msgspec.Struct):
    """What stands on the card; the birth date only where its number holds none."""

    document_kind: str = DocumentKind.CITIZEN.value
    document_number: str = ""
    name: str = ""
    issuing_state: str = ""
    birth_date: str = ""


class CancelForm(msgspec.Struct):
    """Which number the person gives up."""

    appointment_id: str = ""
    request_id: str = ""


@get("/window", guards=[GUARD])
async def ask_card(request: AnyRequest) -> Page:
    """Ask for the card."""
    return await _card_page(request, CardForm())


@post("/window", guards=[GUARD], status_code=200)
async def read_card(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[CardForm]
) -> Page:
    """Find or make the person whose card was read; no account is needed."""
    desk = await sessions.current(request)
    try:
        card = await _card(services, desk, data)
    except Refused as refusal:
        return await _card_page(request, data, shown_in_form(refusal))

    return Redirect(card.path, status_code=303)


@get("/window/{note:str}", guards=[GUARD])
async def person(
    request: AnyRequest,
    services: NamedDependency[Services],
    note: FromPath[str],
    q: FromQuery[str] = "",
    day: FromQuery[str] = "",
    booked: FromQuery[str] = "",
    voided: FromQuery[int] = -1,
) -> Page:
    """Show the person, what they hold here, and the clinics that were searched for."""
    desk, now = await sessions.current(request), services.clock()
    card = cards.read(services.vault, desk, note, now=now)
    async with storage.begin(services.pool) as tx:
        who = await identity.identity_of(
            tx,
            services.vault,
            hospital_id=desk.hospital_id,
            patient_id=card.patient_id,
            identity_id=card.identity_id,
            purpose=Purpose.COMPARE_AT_DESK,
            by=desk.by,
            now=now,
        )
        held = await booking.appointments_of_patient(
            tx, hospital_id=desk.hospital_id, patient_id=card.patient_id, since=desk.today(now)
        )
        choices = await choices_of(tx, desk, q=q, day=day, now=now)

    live = [each for each in held if each.status in booking.LIVE]
    return await show(
        request,
        "person.html",
        card=card,
        who=who,
        masked_number=identity.mask_document(who.number, kind=who.kind),
        held=live,
        registrar=desk.may(Role.REGISTRAR),
        by_accounts=sum(each.account_id is not None for each in live if each.status == "booked"),
        booked=next((each for each in live if str(each.appointment_id) == booked), None),
        voided=voided,
        choices=choices,
        request_id=new_id(),
        now=now,
    )


@post("/window/{note:str}/cancel", guards=[REGISTRAR])
async def cancel(
    request: AnyRequest,
    services: NamedDependency[Services],
    note: FromPath[str],
    data: URLEncodedBody[CancelForm],
) -> Page:
    """Give up a number of the person who is present; nobody else's can be named."""
    desk, now = await sessions.current(request), services.clock()
    card = cards.read(services.vault, desk, note, now=now)
    appointment_id = AppointmentId(as_id(data.appointment_id))
    async with storage.begin(services.pool) as tx:
        held = await booking.appointment_at_desk(
            tx, hospital_id=desk.hospital_id, appointment_id=appointment_id
        )
        if held is None or held.patient_id != card.patient_id:
            raise AppointmentUnknown
        await booking.cancel(
            tx,
            hospital_id=desk.hospital_id,
            appointment_id=appointment_id,
            account_id=None,
            by=desk.by,
            request_id=RequestId(as_id(data.request_id)),
            digest=digest(services, "cancel", appointment_id),
            now=now,
        )

    return Redirect(card.path, status_code=303)


@post("/window/{note:str}/void", guards=[REGISTRAR])
async def void(
    request: AnyRequest, services: NamedDependency[Services], note: FromPath[str]
) -> Page:
    """Void all that accounts booked with this card, in one step; it counts against nobody."""
    desk, now = await sessions.current(request), services.clock()
    card = cards.read(services.vault, desk, note, now=now)
    async with storage.begin(services.pool) as tx:
        voided = await booking.void_others(
            tx,
            hospital_id=desk.hospital_id,
            patient_id=card.patient_id,
            keep_account_id=None,
            by=desk.by,
            now=now,
        )

    return Redirect(f"{card.path}?voided={len(voided)}", status_code=303)


async def _card(services: Services, desk: Desk, typed: CardForm) -> Card:
    now = services.clock()
    document = read_document(
        typed.document_kind or DocumentKind.CITIZEN,
        typed.document_number,
        today=desk.today(now),
        issuing_state=typed.issuing_state,
    )
    command = WindowPatient(
        hospital_id=desk.hospital_id,
        patient_id=PatientId(new_id()),
        identity_id=IdentityId(new_id()),
        name=identity.parse_name(typed.name),
        document=document,
        birth_date=read_birth_date(typed.birth_date),
    )
    async with storage.begin(services.pool) as tx:
        seen = await identity.patient_for_window(tx, services.vault, command, by=desk.by, now=now)
    return cards.write(services.vault, desk, seen, now=now)


async def _card_page(request: AnyRequest, typed: CardForm, refusal: Refused | None = None) -> Page:
    return await show(
        request,
        "window.html",
        refusal=refusal,
        fields=FIELDS,
        typed=typed,
        kinds=list(DocumentKind),
        issuers=identity.issuing_states(preferences.of(request).language),
    )
