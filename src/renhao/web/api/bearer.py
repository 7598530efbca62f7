"""Who calls: the session token in the `Authorization` header, and nothing else."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from renhao.identity import Session
from renhao.kernel import AccountId
from renhao.web.readers import readers_of

Connection = ASGIConnection[Any, Any, Any, Any]
TOKEN_CHARACTERS_MAX = 256


async def session_required(connection: Connection, _: BaseRouteHandler) -> None:
    """Let only a live session pass. Raises NotAuthorizedException."""
    found = await readers_of(connection).sessions.get(token_of(connection))
    if found is None:
        raise NotAuthorizedException
    connection.scope["auth"] = found


def session_of(request: Request[Any, Any, Any]) -> Session:
    """Give the session that `session_required` found."""
    session: Session = request.auth
    return session


def token_of(connection: Connection) -> str:
    """Read the token. Raises NotAuthorizedException when none is sent."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_CHARACTERS_MAX:
        raise NotAuthorizedException
    return token


def account_of(request: Request[Any, Any, Any]) -> AccountId:
    """Give the account that calls. Raises ProofRequired while a document is to be proved."""
    return session_of(request).proved()
