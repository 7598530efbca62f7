"""The visitor's session: a cookie that says nothing, looked up in the database where needed."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from renhao.identity import Session
from renhao.services import Services
from renhao.web.readers import readers_of

COOKIE = "renhao_session"
STATE_KEY = "session"
Connection = ASGIConnection[Any, Any, Any, Any]


async def account_required(connection: Connection, _: BaseRouteHandler) -> None:
    """Let only a logged-in account pass. Raises NotAuthorizedException, ProofRequired."""
    session = await find(connection)
    if session is None:
        raise NotAuthorizedException
    session.proved()


async def any_session(connection: Connection, _: BaseRouteHandler) -> None:
    """Let a session pass whose account is still to be proved. Raises NotAuthorizedException."""
    if await find(connection) is None:
        raise NotAuthorizedException


async def find(connection: Connection) -> Session | None:
    """Look the session up, once for a request."""
    state = connection.scope["state"]
    if STATE_KEY not in state:
        state[STATE_KEY] = await _look_up(connection)
    found: Session | None = state[STATE_KEY]
    return found


async def current(request: Request[Any, Any, Any]) -> Session:
    """Give the session of a page that `account_required` guards."""
    session = await find(request)
    if session is None:
        raise NotAuthorizedException
    return session


def token(request: Request[Any, Any, Any]) -> str:
    """Give the session's secret as the browser sent it."""
    return request.cookies.get(COOKIE, "")


def cookie(token: str, services: Services, *, seconds: int) -> Cookie:
    """Write the cookie; scripts cannot read it and other sites cannot send it with a form."""
    return Cookie(
        COOKIE,
        value=token,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=services.settings.secure_cookies,
    )


async def _look_up(connection: Connection) -> Session | None:
    token = connection.cookies.get(COOKIE)
    return await readers_of(connection).sessions.get(token) if token else None
