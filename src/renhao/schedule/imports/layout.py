"""How a clinic's numbers lie in its slots: capacity spread evenly, a range for each pool.

Numbers rise with time: first the ranges of the first slot, one for each channel, then those of the
second. Once a number of a clinic was given out its ranges stay where they are (see `grow`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from renhao.kernel import Interval
from renhao.schedule.imports.model import PoolChange
from renhao.schedule.kinds import Channel
from renhao.schedule.model import Pool, Slot
from renhao.schedule.times import cut_slots


@dataclass(frozen=True, slots=True)
class PoolPart:
    """One pool to be made: so many numbers of one channel from `first_number` on."""

    channel: Channel
    capacity: int
    first_number: int


@dataclass(frozen=True, slots=True)
class SlotPart:
    """One slot to be made, with its pools."""

    time: Interval
    pools: tuple[PoolPart, ...]


def lay_out(time_of_clinic: Interval, capacity: Mapping[Channel, int]) -> tuple[SlotPart, ...]:
    """Cut a clinic's time and spread its numbers over it; a slot without numbers is left out.

    Slots get numbers in proportion to their length, channels stay mixed evenly over the slots, and
    what does not divide falls to the earlier slots.
    """
    times = cut_slots(time_of_clinic)
    mixed = _mixed(capacity)
    parts = []
    for slot_time, (start, end) in zip(times, pairwise(_shares(times, len(mixed))), strict=True):
        if end > start:
            parts.append(SlotPart(slot_time, _ranges(mixed[start:end], first_number=start + 1)))
    return tuple(parts)


def shrink(pools: Iterable[Pool], *, channel: Channel, by: int) -> list[PoolChange] | None:
    """Take numbers nobody holds out of a channel, each time where most are free, late ones first.

    None when fewer are free: a number that was given out, also one held back, stays.
    """
    own = [pool for pool in pools if pool.channel is channel]
    capacity = {pool.slot_id: pool.capacity for pool in own}
    if sum(pool.capacity - pool.issued for pool in own) < by:
        return None
    for _ in range(by):
        most_free = max(own[::-1], key=lambda pool: capacity[pool.slot_id] - pool.issued)
        capacity[most_free.slot_id] -= 1
    return [
        PoolChange(
            slot_id=pool.slot_id,
            channel=channel,
            capacity=capacity[pool.slot_id],
            first_number=pool.first_number,
            is_new=False,
        )
        for pool in own
        if capacity[pool.slot_id] != pool.capacity
    ]


def grow(
    slots: Sequence[Slot],
    pools: Sequence[Pool],
    *,
    channel: Channel,
    by: int,
    first_free: int,
) -> list[PoolChange] | None:
    """Add numbers to a channel of a clinic in use, above every number that it has.

    Only a pool no number of which was ever given out may get another range, or a slot that has no
    pool of the channel yet a new one. None when there is neither: the ranges in use are fixed.
    """
    own = {pool.slot_id: pool for pool in pools if pool.channel is channel}
    open_slots = [
        slot for slot in slots if slot.slot_id not in own or own[slot.slot_id].issued == 0
    ]
    if not open_slots:
        return None
    changes = []
    for place, slot in enumerate(open_slots):
        more = by // len(open_slots) + (place < by % len(open_slots))
        if more:
            before = own[slot.slot_id].capacity if slot.slot_id in own else 0
            changes.append(
                PoolChange(
                    slot_id=slot.slot_id,
                    channel=channel,
                    capacity=before + more,
                    first_number=first_free,
                    is_new=slot.slot_id not in own,
                )
            )
            first_free += before + more
    return changes


def first_free_number(pools: Iterable[Pool]) -> int:
    """Say the first number above every range of a clinic."""
    return max((pool.first_number + pool.capacity for pool in pools), default=1)


def _mixed(capacity: Mapping[Channel, int]) -> list[Channel]:
    """Put the channels in a row so that each is spread evenly over it."""
    places = [
        ((2 * number + 1) / (2 * count), list(Channel).index(channel), channel)
        for channel, count in capacity.items()
        for number in range(count)
    ]
    return [channel for _, _, channel in sorted(places)]


def _shares(times: Sequence[Interval], total: int) -> list[int]:
    """Where each slot's numbers end when all are spread in proportion to the slots' lengths."""
    whole = times[-1].end - times[0].start
    return [0, *(-(-(time.end - times[0].start) * total // whole) for time in times)]


def _ranges(channels: Sequence[Channel], *, first_number: int) -> tuple[PoolPart, ...]:
    parts = []
    for channel in Channel:
        count = channels.count(channel)
        if count:
            parts.append(PoolPart(channel, count, first_number))
            first_number += count
    return tuple(parts)
