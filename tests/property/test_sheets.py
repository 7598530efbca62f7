"""Whatever a spreadsheet holds, reading it ends in rows, errors that name a cell, or a refusal."""

import contextlib
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from renhao.kernel import Refused
from renhao.schedule.kinds import Channel, HalfDay, Mode
from renhao.schedule.sheets import ClinicRow, Reading, WeekOptions, read_sheet, write_list

pytestmark = pytest.mark.property

OPTIONS = WeekOptions(date(2026, 11, 23), 2)
WORDS = """
科室 医生 职称 号别 日期 午别 号源 线上 现场 费用 停诊 周一 周二上午 上午 下午 专家 专家30 √ 停诊
备注：无 2026-11-24 11月24日 内科 林知远 30 0 -1 ½ ² ٣ １２ = =1 #REF! ' " 1e9 nan 999999999999
"""
LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=8,
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS.split()),
    LINES,
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - as Excel's
    st.times(),
)
ROWS = st.lists(st.lists(CELLS, max_size=8), max_size=10)
HEADS = st.sampled_from(
    [
        ["科室", "医生", "职称", "号别", "日期", "午别", "号源", "费用"],
        ["科室", "医生", "开始", "结束", "日期", "线上", "现场", "方式"],
        ["科室", "医生", "职称", "周一上午", "周一下午", "周二上午", "周二下午", "周三夜诊"],
        ["医生", "费用", "周一", "周二", "周三", "周四", "周五", "周六"],
    ]
)
AREAS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 10), st.integers(0, 3), st.integers(0, 3)),
    max_size=3,
)
SLOW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def workbook(rows: Sequence[Sequence[object]], areas: Sequence[tuple[int, int, int, int]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for column, top, wide, high in areas:
        sheet.merge_cells(
            start_column=column, start_row=top, end_column=column + wide, end_row=top + high
        )
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def check(reading: Reading) -> None:
    for error in reading.errors:
        assert error.row >= 1
        assert error.column.isalpha()
        assert error.zh
        assert error.en
        assert len(error.value) <= 40
    for row in reading.rows:
        assert row.department
        assert row.starts < row.ends
        assert row.total <= 500
        assert row.suspended or row.total >= 1
        assert all(count > 0 for count in row.capacity.values())
    assert len({row.key for row in reading.rows}) == len(reading.rows)


@SLOW
@given(head=HEADS, rows=ROWS, areas=AREAS)
def test_any_cells_below_a_heading_become_rows_or_errors(
    head: list[str], rows: list[list[object]], areas: list[tuple[int, int, int, int]]
) -> None:
    content = workbook([head, *rows], areas)

    with contextlib.suppress(Refused):
        check(read_sheet(content, filename="a.xlsx", options=OPTIONS, today=date(2026, 11, 20)))


@SLOW
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_become_a_reading_or_a_refusal(content: bytes, name: str) -> None:
    with contextlib.suppress(Refused):
        check(read_sheet(content, filename=name, options=OPTIONS))


@SLOW
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_workbook_becomes_a_reading_or_a_refusal(place: int, byte: int) -> None:
    content = bytearray(
        workbook([["科室", "日期", "午别", "号源"], ["内科", "2026-11-24", "am", 5]], [])
    )
    content[place % len(content)] = byte

    with contextlib.suppress(Refused):
        check(read_sheet(bytes(content), filename="a.xlsx", options=OPTIONS))


HOURS = {
    HalfDay.MORNING: (time(8), time(11, 30)),
    HalfDay.AFTERNOON: (time(13), time(17)),
    HalfDay.EVENING: (time(18, 5), time(20)),
}


@st.composite
def clinic_rows(draw: st.DrawFn) -> ClinicRow:
    half_day = draw(st.sampled_from(HalfDay))
    capacity = draw(st.dictionaries(st.sampled_from(Channel), st.integers(1, 100), min_size=1))
    return ClinicRow(
        department=draw(st.sampled_from(["心血管内科", "=1+1", "Eye clinic", "'眼科"])),
        practitioner=draw(st.none() | st.sampled_from(["林知远", "阿依古丽·买买提", "Anna Li"])),
        title=draw(st.none() | st.sampled_from(["主任医师", "主治医师"])),
        visit_kind=draw(st.sampled_from(["专家", "普通", "夜间门诊"])),
        day=draw(st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        half_day=half_day,
        starts=HOURS[half_day][0],
        ends=HOURS[half_day][1],
        capacity=capacity,
        mode=draw(st.sampled_from(Mode)),
        fee_cents=draw(st.none() | st.integers(0, 1_000_000)),
        room=draw(st.none() | st.sampled_from(["301", "门诊楼 2 层"])),
        campus=draw(st.none() | st.sampled_from(["东院", "本部"])),
        suspended=draw(st.booleans()),
    )


@SLOW
@given(rows=st.lists(clinic_rows(), max_size=8, unique_by=lambda row: row.key))
def test_what_is_written_reads_back_the_same(rows: list[ClinicRow]) -> None:
    reading = read_sheet(write_list(rows), filename="a.xlsx", options=None)

    assert reading.errors == ()
    assert list(reading.rows) == rows
