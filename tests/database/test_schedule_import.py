"""Importing a schedule: all or nothing, and the same file again changes nothing."""

from dataclasses import replace
from datetime import time, timedelta

import psycopg
import pytest

from renhao import schedule, storage
from renhao.kernel import new_id
from renhao.schedule import Channel, ClinicStatus, HalfDay, Mode
from tests.support.schedules import DAY, NOW, STAFF, a_row, import_rows, set_up

pytestmark = pytest.mark.database


async def test_rows_become_clinics_with_slots_pools_and_moments(tx: storage.Tx) -> None:
    hospital = await set_up(tx)

    done = await import_rows(tx, hospital, [a_row()])

    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    page = await schedule.clinic_page(tx, hospital_id=hospital, clinic_id=card.clinic_id, now=NOW)
    assert (done.added, done.changed, done.new_departments, done.new_practitioners) == (1, 0, 1, 1)
    assert (card.practitioner, card.title, card.visit_kind_zh) == ("赵安宁", "主任医师", "专家")
    assert (card.left, card.fee_cents, card.is_open(now=NOW)) == (20, 6_000, True)
    assert card.released_at.isoformat() == "2026-11-17T00:00:00+00:00"
    assert card.free_cancel_until.isoformat() == "2026-11-23T07:00:00+00:00"
    assert len(page.slots) == 8
    assert sum(slot.left[Channel.WINDOW] for slot in page.slots if Channel.WINDOW in slot.left) == 4
    assert [slot.online + slot.left.get(Channel.WINDOW, 0) for slot in page.slots] == [3] * 8


async def test_the_same_file_again_changes_nothing(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    rows = [a_row(), a_row(practitioner=None, visit_kind="普通", title=None, row=3)]
    async with storage.begin(pool) as tx:
        hospital = await set_up(tx)
        await import_rows(tx, hospital, rows)
    before = _everything(owner)

    async with storage.begin(pool) as tx:
        done = await import_rows(tx, hospital, rows)

    assert (done.added, done.changed, done.unchanged) == (0, 0, 2)
    assert _everything(owner) == before


async def test_an_unused_clinic_is_laid_out_anew(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row()])
    row = a_row(ends=time(10), capacity={Channel.ONLINE: 8}, room="305", fee_cents=8_000)

    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=[row], now=NOW)
    await import_rows(tx, hospital, [row])

    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    page = await schedule.clinic_page(tx, hospital_id=hospital, clinic_id=card.clinic_id, now=NOW)
    assert plan.changed[0].fields == ("times", "capacity", "fee", "room")
    assert (card.room, card.fee_cents, card.left, len(page.slots)) == ("305", 8_000, 8, 4)


async def test_capacity_of_a_used_clinic_grows_above_its_numbers(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(ends=time(9), capacity={Channel.ONLINE: 4})])
    await tx.run(
        "UPDATE slot_pool SET taken = 1 WHERE slot_id ="
        " (SELECT slot_id FROM slot ORDER BY starts_at LIMIT 1)"
    )

    await import_rows(
        tx,
        hospital,
        [a_row(ends=time(9), capacity={Channel.ONLINE: 6, Channel.URGENT: 1})],
    )

    pools = await tx.values(
        "SELECT concat(channel, ' ', first_number, '+', capacity) FROM slot_pool"
        " ORDER BY channel, first_number"
    )
    assert pools == ["online 1+2", "online 5+4", "urgent 9+1"]


async def test_a_channel_that_stays_is_not_touched_when_another_grows(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(capacity={Channel.ONLINE: 8})])
    await tx.run("UPDATE slot_pool SET taken = 1")
    row = a_row(capacity={Channel.ONLINE: 8, Channel.WINDOW: 1})

    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=[row], now=NOW)

    (change,) = plan.changed
    assert [(pool.channel, pool.first_number) for pool in change.pools] == [(Channel.WINDOW, 9)]
    assert not change.is_laid_out_anew


