"""Counting tries.

What is counted stays counted only if the transaction commits: so a refusal after a counted try is
returned to the edge, never raised.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from renhao.identity.rates import store
from renhao.identity.rates.model import Rate, seconds_left, window_start
from renhao.privacy import Vault
from renhao.storage import Tx


def bucket(vault: Vault, rate: Rate, subject: str) -> bytes:
    """Name a counter so that the table does not tell whose it is."""
    seconds = int(rate.window.total_seconds())
    return vault.mac("rate", f"{rate.label}|{seconds}|{subject}".encode())


async def hit(tx: Tx, bucket: bytes, *, window: timedelta, most: int, now: datetime) -> bool:
    """Count one try and say whether it is allowed. Locks the counter's row."""
    start = window_start(window, now=now)
    return await store.count_up(tx, bucket, window_start=start) <= most


async def peek(tx: Tx, bucket: bytes, *, window: timedelta, most: int, now: datetime) -> bool:
    """Say whether another try would be allowed, without counting it."""
    return await store.count(tx, bucket, window_start=window_start(window, now=now)) < most


async def seconds_to_wait(
    tx: Tx, vault: Vault, tries: Sequence[tuple[Rate, str]], *, now: datetime
) -> int | None:
    """Count one try under each rate and subject; say how long to wait if one is used up.

    Callers name the rates in one order everywhere (number, then address), so that two requests
    cannot wait for each other's counters.
    """
    waits = [0]
    for rate, subject in tries:
        key = bucket(vault, rate, subject)
        if not await hit(tx, key, window=rate.window, most=rate.most, now=now):
            waits.append(seconds_left(rate.window, now=now))
    return max(waits) or None


async def purge(tx: Tx, *, before: datetime) -> int:
    """Delete the counters of windows that began before then; needs the worker's role."""
    return await store.delete(tx, before=before)
