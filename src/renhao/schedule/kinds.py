"""Words that the whole schedule shares: half-days, channels, modes, kinds of visit and of day."""

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum

DEFAULT_SHARES = {"window": 20, "followup": 10}
"""Percent of one total that leaves the online pool when a sheet gives no split; the rest stays."""

DRAWN_VISIT_KINDS = frozenset({"专家", "特需"})
"""Kinds that are scarce nearly everywhere; a hospital overrides the mode of each clinic."""


class HalfDay(StrEnum):
    """Part of a visit day (午别)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Channel(StrEnum):
    """Way to a number (渠道); each has its own pool."""

    ONLINE = "online"
    WINDOW = "window"
    FOLLOWUP = "followup"
    REFERRAL = "referral"
    URGENT = "urgent"


class Mode(StrEnum):
    """How a clinic's numbers are allocated."""

    INSTANT = "instant"
    """First come, first served (先到先得)."""
    DRAW = "draw"
    """Entries are collected, then drawn by lot (摇号)."""


class HolidayKind(StrEnum):
    """What the holiday table says of one day."""

    DAY_OFF = "day-off"
    """A public holiday: no clinic."""
    WORKDAY = "workday"
    """A weekend day that is worked to make up for a holiday (调休)."""


Holidays = Mapping[date, HolidayKind] | Callable[[date], HolidayKind | None]
"""The holiday table: a mapping or a function; days it does not know are ordinary."""

HALF_DAY_TIMES: Mapping[HalfDay, tuple[time, time]] = {
    HalfDay.MORNING: (time(8), time(12)),
    HalfDay.AFTERNOON: (time(13, 30), time(17, 30)),
    HalfDay.EVENING: (time(18), time(21)),
}
"""Default start and end, hospital time; a sheet's own times win."""


def holiday_kind(holidays: Holidays, day: date) -> HolidayKind | None:
    """Look one day up in the holiday table."""
    return holidays(day) if callable(holidays) else holidays.get(day)


def split_capacity(total: int) -> dict[Channel, int]:
    """Split one total over the channels: online 70 %, window 20 %, followup 10 %.

    The window's and the followup share are rounded down and what remains is online, so the parts
    always add up and a clinic of one to four numbers is all online.
    """
    window = total * DEFAULT_SHARES["window"] // 100
    followup = total * DEFAULT_SHARES["followup"] // 100
    parts = {
        Channel.ONLINE: total - window - followup,
        Channel.WINDOW: window,
        Channel.FOLLOWUP: followup,
    }
    return {channel: count for channel, count in parts.items() if count}


def default_mode(visit_kind: str) -> Mode:
    """Choose the mode when a sheet does not: 专家 and 特需 are drawn, all others are instant."""
    return Mode.DRAW if visit_kind in DRAWN_VISIT_KINDS else Mode.INSTANT
