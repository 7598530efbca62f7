from datetime import date

import pytest

from renhao.identity.ages import age_on, is_child

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 5, 10), date(2026, 5, 9), 25),
        (date(2000, 5, 10), date(2026, 5, 10), 26),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
    ],
)
def test_an_age_grows_on_the_birthday(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_a_child_is_one_until_the_fourteenth_birthday() -> None:
    assert is_child(date(2012, 11, 24), date(2026, 11, 23))
    assert not is_child(date(2012, 11, 24), date(2026, 11, 24))
