"""Each named constraint of the schedule's tables is tried."""

import psycopg
import pytest

from renhao import storage
from renhao.kernel import new_id
from tests.support.schedules import NOW, a_row, import_rows, set_up

pytestmark = pytest.mark.database

OTHER = "'00000000-0000-0000-0000-000000000001'"

BREAKS = {
    "hospital_pk": "INSERT INTO hospital SELECT * FROM hospital",
    "hospital_free_cancel_in_range": "UPDATE hospital SET free_cancel_days_before = 15",
    "campus_pk": "INSERT INTO campus SELECT * FROM campus",
    "campus_of_hospital": f"INSERT INTO campus SELECT {OTHER}, campus_id, '', '', '', ''"
    " FROM campus",
    "campus_name_once": f"INSERT INTO campus SELECT hospital_id, {OTHER}, name_zh, '', '', ''"
    " FROM campus",
    "department_pk": "INSERT INTO department SELECT * FROM department",
    "department_of_campus": f"UPDATE department SET campus_id = {OTHER}",
    "department_code_known": "UPDATE department SET department_code = 'none'",
    "department_name_once": f"INSERT INTO department SELECT hospital_id, {OTHER}, campus_id, NULL,"
    " name_zh, '', '', '', '{}' FROM department",
    "department_code_pk": "INSERT INTO department_code VALUES ('x', '', ''), ('x', '', '')",
    "practitioner_pk": "INSERT INTO practitioner SELECT * FROM practitioner",
    "practitioner_of_department": f"UPDATE practitioner SET department_id = {OTHER}",
    "practitioner_name_once": f"INSERT INTO practitioner SELECT hospital_id, {OTHER},"
    " department_id, name, '', '{}' FROM practitioner",
    "visit_kind_pk": "INSERT INTO visit_kind SELECT * FROM visit_kind LIMIT 1",
    "visit_kind_of_hospital": f"INSERT INTO visit_kind SELECT {OTHER}, visit_kind_id, '', '', 0,"
    " mode FROM visit_kind LIMIT 1",
    "visit_kind_name_once": f"INSERT INTO visit_kind SELECT hospital_id, {OTHER}, name_zh, '', 0,"
    " mode FROM visit_kind LIMIT 1",
    "visit_kind_fee_not_negative": "UPDATE visit_kind SET fee_cents = -1",
    "visit_kind_mode_known": "UPDATE visit_kind SET mode = 'auction'",
    "release_rule_pk": "INSERT INTO release_rule SELECT * FROM release_rule",
    "release_rule_of_department": f"UPDATE release_rule SET department_id = {OTHER}",
    "release_rule_one_each": f"INSERT INTO release_rule SELECT hospital_id, {OTHER}, NULL, 1,"
    " '08:00' FROM release_rule",
    "release_rule_days_in_range": "UPDATE release_rule SET days_ahead = 91",
    "holiday_pk": "INSERT INTO holiday SELECT * FROM holiday LIMIT 1",
    "holiday_of_hospital": f"UPDATE holiday SET hospital_id = {OTHER}",
    "limit_rule_pk": "INSERT INTO limit_rule SELECT * FROM limit_rule LIMIT 1",
    "limit_rule_of_hospital": f"UPDATE limit_rule SET hospital_id = {OTHER}",
    "limit_rule_code_known": "UPDATE limit_rule SET limit_code = 'luck'",
    "limit_rule_figures_in_range": "UPDATE limit_rule SET most = 0",
    "limit_rule_looks_back_two_years": "UPDATE limit_rule SET window_days = 366, bar_days = 365",
    "limit_rule_dates_in_order": "UPDATE limit_rule SET valid_to = valid_from",
    "schedule_import_pk": "INSERT INTO schedule_import SELECT * FROM schedule_import",
    "schedule_import_of_hospital": f"UPDATE schedule_import SET hospital_id = {OTHER}",
    "clinic_pk": "INSERT INTO clinic SELECT * FROM clinic",
    "clinic_of_department": f"UPDATE clinic SET department_id = {OTHER}",
    "clinic_of_practitioner": f"UPDATE clinic SET practitioner_id = {OTHER}",
    "clinic_of_visit_kind": f"UPDATE clinic SET visit_kind_id = {OTHER}",
    "clinic_once": f"INSERT INTO clinic SELECT hospital_id, {OTHER}, department_id,"
    " practitioner_id, visit_kind_id, day, half_day, starts_at, ends_at, mode, status, fee_cents,"
    " room, released_at, free_cancel_until FROM clinic",
    "clinic_half_day_known": "UPDATE clinic SET half_day = 'night'",
    "clinic_mode_known": "UPDATE clinic SET mode = 'auction'",
    "clinic_status_known": "UPDATE clinic SET status = 'moved'",
    "clinic_times_in_order": "UPDATE clinic SET ends_at = starts_at",
    "clinic_fee_not_negative": "UPDATE clinic SET fee_cents = -1",
    "slot_pk": "INSERT INTO slot SELECT * FROM slot LIMIT 1",
    "slot_of_clinic": f"UPDATE slot SET clinic_id = {OTHER}",
    "slot_start_once": f"INSERT INTO slot SELECT hospital_id, {OTHER}, clinic_id, starts_at,"
    " ends_at FROM slot LIMIT 1",
    "slot_at_most_30_minutes": "UPDATE slot SET ends_at = starts_at + interval '31 minutes'",
    "slot_pool_pk": "INSERT INTO slot_pool SELECT * FROM slot_pool LIMIT 1",
    "slot_pool_of_slot": f"UPDATE slot_pool SET slot_id = {OTHER} WHERE first_number = 1",
    "slot_pool_number_range_once": "UPDATE slot_pool SET first_number = 1",
    "slot_pool_channel_known": "UPDATE slot_pool SET channel = 'friends' WHERE first_number = 1",
    "slot_pool_first_number_positive": "UPDATE slot_pool SET first_number = 0",
    "slot_pool_not_oversold": "UPDATE slot_pool SET taken = capacity, held_back = 1",
    "slot_pool_reopened_within_capacity": "UPDATE slot_pool SET taken = capacity, reopened = '{1}'",
    "suspension_pk": "INSERT INTO suspension SELECT * FROM suspension",
    "suspension_of_clinic": f"UPDATE suspension SET clinic_id = {OTHER}",
    "suspension_once": f"INSERT INTO suspension SELECT hospital_id, {OTHER}, clinic_id, '',"
    " suspended_by, suspended_at FROM suspension",
}
TABLES = [
    "hospital",
    "campus",
    "department",
    "department_code",
    "practitioner",
    "visit_kind",
    "release_rule",
    "holiday",
    "limit_rule",
    "schedule_import",
    "clinic",
    "slot",
    "slot_pool",
    "suspension",
]


