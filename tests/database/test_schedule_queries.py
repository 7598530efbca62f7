"""What pages read: search, days, clinics and slots, and never a number held back."""

from datetime import timedelta

import pytest

from renhao import schedule, storage
from renhao.kernel import ClinicId, DepartmentId, HospitalId, SlotId, new_id
from renhao.schedule import Channel, HalfDay, Mode
from tests.support.schedules import DAY, NOW, a_row, import_rows, set_up

pytestmark = pytest.mark.database

TODAY = DAY - timedelta(days=1)


async def days(tx: storage.Tx, hospital: HospitalId) -> tuple[schedule.DepartmentDay, ...]:
    (department,) = await schedule.departments(tx, hospital_id=hospital)
    return await schedule.department_days(
        tx, hospital_id=hospital, department_id=department.department_id, today=TODAY, now=NOW
    )


async def test_fourteen_days_say_what_is_left_by_half_day(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    rows = [
        a_row(),
        a_row(practitioner="钱平", capacity={Channel.ONLINE: 3}),
        a_row(practitioner="孙和", mode=Mode.DRAW),
        a_row(half_day=HalfDay.EVENING, suspended=True),
        a_row(day=DAY + timedelta(days=9)),
    ]
    await import_rows(tx, hospital, rows)

    fourteen = await days(tx, hospital)

    tomorrow, later = fourteen[1], fourteen[10]
    morning, evening = tomorrow.half_days
    assert (len(fourteen), fourteen[0].half_days, tomorrow.left) == (14, (), 23)
    assert (morning.clinics, morning.left, morning.drawn) == (3, 23, 1)
    assert (evening.half_day, evening.clinics, evening.suspended) == (HalfDay.EVENING, 0, 1)
    assert morning.next_release_at is None
    assert later.left == 0
    assert later.half_days[0].next_release_at == NOW.replace(hour=0) + timedelta(days=3)


async def test_held_back_numbers_are_not_left_and_reopened_ones_are(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(capacity={Channel.ONLINE: 32})])
    await tx.run("UPDATE slot_pool SET taken = 1, held_back = 1, reopened = '{3}'")

    fourteen = await days(tx, hospital)
    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    page = await schedule.clinic_page(tx, hospital_id=hospital, clinic_id=card.clinic_id, now=NOW)

    assert (fourteen[1].left, card.left) == (16, 16)
    assert [slot.online for slot in page.slots] == [2] * 8
    assert "held" not in repr((fourteen, card, page))


async def test_a_clinic_that_has_begun_has_nothing_left_online(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    capacity = {Channel.ONLINE: 16, Channel.WINDOW: 8}
    await import_rows(tx, hospital, [a_row(capacity=capacity)])
    at_nine = NOW + timedelta(hours=24)

    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=at_nine
    )
    page = await schedule.clinic_page(
        tx, hospital_id=hospital, clinic_id=card.clinic_id, now=at_nine
    )

    assert card.left == 0
    assert sum(slot.online for slot in page.slots) == 0
    assert [slot.left[Channel.WINDOW] for slot in page.slots] == [0, 0, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "search", ["心血管", "xinxue", "xxg", "Cardio", "赵安", "zhaoan", "zan", " 心 血 管 "]
)
async def test_departments_are_found_by_name_pinyin_initials_and_practitioner(
    tx: storage.Tx, search: str
) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(), a_row(department="儿科", practitioner=None)])

    found = await schedule.departments(tx, hospital_id=hospital, search=search)

    assert [each.name_zh for each in found] == ["心血管内科"]


@pytest.mark.parametrize("search", ["骨科", "%", "_", "'", "\\"])
async def test_what_is_not_there_is_not_found(tx: storage.Tx, search: str) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row()])

    assert await schedule.departments(tx, hospital_id=hospital, search=search) == []


async def test_a_clinic_s_page_is_found_by_a_slot(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(practitioner=None, title=None, visit_kind="普通")])
    (card,) = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=None, day=DAY, now=NOW
    )
    page = await schedule.clinic_page(tx, hospital_id=hospital, clinic_id=card.clinic_id, now=NOW)

    same = await schedule.clinic_of_slot(
        tx, hospital_id=hospital, slot_id=page.slots[3].slot_id, now=NOW
    )

    assert same == page
    assert (card.practitioner, card.title) == (None, None)


async def test_one_department_s_clinics_are_listed_alone(tx: storage.Tx) -> None:
    hospital = await set_up(tx)
    await import_rows(tx, hospital, [a_row(), a_row(department="儿科")])
    departments = await schedule.departments(tx, hospital_id=hospital)

    cards = await schedule.clinics_of_day(
        tx, hospital_id=hospital, department_id=departments[1].department_id, day=DAY, now=NOW
    )
    found = await schedule.department(
        tx, hospital_id=hospital, department_id=departments[1].department_id
    )

    assert [card.department_zh for card in cards] == ["儿科"]
    assert found == departments[1]


async def test_another_hospital_s_things_are_not_found(tx: storage.Tx) -> None:
    await set_up(tx)
    other = await set_up(tx, code="other")

    with pytest.raises(schedule.ClinicUnknown):
        await schedule.clinic_page(tx, hospital_id=other, clinic_id=ClinicId(new_id()), now=NOW)
    with pytest.raises(schedule.SlotUnknown):
        await schedule.clinic_of_slot(tx, hospital_id=other, slot_id=SlotId(new_id()), now=NOW)
    with pytest.raises(schedule.DepartmentUnknown):
        await schedule.department(tx, hospital_id=other, department_id=DepartmentId(new_id()))
    assert [each.code for each in await schedule.hospitals(tx)] == ["other", "renhe"]
    assert (await schedule.hospital_by_code(tx, code="other")).hospital_id == other
