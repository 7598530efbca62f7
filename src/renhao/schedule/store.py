"""SQL of hospitals, their parts and their rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from psycopg.errors import UniqueViolation

from renhao.kernel import HospitalId, PractitionerId
from renhao.schedule.department_codes import DepartmentCode
from renhao.schedule.model import (
    Campus,
    Department,
    Holiday,
    Hospital,
    LimitRule,
    Practitioner,
    ReleaseRule,
    VisitKind,
)
from renhao.schedule.refusals import CampusNameTaken
from renhao.storage import Tx, constraint_of

HOSPITAL = (
    "hospital_id, code, name_zh, name_en, zone, address_zh, address_en, phone, notice_zh,"
    " notice_en, free_cancel_days_before, free_cancel_time"
)
CAMPUS = "campus_id, name_zh, name_en, address_zh, address_en"
DEPARTMENT = (
    "department_id, campus_id, department_code, name_zh, name_en, place_zh, place_en, search_words"
)
PRACTITIONER = "practitioner_id, department_id, name, title, search_words"
VISIT_KIND = "visit_kind_id, name_zh, name_en, fee_cents, mode"
HOLIDAY = "day, is_working, name_zh, name_en, is_confirmed"
LIMIT_RULE = "limit_code, most, window_days, bar_days"


async def insert_department_codes(tx: Tx, codes: Sequence[DepartmentCode]) -> int:
    """Add the codes that are missing; bring the names of the others up to date."""
    return await tx.run(
        "INSERT INTO department_code (department_code, name_zh, name_en)"
        " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])"
        " ON CONFLICT (department_code) DO UPDATE"
        " SET name_zh = excluded.name_zh, name_en = excluded.name_en"
        " WHERE (department_code.name_zh, department_code.name_en)"
        " IS DISTINCT FROM (excluded.name_zh, excluded.name_en)",
        [[row.code for row in codes], [row.zh for row in codes], [row.en for row in codes]],
    )


async def lock_hospital_codes(tx: Tx) -> None:
    """Let one transaction at a time choose a code, which is unique over all hospitals.

    No unique index can hold this: a distributed table is unique within a hospital only.
    """
    await tx.run("SELECT pg_advisory_xact_lock(hashtext('hospital code'))")


async def lock_hospital(tx: Tx, hospital_id: HospitalId) -> bool:
    """Lock the hospital's row: one import or change of its rules at a time.

    Taken before every other lock of the hospital; booking never takes it.
    """
    found = await tx.value(
        "SELECT 1 FROM hospital WHERE hospital_id = %s FOR NO KEY UPDATE", [hospital_id]
    )
    return found is not None


async def insert_hospital(tx: Tx, hospital: Hospital) -> None:
    """Add a hospital."""
    await tx.run(
        f"INSERT INTO hospital ({HOSPITAL})"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [getattr(hospital, name) for name in HOSPITAL.split(", ")],
    )


async def update_hospital(tx: Tx, hospital: Hospital) -> None:
    """Write everything of a hospital that may change; its zone may not."""
    await tx.run(
        "UPDATE hospital SET code = %s, name_zh = %s, name_en = %s, address_zh = %s,"
        " address_en = %s, phone = %s, notice_zh = %s, notice_en = %s,"
        " free_cancel_days_before = %s, free_cancel_time = %s WHERE hospital_id = %s",
        [
            hospital.code,
            hospital.name_zh,
            hospital.name_en,
            hospital.address_zh,
            hospital.address_en,
            hospital.phone,
            hospital.notice_zh,
            hospital.notice_en,
            hospital.free_cancel_days_before,
            hospital.free_cancel_time,
            hospital.hospital_id,
        ],
    )


async def hospitals(tx: Tx) -> list[Hospital]:
    """Read all hospitals."""
    return await tx.rows(Hospital, f"SELECT {HOSPITAL} FROM hospital ORDER BY code")


async def hospital(tx: Tx, hospital_id: HospitalId) -> Hospital | None:
    """Read one hospital."""
    sql = f"SELECT {HOSPITAL} FROM hospital WHERE hospital_id = %s"
    return await tx.row(Hospital, sql, [hospital_id])


async def hospital_by_code(tx: Tx, code: str) -> Hospital | None:
    """Read the hospital with this code."""
    return await tx.row(Hospital, f"SELECT {HOSPITAL} FROM hospital WHERE code = %s", [code])


async def insert_campus(tx: Tx, hospital_id: HospitalId, campus: Campus) -> None:
    """Add a campus. Raises CampusNameTaken."""
    try:
        await tx.run(
            f"INSERT INTO campus (hospital_id, {CAMPUS}) VALUES (%s, %s, %s, %s, %s, %s)",
            [hospital_id, *(getattr(campus, name) for name in CAMPUS.split(", "))],
        )
    except UniqueViolation as error:
        if constraint_of(error) == "campus_name_once":
            raise CampusNameTaken(field="name_zh") from error
        raise


async def campuses(tx: Tx, hospital_id: HospitalId) -> list[Campus]:
    """Read the campuses in the order they were added: the first is the main one."""
    return await tx.rows(
        Campus,
        f"SELECT {CAMPUS} FROM campus WHERE hospital_id = %s ORDER BY campus_id",
        [hospital_id],
    )


async def departments(tx: Tx, hospital_id: HospitalId) -> list[Department]:
    """Read the departments in the order they were added."""
    return await tx.rows(
        Department,
        f"SELECT {DEPARTMENT} FROM department WHERE hospital_id = %s ORDER BY department_id",
        [hospital_id],
    )


async def insert_departments(
    tx: Tx, hospital_id: HospitalId, departments: Sequence[Department]
) -> None:
    """Add departments; a code that the shared list lacks is left out."""
    await tx.run(
        f"INSERT INTO department (hospital_id, {DEPARTMENT})"
        " SELECT %s, department_id, campus_id, known.department_code, n.name_zh, n.name_en,"
        " place_zh, place_en, string_to_array(words, ' ')"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],"
        " %s::text[], %s::text[]) AS n (department_id, campus_id, department_code, name_zh,"
        " name_en, place_zh, place_en, words)"
        " LEFT JOIN department_code AS known ON known.department_code = n.department_code",
        [hospital_id, *_columns(departments, DEPARTMENT)],
    )


async def update_department(tx: Tx, hospital_id: HospitalId, department: Department) -> int:
    """Write everything of a department that may change."""
    return await tx.run(
        "UPDATE department SET department_code = %s, name_zh = %s, name_en = %s, place_zh = %s,"
        " place_en = %s, search_words = %s WHERE hospital_id = %s AND department_id = %s",
        [
            department.department_code,
            department.name_zh,
            department.name_en,
            department.place_zh,
            department.place_en,
            list(department.search_words),
            hospital_id,
            department.department_id,
        ],
    )


async def practitioners(tx: Tx, hospital_id: HospitalId) -> list[Practitioner]:
    """Read the practitioners in the order they were added."""
    return await tx.rows(
        Practitioner,
        f"SELECT {PRACTITIONER} FROM practitioner WHERE hospital_id = %s ORDER BY practitioner_id",
        [hospital_id],
    )


async def insert_practitioners(
    tx: Tx, hospital_id: HospitalId, practitioners: Sequence[Practitioner]
) -> None:
    """Add practitioners."""
    await tx.run(
        f"INSERT INTO practitioner (hospital_id, {PRACTITIONER})"
        " SELECT %s, practitioner_id, department_id, name, title, string_to_array(words, ' ')"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[])"
        " AS n (practitioner_id, department_id, name, title, words)",
        [hospital_id, *_columns(practitioners, PRACTITIONER)],
    )


async def update_titles(
    tx: Tx, hospital_id: HospitalId, titles: Mapping[PractitionerId, str]
) -> None:
    """Write the practitioners' titles."""
    await tx.run(
        "UPDATE practitioner SET title = n.title FROM unnest(%s::uuid[], %s::text[])"
        " AS n (practitioner_id, title)"
        " WHERE hospital_id = %s AND practitioner.practitioner_id = n.practitioner_id",
        [list(titles), list(titles.values()), hospital_id],
    )


