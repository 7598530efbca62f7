"""What to do when a batch fails: try again, in halves, or ask the request ids what happened."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

from renhao import storage
from renhao.booking import refusals
from renhao.booking.batch import STATEMENT_SECONDS, Outcome, serve
from renhao.booking.model import BookCommand
from renhao.kernel import Refused

RETRY_AFTER_SECONDS = 5
PAUSE_SECONDS = 0.05
PAUSE_SECONDS_MAX = 1.0

COLLIDED = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.LockNotAvailable,
    errors.QueryCanceled,
)
"""Another transaction was in the way; rolled back whole, so trying again is safe."""
LOST = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
    storage.NotReplicatedError,
    PoolTimeout,
    TooManyRequests,
)
"""The server went away or its standby did: the request ids will tell what was committed."""

REFUSAL_OF_CONSTRAINT: Mapping[str, type[Refused]] = MappingProxyType(
    {
        "slot_pool_not_oversold": refusals.SlotFull,
        "slot_pool_reopened_within_capacity": refusals.SlotFull,
        "appointment_number_once": refusals.SlotFull,
        "appointment_one_live_per_clinic": refusals.Neutral,
        "appointment_one_live_per_department_day": refusals.Neutral,
        "appointment_of_pool": refusals.NoSuchNumbers,
    }
)
"""The database's last word, in ours; neutral where it may rest on another account's holding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how often to try before saying that the outcome is unknown."""

    collisions_max: int = 5
    resolve_seconds: float = 30.0
    statement_seconds: float = STATEMENT_SECONDS
    batch_seconds: float = 2 * STATEMENT_SECONDS


async def outcomes_of(
    pool: storage.Pool, commands: Sequence[BookCommand], patience: Patience
) -> Sequence[Outcome | Exception]:
    """Serve the commands, again or in halves when the database refuses; an outcome for each.

    Serving again is how an unknown outcome is resolved: a request that was committed answers with
    what it got, one that was not is decided now.
    """
    try:
        return await _persistently(pool, commands, patience)
    except psycopg.Error as error:
        if len(commands) == 1:
            return [_refusal_for(error)]
        middle = len(commands) // 2
        first = await outcomes_of(pool, commands[:middle], patience)
        return [*first, *await outcomes_of(pool, commands[middle:], patience)]


async def _persistently(
    pool: storage.Pool, commands: Sequence[BookCommand], patience: Patience
) -> Sequence[Outcome]:
    """Serve until it works, within bounds. Raises what neither waiting nor a new try mends."""
    clock = asyncio.get_running_loop().time
    started, collisions, pause = clock(), 0, PAUSE_SECONDS
    unknown = False
    while clock() - started < patience.resolve_seconds:
        try:
            async with asyncio.timeout(patience.batch_seconds):
                return await serve(pool, commands, statement_seconds=patience.statement_seconds)
        except COLLIDED:
            collisions += 1
            if collisions > patience.collisions_max:
                return _given_up(commands, unknown=unknown)
        except TimeoutError:
            unknown = True  # a commit waits for its standby without a bound of its own
        except (psycopg.OperationalError, storage.NotReplicatedError) as error:
            if not _is_lost(error):
                raise
            unknown = True
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSE_SECONDS_MAX)
    return _given_up(commands, unknown=True)


def _given_up(commands: Sequence[BookCommand], *, unknown: bool) -> Sequence[Refused]:
    """Refuse them all; after a try that may have been committed nobody may say it was not."""
    refusal = refusals.OutcomeUnknown if unknown else refusals.Overloaded
    return [refusal(retry_after_seconds=RETRY_AFTER_SECONDS)] * len(commands)


def _is_lost(error: Exception) -> bool:
    """Whether the connection or the standby is gone; without a SQLSTATE nobody answered."""
    return isinstance(error, LOST) or getattr(error, "sqlstate", None) is None


def _refusal_for(error: psycopg.Error) -> Refused | Exception:
    name = storage.constraint_of(error) if isinstance(error, psycopg.IntegrityError) else None
    refusal = REFUSAL_OF_CONSTRAINT.get(name or "")
    return error if refusal is None else refusal()
