"""Whatever a clinic's time and capacity: no number is lost, and none lies in two ranges."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renhao.kernel import ClinicId, Interval, SlotId, new_id
from renhao.schedule import Channel, Pool, Slot
from renhao.schedule.imports.layout import first_free_number, grow, lay_out

pytestmark = pytest.mark.property

START = datetime(2026, 11, 24, tzinfo=UTC)
CAPACITIES = st.dictionaries(st.sampled_from(list(Channel)), st.integers(0, 60))


@given(minutes=st.integers(1, 8 * 60), capacity=CAPACITIES)
def test_capacity_is_conserved_and_numbers_are_unique(
    minutes: int, capacity: dict[Channel, int]
) -> None:
    end = START + timedelta(minutes=minutes)

    parts = lay_out(Interval(START, end), capacity)

    pools = [pool for part in parts for pool in part.pools]
    numbers = [
        number
        for pool in pools
        for number in range(pool.first_number, pool.first_number + pool.capacity)
    ]
    for channel, count in capacity.items():
        assert sum(pool.capacity for pool in pools if pool.channel is channel) == count
    assert numbers == list(range(1, sum(capacity.values()) + 1))
    assert all(START <= part.time.start < part.time.end <= end for part in parts)
    assert all(part.time.length <= timedelta(minutes=30) for part in parts)


@given(slots=st.integers(1, 16), capacity=CAPACITIES)
def test_equal_slots_differ_by_one_number_at_most(slots: int, capacity: dict[Channel, int]) -> None:
    parts = lay_out(Interval(START, START + timedelta(minutes=30 * slots)), capacity)

    counts = [sum(pool.capacity for pool in part.pools) for part in parts]
    counts += [0] * (slots - len(parts))
    assert max(counts) - min(counts) <= 1


@given(
    used=st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=10),
    by=st.integers(1, 20),
)
def test_growing_adds_exactly_what_is_wanted_above_all_ranges(
    used: list[tuple[int, bool]], by: int
) -> None:
    slots, pools, first = [], [], 1
    for place, (capacity, is_taken) in enumerate(used):
        at = START + timedelta(minutes=30 * place)
        slot = Slot(
            slot_id=SlotId(new_id()),
            clinic_id=ClinicId(new_id()),
            starts_at=at,
            ends_at=at + timedelta(minutes=30),
        )
        slots.append(slot)
        if capacity:
            pools.append(
                Pool(
                    slot_id=slot.slot_id,
                    channel=Channel.ONLINE,
                    capacity=capacity,
                    first_number=first,
                    taken=int(is_taken),
                )
            )
            first += capacity

    changes = grow(slots, pools, channel=Channel.ONLINE, by=by, first_free=first_free_number(pools))

    own = {pool.slot_id: pool for pool in pools}
    if changes is None:
        assert len(own) == len(slots)
        assert all(pool.taken for pool in pools)
        return
    before = {key: pool.capacity for key, pool in own.items()}
    assert sum(each.capacity - before.get(each.slot_id, 0) for each in changes) == by
    assert all(each.first_number >= first for each in changes)
    assert not any(own[each.slot_id].taken for each in changes if each.slot_id in own)
    ends = [(each.first_number, each.first_number + each.capacity) for each in changes]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
