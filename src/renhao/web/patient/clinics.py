"""A department's days, the clinics of a day, and the times of a clinic, with what is left."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from renhao import schedule, storage
from renhao.kernel import ClinicId, DepartmentId
from renhao.schedule import ClinicCard, Mode, Snapshots
from renhao.services import Services
from renhao.web.forms import AnyRequest, Page
from renhao.web.pages import page, view_of
from renhao.web.patient.department_pages import PageKey, page_key

HTML = "text/html; charset=utf-8"


@get("/h/{code:str}/departments/{department_id:uuid}")
async def department(
    request: AnyRequest,
    services: NamedDependency[Services],
    department_pages: NamedDependency[Snapshots[PageKey, str]],
    code: FromPath[str],
    department_id: FromPath[UUID],
    day: FromQuery[date | None] = None,
) -> Response[str]:
    """Show a department's next 14 days and the clinics of one of them; about a second old."""
    key = page_key(view_of(request), code, DepartmentId(department_id), day, now=services.clock())

    shown = await department_pages.get(key)

    headers = {"etag": shown.etag, "cache-control": "no-cache", "vary": "cookie, accept-language"}
    if request.headers.get("if-none-match") == shown.etag:
        return Response("", status_code=304, headers=headers, media_type=HTML)
    return Response(shown.value, headers=headers, media_type=HTML)


@get("/h/{code:str}/clinics/{clinic_id:uuid}")
async def clinic(
    request: AnyRequest,
    services: NamedDependency[Services],
    code: FromPath[str],
    clinic_id: FromPath[UUID],
) -> Page:
    """Show the times of a clinic, with what is left of each."""
    now = services.clock()

    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=code)
        found = await schedule.clinic_page(
            tx, hospital_id=hospital.hospital_id, clinic_id=ClinicId(clinic_id), now=now
        )

    return page(
        request,
        "patient/clinic.html",
        hospital=hospital,
        department=found.clinic,
        clinic=found.clinic,
        slots=found.slots,
        bookable=is_bookable(found.clinic, now=now),
        zone=ZoneInfo(hospital.zone),
        now=now,
    )


def is_bookable(clinic: ClinicCard, *, now: datetime) -> bool:
    """Whether its numbers can be booked on a page now."""
    return clinic.is_open(now=now) and clinic.mode is Mode.INSTANT and clinic.starts_at > now
