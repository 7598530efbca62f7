from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from renhao.schedule.kinds import Mode
from renhao.schedule.sheets import (
    Reading,
    WeekOptions,
    WeekOptionsInvalid,
    WeekOptionsNeeded,
)

pytestmark = pytest.mark.unit

Read = Callable[..., Reading]
MONDAY = date(2026, 11, 23)
ENGLISH_DAYS = ["Monday", "Tue", "Wed.", "THU", "Friday", "Sat", "Sun"]
DAYS = "一二三四五六日"
FLAT = [f"周{day}{half}" for day in DAYS for half in ("上午", "下午")]
NAMES = ["林知远", "主任医师"]


@pytest.mark.parametrize(
    ("value", "kind", "total"),
    [
        ("专家", "专家", 20),
        ("普通", "普通", 40),
        ("特需门诊", "特需", 10),
        ("专科", "专科", 30),
        ("专家30", "专家", 30),
        ("专家(30)", "专家", 30),
        ("专家（30）", "专家", 30),
        ("30专家", "专家", 30),
        ("专家\n30号", "专家", 30),
        ("专家 限30", "专家", 30),
        (25, "专家", 25),
        (25.0, "专家", 25),
        ("25", "专家", 25),
        ("√", "专家", 20),
        ("✓", "专家", 20),
        ("有", "专家", 20),
        ("副主任医师", "专家", 20),
        ("急诊", "急诊", 30),
    ],
)
def test_what_a_cell_may_hold(one_cell: Read, value: Any, kind: str, total: int) -> None:
    reading = one_cell(value)

    assert reading.errors == ()
    assert [(row.visit_kind, row.total) for row in reading.rows] == [(kind, total)]


@pytest.mark.parametrize("value", [None, " ", "-", "—", "/", "休", "无", 0, "×"])
def test_what_means_no_clinic(one_cell: Read, value: Any) -> None:
    reading = one_cell(value)

    assert (reading.rows, reading.errors) == ((), ())


@pytest.mark.parametrize("value", ["停诊", "专家停诊", "专家(停诊)"])
def test_a_suspended_cell(one_cell: Read, value: str) -> None:
    (row,) = one_cell(value).rows

    assert (row.suspended, row.visit_kind, row.capacity) == (True, "专家", {})


@pytest.mark.parametrize(
    "value", ["林知远", "专加", 501, -5, "专家30-40", "1/2", True, MONDAY, time(8), 2.5, "专家专家"]
)
def test_anything_else_is_an_error_that_says_what_is_allowed(one_cell: Read, value: Any) -> None:
    reading = one_cell(value)

    (error,) = reading.errors[:1]
    assert (error.sheet, error.row, error.column) == ("Sheet1", 2, "D")
    assert "停诊" in error.zh
    assert "专家" in error.en
    assert reading.rows == ()


def test_several_kinds_in_one_cell(one_cell: Read) -> None:
    rows = one_cell("专家10、特需5").rows

    assert [(row.visit_kind, row.total) for row in rows] == [("专家", 10), ("特需", 5)]


def test_a_hospital_may_have_kinds_of_its_own(one_cell: Read) -> None:
    options = WeekOptions(MONDAY, 1, visit_kinds=frozenset({"糖尿病足"}))

    (row,) = one_cell("糖尿病足12", options).rows

    assert (row.visit_kind, row.mode, row.total) == ("糖尿病足", Mode.INSTANT, 12)


def test_fee_room_and_campus_beside_the_week(read: Read) -> None:
    (row,) = read(
        [
            ["院区", "科室", "医生", "号别", "挂号费", "诊室", *FLAT],
            ["东院", "内科", "林知远", "特需", "300", "8", 6],
        ]
    ).rows

    assert (row.campus, row.fee_cents, row.room, row.visit_kind) == ("东院", 30000, "8", "特需")


def test_the_table_is_repeated_over_the_weeks_from_any_weekday(one_cell: Read) -> None:
    thursday = date(2026, 11, 26)

    reading = one_cell("专家", WeekOptions(thursday, 3))

    assert [row.day for row in reading.rows] == [
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
    ]


def test_a_practitioner_listed_twice_is_one_error_per_cell(read: Read) -> None:
    reading = read(
        [["科室", "医生", *FLAT], ["内科", "林知远", "√"], ["内科", "林知远", "√"]],
        options=WeekOptions(MONDAY, 8),
    )

    (error,) = reading.errors
    assert (error.row, error.column) == (3, "C")


def test_all_wrong_cells_are_reported_at_once(read: Read) -> None:
    reading = read([["科室", "医生", *FLAT], ["内科", "林知远", "a", "b", 5, "c"]])

    assert [error.column for error in reading.errors] == ["C", "D", "F"]


def test_usual_capacities_are_noted(one_cell: Read) -> None:
    (note,) = one_cell("专家").notes

    assert "专家 20" in note.zh


def test_a_week_table_needs_a_first_date(read: Read) -> None:
    with pytest.raises(WeekOptionsNeeded) as refusal:
        read([["科室", "医生", *FLAT], ["内科", "林知远", 1]], options=None)

    assert refusal.value.field == "first_date"


@pytest.mark.parametrize(
    ("first", "weeks", "field"),
    [(MONDAY, 0, "weeks"), (MONDAY, 27, "weeks"), (date(1999, 1, 1), 1, "first_date")],
)
def test_the_span_is_bounded(first: date, weeks: int, field: str) -> None:
    with pytest.raises(WeekOptionsInvalid) as refusal:
        WeekOptions(first, weeks)

    assert refusal.value.field == field
    assert "26" in refusal.value.sentence("zh")


def test_two_practitioners_in_one_cell_are_an_error(read: Read) -> None:
    (error,) = read([["科室", "医生", *FLAT], ["内科", "林知远、苏望", 10]]).errors

    assert error.column == "B"


def test_sums_are_not_a_department(read: Read) -> None:
    reading = read([["科室", "医生", *FLAT], ["内科", "林知远", 10], ["合 计", None, 10]])

    assert [row.department for row in reading.rows] == ["内科"]
    assert any("合" in note.zh for note in reading.notes)


def test_padded_names_are_one_word(read: Read) -> None:
    (row,) = read([["科 室", "姓 名", *FLAT], ["内 科", "苏　望", 10]]).rows

    assert (row.department, row.practitioner) == ("内科", "苏望")
