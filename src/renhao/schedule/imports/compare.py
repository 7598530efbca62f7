"""One clinic as it stands against one row of the file: what may change, and what may not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from renhao.schedule.imports import reasons
from renhao.schedule.imports.layout import first_free_number, grow, shrink
from renhao.schedule.imports.model import ClinicChange, ClinicState, PoolChange, Reason, Wanted
from renhao.schedule.model import ClinicStatus


def compare(state: ClinicState, wanted: Wanted, *, now: datetime) -> ClinicChange | Reason | None:
    """Say what a row changes in its clinic, None when nothing, or why it cannot.

    While no number was ever given out everything may change and slots are laid out anew. After
    that times, mode and the ranges of pools in use stay; capacity shrinks by free numbers and grows
    in ranges above all others.
    """
    fields = tuple(_differences(state, wanted))
    if not fields:
        return None
    if min(state.starts_at, wanted.starts_at) <= now:
        return reasons.OVER
    reason = _forbidden(state, fields)
    if reason is not None:
        return reason
    pools = _resized(state, wanted) if state.is_used and "capacity" in fields else ()
    if isinstance(pools, Reason):
        return pools
    return ClinicChange(
        clinic_id=state.clinic_id,
        wanted=_kept(state, wanted),
        fields=fields,
        is_laid_out_anew=not state.is_used and bool({"times", "capacity"} & {*fields}),
        pools=pools,
    )


def _differences(state: ClinicState, wanted: Wanted) -> Iterator[str]:
    if (state.status is ClinicStatus.SUSPENDED) != (wanted.status is ClinicStatus.SUSPENDED):
        yield "status"
    if wanted.status is ClinicStatus.SUSPENDED:
        return  # what a suspended clinic would have been does not matter
    if (state.starts_at, state.ends_at) != (wanted.starts_at, wanted.ends_at):
        yield "times"
    if dict(state.capacity) != wanted.capacity:
        yield "capacity"
    if state.mode is not wanted.row.mode:
        yield "mode"
    if state.fee_cents != wanted.fee_cents:
        yield "fee"
    if state.room != wanted.room:
        yield "room"


def _forbidden(state: ClinicState, fields: tuple[str, ...]) -> Reason | None:
    if "status" in fields and state.was_suspended_by_staff:
        return reasons.SUSPENDED_BY_STAFF
    if not state.is_used:
        return None
    if "status" in fields and state.status is not ClinicStatus.SUSPENDED:
        return reasons.SUSPEND_BOOKED
    if "times" in fields:
        return reasons.TIMES_BOOKED
    return reasons.MODE_BOOKED if "mode" in fields else None


def _kept(state: ClinicState, wanted: Wanted) -> Wanted:
    """Keep all but the status of a clinic that a row only suspends."""
    if wanted.status is not ClinicStatus.SUSPENDED:
        return wanted
    return replace(
        wanted,
        row=replace(wanted.row, mode=state.mode),
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        fee_cents=state.fee_cents,
        room=state.room,
    )


def _resized(state: ClinicState, wanted: Wanted) -> tuple[PoolChange, ...] | Reason:
    changes: list[PoolChange] = []
    first_free = first_free_number(state.pools)
    for channel in sorted({*state.capacity, *wanted.capacity}):
        more = wanted.capacity.get(channel, 0) - state.capacity.get(channel, 0)
        if more > 0:
            grown = grow(state.slots, state.pools, channel=channel, by=more, first_free=first_free)
            if grown is None:
                return reasons.CANNOT_GROW
            changes += grown
            first_free += sum(change.capacity for change in grown)
        elif more < 0:
            shrunk = shrink(state.pools, channel=channel, by=-more)
            if shrunk is None:
                return reasons.CAPACITY_BELOW
            changes += shrunk
    return tuple(changes)