async def test_capacity_of_a_used_clinic_shrinks_by_free_numbers(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(ends=time(9), capacity={Channel.ONLINE: 4})])
    await tx.run(
        "UPDATE slot_pool SET taken = 1, held_back = 1 WHERE slot_id ="
        " (SELECT slot_id FROM slot ORDER BY starts_at LIMIT 1)"
    )

    await import_rows(tx, hospital, [a_row(ends=time(9), capacity={Channel.ONLINE: 3})])
    below = a_row(ends=time(9), capacity={Channel.ONLINE: 1})
    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=[below], now=NOW)

    pools = await tx.values("SELECT capacity FROM slot_pool ORDER BY first_number")
    assert pools == [2, 1]
    assert [conflict.reason.code for conflict in plan.conflicts] == ["capacity-below"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts": time(8, 30)}, "times-booked"),
        ({"mode": Mode.DRAW}, "mode-booked"),
        ({"suspended": True}, "suspend-booked"),
        ({"capacity": {Channel.ONLINE: 30}}, "cannot-grow"),
    ],
)
async def test_what_is_booked_is_a_conflict_with_its_place(
    tx: storage.Tx, change: dict[str, object], code: str
) -> None:
    hospital = await set_up(tx)
    row = a_row(capacity={Channel.ONLINE: 16})
    await import_rows(tx, hospital, [row])
    await tx.run("UPDATE slot_pool SET taken = 1")

    plan = await schedule.plan_import(
        tx,
        hospital_id=hospital,
        rows=[replace(row, **change)],  # type: ignore[arg-type]
        now=NOW,
    )

    (conflict,) = plan.conflicts
    assert (conflict.reason.code, conflict.place.row) == (code, 2)
    assert conflict.sentence("en").startswith("Sheet1 2 (2026-11-24 心血管内科 赵安宁): ")
    assert conflict.sentence("zh").startswith("Sheet1 2（2026-11-24 心血管内科 赵安宁）：")


async def test_one_conflict_and_nothing_is_applied(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    async with storage.begin(pool) as tx:
        hospital = await set_up(tx)
    rows = [a_row(), a_row(row=3)]

    with pytest.raises(schedule.ImportConflicts) as refused:
        async with storage.begin(pool) as tx:
            await import_rows(tx, hospital, rows)

    assert refused.value.facts == {"conflicts": 1}
    assert owner.execute("SELECT count(*) FROM clinic").fetchone() == (0,)


async def test_a_suspended_row_is_imported_as_suspended_and_may_come_back(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    row = a_row(suspended=True)
    await import_rows(tx, hospital, [row])
    (suspended,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )

    await import_rows(tx, hospital, [replace(row, suspended=False)])

    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    assert (suspended.status, card.status) == (ClinicStatus.SUSPENDED, ClinicStatus.OPEN)
    assert not suspended.is_open(now=NOW)


async def test_a_row_that_only_suspends_leaves_the_rest(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(room="305")])

    await import_rows(tx, hospital, [a_row(suspended=True, capacity={}, ends=time(11))])

    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    assert (card.status, card.room, card.left) == (ClinicStatus.SUSPENDED, "305", 20)


async def test_what_staff_suspended_stays(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row()])
    await tx.run("UPDATE clinic SET status = 'suspended'")
    await tx.run(
        "INSERT INTO suspension SELECT hospital_id, %s, clinic_id, 'ill', %s, %s FROM clinic",
        [new_id(), new_id(), NOW],
    )

    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=[a_row()], now=NOW)

    assert [conflict.reason.code for conflict in plan.conflicts] == ["suspended-by-staff"]


async def test_the_past_stays(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row()])
    later = NOW + timedelta(days=2)
    rows = [a_row(room="9"), a_row(half_day=HalfDay.AFTERNOON, starts=time(14), ends=time(15))]

    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=rows, now=later)
    same = await schedule.plan_import(tx, hospital_id=hospital, rows=[a_row()], now=later)

    assert [conflict.reason.code for conflict in plan.conflicts] == ["over", "over"]
    assert same.changes_nothing


