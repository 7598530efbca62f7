from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from renhao.schedule.kinds import Channel, HalfDay, Mode
from renhao.schedule.sheets import ClinicRow, Layout, Reading, make_template, read_sheet, write_list

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 20)
HEAD = ["科室", "医生", "职称", "号别", "日期", "午别", "号源"]
ROW = ["心血管内科", "林知远", "主任医师", "专家", "2026-11-24", "上午", 20]


def xlsx(*rows: list[Any], title: str = "出诊") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(*rows: list[Any]) -> Reading:
    return read_sheet(xlsx(*rows), filename="a.xlsx", options=None, today=TODAY)


def only(reading: Reading) -> ClinicRow:
    assert reading.errors == ()
    (row,) = reading.rows
    return row


def changed(**values: Any) -> list[Any]:
    return [values.get(name, value) for name, value in zip(HEAD, ROW, strict=True)]


def test_one_row_is_one_clinic() -> None:
    row = only(read(HEAD, ROW))

    assert row == ClinicRow(
        department="心血管内科",
        practitioner="林知远",
        title="主任医师",
        visit_kind="专家",
        day=date(2026, 11, 24),
        half_day=HalfDay.MORNING,
        starts=time(8),
        ends=time(12),
        capacity={Channel.ONLINE: 14, Channel.WINDOW: 4, Channel.FOLLOWUP: 2},
        mode=Mode.DRAW,
    )
    assert row.place == ("出诊", 2, 5)


def test_headings_may_be_english_in_any_order() -> None:
    reading = read(
        ["Half-day", "Capacity", "DATE", "Doctor", "Department", "Fee", "Mode", "Room", "Campus"],
        ["pm", 9, "2026/11/24", None, "Neurology", "50.5", "draw", "301", "East"],
    )

    row = only(reading)
    assert (row.practitioner, row.half_day, row.mode) == (None, HalfDay.AFTERNOON, Mode.DRAW)
    assert (row.fee_cents, row.room, row.campus, row.visit_kind) == (5050, "301", "East", "普通")
    assert (row.total, row.capacity[Channel.ONLINE]) == (9, 8)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 24),  # noqa: DTZ001 - what Excel's dates become
        date(2026, 11, 24),
        "2026-11-24",
        "2026/11/24",
        "2026.11.24",
        "２０２６－１１－２４",
        "2026年11月24日",
        "2026-11-24 00:00:00",
        "11月24日",
        "11月24日（周二）",
        "11-24",
        20261124,
        "20261124",
        46350,
        "46350",
    ],
)
def test_a_date_is_read_however_it_is_written(value: Any) -> None:
    assert only(read(HEAD, changed(日期=value))).day == date(2026, 11, 24)


def test_a_date_without_a_year_is_the_nearest() -> None:
    row = only(read(HEAD, changed(日期="1月5日")))

    assert row.day == date(2027, 1, 5)


@pytest.mark.parametrize(
    "value", ["2026-02-30", "明天", 12, "13月1日", 1.5, 1.7976931348623157e308, True, "1899-01-01"]
)
def test_what_is_no_date_is_an_error(value: Any) -> None:
    (error,) = read(HEAD, changed(日期=value)).errors

    assert (error.row, error.column) == (2, "E")
    assert "2026-11-24" in error.zh


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (time(8, 30), time(11, 30), (time(8, 30), time(11, 30))),
        ("8:30", "11：30", (time(8, 30), time(11, 30))),
        ("8点30分", "11点", (time(8, 30), time(11))),
        (8.5 / 24, 11.5 / 24, (time(8, 30), time(11, 30))),
        (timedelta(hours=8.5), None, (time(8, 30), time(12))),
        (None, None, (time(8), time(12))),
    ],
)
def test_times_are_read_or_usual(start: Any, end: Any, expected: tuple[time, time]) -> None:
    row = only(read([*HEAD, "开始", "结束"], [*ROW, start, end]))

    assert (row.starts, row.ends) == expected


def test_a_start_decides_a_missing_half_day() -> None:
    reading = read(
        ["科室", "日期", "时间", "号源"],
        ["眼科", "2026-11-24", "08:00-11:00", 5],
        ["眼科", "2026-11-24", "14:00～17:00", 5],
        ["眼科", "2026-11-24", "18点至20点", 5],
    )

    assert reading.errors == ()
    assert [row.half_day for row in reading.rows] == list(HalfDay)


@pytest.mark.parametrize(
    ("start", "end", "column"),
    [("14:00", None, "H"), ("09:00", "08:00", "I"), ("25:00", None, "H")],
)
def test_times_that_contradict_are_errors(start: Any, end: Any, column: str) -> None:
    (error,) = read([*HEAD, "开始", "结束"], [*ROW, start, end]).errors

    assert error.column == column


