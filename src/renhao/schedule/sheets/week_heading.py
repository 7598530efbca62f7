"""Find the heading of a week table: which column is which half-day of which weekday.

Headings come in one row (周一上午 … 周日下午), in two (周一 over 上午 | 下午, merged or with blanks
beside it), the other way round (上午 over 周一 … 周日), or with weekdays only; then the half-day
stands in a column of its own or in each cell.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from renhao.schedule.kinds import HalfDay
from renhao.schedule.sheets.grid import CellValue, Grid
from renhao.schedule.sheets.listed import HEADING_ROWS_MAX
from renhao.schedule.sheets.model import Unreadable
from renhao.schedule.sheets.rows import Findings, heading_columns, note_unread, single_columns
from renhao.schedule.sheets.words import Column, week_heading

NAMED_MIN = 2
ROWS_BELOW_MAX = 2
DATE = re.compile(r"\d{1,4}[-/.月]\d{1,2}(?:[-/.月]\d{1,2})?[日号]?")
SAME_HALF_DAY = Unreadable(
    "同一半天出现了两列：只留一列", "only one column may stand for this half-day"
)
Rows = Mapping[int, Mapping[int, CellValue]]
Slot = tuple[int, HalfDay | None]


@dataclass(frozen=True, slots=True)
class WeekHeading:
    """Where the heading ends, the attribute columns, and the half-day of each week column."""

    last_row: int
    columns: Mapping[Column, int]
    slots: Mapping[int, Slot]


def weekday_row(grid: Grid, rows: Rows) -> int | None:
    """Find the row near the top that names two weekdays, or one beside a known heading."""
    for row in list(rows)[:HEADING_ROWS_MAX]:
        weekdays = {weekday for weekday, _ in _named(grid, rows, row).values()}
        beside = len(heading_columns(_texts(grid, rows, row)))
        if weekdays and len(weekdays) + beside >= NAMED_MIN:
            return row
    return None


def read_week_heading(grid: Grid, rows: Rows, *, row: int, findings: Findings) -> WeekHeading:
    """Read the heading around the row with the weekdays; doubles are collected as errors."""
    slots: dict[int, Slot] = dict(_named(grid, rows, row))
    headings = _texts(grid, rows, row)
    below = _heading_rows_below(grid, rows, row, slots)
    halves = {number: half for each in below for number, half in _halves(grid, rows, each).items()}
    for each in below:
        headings = _texts(grid, rows, each) | headings
    if halves:
        slots = _with_halves(slots, halves, spread_days=True)
    note_unread({n: text for n, text in headings.items() if n not in slots}, findings)
    at = list(rows).index(row)
    if at and not halves:
        above = list(rows)[at - 1]
        slots = _with_halves(slots, _spread(_halves(grid, rows, above), slots), spread_days=False)
        headings = _texts(grid, rows, above) | headings
    attributes = {number: text for number, text in headings.items() if number not in slots}
    columns = single_columns(heading_columns(attributes), row=row, findings=findings)
    last_row = below[-1] if below else row
    _refuse_doubles(slots, last_row, findings)
    return WeekHeading(last_row, columns, slots)


def _named(grid: Grid, rows: Rows, row: int) -> dict[int, tuple[int, HalfDay | None]]:
    found = {number: week_heading(grid.text(row, number)) for number in rows[row]}
    return {
        number: (weekday, half) for number, (weekday, half) in found.items() if weekday is not None
    }


def _halves(grid: Grid, rows: Rows, row: int) -> dict[int, HalfDay]:
    found = {number: week_heading(grid.text(row, number)) for number in rows[row]}
    return {
        number: half
        for number, (weekday, half) in found.items()
        if half is not None and weekday is None
    }


def _heading_rows_below(grid: Grid, rows: Rows, row: int, slots: Mapping[int, Slot]) -> list[int]:
    """List the rows below that still are heading: half-days or dates, no new names beside them."""
    found: list[int] = []
    for below in [number for number in rows if number > row][:ROWS_BELOW_MAX]:
        halves = _halves(grid, rows, below)
        week = [number for number in rows[below] if number in halves or number in slots]
        beside = [number for number in rows[below] if number not in week]
        repeats = all(grid.text(below, number) == grid.text(row, number) for number in beside)
        told = all(number in halves or _is_date(grid.at(below, number)) for number in week)
        if not (week and repeats and told):
            break
        found.append(below)
    return found


def _is_date(value: CellValue) -> bool:
    return isinstance(value, date) or bool(DATE.fullmatch(str(value).strip()))


def _with_halves(
    slots: Mapping[int, Slot], halves: Mapping[int, HalfDay], *, spread_days: bool
) -> dict[int, Slot]:
    """Put weekdays and half-days together; a weekday also rules the columns after it."""
    found: dict[int, Slot] = {}
    weekday: int | None = None
    for number in sorted(slots.keys() | halves.keys()):
        own, half = slots.get(number, (None, None))
        weekday = own if own is not None else weekday if spread_days else None
        if weekday is not None:
            found[number] = (weekday, half or halves.get(number))
    return found


def _spread(halves: Mapping[int, HalfDay], slots: Mapping[int, Slot]) -> dict[int, HalfDay]:
    """Let a half-day above rule the columns after it, as when merged cells became blanks."""
    found: dict[int, HalfDay] = {}
    half: HalfDay | None = None
    for number in sorted(slots.keys() | halves.keys()):
        half = halves.get(number, half)
        if half is not None:
            found[number] = half
    return found


def _texts(grid: Grid, rows: Rows, row: int) -> dict[int, str]:
    return {number: grid.text(row, number) for number in rows[row]}


def _refuse_doubles(slots: Mapping[int, Slot], row: int, findings: Findings) -> None:
    seen: set[Slot] = set()
    for number, slot in slots.items():
        if slot in seen:
            findings.wrong(row, number, SAME_HALF_DAY)
        seen.add(slot)