async def visit_kinds(tx: Tx, hospital_id: HospitalId) -> list[VisitKind]:
    """Read the visit kinds in the order they were added."""
    return await tx.rows(
        VisitKind,
        f"SELECT {VISIT_KIND} FROM visit_kind WHERE hospital_id = %s ORDER BY visit_kind_id",
        [hospital_id],
    )


async def upsert_visit_kinds(tx: Tx, hospital_id: HospitalId, kinds: Sequence[VisitKind]) -> None:
    """Add visit kinds; one of the same name gets the new English name, fee and mode."""
    await tx.run(
        f"INSERT INTO visit_kind (hospital_id, {VISIT_KIND})"
        " SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[])"
        " ON CONFLICT ON CONSTRAINT visit_kind_name_once DO UPDATE SET"
        " name_en = excluded.name_en, fee_cents = excluded.fee_cents, mode = excluded.mode",
        [hospital_id, *_columns(kinds, VISIT_KIND)],
    )


async def release_rules(tx: Tx, hospital_id: HospitalId) -> list[ReleaseRule]:
    """Read the hospital's release rule and those of departments."""
    return await tx.rows(
        ReleaseRule,
        "SELECT days_ahead, release_time, department_id FROM release_rule WHERE hospital_id = %s",
        [hospital_id],
    )


async def upsert_release_rule(
    tx: Tx, hospital_id: HospitalId, rule: ReleaseRule, *, rule_id: UUID
) -> None:
    """Set the release rule of the hospital or of one department."""
    await tx.run(
        "INSERT INTO release_rule (hospital_id, release_rule_id, department_id, days_ahead,"
        " release_time) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT ON CONSTRAINT release_rule_one_each DO UPDATE"
        " SET days_ahead = excluded.days_ahead, release_time = excluded.release_time",
        [hospital_id, rule_id, rule.department_id, rule.days_ahead, rule.release_time],
    )


