"""The way in: hospitals, a hospital's home, its departments and the search for one."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from renhao import schedule, storage
from renhao.schedule import Hospital
from renhao.services import Services
from renhao.storage import Tx
from renhao.web.forms import AnyRequest, Page
from renhao.web.pages import page

SHOWN_AT_HOME = 16
SEARCH_CHARACTERS_MAX = 40


@get("/")
async def home(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Show the hospital's home where there is one hospital, else the list to choose from."""
    async with storage.begin(services.pool) as tx:
        hospitals = await schedule.hospitals(tx)
        if len(hospitals) == 1:
            return await _home(request, tx, hospitals[0])

    return page(request, "patient/hospitals.html", hospitals=hospitals)


@get("/h/{code:str}")
async def hospital_home(
    request: AnyRequest, services: NamedDependency[Services], code: FromPath[str]
) -> Page:
    """Show a hospital's home."""
    async with storage.begin(services.pool) as tx:
        return await _home(request, tx, await schedule.hospital_by_code(tx, code=code))


@get("/h/{code:str}/departments")
async def departments(
    request: AnyRequest,
    services: NamedDependency[Services],
    code: FromPath[str],
    q: FromQuery[str] = "",
) -> Page:
    """List departments, or those that fit a name, pinyin or initials."""
    words = q.strip()[:SEARCH_CHARACTERS_MAX]

    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=code)
        found = await schedule.departments(tx, hospital_id=hospital.hospital_id, search=words)

    return page(request, "patient/departments.html", hospital=hospital, departments=found, q=words)


async def _home(request: AnyRequest, tx: Tx, hospital: Hospital) -> Page:
    found = await schedule.departments(tx, hospital_id=hospital.hospital_id)
    return page(
        request,
        "patient/home.html",
        hospital=hospital,
        departments=found[:SHOWN_AT_HOME],
        more=len(found) > SHOWN_AT_HOME,
        count=len(found),
        q="",
    )
