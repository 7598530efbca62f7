"""Part 4: a department's 14 days against a static file of the same size, through one server."""

import asyncio
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from bench import client
from bench.parts import Result, alternate
from bench.served import FOLDER, STATIC_PATH
from tests.support import clinics
from tests.support.crowds import code, coming_day
from tests.support.keepalive import message, send_all
from tests.support.processes import Serving, copied, made_data

REQUESTS = int(os.environ.get("BENCH_PAGE_REQUESTS", "3000"))
CONNECTIONS = 64
ROUNDS = 3
DAYS = 14
CLINICS_A_DAY = 3
WANTED = 0.5


def run() -> list[Result]:
    """Measure the page that everybody reloads when numbers are released."""
    with made_data() as data, copied(data) as serving, tempfile.TemporaryDirectory() as folder:
        serving.module, serving.more = "bench.served", ("--no-worker",)
        serving.settings = {FOLDER: folder}
        serving.start()
        return [asyncio.run(_compare(serving, Path(folder)))]


async def _compare(serving: Serving, folder: Path) -> Result:
    page = message("GET", _department(serving))
    (shown,) = await send_all(serving.port, [page], connections=1)
    assert shown.status == 200, shown.body  # noqa: PLR2004
    (folder / "page.html").write_bytes(shown.body)
    file = message("GET", f"{STATIC_PATH}/page.html")

    async def pages() -> float:
        return await _rate(serving, page, size=len(shown.body))

    async def files() -> float:
        return await _rate(serving, file, size=len(shown.body))

    await alternate(pages, files, rounds=1)
    ours, theirs = await alternate(pages, files, rounds=ROUNDS)
    return Result(
        "department page / static file",
        ours / theirs,
        WANTED,
        {
            "pages_per_second": round(ours),
            "files_per_second": round(theirs),
            "bytes": len(shown.body),
            "connections": CONNECTIONS,
            "requests_each_round": REQUESTS,
        },
    )


async def _rate(serving: Serving, request: bytes, *, size: int) -> float:
    load = await client.sent(serving.port, [request] * REQUESTS, connections=CONNECTIONS)
    assert load.statuses == {"200": REQUESTS}, load.statuses
    assert load.body_bytes == size
    return load.rate


def _department(serving: Serving) -> str:
    """Fill a department's days; give the address of its page."""
    with serving.owner() as owner:
        hospital = clinics.hospital(owner, clinics=0)
        department_id = clinics.department(owner, hospital)
        halves = ("morning", "afternoon", "evening")[:CLINICS_A_DAY]
        for after in range(DAYS):
            for half_day in halves:
                clinics.clinic(
                    owner,
                    hospital,
                    day=coming_day(0) + timedelta(days=after),
                    slots=8,
                    department_id=department_id,
                    half_day=half_day,
                )
    return f"/h/{code(hospital)}/departments/{department_id}"
