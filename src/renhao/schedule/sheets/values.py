"""Read one cell's value as what its column means; refuse it saying what is allowed."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from unicodedata import normalize

from openpyxl.utils.datetime import from_excel

from renhao.schedule.kinds import HalfDay, Mode
from renhao.schedule.sheets.grid import CellValue
from renhao.schedule.sheets.model import (
    CAPACITY_MAX,
    DAY_MAX,
    DAY_MIN,
    FEE_CENTS_MAX,
    NAME_CHARACTERS_MAX,
    Unreadable,
)
from renhao.schedule.sheets.words import week_heading

EXCEL_ERROR = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC)[!?]?")
PADDING = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""The space that makes a name of two characters as wide as one of three: 张 三."""
FULL_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]0?0:00(?::00)?)?")
PACKED_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
SHORT_DATE = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
WEEKDAY_IN_DATE = re.compile(r"\(?(?:周|星期|礼拜)[一二三四五六日天]\)?$")
CLOCK = re.compile(r"(\d{1,2})(?::|点|时)(\d{2})?分?(?::00)?")
SERIAL_DAYS = range(36_526, 73_051)
"""Excel's day numbers of 2000 to 2099."""
YES_WORDS = "是 停 停诊 已停诊 取消 yes y true 1 √ ✓ ✔ suspended cancelled"
NO_WORDS = "否 正常 开诊 出诊 no n false 0 - open normal"
MODE_WORDS = {
    Mode.DRAW: "摇号 抽签 抽号 draw lottery ballot",
    Mode.INSTANT: "先到先得 即时 普通 instant firstcome fcfs firstcomefirstserved",
}


def folded(value: CellValue) -> str:
    """Text of a value with full-width forms folded and spaces squeezed."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(normalize("NFKC", str(value)).split())


def as_name(value: CellValue) -> str:
    """Read a name: department, practitioner, title, room, campus, visit kind."""
    text = PADDING.sub("", folded(value))
    if len(text) > NAME_CHARACTERS_MAX or EXCEL_ERROR.fullmatch(text):
        raise Unreadable(
            f"须是不超过 {NAME_CHARACTERS_MAX} 个字的文字",
            f"a text of at most {NAME_CHARACTERS_MAX} characters is allowed",
        )
    return text


def as_practitioner(value: CellValue) -> str:
    """Read one practitioner's name; two in one cell would be one person with a long name."""
    if re.search(r"[、,;/+&]", folded(value)):
        raise Unreadable(
            "一行只写一位医生，姓名里不用、，/ 等分隔符",
            "one practitioner a row is allowed, the name without commas or strokes",
        )
    return as_name(value)


def as_day(value: CellValue, *, near: date | None) -> date:
    """Read a date; one without a year is the one nearest to `near`."""
    match value:
        case datetime():
            day: date | None = value.date()
        case date():
            day = value
        case bool():
            day = None
        case int() | float():
            day = _serial(value)
        case _:
            day = _written_day(folded(value), near=near)
    if day is None or not DAY_MIN <= day < DAY_MAX:
        raise Unreadable(
            "须是真实存在的日期，如 2026-11-24、2026/11/24、11月24日（不写年份时取最近的）",
            "a real date is allowed, such as 2026-11-24, 2026/11/24 or 11月24日 (nearest year)",
        )
    return day


def as_half_day(value: CellValue) -> HalfDay:
    """Read a half-day (午别)."""
    weekday, half_day = week_heading(folded(value))
    if half_day is None or weekday is not None:
        raise Unreadable(
            "须是 上午、下午 或 晚上", "上午, 下午, 晚上, or morning, afternoon, evening is allowed"
        )
    return half_day


