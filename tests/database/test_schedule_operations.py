"""Setting a hospital up and changing its rules; each change is audited."""

from dataclasses import replace
from datetime import date, time, timedelta

import psycopg
import pytest

from renhao import schedule, storage
from renhao.kernel import CampusId, HospitalId, Refused, VisitKindId, new_id
from renhao.schedule import (
    Campus,
    Holiday,
    HolidayKind,
    Hospital,
    LimitCode,
    LimitRule,
    Mode,
    ReleaseRule,
    VisitKind,
)
from tests.support.schedules import DAY, NOW, STAFF, a_hospital, a_row, import_rows, set_up

pytestmark = pytest.mark.database


async def test_a_new_hospital_has_limits_kinds_a_release_rule_and_holidays(
    tx: storage.Tx,
) -> None:
    hospital = await set_up(tx)

    limits = await schedule.limits(tx, hospital_id=hospital, day=date(2026, 11, 23))
    rules = await schedule.release_rules(tx, hospital_id=hospital)
    days = await schedule.holidays(tx, hospital_id=hospital)
    table = await schedule.holiday_table(tx, hospital_id=hospital)
    assert {(each.limit_code, each.most, each.window_days, each.bar_days) for each in limits} == {
        ("departments-per-day", 2, 1, 0),
        ("appointments-per-week", 3, 7, 0),
        ("no-shows", 3, 365, 90),
        ("late-cancels", 5, 30, 30),
    }
    assert rules == [ReleaseRule(days_ahead=7, release_time=time(8))]
    assert len(await schedule.visit_kinds(tx, hospital_id=hospital)) == 5
    assert [each.name_zh for each in await schedule.campuses(tx, hospital_id=hospital)] == ["本部"]
    assert days[date(2026, 10, 10)] is HolidayKind.WORKDAY
    assert days[date(2027, 2, 6)] is HolidayKind.DAY_OFF
    assert not any(each.is_confirmed for each in table)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"code": "1a"}, schedule.HospitalCodeInvalid),
        ({"code": "Ab"}, schedule.HospitalCodeInvalid),
        ({"zone": "Asia/Nowhere"}, schedule.ZoneUnknown),
        ({"free_cancel_days_before": 15}, schedule.CancelRuleInvalid),
    ],
)
async def test_a_hospital_that_breaks_a_rule_is_refused(
    tx: storage.Tx, change: dict[str, object], refusal: type[Refused]
) -> None:
    hospital = replace(a_hospital(), **change)  # type: ignore[arg-type]
    campus = Campus(campus_id=CampusId(new_id()), name_zh="本部", name_en="Main")

    with pytest.raises(refusal) as refused:
        await schedule.set_up_hospital(
            tx, hospital, campus=campus, make_id=new_id, by=STAFF, now=NOW
        )

    assert refused.value.sentence("zh")
    assert refused.value.sentence("en")


async def test_a_code_is_taken_once(tx: storage.Tx) -> None:
    await set_up(tx)

    with pytest.raises(schedule.HospitalCodeTaken):
        await set_up(tx)