async def test_unknown_campus_and_missing_fee_are_conflicts(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    rows = [a_row(campus="西院"), a_row(visit_kind="多学科")]

    plan = await schedule.plan_import(tx, hospital_id=hospital, rows=rows, now=NOW)

    codes = [conflict.reason.code for conflict in plan.conflicts]
    assert codes == ["campus-unknown", "fee-missing"]


async def test_a_new_kind_takes_the_first_fee_of_the_file(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    rows = [
        a_row(visit_kind="多学科", fee_cents=50_000, campus="本部"),
        a_row(visit_kind="多学科", half_day=HalfDay.AFTERNOON, starts=time(14), ends=time(16)),
    ]

    await import_rows(tx, hospital, rows)

    cards = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    assert [card.fee_cents for card in cards] == [50_000, 50_000]


async def test_a_title_that_differs_is_brought_up_to_date(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(title="副主任医师")])

    done = await import_rows(tx, hospital, [a_row(title="主任医师")])

    assert done.unchanged == 1
    assert await tx.value("SELECT title FROM practitioner") == "主任医师"


async def test_a_department_rule_wins_and_unreleased_clinics_follow_a_new_one(
    tx: storage.Tx,
) -> None:
    hospital = await set_up(tx)
    day = DAY + timedelta(days=20)
    await import_rows(tx, hospital, [a_row(day=day), a_row(day=day, department="儿科")])
    departments = await schedule.departments(tx, hospital_id=hospital, search="ek")

    await schedule.set_release_rule(
        tx,
        schedule.ReleaseRule(
            days_ahead=3, release_time=time(7, 30), department_id=departments[0].department_id
        ),
        hospital_id=hospital,
        make_id=new_id,
        by=STAFF,
        now=NOW,
    )
    await import_rows(tx, hospital, [a_row(day=day + timedelta(days=1), department="儿科")])

    moments = await tx.values("SELECT released_at::text FROM clinic ORDER BY released_at")
    assert [moment[:16] for moment in moments] == [
        "2026-12-07 00:00",
        "2026-12-10 23:30",
        "2026-12-11 23:30",
    ]


async def test_an_import_of_5000_clinics_is_one_transaction_with_progress(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    rows = [
        a_row(practitioner=f"赵{number % 125}", day=DAY + timedelta(days=number // 125), row=number)
        for number in range(5_000)
    ]
    told: list[tuple[int, int]] = []
    async with storage.begin(pool) as tx:
        hospital = await set_up(tx)

        done = await schedule.apply_import(
            tx,
            hospital_id=hospital,
            rows=rows,
            digest=b"d",
            file_name="f.xlsx",
            make_id=new_id,
            by=STAFF,
            now=NOW,
            on_progress=lambda count, total: told.append((count, total)),
        )

    assert done.added == 5_000
    assert (told[0], told[-1], len(told)) == ((250, 5_000), (5_000, 5_000), 20)
    assert owner.execute("SELECT count(*) FROM clinic").fetchone() == (5_000,)
    assert owner.execute(
        "SELECT count(*) FROM audit_event WHERE action = 'clinic.added'"
    ).fetchone() == (5_000,)


async def test_too_many_rows_are_refused(tx: storage.Tx) -> None:
    hospital = await set_up(tx)

    with pytest.raises(schedule.ImportTooLarge):
        await schedule.plan_import(tx, hospital_id=hospital, rows=[a_row()] * 20_001, now=NOW)


async def test_an_unknown_hospital_is_refused(tx: storage.Tx) -> None:
    with pytest.raises(schedule.HospitalUnknown):
        await schedule.plan_import(tx, hospital_id=new_id(), rows=[], now=NOW)  # type: ignore[arg-type]


def _everything(owner: psycopg.Connection) -> list[object]:
    """Read every row of what an import writes."""
    tables = "department practitioner visit_kind clinic slot slot_pool schedule_import audit_event"
    return [
        owner.execute(f"SELECT t::text FROM {table} t ORDER BY t::text").fetchall()
        for table in tables.split()
    ]
