"""The list layout: one row is one clinic."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

from renhao.schedule.kinds import Channel, Mode, default_mode, split_capacity
from renhao.schedule.sheets.grid import CellValue, Grid
from renhao.schedule.sheets.model import CAPACITY_MAX, ClinicRow, Unreadable
from renhao.schedule.sheets.rows import (
    Findings,
    RowReader,
    heading_columns,
    note_unread,
    single_columns,
)
from renhao.schedule.sheets.values import (
    as_count,
    as_day,
    as_fee_cents,
    as_mode,
    as_name,
    as_practitioner,
    as_suspended,
)
from renhao.schedule.sheets.visit_kinds import default_visit_kind, visit_kind
from renhao.schedule.sheets.words import CHANNEL_COLUMNS, Column

T = TypeVar("T")

HEADING_ROWS_MAX = 20
"""Titles and remarks above the heading row are fewer than this."""
HEADINGS_MIN = 3
NO_SUCH_COLUMN = {
    Column.DEPARTMENT: Unreadable("缺少“科室”列", "a column department (科室) is needed"),
    Column.DAY: Unreadable("缺少“日期”列", "a column date (日期) is needed"),
    Column.HALF_DAY: Unreadable(
        "缺少“午别”列（或“开始”列）", "a column half-day (午别) or start (开始) is needed"
    ),
    Column.TOTAL: Unreadable(
        "缺少“号源”列（或各渠道的列）",
        "a column capacity (号源), or one for each channel, is needed",
    ),
}
MISSING_DEPARTMENT = Unreadable("缺少科室名称", "the department is missing")
MISSING_DAY = Unreadable("缺少日期，如 2026-11-24", "the date is missing, such as 2026-11-24")
MISSING_CAPACITY = Unreadable(
    f"缺少号源：须有 1 至 {CAPACITY_MAX} 个号，或标明停诊",
    f"numbers are missing: 1 to {CAPACITY_MAX}, or mark the clinic as suspended",
)
WRONG_SUM = Unreadable("号源总数与各渠道之和不符", "the total must be the sum of the channels")
OVER = Unreadable(
    f"各渠道合计不能超过 {CAPACITY_MAX}", f"the channels together may have at most {CAPACITY_MAX}"
)


def list_heading(grid: Grid, rows: Mapping[int, Mapping[int, CellValue]]) -> int | None:
    """Find the heading row: it names a date and at least three things in all."""
    for row in list(rows)[:HEADING_ROWS_MAX]:
        named = heading_columns({number: grid.text(row, number) for number in rows[row]})
        if Column.DAY in named and len(named) >= HEADINGS_MIN:
            return row
    return None


def read_list(
    grid: Grid,
    rows: Mapping[int, Mapping[int, CellValue]],
    *,
    heading: int,
    today: date | None,
    findings: Findings,
) -> list[ClinicRow]:
    """Read all rows below the heading; what is wrong is collected in `findings`."""
    headings = {number: grid.text(heading, number) for number in rows[heading]}
    named = heading_columns(headings)
    columns = single_columns(named, row=heading, findings=findings)
    note_unread(headings, findings)
    if not _complete(columns, heading, findings):
        return []
    clinics = []
    for row, values in rows.items():
        if row > heading and not (
            _is_heading(grid, row, headings) or findings.skips_remark(row, values)
        ):
            clinic = _clinic(RowReader(row, columns, findings), today=today)
            clinics += [clinic] if clinic else []
    return clinics


def _clinic(reader: RowReader, *, today: date | None) -> ClinicRow | None:
    department = _required(reader, Column.DEPARTMENT, as_name, MISSING_DEPARTMENT)
    day = _required(reader, Column.DAY, partial(as_day, near=today), MISSING_DAY)
    hours = reader.half_day_and_times()
    practitioner = reader.read(Column.PRACTITIONER, as_practitioner)
    title = reader.read(Column.TITLE, as_name)
    named_kind = reader.read(Column.VISIT_KIND, as_name)
    kind = visit_kind(named_kind) or named_kind if named_kind else default_visit_kind(title)
    suspended = bool(reader.read(Column.SUSPENDED, as_suspended))
    capacity = _capacity(reader, suspended=suspended)
    mode: Mode = reader.read(Column.MODE, as_mode) or default_mode(kind)
    fee_cents = reader.read(Column.FEE, as_fee_cents)
    room, campus = reader.read(Column.ROOM, as_name), reader.read(Column.CAMPUS, as_name)
    if reader.failures or department is None or day is None or hours is None:
        return None
    place = reader.findings.grid.place(reader.row, reader.columns[Column.DAY])
    return ClinicRow(
        department, practitioner, title, kind, day, *hours, capacity, mode,
        fee_cents, room, campus, suspended, place,
    )  # fmt: skip


def _required(
    reader: RowReader, column: Column, parse: Callable[[CellValue], T], missing: Unreadable
) -> T | None:
    if not reader.has(column):
        reader.wrong(column, missing)
    return reader.read(column, parse)


def _capacity(reader: RowReader, *, suspended: bool) -> dict[Channel, int]:
    """Read the channels; a total without them is split, with some of them fills up online."""
    before = reader.failures
    given = {
        channel: count
        for column, channel in CHANNEL_COLUMNS.items()
        if (count := reader.read(column, as_count)) is not None
    }
    total = reader.read(Column.TOTAL, as_count)
    if reader.failures > before:
        return {}
    if total is not None and not given:
        given = split_capacity(total)
    elif total is not None and Channel.ONLINE not in given:
        given[Channel.ONLINE] = max(total - sum(given.values()), 0)
    capacity = {channel: given[channel] for channel in Channel if given.get(channel)}
    if not capacity and not suspended:
        reader.wrong(Column.TOTAL, MISSING_CAPACITY)
    elif total is not None and sum(capacity.values()) != total:
        reader.wrong(Column.TOTAL, WRONG_SUM)
    elif sum(capacity.values()) > CAPACITY_MAX:
        reader.wrong(Column.ONLINE, OVER)
    return capacity


def _complete(columns: Mapping[Column, int], heading: int, findings: Findings) -> bool:
    alternatives = {
        Column.DEPARTMENT: {Column.DEPARTMENT},
        Column.DAY: {Column.DAY},
        Column.HALF_DAY: {Column.HALF_DAY, Column.STARTS, Column.TIMES},
        Column.TOTAL: {Column.TOTAL, *CHANNEL_COLUMNS},
    }
    missing = [column for column, any_of in alternatives.items() if not any_of & columns.keys()]
    for column in missing:
        findings.wrong(heading, 1, NO_SUCH_COLUMN[column])
    return not missing


def _is_heading(grid: Grid, row: int, headings: Mapping[int, str]) -> bool:
    """Whether the heading is repeated here, as printed lists do on each page."""
    return all(grid.text(row, number) == text for number, text in headings.items())
