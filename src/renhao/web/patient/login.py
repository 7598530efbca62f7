"""Logging in with a phone number and a one-time code, and proving a number that came back."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from renhao import identity, storage
from renhao.identity import DocumentKind, LogIn, ProveDocument, StartAnew
from renhao.kernel import AccountId, Refused, new_id
from renhao.services import Services
from renhao.web import dates, preferences, sessions, visitor
from renhao.web.forms import AnyRequest, Page, shown_in_form, status_of, told
from renhao.web.pages import page
from renhao.web.patient import people


class PhoneForm(msgspec.Struct):
    """The first step."""

    phone: str = ""
    next: str = "/"


class CodeForm(msgspec.Struct):
    """The second step."""

    phone: str = ""
    code: str = ""
    next: str = "/"


class ProofForm(msgspec.Struct):
    """The document of one patient of the account."""

    document_kind: str = ""
    document_number: str = ""
    issuing_state: str = ""
    next: str = "/"


@get("/login")
async def ask_phone(request: AnyRequest, next: FromQuery[str] = "/") -> Page:  # noqa: A002 - the query's word
    """Ask for the phone number."""
    return _phone_page(request, PhoneForm(next=next))


@post("/login", status_code=200)
async def send_code(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[PhoneForm]
) -> Page:
    """Send a code; the answer is the same whether the number is known or not."""
    try:
        phone = identity.parse_phone(data.phone)
    except Refused as refusal:
        return _phone_page(request, data, refusal)

    async with storage.begin(services.pool) as tx:
        answer = await identity.request_code(
            tx,
            services.vault,
            phone=phone,
            address=visitor.address(request, services),
            language=preferences.of(request).language,
            code=identity.new_code(),
            code_id=new_id(),
            now=services.clock(),
        )

    if answer is not None:
        return _phone_page(request, data, answer)
    return _code_page(request, CodeForm(phone=data.phone, next=data.next))


@post("/login/code", status_code=200)
async def log_in(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[CodeForm]
) -> Page:
    """Spend the code and open a session; the old one of this browser ends."""
    command = LogIn(
        phone=identity.parse_phone(data.phone),
        code=data.code,
        token=identity.new_token(),
        previous_token=request.cookies.get(sessions.COOKIE),
        device=visitor.device(request),
        address=visitor.address(request, services),
        account_id=AccountId(new_id()),
        language=preferences.of(request).language,
    )

    now = services.clock()
    async with storage.begin(services.pool) as tx:
        outcome = await identity.log_in(tx, services.vault, command, now=now)

    if isinstance(outcome, Refused):
        return _code_page(request, data, outcome)
    target = preferences.safe_path(data.next)
    if outcome.proof_required:
        target = "/prove"
    return _with_session(services, command.token, outcome.expires_at, target, now=now)


@get("/prove", guards=[sessions.any_session])
async def ask_proof(request: AnyRequest) -> Page:
    """Ask for the document of one patient of the account."""
    return _proof_page(request, ProofForm())


@post("/prove", guards=[sessions.any_session], status_code=200)
async def prove(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[ProofForm]
) -> Page:
    """Open what is old by one patient's document."""
    now = services.clock()
    try:
        document = identity.parse_document(
            people.document_kind(data.document_kind),
            data.document_number,
            today=dates.today(now),
            issuing_state=data.issuing_state or None,
        )
    except Refused as refusal:
        return _proof_page(request, data, refusal)

    command = ProveDocument(token=sessions.token(request), document=document)
    async with storage.begin(services.pool) as tx:
        answer = await identity.prove_document(tx, services.vault, command, now=now)

    if answer is not None:
        return _proof_page(request, data, answer)
    return Redirect(preferences.safe_path(data.next), status_code=303)


@post("/prove/anew", guards=[sessions.any_session])
async def start_anew(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Leave the old account behind: the number has a new holder."""
    command = StartAnew(
        token=sessions.token(request),
        new_token=identity.new_token(),
        account_id=AccountId(new_id()),
    )

    now = services.clock()
    async with storage.begin(services.pool) as tx:
        outcome = await identity.start_anew(tx, services.vault, command, now=now)

    return _with_session(services, command.new_token, outcome.expires_at, "/", now=now)


def _with_session(
    services: Services, token: str, expires_at: datetime, target: str, *, now: datetime
) -> Page:
    seconds = int((expires_at - now).total_seconds())
    cookie = sessions.cookie(token, services, seconds=seconds)
    return Redirect(target, status_code=303, cookies=[cookie])


def _phone_page(request: AnyRequest, typed: PhoneForm, refusal: Refused | None = None) -> Page:
    return page(
        request,
        "patient/login.html",
        status=status_of(refusal),
        phone=typed.phone,
        next=preferences.safe_path(typed.next),
        **told(request, refusal, fields=("phone",)),
    )


def _code_page(request: AnyRequest, typed: CodeForm, refusal: Refused | None = None) -> Page:
    return page(
        request,
        "patient/code.html",
        status=status_of(refusal),
        phone=typed.phone,
        next=preferences.safe_path(typed.next),
        **told(request, refusal, fields=("code",)),
    )


def _proof_page(request: AnyRequest, typed: ProofForm, refusal: Refused | None = None) -> Page:
    return page(
        request,
        "patient/prove.html",
        status=status_of(refusal and shown_in_form(refusal)),
        typed=typed,
        kinds=list(DocumentKind),
        issuers=identity.issuing_states(preferences.of(request).language),
        next=preferences.safe_path(typed.next),
        **told(request, refusal, fields=("document_number", "issuing_state")),
    )
