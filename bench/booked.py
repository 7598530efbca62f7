"""Part 1: a booking over HTTP against a POST that checks session and body and does nothing."""

import asyncio
import os

from bench import client, crowd
from bench.parts import Result, alternate
from bench.served import NOTHING_PATH
from tests.support import clinics
from tests.support.clinics import Hospital
from tests.support.crowds import Wish, coming_day
from tests.support.processes import Serving, copied, made_data

REQUESTS = int(os.environ.get("BENCH_HTTP_REQUESTS", "3000"))
WARM = 300
CONNECTIONS = 64
ROUNDS = 3
SLOTS = 8
WANTED = 0.5


def run() -> list[Result]:
    """Measure with everything included: session, limits, audit, outbox, the answer's name."""
    with made_data() as data, copied(data) as serving:
        serving.module, serving.more = "bench.served", ("--no-worker",)
        serving.start()
        return [asyncio.run(_compare(serving))]


async def _compare(serving: Serving) -> Result:
    rounds = iter(range(2 * ROUNDS + 2))
    crowds = [_crowd(serving, WARM)] + [_crowd(serving, REQUESTS) for _ in range(ROUNDS)]

    async def booked() -> float:
        hospital, wishes = crowds[next(rounds) // 2]
        requests = [wish.request(hospital) for wish in wishes]
        return await _rate(serving, requests)

    async def nothing() -> float:
        hospital, wishes = crowds[next(rounds) // 2]
        requests = [wish.request(hospital, path=NOTHING_PATH) for wish in wishes]
        return await _rate(serving, requests)

    await alternate(booked, nothing, rounds=1)
    ours, theirs = await alternate(booked, nothing, rounds=ROUNDS)
    return Result(
        "booking over HTTP / no-op POST",
        ours / theirs,
        WANTED,
        {
            "bookings_per_second": round(ours),
            "no_ops_per_second": round(theirs),
            "connections": CONNECTIONS,
            "requests_each_round": REQUESTS,
        },
    )


async def _rate(serving: Serving, requests: list[bytes]) -> float:
    load = await client.sent(serving.port, requests, connections=CONNECTIONS)
    assert load.statuses == {"201": len(requests)}, load.statuses
    return load.rate


def _crowd(serving: Serving, many: int) -> tuple[Hospital, list[Wish]]:
    with serving.owner() as owner:
        hospital = clinics.hospital(
            owner, slots=SLOTS, capacity=-(-many // SLOTS), day=coming_day()
        )
    return hospital, crowd.make(serving, hospital, many=many)
