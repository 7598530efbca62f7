"""The status table, tried with every pair."""

from itertools import product

import pytest

from renhao.booking import TRANSITIONS, IllegalTransition, Status
from renhao.booking.model import moved_to

pytestmark = pytest.mark.unit
ALLOWED = {
    (Status.BOOKED, Status.ARRIVED),
    (Status.BOOKED, Status.NO_SHOW),
    (Status.BOOKED, Status.CANCELLED),
    (Status.ARRIVED, Status.FULFILLED),
    (Status.ARRIVED, Status.CANCELLED),
}


@pytest.mark.parametrize(("source", "target"), list(product(Status, Status)))
def test_only_the_tables_steps_are_possible(source: Status, target: Status) -> None:
    if (source, target) in ALLOWED:
        assert moved_to(source, target) is target
    else:
        with pytest.raises(IllegalTransition):
            moved_to(source, target)


def test_the_table_is_complete() -> None:
    assert set(TRANSITIONS) == set(Status)