async def test_changing_a_hospital_names_the_fields_and_moves_what_is_not_released(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    async with storage.begin(pool) as tx:
        key = await set_up(tx)
        await import_rows(tx, key, [a_row(), a_row(day=DAY + timedelta(days=30))])
        hospital = await schedule.hospital(tx, hospital_id=key)

        changed = replace(hospital, phone="010-0000", free_cancel_days_before=2)
        await schedule.change_hospital(tx, changed, by=STAFF, now=NOW)

    event = owner.execute(
        "SELECT fields FROM audit_event WHERE action = 'hospital.changed'"
    ).fetchone()
    ends = owner.execute("SELECT day - free_cancel_until::date FROM clinic ORDER BY day").fetchall()
    assert event == (["phone", "free_cancel_days_before"],)
    assert ends == [(1,), (2,)]


async def test_an_unknown_hospital_is_refused(tx: storage.Tx) -> None:
    unknown = a_hospital()

    with pytest.raises(schedule.HospitalUnknown):
        await schedule.change_hospital(tx, unknown, by=STAFF, now=NOW)
    with pytest.raises(schedule.HospitalUnknown):
        await schedule.hospital(tx, hospital_id=unknown.hospital_id)
    with pytest.raises(schedule.HospitalUnknown):
        await schedule.hospital_by_code(tx, code="none")


async def test_a_campus_is_added_once(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    campus = Campus(campus_id=CampusId(new_id()), name_zh="西院", name_en="West")
    await schedule.add_campus(tx, campus, hospital_id=hospital, by=STAFF, now=NOW)
    await import_rows(tx, hospital, [a_row(), a_row(campus="西院")])

    again = replace(campus, campus_id=CampusId(new_id()))
    with pytest.raises(schedule.CampusNameTaken):
        await schedule.add_campus(tx, again, hospital_id=hospital, by=STAFF, now=NOW)


async def test_an_unexpected_violation_is_no_refusal(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    campus = Campus(campus_id=CampusId(new_id()), name_zh="西院", name_en="West")
    await schedule.add_campus(tx, campus, hospital_id=hospital, by=STAFF, now=NOW)

    with pytest.raises(psycopg.errors.UniqueViolation):
        await schedule.add_campus(
            tx, replace(campus, name_zh="东院"), hospital_id=hospital, by=STAFF, now=NOW
        )


async def test_a_department_s_place_is_changed(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row()])
    (department,) = await schedule.departments(tx, hospital_id=hospital)

    changed = replace(department, place_zh="门诊楼 3 层", place_en="Building A, floor 3")
    await schedule.change_department(tx, changed, hospital_id=hospital, by=STAFF, now=NOW)

    assert await schedule.departments(tx, hospital_id=hospital) == [changed]
    with pytest.raises(schedule.DepartmentUnknown):
        await schedule.change_department(
            tx, changed, hospital_id=HospitalId(new_id()), by=STAFF, now=NOW
        )


async def test_a_release_rule_lies_within_its_range(tx: storage.Tx) -> None:
    hospital = await set_up(tx)

    with pytest.raises(schedule.ReleaseRuleInvalid):
        await schedule.set_release_rule(
            tx,
            ReleaseRule(days_ahead=91, release_time=time(8)),
            hospital_id=hospital,
            make_id=new_id,
            by=STAFF,
            now=NOW,
        )


async def test_a_visit_kind_is_added_and_changed_by_name(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    kind = VisitKind(
        visit_kind_id=VisitKindId(new_id()),
        name_zh="普通",
        name_en="General",
        fee_cents=1_000,
        mode=Mode.INSTANT,
    )

    await schedule.set_visit_kind(tx, kind, hospital_id=hospital, by=STAFF, now=NOW)

    kinds = await schedule.visit_kinds(tx, hospital_id=hospital)
    assert [each.fee_cents for each in kinds if each.name_zh == "普通"] == [1_000]
    with pytest.raises(schedule.FeeInvalid):
        await schedule.set_visit_kind(
            tx, replace(kind, fee_cents=-1), hospital_id=hospital, by=STAFF, now=NOW
        )


async def test_the_holiday_table_is_edited(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    day = Holiday(day=date(2027, 2, 7), is_working=False, name_zh="春节", name_en="Spring Festival")

    await schedule.set_holiday(tx, day, hospital_id=hospital, by=STAFF, now=NOW)
    await schedule.remove_holiday(tx, date(2027, 2, 8), hospital_id=hospital, by=STAFF, now=NOW)
    await schedule.remove_holiday(tx, date(2027, 2, 9), hospital_id=hospital, by=STAFF, now=NOW)

    table = await schedule.holiday_table(tx, hospital_id=hospital)
    assert day in table
    assert date(2027, 2, 8) not in [each.day for each in table]


async def test_limits_keep_their_history(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    rule = LimitRule(limit_code=LimitCode.APPOINTMENTS_PER_WEEK, most=4, window_days=7)
    first = date(2026, 12, 1)

    await schedule.set_limits(tx, [rule], hospital_id=hospital, valid_from=first, by=STAFF, now=NOW)

    before = await schedule.limits(tx, hospital_id=hospital, day=first - timedelta(days=1))
    after = await schedule.limits(tx, hospital_id=hospital, day=first)
    assert [each.most for each in before if each.limit_code == rule.limit_code] == [3]
    assert [each.most for each in after if each.limit_code == rule.limit_code] == [4]
    assert len(after) == 4
    with pytest.raises(schedule.LimitDayTaken):
        await schedule.set_limits(
            tx, [rule], hospital_id=hospital, valid_from=first, by=STAFF, now=NOW
        )


async def test_a_limit_reaches_no_further_than_booking_looks_back(tx: storage.Tx) -> None:
    hospital = await set_up(tx)

    async def bar(days: int) -> None:
        rule = LimitRule(limit_code=LimitCode.NO_SHOWS, most=3, window_days=365, bar_days=days)
        await schedule.set_limits(
            tx, [rule], hospital_id=hospital, valid_from=date(2026, 12, 1), by=STAFF, now=NOW
        )

    with pytest.raises(schedule.LimitReachTooLong):
        await bar(366)
    await bar(365)


async def test_department_codes_are_seeded_and_brought_up_to_date(databases: object) -> None:
    conninfo = databases.main  # type: ignore[attr-defined]
    async with (
        storage.make_pool(conninfo, role=storage.roles.OWNER) as pool,
        storage.begin(pool) as tx,
    ):
        added = await schedule.seed_department_codes(tx)
        await tx.run("UPDATE department_code SET name_en = 'x' WHERE department_code = '03'")
        mended = await schedule.seed_department_codes(tx)
        hospital = await _with_cardiology(tx)

    assert (added > 100, mended) == (True, 1)
    assert hospital == "03.04"


async def test_every_change_is_audited(pool: storage.Pool, owner: psycopg.Connection) -> None:
    async with storage.begin(pool) as tx:
        hospital = await set_up(tx)
        await import_rows(tx, hospital, [a_row(title="副主任医师")])
        await import_rows(tx, hospital, [a_row(room="2")])
        await schedule.set_holiday(
            tx,
            Holiday(day=DAY, is_working=False, name_zh="院庆", name_en="Anniversary"),
            hospital_id=hospital,
            by=STAFF,
            now=NOW,
        )

    actions = owner.execute("SELECT action, count(*) FROM audit_event GROUP BY 1").fetchall()
    assert dict(actions) == {
        "hospital.set-up": 1,
        "department.added": 1,
        "practitioner.added": 1,
        "practitioner.retitled": 1,
        "clinic.added": 1,
        "clinic.changed": 1,
        "schedule.imported": 2,
        "holiday.set": 1,
    }


async def _with_cardiology(tx: storage.Tx) -> object:
    hospital = Hospital(
        hospital_id=HospitalId(new_id()), code="codes", name_zh="示范", name_en="Example"
    )
    campus = Campus(campus_id=CampusId(new_id()), name_zh="本部", name_en="Main")
    await schedule.set_up_hospital(tx, hospital, campus=campus, make_id=new_id, by=STAFF, now=NOW)
    await import_rows(tx, hospital.hospital_id, [a_row()])
    return await tx.value("SELECT department_code FROM department")
