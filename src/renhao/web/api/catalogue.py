"""Hospitals, departments, days, clinics and what is left: open to everybody."""

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, PathParameter, QueryParameter

from renhao import schedule, storage
from renhao.kernel import ClinicId, DepartmentId
from renhao.schedule import Snapshot
from renhao.services import Services
from renhao.web import dates
from renhao.web.api.availability import availability_of
from renhao.web.api.describe import ETAG, Described, problem_responses, unchanged
from renhao.web.api.schedule_shapes import (
    HOSPITAL_CODE,
    Clinics,
    ClinicShown,
    ClinicWithSlots,
    Days,
    DayShown,
    Departments,
    DepartmentShown,
    Hospitals,
    HospitalShown,
)

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")
Search = Annotated[
    str,
    QueryParameter(
        max_length=40, description="Name, pinyin or initials; leave it out for all departments."
    ),
]
Day = Annotated[date, QueryParameter(description="Day of the hospital.")]
Hospital = Annotated[
    str, PathParameter(pattern=HOSPITAL_CODE, description="Short name of the hospital.")
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The `ETag` of the answer you hold."),
]


@get("/hospitals", operation_class=Described, responses=problem_responses())
async def list_hospitals(services: NamedDependency[Services]) -> Hospitals:
    """List the hospitals."""
    async with storage.begin(services.pool) as tx:
        found = await schedule.hospitals(tx)
    return Hospitals(items=[HospitalShown.of(each) for each in found])


@get("/hospitals/{hospital:str}", operation_class=Described, responses=problem_responses())
async def get_hospital(request: AnyRequest, hospital: Hospital) -> HospitalShown:
    """Show one hospital."""
    return HospitalShown.of(await availability_of(request).hospital(hospital))


@get(
    "/hospitals/{hospital:str}/departments",
    operation_class=Described,
    responses=problem_responses(),
)
async def list_departments(
    request: AnyRequest,
    services: NamedDependency[Services],
    hospital: Hospital,
    search: Search = "",
) -> Departments:
    """List the departments of a hospital, or those that a search finds."""
    found = await availability_of(request).hospital(hospital)
    async with storage.begin(services.pool) as tx:
        departments = await schedule.departments(tx, hospital_id=found.hospital_id, search=search)
    return Departments(items=[DepartmentShown.of(each) for each in departments])


@get(
    "/hospitals/{hospital:str}/departments/{department_id:uuid}/days",
    operation_class=Described,
    response_headers=[ETAG],
    responses=problem_responses() | unchanged(),
)
async def list_days(
    request: AnyRequest,
    services: NamedDependency[Services],
    hospital: Hospital,
    department_id: FromPath[UUID],
    if_none_match: IfNoneMatch = None,
) -> Response[Days]:
    """Say what is left of each of the department's next 14 days."""
    availability = availability_of(request)
    found = await availability.hospital(hospital)
    today = dates.today(services.clock(), ZoneInfo(found.zone))
    snapshot = await availability.days.get((found.hospital_id, DepartmentId(department_id), today))
    shown = Days(items=[DayShown.of(each) for each in snapshot.value])
    return _tagged(shown, snapshot, if_none_match)


@get(
    "/hospitals/{hospital:str}/departments/{department_id:uuid}/clinics",
    operation_class=Described,
    response_headers=[ETAG],
    responses=problem_responses() | unchanged(),
)
async def list_clinics(
    request: AnyRequest,
    hospital: Hospital,
    department_id: FromPath[UUID],
    day: Day,
    if_none_match: IfNoneMatch = None,
) -> Response[Clinics]:
    """List the department's clinics of one day."""
    availability = availability_of(request)
    found = await availability.hospital(hospital)
    snapshot = await availability.clinics.get((found.hospital_id, DepartmentId(department_id), day))
    shown = Clinics(items=[ClinicShown.of(each) for each in snapshot.value])
    return _tagged(shown, snapshot, if_none_match)


@get(
    "/hospitals/{hospital:str}/clinics/{clinic_id:uuid}",
    operation_class=Described,
    response_headers=[ETAG],
    responses=problem_responses() | unchanged(),
)
async def get_clinic(
    request: AnyRequest,
    hospital: Hospital,
    clinic_id: FromPath[UUID],
    if_none_match: IfNoneMatch = None,
) -> Response[ClinicWithSlots]:
    """Show one clinic with its slots and what is left in each."""
    availability = availability_of(request)
    found = await availability.hospital(hospital)
    snapshot = await availability.clinic.get((found.hospital_id, ClinicId(clinic_id)))
    return _tagged(ClinicWithSlots.of(snapshot.value), snapshot, if_none_match)


def catalogue_router() -> Router:
    """Give the routes of the schedule."""
    handlers = [
        list_hospitals,
        get_hospital,
        list_departments,
        list_days,
        list_clinics,
        get_clinic,
    ]
    return Router("/", route_handlers=handlers, tags=["schedule"])


def _tagged(shown: T, snapshot: Snapshot[Any], held: str | None) -> Response[Any]:
    """Answer 304 to those who hold this very answer. The tag is weak: answers may be compressed."""
    tag = f"W/{snapshot.etag}"
    headers = {"etag": tag, "cache-control": "no-cache"}
    if _names(held or "", snapshot.etag):
        return Response(None, status_code=304, headers=headers)
    return Response(shown, headers=headers)


def _names(held: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match is (RFC 9110 §13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return etag in tags or "*" in tags