async def update_releases(tx: Tx, hospital_id: HospitalId, *, now: datetime) -> int:
    """Bring the release moments of clinics that are not released yet up to date."""
    return await tx.run(
        "UPDATE clinic SET released_at = n.released_at FROM ("
        " SELECT c.clinic_id, (c.day - r.days_ahead + r.release_time) AT TIME ZONE h.zone"
        " AS released_at FROM clinic c JOIN hospital h ON h.hospital_id = c.hospital_id"
        " JOIN LATERAL (SELECT days_ahead, release_time FROM release_rule r"
        "  WHERE r.hospital_id = c.hospital_id"
        "  AND (r.department_id = c.department_id OR r.department_id IS NULL)"
        "  ORDER BY r.department_id NULLS LAST LIMIT 1) r ON true"
        " WHERE c.hospital_id = %s AND c.released_at > %s ORDER BY c.clinic_id) AS n"
        " WHERE clinic.hospital_id = %s AND clinic.clinic_id = n.clinic_id"
        " AND clinic.released_at <> n.released_at",
        [hospital_id, now, hospital_id],
    )


async def update_free_cancels(tx: Tx, hospital: Hospital, *, now: datetime) -> int:
    """Bring the end of free cancelling of clinics that are not released yet up to date."""
    return await tx.run(
        "UPDATE clinic SET free_cancel_until ="
        " least((day - %s + %s) AT TIME ZONE %s, starts_at)"
        " WHERE hospital_id = %s AND released_at > %s",
        [
            hospital.free_cancel_days_before,
            hospital.free_cancel_time,
            hospital.zone,
            hospital.hospital_id,
            now,
        ],
    )


async def holidays(tx: Tx, hospital_id: HospitalId) -> list[Holiday]:
    """Read the holiday table in order of days."""
    return await tx.rows(
        Holiday,
        f"SELECT {HOLIDAY} FROM holiday WHERE hospital_id = %s ORDER BY day",
        [hospital_id],
    )


async def upsert_holidays(tx: Tx, hospital_id: HospitalId, days: Sequence[Holiday]) -> None:
    """Set days of the holiday table."""
    await tx.run(
        f"INSERT INTO holiday (hospital_id, {HOLIDAY})"
        " SELECT %s, * FROM unnest(%s::date[], %s::bool[], %s::text[], %s::text[], %s::bool[])"
        " ON CONFLICT ON CONSTRAINT holiday_pk DO UPDATE SET is_working = excluded.is_working,"
        " name_zh = excluded.name_zh, name_en = excluded.name_en,"
        " is_confirmed = excluded.is_confirmed",
        [hospital_id, *_columns(days, HOLIDAY)],
    )


async def delete_holiday(tx: Tx, hospital_id: HospitalId, day: date) -> int:
    """Take one day out of the holiday table."""
    sql = "DELETE FROM holiday WHERE hospital_id = %s AND day = %s"
    return await tx.run(sql, [hospital_id, day])


async def limit_rules(tx: Tx, hospital_id: HospitalId, day: date) -> list[LimitRule]:
    """Read the limits that hold on one day."""
    return await tx.rows(
        LimitRule,
        f"SELECT {LIMIT_RULE} FROM limit_rule WHERE hospital_id = %s AND valid_from <= %s"
        " AND (valid_to IS NULL OR valid_to > %s) ORDER BY limit_code",
        [hospital_id, day, day],
    )


async def insert_limit_rules(
    tx: Tx, hospital_id: HospitalId, rules: Sequence[LimitRule], *, valid_from: date
) -> None:
    """Add limits from a day on, until further notice."""
    await tx.run(
        f"INSERT INTO limit_rule (hospital_id, valid_from, {LIMIT_RULE})"
        " SELECT %s, %s, * FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[])",
        [hospital_id, valid_from, *_columns(rules, LIMIT_RULE)],
    )


async def has_later_limit(
    tx: Tx, hospital_id: HospitalId, codes: Sequence[str], *, day: date
) -> bool:
    """Whether a limit of these codes begins on this day or later."""
    found = await tx.value(
        "SELECT 1 FROM limit_rule WHERE hospital_id = %s AND limit_code = ANY(%s)"
        " AND valid_from >= %s LIMIT 1",
        [hospital_id, list(codes), day],
    )
    return found is not None


async def end_limit_rules(
    tx: Tx, hospital_id: HospitalId, codes: Sequence[str], *, valid_to: date
) -> None:
    """End the limits of these codes that hold until further notice."""
    await tx.run(
        "UPDATE limit_rule SET valid_to = %s WHERE hospital_id = %s AND limit_code = ANY(%s)"
        " AND valid_to IS NULL",
        [valid_to, hospital_id, list(codes)],
    )


def _columns(rows: Iterable[object], names: str) -> list[list[object]]:
    values = list(rows)
    return [[_value(getattr(row, name)) for row in values] for name in names.split(", ")]


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(value)  # search words hold letters and digits only, so a space parts them
    return value.value if isinstance(value, StrEnum) else value
