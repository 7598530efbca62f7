"""Problem pages: every no in plain words, in the visitor's language, with what to do instead."""

from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect
from psycopg import errors
from psycopg_pool import PoolTimeout

from renhao.identity import ProofRequired
from renhao.kernel import Kind, Refused
from renhao.storage import NotReplicatedError
from renhao.web import preferences
from renhao.web.pages import page
from renhao.web.protection import CSRF_COOKIE

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}
RETRY_SECONDS = 5
UNREADABLE = 400
TOLD = frozenset({403, 404, 405, 413, 422, 429, 500, 503})
BUSY = (
    NotReplicatedError,
    PoolTimeout,
    errors.OperationalError,
    errors.LockNotAvailable,
    errors.QueryCanceled,
)
"""What passes by itself: the caller repeats the request, with the same request id."""
AnyRequest = Request[Any, Any, Any]


def refused(request: AnyRequest, refusal: Refused) -> Response[Any]:
    """Show a refusal: what the rule is and what can be done instead."""
    if refusal.kind is Kind.UNAUTHENTICATED:
        return to_login(request)
    if isinstance(refusal, ProofRequired):
        return Redirect("/prove", status_code=303)
    language = preferences.of(request).language
    return problem(
        request,
        status=STATUS[refusal.kind],
        sentence=refusal.sentence(language),
        headers=retry_after(refusal),
    )


def not_authorized(request: AnyRequest, _: NotAuthorizedException) -> Response[Any]:
    """Send a visitor who is not logged in to the login page, and back afterwards."""
    return to_login(request)


def http_problem(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Show a problem the framework found. Unreadable parameters count as not found."""
    status = error.status_code
    if status == UNREADABLE:
        status = 404 if request.method == "GET" else 422
    wait = {"retry-after": str(RETRY_SECONDS)} if status in {429, 503} else None
    response = problem(request, status=status if status in TOLD else 500, headers=wait)
    if status == 403:  # noqa: PLR2004 - a stale form token is renewed by the next page
        response.delete_cookie(CSRF_COOKIE)
    return response


def busy(request: AnyRequest, _: Exception) -> Response[Any]:
    """Show that the database did not answer in time: nothing is lost, the visitor repeats."""
    return problem(request, status=503, headers={"retry-after": str(RETRY_SECONDS)})


def unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    """Show that the program failed; the log tells where, never an exception's words."""
    structlog.get_logger("renhao.web").error("unexpected", exc_info=error)
    return problem(request, status=500)


def problem(
    request: AnyRequest,
    *,
    status: int,
    sentence: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    """Render the problem page; the sentence of a refusal wins over the general one."""
    return page(
        request,
        "staff/problem.html" if _for_staff(request) else "problem.html",
        status=status,
        headers=headers,
        code=status,
        sentence=sentence,
        request_id=request.scope["state"].get("request_id", ""),
    )


def retry_after(refusal: Refused | None) -> dict[str, str] | None:
    """Say when to try again, where a refusal says that trying again helps."""
    if refusal is None or refusal.kind is not Kind.UNAVAILABLE:
        return None
    return {"retry-after": str(refusal.facts.get("retry_after_seconds", RETRY_SECONDS))}


def to_login(request: AnyRequest) -> Response[Any]:
    """Ask the visitor to log in first; what a form was sending is asked for again afterwards."""
    if _for_staff(request):
        return Redirect("/staff/login", status_code=303)
    query = urlencode({"next": request.url.path}) if request.method == "GET" else ""
    return Redirect(f"/login?{query}".rstrip("?"), status_code=303)


def _for_staff(request: AnyRequest) -> bool:
    """Whether the address is one of the staff pages."""
    return f"{request.url.path}/".startswith("/staff/")


HANDLERS: dict[type[Exception] | int, Any] = {
    Refused: refused,
    NotAuthorizedException: not_authorized,
    HTTPException: http_problem,
    **dict.fromkeys(BUSY, busy),
    Exception: unexpected,
}
