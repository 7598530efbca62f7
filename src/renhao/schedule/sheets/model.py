"""What a schedule spreadsheet becomes: clinic rows, errors by cell, notes, and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, NamedTuple

from renhao.kernel import Kind, Language, Refused
from renhao.schedule.kinds import Channel, HalfDay, Holidays, Mode

WEEKS_MAX = 26
"""A table is repeated for at most half a year; further ahead nobody knows the holidays."""
CAPACITY_MAX = 500
"""Numbers of one clinic: one a minute over eight hours is 480."""
NAME_CHARACTERS_MAX = 50
FEE_CENTS_MAX = 1_000_000
VALUE_CHARACTERS_SHOWN_MAX = 40
DAY_MIN, DAY_MAX = date(2000, 1, 1), date(2100, 1, 1)


class Layout(StrEnum):
    """The two layouts that are recognised."""

    LIST = "list"
    """One row is one clinic."""
    WEEK = "week"
    """One row is one practitioner, one column is one half-day of the week."""


class Place(NamedTuple):
    """Where something stood: sheet, row from 1, column from 1."""

    sheet: str
    row: int
    column: int


class Note(NamedTuple):
    """Something the reader decided that the registrar should know, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CellError:
    """One cell that cannot be taken: where it stands, what it holds, what is allowed there."""

    sheet: str
    row: int
    column: str
    value: str
    zh: str
    en: str

    def sentence(self, language: Language) -> str:
        """Say where, what and what is allowed, in one language."""
        if language == "zh":
            return f"{self.sheet}!{self.column}{self.row} “{self.value}”：{self.zh}"
        return f'{self.sheet}!{self.column}{self.row} "{self.value}": {self.en}'


@dataclass(frozen=True, slots=True)
class ClinicRow:
    """One clinic as a sheet has it; times are hospital time, `suspended` means 停诊."""

    department: str
    practitioner: str | None
    title: str | None
    visit_kind: str
    day: date
    half_day: HalfDay
    starts: time
    ends: time
    capacity: Mapping[Channel, int]
    mode: Mode
    fee_cents: int | None = None
    room: str | None = None
    campus: str | None = None
    suspended: bool = False
    place: Place = field(default=Place("", 0, 0), compare=False)

    @property
    def key(self) -> tuple[str, str, str, str, date, HalfDay]:
        """Tell clinics apart: two rows with one key are the same clinic."""
        return (
            self.campus or "",
            self.department,
            self.practitioner or "",
            self.visit_kind,
            self.day,
            self.half_day,
        )

    @property
    def total(self) -> int:
        """Numbers over all channels."""
        return sum(self.capacity.values())


@dataclass(frozen=True, slots=True)
class WeekOptions:
    """How a week table is repeated: `7 * weeks` days from `first_date`, which may be any weekday.

    A day off has no clinic. A weekend that is worked (调休) follows its own weekday's columns,
    Saturday those of Saturday, unless `works_as` names the weekday it stands for (Monday is 0):
    which weekday it replaces is each hospital's own announcement and in no table. Raises
    WeekOptionsInvalid.
    """

    first_date: date
    weeks: int
    holidays: Holidays = field(default_factory=dict)
    works_as: Mapping[date, int] = field(default_factory=dict)
    visit_kinds: frozenset[str] = frozenset()
    """Kinds this hospital has besides the usual ones; a cell may name them."""

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= WEEKS_MAX:
            raise WeekOptionsInvalid(field="weeks", weeks_max=WEEKS_MAX)
        if not DAY_MIN <= self.first_date < DAY_MAX:
            raise WeekOptionsInvalid(field="first_date", weeks_max=WEEKS_MAX)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file says. With any error nothing of it may be imported (all or nothing)."""

    layout: Layout
    rows: tuple[ClinicRow, ...]
    errors: tuple[CellError, ...]
    notes: tuple[Note, ...] = ()


class Unreadable(Exception):  # noqa: N818 - an answer about one cell, caught in this package
    """One value cannot be taken; says what is allowed instead, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class SheetRefused(Refused):
    """The file as a whole cannot be read."""

    kind = Kind.INVALID

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"field": "file", **facts})


class SheetWrongType(SheetRefused):
    """Neither .xlsx nor .csv."""

    code = "sheet-wrong-type"
    zh = "只读 .xlsx 和 .csv 文件：请在 Excel 或 WPS 中另存为其中一种（旧 .xls 也须另存）。"
    en = "Only .xlsx and .csv files are read: save yours as one of them (old .xls and locked too)."


class SheetBroken(SheetRefused):
    """It is damaged or not what its name says."""

    code = "sheet-broken"
    zh = "文件已损坏或内容与扩展名不符：请用 Excel 或 WPS 打开检查，另存后再上传。"
    en = "The file is damaged or is not what its name says: open it, save it again and send that."


class SheetTooLarge(SheetRefused):
    """It passes a limit, as a whole or once unpacked."""

    code = "sheet-too-large"
    zh = (
        "表格超过上限（{megabytes} MB、{rows} 行、{columns} 列、{clinics} 次出诊）："
        "请按科室或时间拆开。"
    )
    en = (
        "The file passes a limit ({megabytes} MB, {rows} rows, {columns} columns, {clinics} "
        "clinics): split it by department or time."
    )


class SheetNotRecognised(SheetRefused):
    """No sheet of it has a heading row of either layout."""

    code = "sheet-not-recognised"
    zh = (
        "没有找到表头：需要“科室、医生、日期、午别、号源”一行，"
        "或“周一上午 … 周日下午”的周表；可下载模板。"
    )
    en = (
        "No heading row was found: it needs department, practitioner, date, half-day, capacity, "
        "or a week table from Monday to Sunday; a template can be downloaded."
    )


class SheetLayoutsMixed(SheetRefused):
    """Some sheets are lists and others week tables."""

    code = "sheet-layouts-mixed"
    zh = "同一文件里既有逐次列表又有周表：请分成两个文件导入。"
    en = "The file holds both a list and a week table: import them as two files."


class WeekOptionsNeeded(SheetRefused):
    """A week table does not say from when and for how long."""

    code = "week-options-needed"
    zh = "这是周表：请填写起始日期和重复的周数。"
    en = "This is a week table: give the first date and the number of weeks."


class WeekOptionsInvalid(SheetRefused):
    """The first date or the number of weeks is out of range."""

    code = "week-options-invalid"
    zh = "起始日期须是 2000 年至 2099 年的日期，周数须在 1 至 {weeks_max} 之间。"
    en = "The first date must lie in 2000 to 2099 and the number of weeks in 1 to {weeks_max}."
