"""A booked patient of an invented hospital, whose card the desk holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from renhao import identity, privacy, storage
from renhao.audit import Actor, ActorKind
from renhao.identity import Document, DocumentKind
from renhao.kernel import (
    AppointmentId,
    HospitalId,
    IdentityId,
    PatientId,
    Sensitive,
    new_id,
)
from tests.support import people
from tests.support.schedules import DAY, a_row, import_rows, set_up

ON_THE_DAY = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
"""08:10 on the visit day."""
DESK = Actor(ActorKind.STAFF, new_id())


@dataclass(frozen=True, slots=True)
class BookedPatient:
    """Ids and card of somebody with an appointment."""

    hospital_id: HospitalId
    patient_id: PatientId
    appointment_id: AppointmentId
    document: Document


async def a_clinic(tx: storage.Tx, *, code: str = "renhe") -> HospitalId:
    """Set up a hospital with one clinic tomorrow."""
    hospital_id = await set_up(tx, code=code)
    await import_rows(tx, hospital_id, [a_row()])
    return hospital_id


def card(index: int = 1) -> Document:
    """Read an invented citizen's card."""
    number = people.citizen_number(date(1980, 1, 1), index)
    return identity.parse_document(DocumentKind.CITIZEN, number, today=DAY)


async def booked(
    tx: storage.Tx, vault: privacy.Vault, hospital_id: HospitalId, *, index: int = 1
) -> BookedPatient:
    """Give the person with this card the next free online number of the hospital's clinic."""
    seen = await identity.patient_for_window(
        tx,
        vault,
        identity.WindowPatient(
            hospital_id=hospital_id,
            patient_id=PatientId(new_id()),
            identity_id=IdentityId(new_id()),
            name=Sensitive(people.person_name(index)),
            document=card(index),
        ),
        by=DESK,
        now=ON_THE_DAY,
    )
    appointment_id = AppointmentId(new_id())
    await tx.run(
        "INSERT INTO hospital_patient VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [hospital_id, seen.patient_id, ON_THE_DAY, ON_THE_DAY],
    )
    await tx.run(
        "INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id,"
        " day, channel, number, patient_id, identity_id, booked_by, assurance, booked_at,"
        " status_at) SELECT c.hospital_id, %s, c.clinic_id, p.slot_id, c.department_id, c.day,"
        " p.channel, %s, %s, %s, %s, 'seen', %s, %s FROM clinic c JOIN slot_pool p"
        " ON p.hospital_id = c.hospital_id AND p.clinic_id = c.clinic_id"
        " WHERE c.hospital_id = %s AND p.channel = 'online' ORDER BY p.first_number LIMIT 1",
        [
            appointment_id,
            index,
            seen.patient_id,
            seen.identity_id,
            DESK.id,
            ON_THE_DAY,
            ON_THE_DAY,
            hospital_id,
        ],
    )
    return BookedPatient(hospital_id, seen.patient_id, appointment_id, card(index))
