"""Limits: which rule holds, what fits, until when online booking is closed."""

from datetime import date, timedelta

import pytest

from renhao.booking.limits import DEFAULTS, DatedRule, barred_until, fits_in_window, rule_for
from renhao.schedule import LimitCode

pytestmark = pytest.mark.unit
DAY = date(2026, 3, 9)


def _rule(first: date, last: date | None = None, most: int = 1) -> DatedRule:
    return DatedRule(
        limit_code=LimitCode.NO_SHOWS, valid_from=first, valid_to=last, most=most, window_days=7
    )


def _days(*offsets: int) -> list[date]:
    return [DAY + timedelta(days=each) for each in offsets]


def test_the_newest_rule_in_force_holds() -> None:
    old, new = _rule(DAY - timedelta(days=9)), _rule(DAY)
    later, over = _rule(DAY + timedelta(days=1)), _rule(DAY - timedelta(days=2), DAY)

    assert rule_for([old, later, new, over], LimitCode.NO_SHOWS, DAY) is new


def test_without_a_rule_in_force_the_default_holds() -> None:
    rules = [_rule(DAY + timedelta(days=1))]

    assert rule_for(rules, LimitCode.NO_SHOWS, DAY) is DEFAULTS[LimitCode.NO_SHOWS]


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        ((), True),
        ((-6, 0), True),
        ((-6, -1, 0), False),
        ((-7, -1, 0), True),
        ((1, 2, 6), False),
        ((1, 2, 7), True),
        ((-3, -1, 3), False),
        ((-4, -1, 3), True),
        ((-9, -8, -7), True),
    ],
)
def test_no_seven_days_hold_more_than_three(held: tuple[int, ...], *, fits: bool) -> None:
    rule = DEFAULTS[LimitCode.APPOINTMENTS_PER_WEEK]

    assert fits_in_window(_days(*held), DAY, rule) is fits


@pytest.mark.parametrize(
    ("missed", "until"),
    [
        ((), None),
        ((0, 100), None),
        ((0, 100, 364), 364 + 90),
        ((0, 100, 365), None),
        ((200, 0, 100, 300), 300 + 90),
    ],
)
def test_three_no_shows_in_a_year_close_online_booking(
    missed: tuple[int, ...], until: int | None
) -> None:
    found = barred_until(_days(*missed), DEFAULTS[LimitCode.NO_SHOWS])

    assert found == (None if until is None else DAY + timedelta(days=until))
