"""Choosing the patient, checking, and booking the number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from renhao import identity, schedule, storage
from renhao.booking import BookCommand
from renhao.identity import Session
from renhao.kernel import AppointmentId, ClinicId, Kind, Refused, RequestId, SlotId, new_id
from renhao.schedule import Channel, ClinicCard, SlotLeft
from renhao.services import Services
from renhao.web import preferences, sessions
from renhao.web.forms import AnyRequest, Page, as_id, status_of, told
from renhao.web.pages import page
from renhao.web.patient import people
from renhao.web.problems import retry_after
from renhao.web.wishes import digest


class BookForm(msgspec.Struct):
    """Who is to be seen; the request id makes sending it twice book once."""

    patient_id: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit that may be booked, in the words of an appointment."""

    clinic_id: ClinicId
    starts_at: datetime
    ends_at: datetime
    department_zh: str
    department_en: str
    practitioner: str | None
    practitioner_title: str | None
    visit_kind_zh: str
    visit_kind_en: str
    fee_cents: int
    place_zh: str
    place_en: str
    room: str


@get("/h/{code:str}/book/{slot_id:uuid}", guards=[sessions.account_required])
async def check(
    request: AnyRequest,
    services: NamedDependency[Services],
    code: FromPath[str],
    slot_id: FromPath[UUID],
) -> Page:
    """Show what would be booked and ask for whom; an only patient is chosen already."""
    session = await sessions.current(request)

    return await _check_page(request, services, session, code, slot_id)


@post("/h/{code:str}/book/{slot_id:uuid}", guards=[sessions.account_required])
async def book(
    request: AnyRequest,
    services: NamedDependency[Services],
    code: FromPath[str],
    slot_id: FromPath[UUID],
    data: URLEncodedBody[BookForm],
) -> Page:
    """Book the number; sending the form twice gives the first answer again."""
    session = await sessions.current(request)
    command = await _command(services, session, code, slot_id, data)

    outcome = await services.allocators.book(command)

    if isinstance(outcome, Refused):
        return await _check_page(request, services, session, code, slot_id, outcome, data)
    return Redirect(f"/appointments/{outcome.appointment_id}?done=1", status_code=303)


async def _command(
    services: Services, session: Session, code: str, slot_id: UUID, data: BookForm
) -> BookCommand:
    patient_id, request_id = as_id(data.patient_id), as_id(data.request_id)
    cards = await people.cards(services, session.account_id)
    card = next((each for each in cards if each.patient_id == patient_id), None)
    if card is None:
        raise identity.PatientUnknown
    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=code)
    return BookCommand(
        hospital_id=hospital.hospital_id,
        appointment_id=AppointmentId(new_id()),
        slot_id=SlotId(slot_id),
        channel=Channel.ONLINE,
        patient_id=card.patient_id,
        identity_id=card.identity_id,
        account_id=session.account_id,
        by=people.actor(session.account_id),
        request_id=RequestId(request_id),
        digest=digest(services, "book", hospital.hospital_id, slot_id, patient_id),
        at=services.clock(),
    )


async def _check_page(
    request: AnyRequest,
    services: Services,
    session: Session,
    code: str,
    slot_id: UUID,
    refusal: Refused | None = None,
    typed: BookForm | None = None,
) -> Page:
    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=code)
        found = await schedule.clinic_of_slot(
            tx, hospital_id=hospital.hospital_id, slot_id=SlotId(slot_id), now=services.clock()
        )
    slot = next(each for each in found.slots if each.slot_id == slot_id)
    persons = await people.of_account(
        services, session.account_id, preferences.of(request).language
    )
    return page(
        request,
        "patient/book.html",
        status=status_of(refusal),
        headers=retry_after(refusal),
        hospital=hospital,
        zone=ZoneInfo(hospital.zone),
        visit=_visit(found.clinic, slot),
        patients=persons,
        chosen=_chosen(persons, typed),
        request_id=_request_id(refusal, typed),
        **told(request, refusal),
    )


def _visit(clinic: ClinicCard, slot: SlotLeft) -> Visit:
    return Visit(
        clinic_id=clinic.clinic_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        department_zh=clinic.department_zh,
        department_en=clinic.department_en,
        practitioner=clinic.practitioner,
        practitioner_title=clinic.title,
        visit_kind_zh=clinic.visit_kind_zh,
        visit_kind_en=clinic.visit_kind_en,
        fee_cents=clinic.fee_cents,
        place_zh=clinic.place_zh,
        place_en=clinic.place_en,
        room=clinic.room,
    )


def _chosen(persons: list[people.Person], typed: BookForm | None) -> str:
    """Choose the only patient; among several nobody is chosen by default."""
    if typed is not None:
        return typed.patient_id
    return str(persons[0].patient_id) if len(persons) == 1 else ""


def _request_id(refusal: Refused | None, typed: BookForm | None) -> str:
    """Keep the id where trying again may find the first answer; else begin a new request."""
    if refusal is not None and typed is not None and refusal.kind is Kind.UNAVAILABLE:
        return typed.request_id
    return str(new_id())
