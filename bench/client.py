"""The client, a process of its own: `python -m bench.client PORT CONNECTIONS < requests`."""

import asyncio
import json
import pickle
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

import uvloop

from tests.support.keepalive import send_all

SECONDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Load:
    """How long so many requests took, and how they were answered."""

    seconds: float
    statuses: dict[str, int]
    body_bytes: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds


async def sent(port: int, requests: list[bytes], *, connections: int) -> Load:
    """Send requests from a process of its own."""

    def run() -> Load:
        done = subprocess.run(
            [sys.executable, "-m", "bench.client", str(port), str(connections)],
            input=pickle.dumps(requests),
            stdout=subprocess.PIPE,
            check=True,
            timeout=SECONDS_MAX,
        )
        return Load(**json.loads(done.stdout))

    return await asyncio.to_thread(run)


async def _measured(port: int, requests: list[bytes], connections: int) -> None:
    begun = time.perf_counter()
    answers = await send_all(port, requests, connections=connections)
    seconds = time.perf_counter() - begun
    statuses = Counter(str(answer.status) for answer in answers)
    load = {"seconds": seconds, "statuses": statuses, "body_bytes": len(answers[0].body)}
    print(json.dumps(load))


if __name__ == "__main__":
    uvloop.run(
        _measured(int(sys.argv[1]), pickle.load(sys.stdin.buffer), int(sys.argv[2]))  # noqa: S301
    )
