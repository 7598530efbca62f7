"""Booking from a process of its own: `python -m tests.contention.races ADDRESS < commands`.

Reads pickled commands, books them all at once, and writes one line for each outcome. With a further
word, `gated` or `unlocked`, its batches pause or also lack the patients' locks.
"""

import asyncio
import pickle
import sys
from typing import Any

import psycopg
import pytest

from renhao import storage
from renhao.booking import Allocator, BookCommand, Booked, batch_store

GATE = 4_711
"""Advisory lock that a test holds until all that race stand at it or at another's lock."""
WITHOUT_LOCK = "SELECT %s::uuid, %s::timestamptz, %s::timestamptz, %s::uuid[]"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
GATE_LOOKS_MAX = 600
GATE_PAUSE_SECONDS = 0.05


def gate(patch: pytest.MonkeyPatch, *, locked: bool) -> None:
    """Let each batch pause between reading and writing; without the patients' locks on demand."""
    read = batch_store.read

    async def read_and_wait(tx: storage.Tx, *given: Any, **more: Any) -> Any:
        found = await read(tx, *given, **more)
        await tx.run("SELECT pg_advisory_xact_lock_shared(%s)", [GATE])
        return found

    patch.setattr(batch_store, "read", read_and_wait)
    if not locked:
        patch.setattr(batch_store, "LOCK_PATIENTS", WITHOUT_LOCK)


def close_gate(owner: psycopg.Connection) -> None:
    """Hold the gate."""
    owner.execute("SELECT pg_advisory_lock(%s)", [GATE])


async def open_gate(owner: psycopg.Connection, *, many: int) -> None:
    """Open the gate once so many transactions wait for it or for one another."""
    for _ in range(GATE_LOOKS_MAX):
        row = owner.execute(WAITING).fetchone()
        if row is not None and row[0] >= many:
            break
        await asyncio.sleep(GATE_PAUSE_SECONDS)
    owner.execute("SELECT pg_advisory_unlock(%s)", [GATE])


async def book_all(address: str, commands: list[BookCommand]) -> None:
    """Book and acknowledge: a line is written only when the outcome is known."""
    pool = storage.make_pool(address, role=storage.roles.SERVER, size=4)
    async with pool:
        allocator = Allocator(pool)

        async def book(command: BookCommand) -> None:
            outcome = await allocator.book(command)
            said = "booked" if isinstance(outcome, Booked) else str(outcome)
            number = outcome.number if isinstance(outcome, Booked) else 0
            print(command.request_id, said.split(":")[0], number, flush=True)  # noqa: T201

        await asyncio.gather(*(book(each) for each in commands))
        await allocator.drain()


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        if sys.argv[2:]:
            gate(patch, locked=sys.argv[2] == "gated")
        asyncio.run(book_all(sys.argv[1], pickle.load(sys.stdin.buffer)))  # noqa: S301 - our own
