"""Log in by phone number and one-time code, log out, see and end sessions."""

from typing import Annotated, Any

from litestar import Request, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from renhao import identity, kernel, storage
from renhao.identity import LogIn, ProveDocument, Session, StartAnew
from renhao.kernel import AccountId, Refused
from renhao.services import Services
from renhao.web import dates, visitor
from renhao.web.api.account_shapes import (
    CodeSent,
    CodeWanted,
    LoggedIn,
    Login,
    Proof,
    Sessions,
    SessionShown,
)
from renhao.web.api.bearer import session_required, token_of
from renhao.web.api.describe import SECURED, Described, problem_responses
from renhao.web.api.shapes import SESSION_ID

AnyRequest = Request[Any, Any, Any]


@post(
    "/login/code",
    status_code=202,
    operation_class=Described,
    responses=problem_responses(body=True),
)
async def send_code(
    request: AnyRequest, services: NamedDependency[Services], data: JSONBody[CodeWanted]
) -> CodeSent:
    """Send a one-time code to a phone number."""
    phone, code = identity.parse_phone(data.phone), identity.new_code()
    async with storage.begin(services.pool) as tx:
        refusal = await identity.request_code(
            tx,
            services.vault,
            phone=phone,
            address=visitor.address(request, services),
            language=data.language,
            code=code,
            code_id=kernel.new_id(),
            now=services.clock(),
        )
    raise_refusal(refusal)
    return CodeSent(minutes_valid=identity.CODE_MINUTES_MAX)


@post("/login", status_code=201, operation_class=Described, responses=problem_responses(body=True))
async def log_in(
    request: AnyRequest, services: NamedDependency[Services], data: JSONBody[Login]
) -> LoggedIn:
    """Log in with the code; a number without an account gets one."""
    token = identity.new_token()
    command = LogIn(
        phone=identity.parse_phone(data.phone),
        code=data.code,
        token=token,
        device=data.device,
        address=visitor.address(request, services),
        account_id=AccountId(kernel.new_id()),
        language=data.language,
    )
    async with storage.begin(services.pool) as tx:
        outcome = await identity.log_in(tx, services.vault, command, now=services.clock())
    return _session(outcome, token)


@post(
    "/proof",
    status_code=204,
    operation_class=Described,
    responses=problem_responses(session=True, body=True, more=(409,)),
)
async def prove(
    request: AnyRequest, services: NamedDependency[Services], data: JSONBody[Proof]
) -> None:
    """Prove the document of one patient, after a number was unused for 90 days (二次放号)."""
    document = identity.parse_document(
        data.document_kind,
        data.document_number,
        today=dates.today(services.clock()),
        issuing_state=data.issuing_state,
    )
    command = ProveDocument(token=token_of(request), document=document)
    async with storage.begin(services.pool) as tx:
        refusal = await identity.prove_document(tx, services.vault, command, now=services.clock())
    raise_refusal(refusal)


@post(
    "/proof/anew",
    status_code=201,
    operation_class=Described,
    responses=problem_responses(session=True, more=(409,)),
)
async def start_anew(request: AnyRequest, services: NamedDependency[Services]) -> LoggedIn:
    """Open a new account for the new holder of a number; nothing old comes along."""
    token = identity.new_token()
    command = StartAnew(
        token=token_of(request), new_token=token, account_id=AccountId(kernel.new_id())
    )
    async with storage.begin(services.pool) as tx:
        outcome = await identity.start_anew(tx, services.vault, command, now=services.clock())
    return _session(outcome, token)


@post(
    "/logout",
    status_code=204,
    operation_class=Described,
    responses=problem_responses(session=True),
)
async def log_out(request: AnyRequest, services: NamedDependency[Services]) -> None:
    """End this session."""
    async with storage.begin(services.pool) as tx:
        await identity.log_out(tx, token=token_of(request), now=services.clock())


@get(
    "/sessions",
    operation_class=Described,
    responses=problem_responses(session=True),
)
async def list_sessions(request: AnyRequest, services: NamedDependency[Services]) -> Sessions:
    """List the live sessions of the account, the one used last first."""
    own: Session = request.auth
    async with storage.begin(services.pool) as tx:
        found = await identity.sessions(tx, account_id=own.proved(), now=services.clock())
    return Sessions(items=[_shown(each, own) for each in found])


@delete(
    "/sessions/{session_id:str}",
    operation_class=Described,
    responses=problem_responses(session=True),
)
async def end_session(
    request: AnyRequest,
    services: NamedDependency[Services],
    session_id: Annotated[str, PathParameter(pattern=SESSION_ID)],
) -> None:
    """End one session of the account."""
    own: Session = request.auth
    async with storage.begin(services.pool) as tx:
        await identity.revoke_session(
            tx, account_id=own.proved(), session_id=session_id, now=services.clock()
        )


def account_router() -> Router:
    """Give the routes of accounts."""
    own = Router(
        "/",
        route_handlers=[prove, start_anew, log_out, list_sessions, end_session],
        guards=[session_required],
        security=SECURED,
    )
    return Router("/", route_handlers=[send_code, log_in, own], tags=["account"])


def raise_refusal(outcome: Refused | None) -> None:
    """Raise a refusal that had to be committed first."""
    if outcome is not None:
        raise outcome


def _session(outcome: identity.LoggedIn | Refused, token: str) -> LoggedIn:
    if isinstance(outcome, Refused):
        raise outcome
    return LoggedIn(
        token=token, expires_at=outcome.expires_at, proof_required=outcome.proof_required
    )


def _shown(session: Session, own: Session) -> SessionShown:
    return SessionShown(
        session_id=session.session_id,
        device=session.device,
        is_this=session.session_id == own.session_id,
        created_at=session.created_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
    )
