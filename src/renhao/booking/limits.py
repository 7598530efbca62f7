"""Limits: how much one patient may hold, and when online booking is closed to somebody.

Pure functions over rules, which are data with validity dates for each hospital, and over what the
patient holds or has left behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from renhao.schedule import DEFAULT_LIMITS, Channel, LimitCode, LimitRule


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule(LimitRule):
    """One limit of one hospital, in force on days with `valid_from <= day < valid_to`."""

    valid_from: date = date.min
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the rule holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


DEFAULTS: Mapping[LimitCode, DatedRule] = MappingProxyType(
    {
        rule.limit_code: DatedRule(
            limit_code=rule.limit_code,
            most=rule.most,
            window_days=rule.window_days,
            bar_days=rule.bar_days,
        )
        for rule in DEFAULT_LIMITS
    }
)
"""What holds where a hospital has said nothing."""

LIMITED_CHANNELS = frozenset({Channel.ONLINE, Channel.WINDOW, Channel.REFERRAL})
"""Courses of treatment (followup) and urgent visits neither meet a limit nor count towards one."""


def rule_for(rules: Iterable[DatedRule], code: LimitCode, day: date) -> DatedRule:
    """Return the newest rule in force on that day, or the default."""
    found = [rule for rule in rules if rule.limit_code == code and rule.in_force(day)]
    return max(found, key=lambda rule: rule.valid_from, default=DEFAULTS[code])


def fits_in_window(days: Sequence[date], day: date, rule: LimitRule) -> bool:
    """Whether one more on `day` keeps every span of `window_days` days at or below `most`."""
    span = timedelta(days=rule.window_days)
    starts = [day, *(each for each in days if day - span < each < day)]
    return all(sum(start <= each < start + span for each in days) < rule.most for start in starts)


def barred_until(days: Iterable[date], rule: LimitRule) -> date | None:
    """Return the day online booking opens again, or None if nothing ever closed it.

    Each time `most` of the days lie within `window_days`, the last of them closes it for
    `bar_days`.
    """
    ordered = sorted(days)
    span = timedelta(days=rule.window_days)
    last = rule.most - 1
    closing = [
        day for first, day in zip(ordered, ordered[last:], strict=False) if day - first < span
    ]
    return max(closing) + timedelta(days=rule.bar_days) if closing else None