@pytest.mark.parametrize(
    ("values", "capacity"),
    [
        ([None, 10, 2, None], {Channel.ONLINE: 10, Channel.WINDOW: 2}),
        ([20, None, 5, 1], {Channel.ONLINE: 14, Channel.WINDOW: 5, Channel.URGENT: 1}),
        ([12, 10, 2, 0], {Channel.ONLINE: 10, Channel.WINDOW: 2}),
        (["30号", None, None, None], {Channel.ONLINE: 21, Channel.WINDOW: 6, Channel.FOLLOWUP: 3}),
    ],
)
def test_capacity_by_channel(values: list[Any], capacity: dict[Channel, int]) -> None:
    row = only(read([*HEAD, "线上", "现场", "应急"], [*ROW[:6], *values]))

    assert row.capacity == capacity


@pytest.mark.parametrize(
    "values",
    [
        [None, None, None],
        [0, None, None],
        [20, 10, 5],
        [20, None, 30],
        [501, None, None],
        [-1, None, None],
        ["许多", None, None],
        [True, None, None],
        [2.5, None, None],
        [None, 400, 400],
    ],
)
def test_capacity_that_does_not_add_up_is_an_error(values: list[Any]) -> None:
    assert len(read([*HEAD, "线上", "现场"], [*ROW[:6], *values]).errors) == 1


def test_a_suspended_clinic_needs_no_numbers() -> None:
    row = only(read([*HEAD, "停诊"], [*changed(号源=None), "停诊"]))

    assert row.suspended
    assert row.capacity == {}


def test_every_error_is_reported_at_once() -> None:
    reading = read(
        HEAD,
        changed(日期="昨天", 午别="中午", 号源="多"),
        changed(科室=None),
        ROW,
        changed(医生="字" * 51),
    )

    places = [(error.row, error.column) for error in reading.errors]
    assert places == [(2, "E"), (2, "F"), (2, "G"), (3, "A"), (5, "B")]
    assert len(reading.rows) == 1
    assert all(error.zh and error.en for error in reading.errors)
    assert len(reading.errors[-1].value) == 40


def test_an_error_says_where_what_and_what_is_allowed() -> None:
    (error,) = read(HEAD, changed(午别="中午")).errors

    assert error.sentence("zh") == "出诊!F2 “中午”：须是 上午、下午 或 晚上"
    assert error.sentence("en").startswith('出诊!F2 "中午": ')


def test_the_same_clinic_twice_is_an_error() -> None:
    reading = read(HEAD, ROW, changed(号源=9))

    (error,) = reading.errors
    assert (error.row, error.column) == (3, "E")
    assert "2" in error.en
    assert [row.total for row in reading.rows] == [20]


def test_missing_columns_are_named() -> None:
    reading = read(["医生", "职称", "日期"], ["林知远", "主任医师", "2026-11-24"])

    assert [error.row for error in reading.errors] == [1, 1, 1]
    assert "科室" in reading.errors[0].zh


def test_a_column_named_twice_is_an_error() -> None:
    (error,) = read([*HEAD, "出诊日期"], [*ROW, "2026-11-25"]).errors

    assert (error.row, error.column) == (1, "H")


def test_titles_repeated_headings_and_remarks_are_skipped() -> None:
    reading = read(
        ["十一月门诊安排"], [None], HEAD, ROW, HEAD, changed(午别="下午"), ["备注：以当日公告为准"]
    )

    assert reading.errors == ()
    assert len(reading.rows) == 2
    assert any("以当日公告为准" in note.zh for note in reading.notes)


def test_unknown_columns_are_noted() -> None:
    reading = read([*HEAD, "工号"], [*ROW, "00123"])

    assert reading.errors == ()
    assert any("工号" in note.zh for note in reading.notes)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("专家门诊", "专家"), ("expert", "专家"), ("夜间门诊", "夜间门诊"), (None, "专家")],
)
def test_visit_kinds(value: str | None, kind: str) -> None:
    assert only(read(HEAD, changed(号别=value))).visit_kind == kind


def test_an_excel_error_value_is_no_name() -> None:
    (error,) = read(HEAD, changed(科室="#REF!")).errors

    assert error.column == "A"


def test_what_is_written_reads_back_the_same() -> None:
    rows = (
        only(read([*HEAD, "费用", "诊室", "院区"], [*ROW, "50.10", "301", "东院"])),
        only(read([*HEAD, "停诊"], [*changed(号源=None, 医生=None, 职称=None), "是"])),
        replace(only(read(HEAD, ROW)), department="=1+1"),
    )

    again = read_sheet(write_list(rows), filename="b.xlsx", options=None)

    assert again.layout is Layout.LIST
    assert again.errors == ()
    assert again.rows == rows


def test_the_template_is_an_empty_list_and_its_examples_are_not_read() -> None:
    reading = read_sheet(make_template(), filename="template.xlsx", options=None)

    assert (reading.layout, reading.rows, reading.errors) == (Layout.LIST, (), ())
    assert len(reading.notes) == 3
