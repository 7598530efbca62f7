"""The week-table layout: one row is one practitioner, repeated over weeks and holidays.

What a cell leaves open: the visit kind comes from the row's 号别, else from its title; the
capacity is the usual one of the kind, split over the channels; times are the half-day's usual.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from renhao.schedule.department_codes import find
from renhao.schedule.kinds import (
    HALF_DAY_TIMES,
    HalfDay,
    HolidayKind,
    default_mode,
    holiday_kind,
    split_capacity,
)
from renhao.schedule.sheets.grid import CLINICS_MAX, CellValue, Grid, too_large
from renhao.schedule.sheets.model import ClinicRow, Note, Unreadable, WeekOptions
from renhao.schedule.sheets.rows import Findings, RowReader
from renhao.schedule.sheets.values import as_fee_cents, as_half_day, as_name, as_practitioner
from renhao.schedule.sheets.visit_kinds import (
    default_capacity,
    default_visit_kind,
    name_and_title,
    visit_kind,
)
from renhao.schedule.sheets.week_cell import CellClinic, read_week_cell
from renhao.schedule.sheets.week_heading import Rows, WeekHeading, read_week_heading
from renhao.schedule.sheets.words import Column, column_of, week_heading

UNTELLING_SHEET_NAME = re.compile(
    r"(?:sheet|工作表|表)\s*\d*|.*(?:出诊|排班|门诊|周表|clinic|schedule|week|\.csv).*",
    re.IGNORECASE,
)
DEPARTMENT_ENDINGS = ("科", "门诊", "中心", "室", "部")
NO_DEPARTMENT = Unreadable("缺少科室名称", "the department is missing")
NO_ONE = Unreadable(
    "缺少科室和医生：不指定医生的门诊请在医生列写“普通门诊”",
    "department and practitioner are missing: for a clinic without one write 普通门诊 as its name",
)
NO_HALF_DAY = Unreadable(
    "这一列没有写明上午或下午：请写在表头、午别列或格内（如 上午专家）",
    "the half-day is missing: write it in the heading, in a column 午别 or in the cell (上午专家)",
)
NO_NAMES = Unreadable(
    "缺少“科室”或“医生”列", "a column department (科室) or practitioner (医生) is needed"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """What the fields beside the week say."""

    department: str
    practitioner: str | None
    title: str | None
    visit_kind: str
    half_day: HalfDay | None
    fee_cents: int | None
    room: str | None
    campus: str | None


def read_week(
    grid: Grid, rows: Rows, *, heading_row: int, options: WeekOptions, findings: Findings
) -> list[ClinicRow]:
    """Read the table and repeat it; what is wrong is collected in `findings`."""
    heading = read_week_heading(grid, rows, row=heading_row, findings=findings)
    if not {Column.DEPARTMENT, Column.PRACTITIONER} & heading.columns.keys():
        findings.wrong(heading_row, 1, NO_NAMES)
        return []
    if Column.HALF_DAY not in heading.columns and Column.TIMES in heading.columns:
        columns = {**heading.columns, Column.HALF_DAY: heading.columns[Column.TIMES]}
        heading = replace(heading, columns=columns)
    days = days_by_weekday(options)
    reader = _WeekReader(grid, heading, options, findings)
    clinics: list[ClinicRow] = []
    for row, values in rows.items():
        if row > heading.last_row:
            for weekday, clinic in reader.clinics(row, values):
                clinics += [replace(clinic, day=day) for day in days[weekday]]
                if len(clinics) > CLINICS_MAX:
                    raise too_large()
    if reader.assumed:
        findings.notes.append(_assumed_note(grid.name, reader.assumed))
    return clinics


def days_by_weekday(options: WeekOptions) -> dict[int, list[date]]:
    """List the days on which each weekday's columns hold, days off left out."""
    days: dict[int, list[date]] = {weekday: [] for weekday in range(7)}
    for ahead in range(7 * options.weeks):
        day = options.first_date + timedelta(days=ahead)
        if holiday_kind(options.holidays, day) is not HolidayKind.DAY_OFF:
            days[options.works_as.get(day, day.weekday())].append(day)
    return days


def holiday_notes(options: WeekOptions) -> list[Note]:
    """Say which days had no clinic and which weekends are worked as what."""
    days = [options.first_date + timedelta(days=ahead) for ahead in range(7 * options.weeks)]
    kinds = {day: holiday_kind(options.holidays, day) for day in days}
    off = "、".join(str(day) for day, kind in kinds.items() if kind is HolidayKind.DAY_OFF)
    notes = [Note(f"放假不出诊：{off}", f"Days off, no clinics: {off}")] if off else []
    for day, kind in kinds.items():
        if kind is HolidayKind.WORKDAY:
            weekday = options.works_as.get(day, day.weekday())
            notes.append(
                Note(
                    f"{day} 调休上班：按周{'一二三四五六日'[weekday]}出诊，请核对",
                    f"{day} is worked: clinics as on weekday {weekday + 1} of 7, please check",
                )
            )
    return notes


