"""How a clinic's numbers lie in its slots, and how they may change once some are given out."""

from datetime import UTC, datetime, timedelta

import pytest

from renhao.kernel import ClinicId, Interval, SlotId, new_id
from renhao.schedule import Channel, Pool, Slot
from renhao.schedule.imports.layout import first_free_number, grow, lay_out, shrink

pytestmark = pytest.mark.unit

START = datetime(2026, 11, 24, tzinfo=UTC)
CLINIC = ClinicId(new_id())
SLOTS = [
    Slot(
        slot_id=SlotId(new_id()),
        clinic_id=CLINIC,
        starts_at=START + timedelta(minutes=30 * number),
        ends_at=START + timedelta(minutes=30 * number + 30),
    )
    for number in range(3)
]


def a_pool(place: int, *, capacity: int, first: int, taken: int = 0, held_back: int = 0) -> Pool:
    return Pool(
        slot_id=SLOTS[place].slot_id,
        channel=Channel.ONLINE,
        capacity=capacity,
        first_number=first,
        taken=taken,
        held_back=held_back,
    )


def test_channels_are_mixed_and_numbers_rise_with_time() -> None:
    parts = lay_out(
        Interval(START, START + timedelta(hours=1)), {Channel.ONLINE: 6, Channel.WINDOW: 2}
    )

    said = [
        [(pool.channel, pool.first_number, pool.capacity) for pool in each.pools] for each in parts
    ]
    assert said == [
        [(Channel.ONLINE, 1, 3), (Channel.WINDOW, 4, 1)],
        [(Channel.ONLINE, 5, 3), (Channel.WINDOW, 8, 1)],
    ]


def test_a_short_last_slot_gets_fewer() -> None:
    parts = lay_out(Interval(START, START + timedelta(minutes=40)), {Channel.ONLINE: 8})

    assert [each.pools[0].capacity for each in parts] == [6, 2]


def test_a_slot_without_numbers_is_left_out() -> None:
    whole = Interval(START, START + timedelta(hours=2))

    assert len(lay_out(whole, {Channel.ONLINE: 2})) == 2
    assert lay_out(whole, {}) == ()


def test_free_numbers_are_taken_out_where_most_are_free() -> None:
    pools = [
        a_pool(0, capacity=4, first=1, taken=3, held_back=1),
        a_pool(1, capacity=4, first=5, taken=1),
        a_pool(2, capacity=4, first=9),
    ]

    changes = shrink(pools, channel=Channel.ONLINE, by=3)

    assert changes is not None
    assert [(each.capacity, each.first_number) for each in changes] == [(3, 5), (2, 9)]
    assert shrink(pools, channel=Channel.ONLINE, by=8) is None


def test_a_range_in_use_never_moves() -> None:
    pools = [
        a_pool(0, capacity=2, first=1, taken=1),
        a_pool(1, capacity=2, first=3),
    ]

    changes = grow(SLOTS, pools, channel=Channel.ONLINE, by=3, first_free=first_free_number(pools))

    assert changes is not None
    assert [(each.slot_id, each.capacity, each.first_number, each.is_new) for each in changes] == [
        (SLOTS[1].slot_id, 4, 5, False),
        (SLOTS[2].slot_id, 1, 9, True),
    ]


def test_fewer_new_numbers_than_slots_change_the_first_ones_only() -> None:
    changes = grow(SLOTS, [], channel=Channel.URGENT, by=1, first_free=7)

    assert changes is not None
    assert [(each.slot_id, each.first_number) for each in changes] == [(SLOTS[0].slot_id, 7)]


def test_where_every_range_is_in_use_nothing_grows() -> None:
    pools = [a_pool(place, capacity=2, first=1 + 2 * place, taken=1) for place in range(3)]

    assert grow(SLOTS, pools, channel=Channel.ONLINE, by=1, first_free=7) is None
