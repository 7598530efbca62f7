"""Each named constraint of booking's tables refuses a row that breaks it."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import errors

from renhao import storage
from renhao.booking import Allocator, Booked
from tests.support import clinics

pytestmark = pytest.mark.database

COPY = (
    "INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id, day,"
    " channel, number, patient_id, identity_id, booked_by, assurance, booked_at, status_at)"
    " SELECT hospital_id, {id}, {clinic}, {slot}, department_id, {day}, channel, {number},"
    " {patient}, identity_id, booked_by, assurance, booked_at, status_at FROM appointment"
)
COPIED = {
    "id": "gen_random_uuid()",
    "clinic": "clinic_id",
    "slot": "slot_id",
    "day": "day",
    "number": "number + 1",
    "patient": "gen_random_uuid()",
}


def _copy(**changes: str) -> str:
    return COPY.format(**COPIED | changes)


BROKEN = {
    "appointment_pk": _copy(id="appointment_id"),
    "appointment_of_pool": _copy(slot="gen_random_uuid()"),
    "appointment_one_live_per_clinic": _copy(patient="patient_id", day="day + 1"),
    "appointment_one_live_per_department_day": _copy(
        patient="patient_id", clinic="gen_random_uuid()"
    ),
    "appointment_number_once": _copy(number="number"),
    "appointment_status_known": "UPDATE appointment SET status = 'lost'",
    "appointment_assurance_known": "UPDATE appointment SET assurance = 'guessed'",
    "appointment_cancel_reason_known": "UPDATE appointment SET status = 'cancelled',"
    " cancel_reason = 'whim'",
    "appointment_cancel_has_reason": "UPDATE appointment SET status = 'cancelled'",
    "appointment_late_only_if_cancelled": "UPDATE appointment SET cancelled_late = true",
    "slot_pool_not_oversold": "UPDATE slot_pool SET held_back = capacity",
    "slot_pool_reopened_within_capacity": "UPDATE slot_pool SET held_back = capacity - 1,"
    " reopened = '{7}'",
    "slot_pool_channel_known": "UPDATE slot_pool SET channel = 'friends'",
    "slot_pool_first_number_positive": "UPDATE slot_pool SET first_number = 0",
    "slot_pool_of_slot": "INSERT INTO slot_pool SELECT hospital_id, gen_random_uuid(), channel,"
    " clinic_id, capacity, 0, 0, 500, '{}' FROM slot_pool",
    "slot_pool_number_range_once": "INSERT INTO slot_pool SELECT hospital_id, slot_id, 'window',"
    " clinic_id, capacity, 0, 0, first_number, '{}' FROM slot_pool",
    "slot_pool_pk": "INSERT INTO slot_pool SELECT hospital_id, slot_id, channel, clinic_id,"
    " capacity, 0, 0, 500, '{}' FROM slot_pool",
    "hospital_patient_pk": "INSERT INTO hospital_patient SELECT * FROM hospital_patient",
    "request_pk": "INSERT INTO request SELECT * FROM request",
    "request_facts_with_refusal": "UPDATE request SET facts = '{}'",
    "limit_rule_code_known": "INSERT INTO limit_rule SELECT hospital_id, 'mood', '2026-01-01',"
    " NULL, 1, 1 FROM hospital",
    "limit_rule_figures_in_range": "INSERT INTO limit_rule SELECT hospital_id, 'no-shows',"
    " '2026-01-01', NULL, 0, 1 FROM hospital",
    "limit_rule_dates_in_order": "INSERT INTO limit_rule SELECT hospital_id, 'no-shows',"
    " '2026-01-01', '2026-01-01', 1, 1 FROM hospital",
    "suspension_of_clinic": "INSERT INTO suspension SELECT hospital_id, gen_random_uuid(),"
    " gen_random_uuid(), '', gen_random_uuid(), booked_at FROM appointment",
    "suspension_once": "INSERT INTO suspension SELECT hospital_id, gen_random_uuid(), clinic_id,"
    " '', gen_random_uuid(), booked_at FROM appointment, generate_series(1, 2)",
}


@pytest.fixture
async def booked(pool: storage.Pool, owner: psycopg.Connection) -> AsyncIterator[None]:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    allocator = Allocator(pool)
    outcome = await allocator.book(clinics.command(hospital, person, hospital.clinics[0].slots[0]))
    assert isinstance(outcome, Booked)
    yield
    await allocator.drain()


@pytest.mark.usefixtures("booked")
def test_each_constraint_refuses(owner: psycopg.Connection) -> None:
    for name, sql in BROKEN.items():
        with pytest.raises(errors.IntegrityError) as refused:
            owner.execute(sql)

        assert storage.constraint_of(refused.value) == name


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE appointment SET patient_id = gen_random_uuid()",
        "UPDATE appointment SET identity_id = gen_random_uuid()",
        "UPDATE appointment SET number = 7",
        "DELETE FROM appointment",
        "UPDATE request SET digest = '\\x00'",
        "DELETE FROM request",
    ],
)
def test_the_servers_role_cannot_change_what_must_not_change(
    sql: str, owner: psycopg.Connection
) -> None:
    owner.execute(f"SET ROLE {storage.roles.SERVER}")

    with pytest.raises(errors.InsufficientPrivilege):
        owner.execute(sql)
