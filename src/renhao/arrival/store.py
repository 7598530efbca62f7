"""SQL of check-ins."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from renhao.arrival.model import CheckedIn
from renhao.kernel import AppointmentId, ClinicId, HospitalId, PatientId
from renhao.storage import Tx

LOOKED_BACK = timedelta(days=7)


async def next_queue_number(tx: Tx, hospital_id: HospitalId, clinic_id: ClinicId) -> int:
    """Count one more arrival of the clinic.

    Locks the clinic's counter until the end of the transaction, after every other lock: only
    check-ins take it, and each takes one.
    """
    number: int = await tx.value(
        "INSERT INTO arrival_counter (hospital_id, clinic_id, last_number) VALUES (%s, %s, 1)"
        " ON CONFLICT ON CONSTRAINT arrival_counter_pk"
        " DO UPDATE SET last_number = arrival_counter.last_number + 1 RETURNING last_number",
        [hospital_id, clinic_id],
    )
    return number


async def insert_arrival(tx: Tx, arrival: CheckedIn, *, by: UUID | None) -> None:
    """Keep who arrived when, and who compared the card."""
    await tx.run(
        "INSERT INTO arrival (hospital_id, appointment_id, clinic_id, queue_number, arrived_at,"
        " checked_in_by) VALUES (%s, %s, %s, %s, %s, %s)",
        [
            arrival.hospital_id,
            arrival.appointment_id,
            arrival.clinic_id,
            arrival.queue_number,
            arrival.arrived_at,
            by or UUID(int=0),
        ],
    )


async def queue_number(
    tx: Tx, hospital_id: HospitalId, appointment_id: AppointmentId
) -> int | None:
    """Read the queue number given to an appointment."""
    number: int | None = await tx.value(
        "SELECT queue_number FROM arrival WHERE hospital_id = %s AND appointment_id = %s",
        [hospital_id, appointment_id],
    )
    return number


async def near_days(
    tx: Tx, hospital_id: HospitalId, patient_id: PatientId, *, today: date
) -> Sequence[date]:
    """List the days on which a patient has a booked appointment here, or missed one lately.

    The nearest day comes first; missed means one of the last seven days.
    """
    return await tx.values(
        "SELECT day FROM appointment WHERE hospital_id = %s AND patient_id = %s"
        " AND (day > %s AND status = 'booked'"
        " OR day >= %s AND day < %s AND status IN ('booked', 'noshow'))"
        " GROUP BY day ORDER BY abs(day - %s), day DESC",
        [hospital_id, patient_id, today, today - LOOKED_BACK, today, today],
    )
