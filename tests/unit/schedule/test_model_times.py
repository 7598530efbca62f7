"""The moments that follow from a visit day, and how a clinic's time is cut."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from renhao.kernel import Interval
from renhao.schedule import ReleaseRule
from renhao.schedule.times import cut_slots, free_cancel_until, moment, released_at
from tests.support.schedules import a_hospital

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 24)


def test_a_clinic_opens_days_ahead_at_the_hospital_s_clock_time() -> None:
    rule = ReleaseRule(days_ahead=7, release_time=time(7, 30))

    assert released_at(DAY, rule, ZONE) == datetime(2026, 11, 17, 7, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("days_before", "hour", "expected"), [(1, 15, (23, 15)), (0, 6, (24, 6)), (0, 15, (24, 8))]
)
def test_free_cancelling_ends_by_the_start_at_latest(
    days_before: int, hour: int, expected: tuple[int, int]
) -> None:
    hospital = replace(
        a_hospital(), free_cancel_days_before=days_before, free_cancel_time=time(hour)
    )

    until = free_cancel_until(DAY, hospital, ZONE, starts_at=moment(DAY, time(8), ZONE))

    assert until == datetime(2026, 11, expected[0], expected[1], tzinfo=ZONE)


@pytest.mark.parametrize(
    ("minutes", "lengths"),
    [(240, [30] * 8), (30, [30]), (45, [30, 15]), (5, [5]), (61, [30, 30, 1])],
)
def test_slots_are_at_most_thirty_minutes(minutes: int, lengths: list[int]) -> None:
    start = moment(DAY, time(8), ZONE)

    slots = cut_slots(Interval(start, start + timedelta(minutes=minutes)))

    assert [slot.length // timedelta(minutes=1) for slot in slots] == lengths
    assert slots[-1].end == start + timedelta(minutes=minutes)
