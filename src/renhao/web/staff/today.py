"""Today at the hospital: the clinics, and how many were booked, came, did not come."""

from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency

from renhao import booking, schedule, storage
from renhao.booking import ClinicCount
from renhao.schedule import ClinicCard
from renhao.services import Services
from renhao.web.forms import AnyRequest, Page
from renhao.web.staff import sessions
from renhao.web.staff.shown import show


@dataclass(frozen=True, slots=True)
class Row:
    """One clinic of today and what became of its numbers."""

    clinic: ClinicCard
    count: ClinicCount


@get("/", guards=[sessions.required()])
async def today(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Show today's clinics with their counts; no names."""
    desk, now = await sessions.current(request), services.clock()
    day = desk.today(now)
    async with storage.begin(services.pool) as tx:
        cards = await schedule.clinics_of_day(
            tx, hospital_id=desk.hospital_id, department_id=None, day=day, now=now
        )
        counts = await booking.counts_of_day(tx, hospital_id=desk.hospital_id, day=day)

    by_clinic = {each.clinic_id: each for each in counts}
    rows = [Row(card, by_clinic.get(card.clinic_id, _nobody(card))) for card in cards]
    return await show(
        request,
        "today.html",
        day=day,
        rows=rows,
        booked=sum(row.count.booked for row in rows),
        arrived=sum(row.count.arrived for row in rows),
        no_shows=sum(row.count.no_shows for row in rows),
    )


def _nobody(card: ClinicCard) -> ClinicCount:
    return ClinicCount(clinic_id=card.clinic_id, booked=0, arrived=0, no_shows=0)
