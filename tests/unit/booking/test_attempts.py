"""What a batch that fails again and again is answered with."""

from collections.abc import Sequence
from typing import Any, cast

import psycopg
import pytest
from psycopg import errors

from renhao import app, storage
from renhao.booking import BookCommand, Patience, allocator, attempts, refusals
from renhao.kernel import Refused

pytestmark = pytest.mark.unit

NO_POOL = cast("storage.Pool", None)
ONE = cast("Sequence[BookCommand]", [None])
NO_COLLISION = Patience(collisions_max=0)


def failing(*failures: Exception) -> Any:
    """Make a `serve` that fails in these ways, one after the other."""
    left = list(failures)

    async def serve(*_: object, **__: object) -> list[Refused]:
        raise left.pop(0)

    return serve


async def test_collisions_alone_are_an_overload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "serve", failing(errors.LockNotAvailable()))

    (outcome,) = await attempts.outcomes_of(NO_POOL, ONE, NO_COLLISION)

    assert isinstance(outcome, refusals.Overloaded)


@pytest.mark.parametrize(
    "doubt",
    [TimeoutError(), storage.NotReplicatedError(), psycopg.OperationalError("connection lost")],
    ids=lambda error: type(error).__name__,
)
async def test_a_collision_after_a_try_in_doubt_stays_unknown(
    doubt: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "serve", failing(doubt, errors.LockNotAvailable()))

    (outcome,) = await attempts.outcomes_of(NO_POOL, ONE, NO_COLLISION)

    assert isinstance(outcome, refusals.OutcomeUnknown)


def test_draining_ends_before_the_process_is_killed() -> None:
    longest = allocator.DRAIN_SECONDS + allocator.LETTING_GO_SECONDS

    assert longest + 1 < app.STOP_SECONDS_MAX
