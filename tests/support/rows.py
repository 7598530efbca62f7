"""Rows written straight into the tables, for tests of what only reads them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import psycopg

from renhao.kernel import AccountId, AppointmentId, HospitalId, new_id


@dataclass(frozen=True, slots=True)
class BareHospital:
    """A hospital in Asia/Shanghai with one department and one visit kind."""

    hospital_id: HospitalId = field(default_factory=lambda: HospitalId(new_id()))
    department_id: UUID = field(default_factory=new_id)
    visit_kind_id: UUID = field(default_factory=new_id)


def insert_hospital(owner: psycopg.Connection, zone: str = "Asia/Shanghai") -> BareHospital:
    """Write a hospital with what a clinic needs."""
    it, campus = BareHospital(), new_id()
    owner.execute(
        "INSERT INTO hospital (hospital_id, code, name_zh, name_en, zone, address_zh, address_en,"
        " phone, notice_zh, notice_en) VALUES (%s, %s, '示范医院', 'Sample Hospital', %s, '', '',"
        " '', '', '')",
        [it.hospital_id, it.hospital_id.hex, zone],
    )
    owner.execute(
        "INSERT INTO campus (hospital_id, campus_id, name_zh, name_en, address_zh, address_en)"
        " VALUES (%s, %s, '本部', 'Main', '', '')",
        [it.hospital_id, campus],
    )
    owner.execute(
        "INSERT INTO department (hospital_id, department_id, campus_id, name_zh, name_en,"
        " place_zh, place_en, search_words) VALUES (%s, %s, %s, '内科', 'Medicine', '', '', '{}')",
        [it.hospital_id, it.department_id, campus],
    )
    owner.execute(
        "INSERT INTO visit_kind (hospital_id, visit_kind_id, name_zh, name_en, fee_cents, mode)"
        " VALUES (%s, %s, '普通', 'Ordinary', 500, 'instant')",
        [it.hospital_id, it.visit_kind_id],
    )
    return it


def insert_appointment(
    owner: psycopg.Connection,
    hospital: BareHospital,
    *,
    starts_at: datetime,
    day: date,
    booked_at: datetime,
    account_id: AccountId | None,
    status: str = "booked",
) -> AppointmentId:
    """Write a clinic of one slot and one appointment of a new patient in it."""
    clinic, slot, appointment = new_id(), new_id(), AppointmentId(new_id())
    ends_at = starts_at + timedelta(minutes=30)
    owner.execute(
        "INSERT INTO clinic (hospital_id, clinic_id, department_id, visit_kind_id, day, half_day,"
        " starts_at, ends_at, mode, fee_cents, room, released_at, free_cancel_until,"
        " practitioner_id) VALUES (%s, %s, %s, %s, %s, 'morning', %s, %s, 'instant', 500, '', %s,"
        " %s, NULL) ON CONFLICT (hospital_id, department_id, practitioner_id, visit_kind_id, day,"
        " half_day) DO NOTHING",
        [hospital.hospital_id, clinic, hospital.department_id, hospital.visit_kind_id, day,
         starts_at, ends_at, booked_at, starts_at],
    )  # fmt: skip
    (clinic,) = owner.execute(
        "SELECT clinic_id FROM clinic WHERE hospital_id = %s AND day = %s",
        [hospital.hospital_id, day],
    ).fetchone() or (clinic,)
    number = _next_number(owner, clinic)
    shifted = starts_at + timedelta(seconds=number)
    owner.execute(
        "INSERT INTO slot (hospital_id, slot_id, clinic_id, starts_at, ends_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [hospital.hospital_id, slot, clinic, shifted, ends_at],
    )
    owner.execute(
        "INSERT INTO slot_pool (hospital_id, slot_id, channel, clinic_id, capacity, taken,"
        " first_number) VALUES (%s, %s, 'online', %s, 1, 1, %s)",
        [hospital.hospital_id, slot, clinic, number],
    )
    owner.execute(
        "INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id,"
        " day, channel, number, patient_id, identity_id, account_id, booked_by, assurance,"
        " booked_at, status, status_at, cancel_reason) VALUES (%s, %s, %s, %s, %s, %s, 'online',"
        " %s, %s, %s, %s, %s, 'declared', %s, %s, %s, %s)",
        [hospital.hospital_id, appointment, clinic, slot, hospital.department_id, day, number,
         new_id(), new_id(), account_id, new_id(), booked_at, status, booked_at,
         "patient" if status == "cancelled" else None],
    )  # fmt: skip
    return appointment


def _next_number(owner: psycopg.Connection, clinic: UUID) -> int:
    row = owner.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM appointment WHERE clinic_id = %s", [clinic]
    ).fetchone()
    return 1 if row is None else int(row[0])
