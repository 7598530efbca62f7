"""Read one cell of a week table: 专家, 30, 专家30, 专家(30), 30专家, √, 停诊 or nothing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from renhao.schedule.kinds import HalfDay
from renhao.schedule.sheets.grid import CellValue
from renhao.schedule.sheets.model import CAPACITY_MAX, Unreadable
from renhao.schedule.sheets.values import folded
from renhao.schedule.sheets.visit_kinds import visit_kind
from renhao.schedule.sheets.words import HALF_DAYS

NOTHING = frozenset({"", "-", "--", "—", "/", "\\", "无", "休", "休息", "休诊", "×", "x", "X", "0"})
TICKS = frozenset({"√", "✓", "✔", "☑", "有", "是", "出诊", "门诊", "●", "○", "y", "Y", "yes"})
BETWEEN = re.compile(r"[、,;+]|/(?=\D)")
LONE_NUMBER = re.compile(r"\(?\d+[个号人名]*\)?")
ALL_DAY = (HalfDay.MORNING, HalfDay.AFTERNOON)


@dataclass(frozen=True, slots=True)
class CellClinic:
    """What one cell says; None means the cell leaves it to its row, column or the usual."""

    visit_kind: str | None = None
    capacity: int | None = None
    half_days: tuple[HalfDay, ...] = ()
    suspended: bool = False


def read_week_cell(value: CellValue, *, kinds: frozenset[str]) -> list[CellClinic]:
    """Read a cell; several kinds may stand in it, parted by a line, 、, comma, + or /.

    Raises Unreadable for anything else: a misspelt kind must not become a clinic or vanish.
    """
    if isinstance(value, bool | datetime | date | time | timedelta):
        raise _not_allowed(kinds)
    text = folded(value) if isinstance(value, float) else str(value or "")
    items = [
        item
        for line in _lines(text)
        for item in ([line] if line in NOTHING else BETWEEN.split(line))
    ]
    return [_item(item, kinds) for item in items if item not in NOTHING]


def _lines(text: str) -> list[str]:
    """Part a cell into its lines; a line that is a number only belongs to the one before it."""
    lines: list[str] = []
    for line in text.splitlines():
        short = folded(line).replace(" ", "")
        if lines and LONE_NUMBER.fullmatch(short) and not re.search(r"\d", lines[-1]):
            lines[-1] += short
        else:
            lines.append(short)
    return lines


def _item(text: str, kinds: frozenset[str]) -> CellClinic:
    rest, suspended = re.subn(r"停诊|停", "", text)
    half_days, rest = _half_days(rest)
    numbers = re.findall(r"\d+", rest)
    rest = re.sub(r"[()\[\]:]|\d+[个号人名]*|限号?", "", rest)
    kind = None if rest in TICKS or not rest else visit_kind(rest, more=kinds)
    capacity = int(numbers[0]) if numbers else None
    unknown = bool(rest) and kind is None and rest not in TICKS
    if unknown or len(numbers) > 1 or (capacity is not None and not 1 <= capacity <= CAPACITY_MAX):
        raise _not_allowed(kinds)
    return CellClinic(kind, capacity, half_days, bool(suspended))


def _half_days(text: str) -> tuple[tuple[HalfDay, ...], str]:
    rest, all_day = re.subn("全天|整天|全日", "", text)
    found = list(ALL_DAY) if all_day else []
    for half, pattern in HALF_DAYS.items():
        rest, count = re.subn(pattern, "", rest)
        found += [half] if count else []
    return tuple(found), rest


def _not_allowed(kinds: frozenset[str]) -> Unreadable:
    more = "".join(f"、{kind}" for kind in sorted(kinds))
    return Unreadable(
        f"须是号别（普通、专家、特需、专科、急诊、简易、多学科{more}）、"
        f"1 至 {CAPACITY_MAX} 的号数、两者（专家30）、√、停诊或留空",
        f"a visit kind (普通, 专家, 特需, 专科, 急诊, 简易, 多学科{more}), a number of 1 to "
        f"{CAPACITY_MAX}, both (专家30), √, 停诊 or nothing is allowed",
    )