@pytest.fixture
async def filled(pool: storage.Pool) -> None:
    """Fill every table with at least one row."""
    async with storage.begin(pool) as tx:
        hospital = await set_up(tx)
        await import_rows(tx, hospital, [a_row()])
        await tx.run(
            "INSERT INTO suspension SELECT hospital_id, %s, clinic_id, 'ill', %s, %s FROM clinic",
            [new_id(), new_id(), NOW],
        )


@pytest.mark.usefixtures("filled")
def test_each_constraint_refuses_what_breaks_it(owner: psycopg.Connection) -> None:
    refused = {name: _broken(owner, sql) for name, sql in BREAKS.items()}

    assert refused == {name: name for name in BREAKS}


def test_every_constraint_is_tried(owner: psycopg.Connection) -> None:
    names = owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s)"
        " AND contype <> 'n'",
        [TABLES],
    ).fetchall()

    assert {name for (name,) in names} == set(BREAKS)


def test_what_must_not_change_is_not_granted(owner: psycopg.Connection) -> None:
    owner.execute("SET ROLE renhao_server")

    for sql in (
        "UPDATE clinic SET day = day",
        "UPDATE slot_pool SET channel = channel",
        "UPDATE hospital SET zone = 'UTC'",
        "UPDATE limit_rule SET most = 9",
        "DELETE FROM clinic",
        "UPDATE suspension SET reason = ''",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(sql)


def _broken(owner: psycopg.Connection, sql: str) -> str | None:
    try:
        with owner.transaction(force_rollback=True):
            owner.execute(sql)
    except psycopg.IntegrityError as error:
        return storage.constraint_of(error)
    return None
