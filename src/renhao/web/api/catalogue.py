"""Hospitals, departments, days, clinics and what is left: open to everybody."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Meta

from renhao import schedule, storage
from renhao.kernel import ClinicId, DepartmentId
from renhao.schedule import Hospital
from renhao.services import Services
from renhao.web.api.describe import Described, problem_responses, unchanged
from renhao.web.api.schedule_shapes import (
    ClinicShown,
    ClinicWithSlots,
    DayShown,
    DepartmentShown,
    HospitalCode,
    HospitalShown,
)
from renhao.web.api.shapes import Items

AnyRequest = Request[Any, Any, Any]
Search = Annotated[
    str,
    Meta(max_length=40),
    QueryParameter(description="Name, pinyin or initials; leave it out for all departments."),
]


@get("/hospitals", operation_class=Described, responses=problem_responses())
async def list_hospitals(services: NamedDependency[Services]) -> Items[HospitalShown]:
    """List the hospitals."""
    async with storage.begin(services.pool) as tx:
        found = await schedule.hospitals(tx)
    return Items(items=[HospitalShown.of(each) for each in found])


@get("/hospitals/{hospital:str}", operation_class=Described, responses=problem_responses())
async def get_hospital(
    services: NamedDependency[Services], hospital: FromPath[HospitalCode]
) -> HospitalShown:
    """Show one hospital."""
    async with storage.begin(services.pool) as tx:
        return HospitalShown.of(await schedule.hospital_by_code(tx, code=hospital))


def catalogue_router() -> Router:
    """Give the routes of the schedule."""
    return Router("/", route_handlers=[list_hospitals, get_hospital], tags=["schedule"])
