"""Logging in with login, password and one-time code in one form, and out again."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from renhao import schedule, staff, storage
from renhao.kernel import HospitalId, Refused
from renhao.schedule import Hospital, HospitalUnknown
from renhao.services import Services
from renhao.staff import Credentials
from renhao.web import visitor
from renhao.web.forms import AnyRequest, Page, as_id, status_of, told
from renhao.web.pages import page
from renhao.web.staff import sessions


class LoginForm(msgspec.Struct):
    """What somebody at the staff login types."""

    hospital_id: str = ""
    login: str = ""
    password: str = ""
    totp: str = ""


@get("/login")
async def ask(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Ask for login, password and code; for the hospital only where there are several."""
    return await _form(request, services, LoginForm())


@post("/login", status_code=200)
async def log_in(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[LoginForm]
) -> Page:
    """Open a session; the try is counted whatever comes of it."""
    hospital = _chosen(await _hospitals(services), data)
    if hospital is None:
        return await _form(request, services, data, HospitalUnknown(field="hospital_id"))
    token, now = staff.new_token(hospital.hospital_id), services.clock()
    async with storage.begin(services.pool) as tx:
        outcome = await staff.log_in(
            tx,
            services.vault,
            credentials_of(request, services, hospital.hospital_id, data),
            token=token,
            device=visitor.device(request),
            now=now,
        )

    if isinstance(outcome, Refused):
        return await _form(request, services, data, outcome)
    seconds = int((outcome.expires_at - now).total_seconds())
    cookie = sessions.cookie(token, services, seconds=seconds)
    return Redirect(sessions.PATH, status_code=303, cookies=[cookie])


@post("/logout")
async def log_out(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """End the session here and in the database."""
    async with storage.begin(services.pool) as tx:
        token = request.cookies.get(sessions.COOKIE, "")
        await staff.log_out(tx, token=token, now=services.clock())

    gone = sessions.cookie("", services, seconds=0)
    return Redirect("/staff/login", status_code=303, cookies=[gone])


def credentials_of(
    request: AnyRequest, services: Services, hospital_id: HospitalId, typed: LoginForm
) -> Credentials:
    """Give what was typed, and where from, as staff needs it."""
    return Credentials(
        hospital_id=hospital_id,
        login=typed.login,
        password=typed.password,
        totp=typed.totp,
        address=visitor.address(request, services),
    )


async def _hospitals(services: Services) -> list[Hospital]:
    async with storage.begin(services.pool) as tx:
        return await schedule.hospitals(tx)


def _chosen(hospitals: list[Hospital], typed: LoginForm) -> Hospital | None:
    if len(hospitals) == 1:
        return hospitals[0]
    if not typed.hospital_id:
        return None
    wanted = as_id(typed.hospital_id)
    return next((each for each in hospitals if each.hospital_id == wanted), None)


async def _form(
    request: AnyRequest, services: Services, typed: LoginForm, refusal: Refused | None = None
) -> Page:
    return page(
        request,
        "staff/login.html",
        status=status_of(refusal),
        hospitals=await _hospitals(services),
        hospital_id=typed.hospital_id,
        login=typed.login,
        **told(request, refusal, fields=("hospital_id",)),
    )
