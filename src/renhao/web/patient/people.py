"""The account's patients: list, add, remove."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from renhao import identity, storage
from renhao.audit import Actor, ActorKind
from renhao.identity import AddPatient, DocumentKind, PatientCard, PatientLink, Relation
from renhao.kernel import (
    AccountId,
    IdentityId,
    Language,
    PatientId,
    Purpose,
    Refused,
    Sensitive,
    new_id,
)
from renhao.services import Services
from renhao.web import dates, preferences, sessions
from renhao.web.forms import AnyRequest, Page, shown_in_form, status_of, told
from renhao.web.pages import page

FIELDS = ("document_kind", "document_number", "issuing_state", "name", "birth_date", "relation")


class PatientForm(msgspec.Struct):
    """What is asked of a patient: kind, number, name; the rest only where it is needed."""

    document_kind: str = DocumentKind.CITIZEN.value
    document_number: str = ""
    name: str = ""
    relation: str = ""
    issuing_state: str = ""
    birth_date: str = ""
    next: str = "/patients"


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as the account's own pages show it."""

    patient_id: PatientId
    identity_id: IdentityId
    name: str
    document_kind: str
    number: str
    relation: Relation | None
    assurance: str


@get("/patients", guards=[sessions.account_required])
async def list_people(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """List the account's patients."""
    session = await sessions.current(request)

    people = await of_account(services, session.account_id, preferences.of(request).language)

    return page(request, "patient/patients.html", patients=people, sentence="")


@get("/patients/new", guards=[sessions.account_required])
async def ask_person(request: AnyRequest, next: FromQuery[str] = "/patients") -> Page:  # noqa: A002 - the query's word
    """Ask for a patient: three fields, and a relation if one likes."""
    return _form_page(request, PatientForm(next=next))


@post("/patients/new", guards=[sessions.account_required])
async def add_person(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[PatientForm]
) -> Page:
    """Add a patient to the account."""
    session = await sessions.current(request)
    try:
        outcome = await _add(services, session.account_id, data)
    except Refused as refusal:
        return _form_page(request, data, shown_in_form(refusal))

    if isinstance(outcome, Refused):
        return _form_page(request, data, outcome)
    return Redirect(preferences.safe_path(data.next, fallback="/patients"), status_code=303)


@get("/patients/{patient_id:uuid}/remove", guards=[sessions.account_required])
async def ask_removal(
    request: AnyRequest, services: NamedDependency[Services], patient_id: FromPath[UUID]
) -> Page:
    """Ask whether to remove a patient."""
    session = await sessions.current(request)

    people = await of_account(services, session.account_id, preferences.of(request).language)

    found = next((each for each in people if each.patient_id == patient_id), None)
    if found is None:
        raise identity.PatientUnknown
    return page(request, "patient/remove.html", patient=found)


@post("/patients/{patient_id:uuid}/remove", guards=[sessions.account_required])
async def remove_person(
    request: AnyRequest, services: NamedDependency[Services], patient_id: FromPath[UUID]
) -> Page:
    """Take a patient off the account; what is booked stays booked."""
    session = await sessions.current(request)

    async with storage.begin(services.pool) as tx:
        await identity.remove_patient(
            tx,
            account_id=session.account_id,
            patient_id=PatientId(patient_id),
            by=actor(session.account_id),
            now=services.clock(),
        )

    return Redirect("/patients", status_code=303)


def actor(account_id: AccountId) -> Actor:
    """Say that the account itself acts."""
    return Actor(ActorKind.ACCOUNT, account_id)


def document_kind(value: str) -> DocumentKind:
    """Read the kind a form chose; the form offers no other than these."""
    try:
        return DocumentKind(value)
    except ValueError:
        return DocumentKind.CITIZEN


async def cards(services: Services, account_id: AccountId) -> list[PatientCard]:
    """Read the account's patients."""
    async with storage.begin(services.pool) as tx:
        return await identity.patients(
            tx, services.vault, account_id=account_id, today=dates.today(services.clock())
        )


async def of_account(services: Services, account_id: AccountId, language: Language) -> list[Person]:
    """Read the account's patients in words."""
    return [_person(card, language) for card in await cards(services, account_id)]


def _person(card: PatientCard, language: Language) -> Person:
    return Person(
        patient_id=card.patient_id,
        identity_id=card.identity_id,
        name=card.name.reveal(purpose=Purpose.OWN_PAGE),
        document_kind=card.kind.label(language),
        number=card.masked_number,
        relation=card.relation,
        assurance=card.assurance.value,
    )


async def _add(
    services: Services, account_id: AccountId, typed: PatientForm
) -> PatientLink | Refused:
    """Check what was typed, ask the authority, then add: no transaction waits for the authority."""
    now = services.clock()
    command = _command(typed, account_id, await _own(services, account_id), now=now)
    answer = await identity.match(
        services.pool, services.vault, services.authority, command, now=now
    )
    if isinstance(answer, Refused):
        return answer
    async with storage.begin(services.pool) as tx:
        return await identity.add_patient(
            tx, services.vault, replace(command, answer=answer), by=actor(account_id), now=now
        )


async def _own(services: Services, account_id: AccountId) -> PatientId | None:
    """Find the holder among the account's patients: the guardian, should the new one need one."""
    found = await cards(services, account_id)
    return next((each.patient_id for each in found if each.relation is Relation.SELF), None)


def _command(
    typed: PatientForm, account_id: AccountId, own: PatientId | None, *, now: datetime
) -> AddPatient:
    document = identity.parse_document(
        document_kind(typed.document_kind),
        typed.document_number,
        today=dates.today(now),
        issuing_state=typed.issuing_state or None,
    )
    return AddPatient(
        account_id=account_id,
        patient_id=PatientId(new_id()),
        identity_id=IdentityId(new_id()),
        name=identity.parse_name(typed.name),
        document=document,
        relation=_relation(typed.relation),
        guardian_patient_id=own,
        birth_date=None if document.birth_date else _day(typed.birth_date),
    )


def _form_page(request: AnyRequest, typed: PatientForm, refusal: Refused | None = None) -> Page:
    language = preferences.of(request).language
    return page(
        request,
        "patient/new_patient.html",
        status=status_of(refusal),
        typed=typed,
        next=preferences.safe_path(typed.next, fallback="/patients"),
        kinds=list(DocumentKind),
        issuers=identity.issuing_states(language),
        **told(request, refusal, fields=FIELDS),
    )


def _relation(value: str) -> Relation | None:
    try:
        return Relation(value) if value else None
    except ValueError:
        return None


def _day(value: str) -> Sensitive[date] | None:
    try:
        return Sensitive(date.fromisoformat(value)) if value else None
    except ValueError:
        return None
