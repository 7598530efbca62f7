"""Correcting a mistyped name at the desk: the card present, two members of staff."""

from dataclasses import dataclass

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from renhao import identity, staff, storage
from renhao.identity import CorrectName, Document, DocumentKind, Identity, SecondPersonNeeded
from renhao.kernel import IdentityId, Kind, PatientId, Purpose, Refused, new_id
from renhao.services import Services
from renhao.staff import Credentials, Role, Staff
from renhao.web import preferences, visitor
from renhao.web.forms import AnyRequest, Page, as_id, shown_in_form
from renhao.web.staff import sessions
from renhao.web.staff.documents import read_document
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import NAME_ROLES, show

FIELDS = ("document_number", "issuing_state", "name", "identity_id")
GUARD = sessions.required(*NAME_ROLES)


class PersonUnknown(Refused):
    """Nobody was entered with this document here; what other places know is not told."""

    kind = Kind.CONFLICT
    code = "person-unknown-at-desk"
    zh = "本院没有用这张证件登记过的人：请核对证件种类和号码；首次就诊请直接在窗口挂号。"
    en = (
        "Nobody was entered with this document at this hospital. Please check its kind and "
        "number; somebody new is booked at the window."
    )


class NameForm(msgspec.Struct):
    """The card, the claim with the mistyped name, the right name, and the colleague who signs."""

    document_kind: str = DocumentKind.CITIZEN.value
    document_number: str = ""
    issuing_state: str = ""
    identity_id: str = ""
    name: str = ""
    login: str = ""
    password: str = ""
    totp: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The person of a card, and what was claimed about them."""

    patient_id: PatientId
    document: Document
    claims: list[Identity]


@get("/name", guards=[GUARD])
async def ask(request: AnyRequest) -> Page:
    """Ask for the card."""
    return await _page(request, NameForm())


@post("/name", guards=[GUARD], status_code=200)
async def propose(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[NameForm]
) -> Page:
    """Show the names that were entered with this card, to choose the mistyped one."""
    desk = await sessions.current(request)
    try:
        found = await _found(services, desk, data)
    except Refused as refusal:
        return await _page(request, data, refusal=shown_in_form(refusal))

    return await _page(request, data, found=found)


@post("/name/confirm", guards=[GUARD], status_code=200)
async def confirm(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[NameForm]
) -> Page:
    """Correct the name once a second registrar has signed with both factors."""
    desk = await sessions.current(request)
    try:
        found = await _found(services, desk, data)
    except Refused as refusal:
        return await _page(request, data, refusal=shown_in_form(refusal))
    try:
        await _correct(request, services, desk, data, found)
    except Refused as refusal:
        return await _page(request, data, found=found, refusal=shown_in_form(refusal))

    return await _page(request, NameForm(), done=True)


async def _found(services: Services, desk: Desk, typed: NameForm) -> Found:
    now = services.clock()
    document = read_document(
        typed.document_kind or DocumentKind.CITIZEN,
        typed.document_number,
        today=desk.today(now),
        issuing_state=typed.issuing_state,
    )
    async with storage.begin(services.pool) as tx:
        patient_id = await identity.find_by_document(tx, services.vault, document=document)
        if patient_id is None:
            raise PersonUnknown(field="document_number")
        claims = [
            await identity.identity_of(
                tx,
                services.vault,
                hospital_id=desk.hospital_id,
                patient_id=patient_id,
                identity_id=identity_id,
                purpose=Purpose.CORRECTION,
                by=desk.by,
                now=now,
            )
            for identity_id in await identity.claims_of_patient(
                tx, hospital_id=desk.hospital_id, patient_id=patient_id
            )
        ]
    if not claims:
        raise PersonUnknown(field="document_number")
    return Found(patient_id, document, claims)


async def _correct(
    request: AnyRequest, services: Services, desk: Desk, typed: NameForm, found: Found
) -> None:
    """Write the correction. The colleague's try is counted in a transaction of its own."""
    name, claim = identity.parse_name(typed.name), as_id(typed.identity_id)
    if claim not in {each.identity_id for each in found.claims}:
        raise PersonUnknown
    second = await _second(request, services, desk, typed)
    command = CorrectName(
        hospital_id=desk.hospital_id,
        patient_id=found.patient_id,
        identity_id=IdentityId(claim),
        new_identity_id=IdentityId(new_id()),
        document=found.document,
        name=name,
        second=second.actor,
    )
    async with storage.begin(services.pool) as tx:
        await identity.correct_name(tx, services.vault, command, by=desk.by, now=services.clock())


async def _second(request: AnyRequest, services: Services, desk: Desk, typed: NameForm) -> Staff:
    credentials = Credentials(
        hospital_id=desk.hospital_id,
        login=typed.login,
        password=typed.password,
        totp=typed.totp,
        address=visitor.address(request, services),
    )
    async with storage.begin(services.pool) as tx:
        second = await staff.confirm(tx, services.vault, credentials, now=services.clock())
    if isinstance(second, Refused):
        raise second
    if Role.REGISTRAR not in second.roles or second.staff_id == desk.staff.staff_id:
        raise SecondPersonNeeded
    return second


async def _page(
    request: AnyRequest,
    typed: NameForm,
    *,
    found: Found | None = None,
    done: bool = False,
    refusal: Refused | None = None,
) -> Page:
    return await show(
        request,
        "name.html",
        refusal=refusal,
        fields=FIELDS,
        typed=typed,
        found=found,
        done=done,
        kinds=list(DocumentKind),
        issuers=identity.issuing_states(preferences.of(request).language),
    )