def as_time(value: CellValue) -> time:
    """Read a clock time; Excel may hold it as a time, a duration or a fraction of a day."""
    if isinstance(value, datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(microsecond=0)
    minutes = _minutes(value)
    if minutes is None or not 0 <= minutes < 24 * 60:
        raise Unreadable("须是时间，如 08:00", "a clock time is allowed, such as 08:00")
    return time(minutes // 60, minutes % 60)


def as_times(value: CellValue) -> tuple[time, time]:
    """Read a start and an end in one cell: 08:00-12:00."""
    parts = re.split(r"[-~—–至到]+", folded(value).replace(" ", ""))
    expected_parts = 2
    if len(parts) != expected_parts:
        raise Unreadable("须是起止时间，如 08:00-12:00", "two times are allowed: 08:00-12:00")
    return as_time(parts[0]), as_time(parts[1])


def as_count(value: CellValue) -> int:
    """Read how many numbers; 30, "30" and "30号" are the same."""
    text = re.sub(r"[个号人名]+$", "", folded(value))
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,4}", text) or int(text) > CAPACITY_MAX:
        raise Unreadable(
            f"须是 0 至 {CAPACITY_MAX} 的整数", f"a whole number of 0 to {CAPACITY_MAX} is allowed"
        )
    return int(text)


def as_fee_cents(value: CellValue) -> int:
    """Read a fee in yuan as cents."""
    text = re.sub(r"^[¥¥]|(?:元(?:/次)?|RMB)$", "", folded(value)).strip()
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents != cents.to_integral() or not 0 <= cents <= FEE_CENTS_MAX:
        raise Unreadable(
            f"须是以元为单位的金额，最多两位小数，0 至 {FEE_CENTS_MAX // 100}，如 50 或 50.50",
            f"an amount in yuan of 0 to {FEE_CENTS_MAX // 100} is allowed, such as 50 or 50.50",
        )
    return int(cents)


def as_mode(value: CellValue) -> Mode:
    """Read the allocation mode."""
    word = folded(value).lower().replace(" ", "").replace("-", "").replace(",", "")
    for mode, words in MODE_WORDS.items():
        if word in words.split():
            return mode
    raise Unreadable("须是 先到先得 或 摇号", "instant (先到先得) or draw (摇号) is allowed")


def as_suspended(value: CellValue) -> bool:
    """Read whether a clinic is suspended (停诊)."""
    word = folded(value).lower()
    if word in YES_WORDS.split() or word in NO_WORDS.split():
        return word in YES_WORDS.split()
    raise Unreadable("须是 停诊、是、否 或留空", "停诊, yes, no or nothing is allowed")


def _serial(number: float) -> date | None:
    if not isfinite(number):
        return None
    if int(number) != number or int(number) not in SERIAL_DAYS:
        return _packed(str(int(number)))
    moment = from_excel(number)
    return moment.date() if isinstance(moment, datetime) else None


def _written_day(text: str, *, near: date | None) -> date | None:
    text = WEEKDAY_IN_DATE.sub("", text).strip()
    if found := FULL_DATE.fullmatch(text):
        return _day(*map(int, found.groups()))
    if (found := SHORT_DATE.fullmatch(text)) and near is not None:
        month, day = map(int, found.groups())
        days = [_day(near.year + years, month, day) for years in (-1, 0, 1)]
        real = [each for each in days if each is not None]
        return min(real, key=lambda each: abs(each - near), default=None)
    if text.isdecimal() and int(text) in SERIAL_DAYS:
        return _serial(int(text))
    return _packed(text)


def _packed(text: str) -> date | None:
    found = PACKED_DATE.fullmatch(text)
    return _day(*map(int, found.groups())) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _minutes(value: CellValue) -> int | None:
    minutes_a_day = 24 * 60
    if isinstance(value, timedelta):
        return round(value.total_seconds() / 60)
    if isinstance(value, float) and 0 <= value < 1:
        return round(value * minutes_a_day)
    found = CLOCK.fullmatch(folded(value).replace(" ", ""))
    if not found:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    minutes_an_hour = 60
    return hours * minutes_an_hour + minutes if minutes < minutes_an_hour else None
