"""The account's own pages: sessions, logging out, what is held and why."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from renhao import identity, storage
from renhao.services import Services
from renhao.web import sessions
from renhao.web.api.held import HELD
from renhao.web.dates import CHINA
from renhao.web.forms import AnyRequest, Page
from renhao.web.pages import page


class SessionForm(msgspec.Struct):
    """The session to end."""

    session: str = ""


@get("/account")
async def account(request: AnyRequest) -> Page:
    """Show what an account can do; a visitor sees the way to log in."""
    return page(request, "patient/account.html", logged_in=await sessions.find(request) is not None)


@get("/sessions", guards=[sessions.account_required])
async def list_sessions(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """List the devices that are logged in."""
    session = await sessions.current(request)

    async with storage.begin(services.pool) as tx:
        listed = await identity.sessions(tx, account_id=session.account_id, now=services.clock())

    return page(
        request,
        "patient/sessions.html",
        sessions=listed,
        current=session.session_id,
        zone=CHINA,
    )


@post("/sessions/revoke", guards=[sessions.account_required])
async def revoke(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[SessionForm]
) -> Page:
    """Log one device out."""
    session = await sessions.current(request)

    async with storage.begin(services.pool) as tx:
        await identity.revoke_session(
            tx,
            account_id=session.account_id,
            session_id=data.session,
            now=services.clock(),
        )

    return Redirect("/sessions", status_code=303)


@post("/logout")
async def log_out(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """End this session and forget its cookie."""
    token = request.cookies.get(sessions.COOKIE, "")

    async with storage.begin(services.pool) as tx:
        await identity.log_out(tx, token=token, now=services.clock())

    response = Redirect("/", status_code=303)
    response.delete_cookie(sessions.COOKIE)
    return response


@get("/privacy")
async def privacy(request: AnyRequest) -> Page:
    """Say what is held and why, and what is never asked."""
    return page(request, "patient/privacy.html", held=HELD)
