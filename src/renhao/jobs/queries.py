"""What the jobs read of hospitals and appointments."""

from dataclasses import dataclass
from datetime import date, datetime

from renhao.kernel import AccountId, AppointmentId, HospitalId
from renhao.notify import Visit
from renhao.storage import Tx

VISIT = """
SELECT h.name_zh AS hospital_zh, h.name_en AS hospital_en, a.day,
  (s.starts_at AT TIME ZONE h.zone)::time AS starts, (s.ends_at AT TIME ZONE h.zone)::time AS ends,
  a.number, a.status IN ('booked', 'arrived') AS live
FROM appointment a
JOIN slot s ON s.hospital_id = a.hospital_id AND s.slot_id = a.slot_id
JOIN hospital h ON h.hospital_id = a.hospital_id
WHERE a.hospital_id = %s AND a.appointment_id = %s
"""

UNREMINDED = """
SELECT appointment_id, account_id FROM appointment a
WHERE hospital_id = %s AND day = %s AND status = 'booked' AND account_id IS NOT NULL
  AND booked_at < %s AND NOT EXISTS (
    SELECT FROM outbox o WHERE o.hospital_id = a.hospital_id
    AND o.appointment_id = a.appointment_id AND o.template = 'reminder')
ORDER BY appointment_id LIMIT %s
"""

OPEN_DAYS = """
SELECT DISTINCT day FROM clinic WHERE hospital_id = %s AND day < %s AND status = 'open' ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A hospital and its zone."""

    hospital_id: HospitalId
    zone: str


@dataclass(frozen=True, slots=True)
class Unreminded:
    """An appointment whose reminder is not in the outbox yet."""

    appointment_id: AppointmentId
    account_id: AccountId


async def places(tx: Tx) -> list[Place]:
    """Read every hospital and its zone."""
    return await tx.rows(Place, "SELECT hospital_id, zone FROM hospital ORDER BY hospital_id")


async def unreminded(
    tx: Tx, *, hospital_id: HospitalId, day: date, booked_before: datetime, most: int
) -> list[Unreminded]:
    """Read appointments of that day whose account is still to be reminded."""
    return await tx.rows(Unreminded, UNREMINDED, [hospital_id, day, booked_before, most])


async def open_days(tx: Tx, *, hospital_id: HospitalId, before: date) -> list[date]:
    """List the days before that one on which a clinic is still open, oldest first."""
    return await tx.values(OPEN_DAYS, [hospital_id, before])


class BookedVisits:
    """Reads an appointment's facts for its messages, in the hospital's own time."""

    async def visit(
        self, tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId
    ) -> Visit | None:
        """Read one appointment's facts, or None when there is no such appointment."""
        return await tx.row(Visit, VISIT, [hospital_id, appointment_id])
