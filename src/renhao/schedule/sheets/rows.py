"""What both layouts share: the columns of a heading, and one row's fields with their errors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import TypeVar

from renhao.schedule.kinds import HALF_DAY_TIMES, HalfDay
from renhao.schedule.sheets.grid import CellValue, Grid, cell_error
from renhao.schedule.sheets.model import CellError, Note, Unreadable
from renhao.schedule.sheets.values import as_half_day, as_time, as_times
from renhao.schedule.sheets.words import Column, column_of

T = TypeVar("T")

MORNING_STARTS_BEFORE = time(13)
AFTERNOON_STARTS = (time(11, 30), time(18, 30))
EVENING_STARTS_FROM = time(16, 30)
NOON, DUSK = time(12), time(17, 30)

REMARK = re.compile(
    r"(?:备注|附注|说明|注意|注|提示|温馨提示|remarks?|notes?)\s*[::：1一、.]", re.IGNORECASE
)
SUM = re.compile(r"合\s*计|总\s*计|小\s*计|共\s*计|总数|(?:sub)?total", re.IGNORECASE)

FORMULA = Unreadable(
    "公式没有计算结果：请用 Excel 打开并保存，或改成数值",
    "the formula has no result: open and save the file in Excel, or write the value",
)


@dataclass(slots=True)
class Findings:
    """Errors and notes collected while a sheet is read."""

    grid: Grid
    errors: list[CellError] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def wrong(self, row: int, column: int, allowed: Unreadable) -> None:
        """Collect one error."""
        self.errors.append(cell_error(self.grid, row, column, allowed))

    def skips_remark(self, row: int, values: Mapping[int, CellValue]) -> bool:
        """Whether a row is one lone remark or a line of sums; what it says is kept as a note."""
        first = " ".join(self.grid.text(row, min(values)).split())
        lone = len({self.grid.anchor(row, number) for number in values}) == 1
        if (lone and REMARK.match(first)) or SUM.fullmatch(first):
            self.notes.append(Note(f"未导入的说明：{first}", f"Remark, not imported: {first}"))
            return True
        return False


def heading_columns(headings: Mapping[int, str]) -> dict[Column, list[int]]:
    """Map what is named to the columns that name it."""
    found: dict[Column, list[int]] = {}
    for number, text in headings.items():
        column = column_of(text)
        if column is not None:
            found.setdefault(column, []).append(number)
    return found


def note_unread(headings: Mapping[int, str], findings: Findings) -> None:
    """Tell which columns have a heading that nothing is read from."""
    unread = "、".join(
        " ".join(text.split()) for text in headings.values() if text and column_of(text) is None
    )
    if unread:
        sheet = findings.grid.name
        findings.notes.append(
            Note(f"{sheet}：没有用到的列：{unread}", f"{sheet}: columns not used: {unread}")
        )


def single_columns(
    found: Mapping[Column, list[int]], *, row: int, findings: Findings
) -> dict[Column, int]:
    """Take one column for each name; a second one of the same name is an error."""
    for column, numbers in found.items():
        if column is not Column.IGNORED:
            for number in numbers[1:]:
                findings.wrong(row, number, _named_twice(column))
    return {column: numbers[0] for column, numbers in found.items()}


@dataclass(slots=True)
class RowReader:
    """Read the fields of one row; what cannot be read is collected and comes back as None."""

    row: int
    columns: Mapping[Column, int]
    findings: Findings
    failures: int = 0

    def read(self, column: Column, parse: Callable[[CellValue], T]) -> T | None:
        """Read one field, None when its column or value is missing or wrong."""
        value = self._value(column)
        if value is None:
            return None
        try:
            return parse(value)
        except Unreadable as allowed:
            self.wrong(column, allowed)
            return None

    def wrong(self, column: Column, allowed: Unreadable) -> None:
        """Collect an error at a field, or at the row's first column when the field has none."""
        self.failures += 1
        self.findings.wrong(self.row, self.columns.get(column, 1), allowed)

    def has(self, column: Column) -> bool:
        """Whether the row has a value there."""
        return self._value(column) is not None

    def half_day_and_times(self) -> tuple[HalfDay, time, time] | None:
        """Read half-day, start and end; each may follow from the others, none may contradict.

        A start decides a missing half-day (before 12:00 morning, before 17:30 afternoon);
        missing times are the half-day's usual ones.
        """
        before = self.failures
        half_day = self.read(Column.HALF_DAY, as_half_day)
        both = self.read(Column.TIMES, as_times)
        starts = self.read(Column.STARTS, as_time) or (both[0] if both else None)
        ends = self.read(Column.ENDS, as_time) or (both[1] if both else None)
        if self.failures > before:
            return None
        if half_day is None and starts is None:
            self.wrong(Column.HALF_DAY, NO_HALF_DAY)
            return None
        return self._checked(half_day or _half_day_of(starts or NOON), starts, ends)

    def _checked(
        self, half_day: HalfDay, starts: time | None, ends: time | None
    ) -> tuple[HalfDay, time, time] | None:
        usual = HALF_DAY_TIMES[half_day]
        begins, finishes = starts or usual[0], ends or usual[1]
        if not _fits(half_day, begins):
            self.wrong(Column.STARTS if self.has(Column.STARTS) else Column.TIMES, CONTRADICTS)
        elif begins >= finishes:
            self.wrong(Column.ENDS if self.has(Column.ENDS) else Column.TIMES, ENDS_TOO_EARLY)
        else:
            return half_day, begins, finishes
        return None

    def _value(self, column: Column) -> CellValue:
        number = self.columns.get(column)
        return None if number is None else self.findings.grid.at(self.row, number)


NO_HALF_DAY = Unreadable(
    "缺少午别：请写 上午、下午、晚上，或填写开始时间",
    "the half-day is missing: write 上午, 下午 or 晚上, or a start time",
)
CONTRADICTS = Unreadable("开始时间与午别不符", "the start must lie in the half-day given")
ENDS_TOO_EARLY = Unreadable("结束须晚于开始", "the end must be later than the start")


def _half_day_of(starts: time) -> HalfDay:
    if starts < NOON:
        return HalfDay.MORNING
    return HalfDay.AFTERNOON if starts < DUSK else HalfDay.EVENING


def _fits(half_day: HalfDay, starts: time) -> bool:
    match half_day:
        case HalfDay.MORNING:
            return starts < MORNING_STARTS_BEFORE
        case HalfDay.AFTERNOON:
            return AFTERNOON_STARTS[0] <= starts < AFTERNOON_STARTS[1]
        case HalfDay.EVENING:
            return starts >= EVENING_STARTS_FROM


def _named_twice(column: Column) -> Unreadable:
    return Unreadable(f"“{column}”这一列出现了两次：只留一列", f'only one column may be "{column}"')
