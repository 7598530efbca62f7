"""The session of staff: a cookie of its own, sent to staff pages only, and guards by role."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from renhao import schedule, staff, storage
from renhao.audit import Actor
from renhao.kernel import HospitalId
from renhao.schedule import Hospital
from renhao.services import Services
from renhao.staff import Role, Staff, StaffNotLoggedIn, StaffSession
from renhao.web import dates

COOKIE = "renhao_staff"
PATH = "/staff"
STATE_KEY = "desk"
Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits where: a member of staff who is logged in, and their hospital."""

    session: StaffSession
    hospital: Hospital

    @property
    def staff(self) -> Staff:
        """Who it is."""
        return self.session.staff

    @property
    def by(self) -> Actor:
        """Name them as the audit does."""
        return self.session.staff.actor

    @property
    def hospital_id(self) -> HospitalId:
        """Say where they work; nothing of another hospital is theirs."""
        return self.hospital.hospital_id

    @property
    def zone(self) -> ZoneInfo:
        """Give the hospital's zone."""
        return ZoneInfo(self.hospital.zone)

    def today(self, now: datetime) -> date:
        """Give the day it is at the hospital."""
        return dates.today(now, self.zone)

    def may(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return bool(self.staff.roles & set(roles))


def required(*roles: Role) -> Guard:
    """Let staff with one of these roles pass, all staff when none is named.

    The guard raises StaffNotLoggedIn and RoleMissing.
    """

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        desk = await find(connection)
        if desk is None:
            raise StaffNotLoggedIn
        if roles:
            desk.session.require(*roles)

    return guard


async def find(connection: Connection) -> Desk | None:
    """Look the session up, once for a request."""
    state = connection.scope["state"]
    if STATE_KEY not in state:
        state[STATE_KEY] = await _look_up(connection)
    found: Desk | None = state[STATE_KEY]
    return found


async def current(request: Request[Any, Any, Any]) -> Desk:
    """Give the session of a page that a guard protects."""
    desk = await find(request)
    if desk is None:
        raise StaffNotLoggedIn
    return desk


def cookie(token: str, services: Services, *, seconds: int) -> Cookie:
    """Write the cookie; no other site can make a browser send it, not even with a link."""
    return Cookie(
        COOKIE,
        value=token,
        path=PATH,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=services.settings.secure_cookies,
    )


async def _look_up(connection: Connection) -> Desk | None:
    services: Services = connection.app.state.services
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    async with storage.begin(services.pool) as tx:
        session = await staff.session(tx, token=token, now=services.clock())
        if session is None:
            return None
        hospital = await schedule.hospital(tx, hospital_id=session.staff.hospital_id)
    return Desk(session, hospital)
