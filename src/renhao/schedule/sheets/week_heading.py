"""Find the heading of a week table: which column is which half-day of which weekday.

Headings come in one row (周一上午 … 周日下午), in two (周一 over 上午 | 下午, merged or with blanks
beside it), the other way round (上午 over 周一 … 周日), or with weekdays only; then the half-day
stands in a column of its own or in each cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from renhao.schedule.kinds import HalfDay
from renhao.schedule.sheets.grid import CellValue, Grid
from renhao.schedule.sheets.listed import HEADING_ROWS_MAX
from renhao.schedule.sheets.model import Unreadable
from renhao.schedule.sheets.rows import Findings, heading_columns, single_columns
from renhao.schedule.sheets.words import Column, week_heading

WEEKDAYS_MIN = 2
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
    """Find the row near the top that names at least two weekdays."""
    for row in list(rows)[:HEADING_ROWS_MAX]:
        if len({weekday for weekday, _ in _named(grid, rows, row).values()}) >= WEEKDAYS_MIN:
            return row
    return None


def read_week_heading(grid: Grid, rows: Rows, *, row: int, findings: Findings) -> WeekHeading:
    """Read the heading around the row with the weekdays; doubles are collected as errors."""
    numbers = list(rows)
    at = numbers.index(row)
    above = numbers[at - 1] if at else None
    below = numbers[at + 1] if at + 1 < len(numbers) else None
    slots: dict[int, Slot] = dict(_named(grid, rows, row))
    headings = _texts(grid, rows, row)
    last_row = row
    if below is not None and _is_second_row(grid, rows, row, below, slots):
        slots = _with_halves(slots, _halves(grid, rows, below), spread_days=True)
        headings = _texts(grid, rows, below) | headings
        last_row = below
    elif above is not None:
        halves = _halves(grid, rows, above)
        slots = _with_halves(slots, _spread(halves, slots), spread_days=False)
        headings = _texts(grid, rows, above) | headings
    attributes = {number: text for number, text in headings.items() if number not in slots}
    columns = single_columns(heading_columns(attributes), row=row, findings=findings)
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


def _is_second_row(grid: Grid, rows: Rows, row: int, below: int, slots: Mapping[int, Slot]) -> bool:
    """Whether the next row is heading: half-days, and nothing new under the other headings."""
    halves = _halves(grid, rows, below)
    others = [number for number in rows[below] if number not in halves and number not in slots]
    repeats = all(grid.text(below, number) == grid.text(row, number) for number in others)
    return bool(halves) and repeats


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
