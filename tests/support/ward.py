"""A member of staff at the pages: added with both factors, logged in by the form."""

from dataclasses import dataclass, field
from datetime import date

import pyotp

from renhao import staff, storage
from renhao.audit import PROGRAM
from renhao.kernel import StaffId, new_id
from renhao.staff import AddStaff, Role
from tests.support import people
from tests.support.api import Served
from tests.support.pages import Visitor

STEP_SECONDS = 30
PASSWORD = "four plain words here"


@dataclass
class Colleague:
    """Somebody with a login, and the secret of their authenticator."""

    login: str
    secret: str = field(default_factory=staff.new_totp_secret)

    def code(self, served: Served) -> str:
        """Read the next code off the authenticator; each is good once, so time moves on."""
        served.clock.move(STEP_SECONDS)
        return pyotp.TOTP(self.secret).at(served.clock())


async def colleague(served: Served, *roles: Role, login: str = "desk.one") -> Colleague:
    """Add a member of staff of the served hospital."""
    made = Colleague(login)
    async with storage.begin(served.services.pool) as tx:
        command = AddStaff(
            hospital_id=served.hospital.hospital_id,
            staff_id=StaffId(new_id()),
            login=login,
            display_name=f"示例 {login}",
            password=PASSWORD,
            totp_secret=made.secret,
            roles=frozenset(roles),
        )
        await staff.add_staff(tx, served.services.vault, command, by=PROGRAM, now=served.clock())
    return made


async def log_in(served: Served, visitor: Visitor, who: Colleague) -> None:
    """Log in by the form."""
    await visitor.open("/staff/login")
    await visitor.send(login=who.login, password=PASSWORD, totp=who.code(served))


async def at_work(served: Served, visitor: Visitor, *roles: Role, login: str = "desk.one") -> None:
    """Add somebody with these roles and log them in."""
    await log_in(served, visitor, await colleague(served, *roles, login=login))


def card(index: int = 1) -> dict[str, str]:
    """Make what stands on an invented citizen's card."""
    birth = date(1980, 1, 1 + index % 28)
    return {
        "document_kind": "citizen",
        "document_number": people.citizen_number(birth, 1 + index),
        "name": people.person_name(index),
    }
