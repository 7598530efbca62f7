from datetime import UTC, date, datetime, timedelta

import pytest

from renhao.identity import local_day
from renhao.identity.rates import Rate, network_of, seconds_left, window_start

pytestmark = pytest.mark.unit
HOUR = timedelta(hours=1)


def test_windows_are_counted_from_1970() -> None:
    now = datetime(2026, 3, 2, 1, 59, 59, 500_000, tzinfo=UTC)

    assert window_start(HOUR, now=now) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert seconds_left(HOUR, now=now) == 1
    assert seconds_left(HOUR, now=window_start(HOUR, now=now)) == 3600


@pytest.mark.parametrize(("hour", "day"), [(15, 2), (16, 3)])
def test_a_window_of_a_day_is_the_platform_s_day(hour: int, day: int) -> None:
    now = datetime(2026, 3, 2, hour, 59, tzinfo=UTC)

    start = window_start(timedelta(days=1), now=now)

    assert local_day(start) == local_day(now) == date(2026, 3, day)
    assert local_day(start - timedelta(seconds=1)) == date(2026, 3, day - 1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        ("x" * 200, "x" * 100),
    ],
)
def test_addresses_are_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(("window", "most"), [(HOUR, 0), (timedelta(0), 1)])
def test_a_rate_is_positive(window: timedelta, most: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Rate("x", window, most)
