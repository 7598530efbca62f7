"""The page everybody looks at when numbers are released: rendered once a second for all readers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from renhao import schedule, storage
from renhao.kernel import DepartmentId
from renhao.schedule import ClinicCard, DepartmentDay, HalfDay, Mode, Snapshots
from renhao.services import Services
from renhao.web import dates
from renhao.web.pages import View, rendered


@dataclass(frozen=True, slots=True)
class PageKey:
    """What makes one such page differ from another; nothing of the visitor but the view."""

    view: View
    hospital_code: str
    department_id: DepartmentId
    day: date | None


def page_key(
    view: View, code: str, department_id: DepartmentId, day: date | None, *, now: datetime
) -> PageKey:
    """Reduce a wish to the few pages there are: any other day or query is the page without one.

    Which day today is depends on the hospital's zone, so one day more is let through at both ends.
    """
    first = now.astimezone(UTC).date() - timedelta(days=1)
    if day is not None and not 0 <= (day - first).days <= schedule.DAYS_SHOWN + 1:
        day = None
    path = f"/h/{code}/departments/{department_id}"
    here = path if day is None else f"{path}?day={day}"
    return PageKey(replace(view, path=path, here=here), code, department_id, day)


def department_pages(services: Services) -> Snapshots[PageKey, str]:
    """Make the store of rendered pages."""

    async def load(key: PageKey) -> str:
        return await _render(services, key)

    return Snapshots(load, clock=services.clock)


def chosen_day(days: Sequence[DepartmentDay], wish: date | None) -> date:
    """Choose the day to show: the wish, else the first with numbers left, else with clinics."""
    if any(each.day == wish for each in days):
        return wish or days[0].day
    for fits in (lambda each: each.left > 0, lambda each: bool(each.half_days)):
        found = next((each.day for each in days if fits(each)), None)
        if found is not None:
            return found
    return days[0].day


def by_half_day(clinics: Sequence[ClinicCard]) -> list[tuple[HalfDay, list[ClinicCard]]]:
    """Group the clinics of a day by half-day, in the order of the day."""
    order = sorted(clinics, key=lambda each: list(HalfDay).index(each.half_day))
    return [(half, list(group)) for half, group in groupby(order, key=attrgetter("half_day"))]


def is_full(clinics: Sequence[ClinicCard], *, now: datetime) -> bool:
    """Whether something is released that day and nothing of it is left."""
    released = [each for each in clinics if each.is_open(now=now) and each.mode is Mode.INSTANT]
    return bool(released) and not any(each.left for each in released)


async def _render(services: Services, key: PageKey) -> str:
    now = services.clock()
    async with storage.begin(services.pool) as tx:
        hospital = await schedule.hospital_by_code(tx, code=key.hospital_code)
        zone = ZoneInfo(hospital.zone)
        today = dates.today(now, zone)
        hospital_id, department_id = hospital.hospital_id, key.department_id
        department = await schedule.department(
            tx, hospital_id=hospital_id, department_id=department_id
        )
        days = await schedule.department_days(
            tx, hospital_id=hospital_id, department_id=department_id, today=today, now=now
        )
        day = chosen_day(days, key.day)
        clinics = await schedule.clinics_of_day(
            tx, hospital_id=hospital_id, department_id=department_id, day=day, now=now
        )
    return rendered(
        key.view,
        "patient/department.html",
        hospital=hospital,
        department=department,
        zone=zone,
        now=now,
        today=today,
        days=days,
        day=day,
        upcoming={each.day for each in days if _opens_later(each)},
        halves=by_half_day(clinics),
        full=is_full(clinics, now=now),
    )


def _opens_later(day: DepartmentDay) -> bool:
    return any(half.next_release_at is not None for half in day.half_days)
