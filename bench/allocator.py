"""Part 2: the allocator against one transaction per request with a row-locked counter."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

from bench import baseline, places
from bench.parts import Result, alternate
from renhao import storage
from renhao.booking import Allocator, BookCommand, Booked

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "12000"))
BASELINE_REQUESTS = REQUESTS // 10
CONTENDERS = 1_024
ROUNDS = 3
WANTED = 15.0

Book = Callable[[BookCommand], Awaitable[object]]


def run() -> list[Result]:
    """Measure on one clinic and on fifty."""
    return [asyncio.run(_compare(1)), asyncio.run(_compare(50))]


async def _compare(over: int) -> Result:
    with places.database() as (owner, address):
        pool = storage.make_pool(address, role=storage.roles.SERVER, size=8)
        async with pool:
            counts: list[float] = []

            async def batched() -> float:
                allocator = Allocator(pool, queue_max=CONTENDERS)
                wishes = places.wishes(owner, many=REQUESTS, over=over)
                rate = await rate_of(allocator.book, wishes, contenders=CONTENDERS, waits=counts)
                await allocator.drain()
                return rate

            async def single() -> float:
                wishes = places.wishes(owner, many=BASELINE_REQUESTS, over=over)

                async def book(wish: BookCommand) -> object:
                    return await baseline.book(pool, wish)

                return await rate_of(book, wishes, contenders=8, waits=[])

            ours, theirs = await alternate(batched, single, rounds=ROUNDS)
    counts.sort()
    return Result(
        f"allocator / one transaction each, {over} clinics",
        ours / theirs,
        WANTED,
        {
            "allocator_per_second": round(ours),
            "one_each_per_second": round(theirs),
            "requests": REQUESTS,
            "p50_ms": round(counts[len(counts) // 2] * 1000, 1),
            "p99_ms": round(counts[len(counts) * 99 // 100] * 1000, 1),
        },
    )


async def rate_of(
    book: Book, wishes: list[BookCommand], *, contenders: int, waits: list[float]
) -> float:
    """Book all wishes with so many at once; return how many were booked a second."""
    todo = iter(wishes)
    booked = 0

    async def contend() -> None:
        nonlocal booked
        for wish in todo:
            begun = time.perf_counter()
            outcome = await book(wish)
            waits.append(time.perf_counter() - begun)
            booked += isinstance(outcome, Booked)

    started = time.perf_counter()
    await asyncio.gather(*(contend() for _ in range(contenders)))
    taken = time.perf_counter() - started
    assert booked == len(wishes), f"{booked} of {len(wishes)} booked"
    return booked / taken
