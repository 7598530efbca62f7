"""Days and times as the pages say them: 「11月24日 周二 上午 08:30–09:00」."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from renhao.kernel import Language

CHINA = ZoneInfo("Asia/Shanghai")
NOON_HOUR = 12
EVENING_HOUR = 18
HALF_DAYS = {
    "zh": {"morning": "上午", "afternoon": "下午", "evening": "晚上"},
    "en": {"morning": "morning", "afternoon": "afternoon", "evening": "evening"},
}


def today(now: datetime, zone: ZoneInfo = CHINA) -> date:
    """Give the day it is at the hospital."""
    return now.astimezone(zone).date()


def day(value: date, language: Language) -> str:
    """Say a day with its weekday: 「11月24日 周二」, "Tue 24 Nov"."""
    if language == "zh":
        return f"{value.month}月{value.day}日 {weekday(value, language)}"
    return f"{weekday(value, language)} {value.day} {format_date(value, 'MMM', locale='en')}"


def weekday(value: date, language: Language) -> str:
    """Say the weekday in short: 「周二」, "Tue"."""
    return format_date(value, "EEE", locale="zh" if language == "zh" else "en")


def half_day(name: str, language: Language) -> str:
    """Say a half-day by its name in the schedule."""
    return HALF_DAYS[language][name]


def clock(value: datetime, zone: ZoneInfo) -> str:
    """Say the time of day at the hospital: 「08:30」."""
    return format(value.astimezone(zone), "%H:%M")


def times(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Say a time window without its day: 「08:30–09:00」."""
    return f"{clock(start, zone)}–{clock(end, zone)}"


def window(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> str:
    """Say a time window whole: 「11月24日 周二 上午 08:30–09:00」."""
    local = start.astimezone(zone)
    part = half_day(half_day_of(local), language)
    return f"{day(local.date(), language)} {part} {times(start, end, zone)}"


def moment(value: datetime, zone: ZoneInfo, language: Language) -> str:
    """Say a moment: 「11月23日 周一 15:00」."""
    local = value.astimezone(zone)
    return f"{day(local.date(), language)} {clock(value, zone)}"


def half_day_of(local: datetime) -> str:
    """Name the half-day a local time lies in."""
    if local.hour < NOON_HOUR:
        return "morning"
    return "afternoon" if local.hour < EVENING_HOUR else "evening"