class _WeekReader:
    """Reads rows one after the other, remembering the department that blanks stand under."""

    def __init__(
        self, grid: Grid, heading: WeekHeading, options: WeekOptions, findings: Findings
    ) -> None:
        self.assumed: dict[str, int] = {}
        self._grid = grid
        self._heading = heading
        self._kinds = options.visit_kinds
        self._first_date = options.first_date
        self._findings = findings
        self._last: _Row | None = None
        self._above = None if UNTELLING_SHEET_NAME.fullmatch(grid.name) else grid.name

    def clinics(self, row: int, values: Mapping[int, CellValue]) -> Iterator[tuple[int, ClinicRow]]:
        """Yield the weekday and clinic of each filled cell; `day` is still to be set."""
        if self._is_no_clinic_row(row, values):
            return
        reader = RowReader(row, self._heading.columns, self._findings)
        fields = self._last = self._fields(reader)
        for column, (weekday, half_day) in self._heading.slots.items():
            if column in values and not self._repeats_row_above(row, column):
                for item in self._cell(row, column):
                    usual = half_day or (fields.half_day if fields else None)
                    halves = item.half_days or (usual,)
                    for half in halves:
                        if half is None:
                            self._findings.wrong(row, column, NO_HALF_DAY)
                        elif fields is not None:
                            yield weekday, self._clinic(fields, item, half, row, column)

    def _fields(self, reader: RowReader) -> _Row | None:
        """Read what stands beside the week; in tables with a column 午别 blanks repeat the row."""
        if not (reader.has(Column.DEPARTMENT) or reader.has(Column.PRACTITIONER)):
            half_day = reader.read(Column.HALF_DAY, as_half_day)
            if self._last is None or half_day is None:
                reader.wrong(Column.PRACTITIONER, NO_ONE)
                return None
            return replace(self._last, half_day=half_day)
        return self._named_fields(reader)

    def _named_fields(self, reader: RowReader) -> _Row | None:
        self._above = reader.read(Column.DEPARTMENT, as_name) or self._above
        name = reader.read(Column.PRACTITIONER, as_practitioner)
        practitioner, title = name_and_title(name) if name else (None, None)
        if practitioner and visit_kind(practitioner):  # a row 普通门诊 among the names
            named_kind, practitioner = visit_kind(practitioner), None
        else:
            named_kind = None
        title = reader.read(Column.TITLE, as_name) or title
        kind = reader.read(Column.VISIT_KIND, as_name) or named_kind
        half_day = reader.read(Column.HALF_DAY, as_half_day)
        fee_cents = reader.read(Column.FEE, as_fee_cents)
        room, campus = reader.read(Column.ROOM, as_name), reader.read(Column.CAMPUS, as_name)
        if self._above is None:
            reader.wrong(Column.DEPARTMENT, NO_DEPARTMENT)
        if reader.failures or self._above is None:
            return None
        kind = (visit_kind(kind) or kind) if kind else default_visit_kind(title)
        return _Row(self._above, practitioner, title, kind, half_day, fee_cents, room, campus)

    def _cell(self, row: int, column: int) -> list[CellClinic]:
        try:
            return read_week_cell(self._grid.at(row, column), kinds=self._kinds)
        except Unreadable as allowed:
            self._findings.wrong(row, column, allowed)
            return []

    def _clinic(
        self, fields: _Row, item: CellClinic, half: HalfDay, row: int, column: int
    ) -> ClinicRow:
        kind = item.visit_kind or fields.visit_kind
        total = item.capacity
        if total is None and not item.suspended:
            total = default_capacity(kind)
            self.assumed[kind] = self.assumed.get(kind, 0) + 1
        return ClinicRow(
            fields.department, fields.practitioner, fields.title, kind, self._first_date, half,
            *HALF_DAY_TIMES[half], split_capacity(total or 0), default_mode(kind),
            fields.fee_cents, fields.room, fields.campus, item.suspended,
            self._grid.place(row, column),
        )  # fmt: skip

    def _is_no_clinic_row(self, row: int, values: Mapping[int, CellValue]) -> bool:
        """Skip remarks, repeated headings and lone texts; a lone text may name a department."""
        if self._findings.skips_remark(row, values):
            return True
        anchors = {self._grid.anchor(row, number) for number in values}
        if len(anchors) > 1 or min(values) in self._heading.slots:
            return self._repeats_heading(row, values)
        if self._names_department(row, values):
            self._above = self._grid.text(row, min(values))
        return True

    def _names_department(self, row: int, values: Mapping[int, CellValue]) -> bool:
        """Whether a lone text is a department's name and not a practitioner without clinics.

        It is when it stands in the department's column; or, without such a column, when it is
        merged over several cells or reads like a department.
        """
        column = self._heading.columns.get(Column.DEPARTMENT)
        if column is not None:
            return min(values) == column
        text = self._grid.text(row, min(values))
        return len(values) > 1 or bool(find(text)) or text.endswith(DEPARTMENT_ENDINGS)

    def _repeats_heading(self, row: int, values: Mapping[int, CellValue]) -> bool:
        """Whether the heading stands here once more, or its second row with the half-days."""
        slots = self._heading.slots
        week = [number for number in values if number in slots]
        beside = [number for number in values if number not in slots]
        if any(week_heading(self._grid.text(row, number)) == (None, None) for number in week):
            return False
        if beside:
            return all(column_of(self._grid.text(row, number)) for number in beside)
        return all(half is not None for _, half in slots.values())

    def _repeats_row_above(self, row: int, column: int) -> bool:
        """Whether the cell and the practitioner are both merged with the row above: one clinic."""
        names = self._heading.columns.get(Column.PRACTITIONER)
        if names is None or self._grid.anchor(row, column)[0] == row:
            return False
        return self._grid.anchor(row, names)[0] <= self._grid.anchor(row, column)[0]


def _assumed_note(sheet: str, assumed: Mapping[str, int]) -> Note:
    zh = "、".join(f"{kind} {default_capacity(kind)} 个（{n} 格）" for kind, n in assumed.items())
    en = ", ".join(f"{kind} {default_capacity(kind)} ({n} cells)" for kind, n in assumed.items())
    return Note(
        f"{sheet}：格内没写号数，按默认：{zh}", f"{sheet}: no number given, usual taken: {en}"
    )
