"""Limits on how often something may be tried, counted in fixed windows of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
"""A midnight of the platform's day: a window of a day is the day that people live in."""
ADDRESS_CHARACTERS_MAX = 100
IPV6_PREFIX_BITS = 64
"""One household or host has at least this much; counting single addresses would count nothing."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` of one thing (`label`) in each window."""

    label: str
    window: timedelta
    most: int

    def __post_init__(self) -> None:
        if self.most <= 0 or self.window <= timedelta(0):
            raise ValueError("a rate needs a positive window and number")


def window_start(window: timedelta, *, now: datetime) -> datetime:
    """Return the start of the window that `now` lies in; windows are counted from `EPOCH`."""
    return EPOCH + (now - EPOCH) // window * window


def seconds_left(window: timedelta, *, now: datetime) -> int:
    """Say how many seconds the present window still lasts, at least one."""
    left = window_start(window, now=now) + window - now
    return max(1, -(-left // timedelta(seconds=1)))


def network_of(address: str) -> str:
    """Return what an address is counted by: an IPv4 address, or the /64 of an IPv6 address."""
    text = address[:ADDRESS_CHARACTERS_MAX]
    try:
        parsed = ip_address(text)
    except ValueError:
        return text
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), IPV6_PREFIX_BITS), strict=False))
