"""What is left, read by the API from snapshots of about a second.

However many look at a clinic when it opens, the database is asked once a second for each process;
nobody's look waits for the rows that bookings lock.
"""

from datetime import date
from typing import Any

from litestar import Request

from renhao import schedule, storage
from renhao.kernel import ClinicId, DepartmentId, HospitalId
from renhao.schedule import (
    ClinicCard,
    ClinicPage,
    DepartmentDay,
    Hospital,
    Snapshot,
    Snapshots,
)
from renhao.services import Services

DepartmentKey = tuple[HospitalId, DepartmentId, date]
ClinicKey = tuple[HospitalId, ClinicId]


class Availability:
    """The snapshots of one application."""

    def __init__(self, services: Services) -> None:
        self._services = services
        clock = services.clock
        self.hospitals = Snapshots(self._hospital, clock=clock)
        self.days = Snapshots(self._days, clock=clock)
        self.clinics = Snapshots(self._clinics, clock=clock)
        self.clinic = Snapshots(self._clinic, clock=clock)

    async def hospital(self, code: str) -> Hospital:
        """Find a hospital by its code. Raises HospitalUnknown."""
        found: Snapshot[Hospital] = await self.hospitals.get(code)
        return found.value

    async def _hospital(self, code: str) -> Hospital:
        async with storage.begin(self._services.pool) as tx:
            return await schedule.hospital_by_code(tx, code=code)

    async def _days(self, key: DepartmentKey) -> tuple[DepartmentDay, ...]:
        """Read the days of a department. Raises DepartmentUnknown."""
        hospital_id, department_id, today = key
        async with storage.begin(self._services.pool) as tx:
            await schedule.department(tx, hospital_id=hospital_id, department_id=department_id)
            return await schedule.department_days(
                tx,
                hospital_id=hospital_id,
                department_id=department_id,
                today=today,
                now=self._services.clock(),
            )

    async def _clinics(self, key: DepartmentKey) -> tuple[ClinicCard, ...]:
        """Read the clinics of a department's day. Raises DepartmentUnknown."""
        hospital_id, department_id, day = key
        async with storage.begin(self._services.pool) as tx:
            await schedule.department(tx, hospital_id=hospital_id, department_id=department_id)
            return await schedule.clinics_of_day(
                tx,
                hospital_id=hospital_id,
                department_id=department_id,
                day=day,
                now=self._services.clock(),
            )

    async def _clinic(self, key: ClinicKey) -> ClinicPage:
        """Read one clinic with its slots. Raises ClinicUnknown."""
        hospital_id, clinic_id = key
        async with storage.begin(self._services.pool) as tx:
            return await schedule.clinic_page(
                tx, hospital_id=hospital_id, clinic_id=clinic_id, now=self._services.clock()
            )


def availability_of(request: Request[Any, Any, Any]) -> Availability:
    """Give the snapshots of the application that serves this request."""
    found: Availability = request.app.state.availability
    return found
