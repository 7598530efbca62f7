"""Part 5: a cold start of `renhao demo`, step by step, and what it keeps in memory."""

import re
import time
from pathlib import Path

import httpx

from bench.parts import Result
from tests.support.processes import Serving, free_port, short_folder, wait_for

START_SECONDS_MAX = 300
STEP = re.compile(r"^· ([a-z][a-z -]*): ([0-9.]+) s$", re.MULTILINE)
MIB = 1024


def run() -> list[Result]:
    """Start the demo on nothing, then once more on what it made; a report, nothing is wanted."""
    with short_folder() as folder:
        serving = Serving(folder / "data", command="demo")
        try:
            cold = _started(serving)
            detail = _steps(serving, cold) | _memory(serving)
            serving.end()
            warm = _started(serving)
            serving.end()
        finally:
            serving.clear()
    detail["second_start_seconds"] = round(warm, 1)
    return [Result("cold start of the demo / second start", cold / warm, 0.0, detail)]


def _started(serving: Serving) -> float:
    """Start and wait until the home page is served; give the seconds."""
    serving.port = free_port()
    begun = time.perf_counter()
    serving.spawn()
    wait_for(lambda: _answers(serving), seconds=START_SECONDS_MAX)
    return time.perf_counter() - begun


def _answers(serving: Serving) -> bool:
    if not serving.is_ready():
        return False
    return httpx.get(serving.address, follow_redirects=True, timeout=30).is_success


def _steps(serving: Serving, total: float) -> dict[str, float | int | str]:
    steps = {f"{name}_seconds": float(seconds) for name, seconds in STEP.findall(serving.said())}
    rest = total - sum(steps.values())
    return {"seconds": round(total, 1), **steps, "database_schema_server_seconds": round(rest, 1)}


def _memory(serving: Serving) -> dict[str, float | int | str]:
    """Add up resident memory, shared pages once (PSS), of the program and of the database."""
    postmaster = serving.postmaster().pid
    database = _family(postmaster)
    program = [each for each in _family(serving.pid) if each not in database]
    return {
        "program_mib": round(sum(map(_resident, program)) / MIB),
        "database_mib": round(sum(map(_resident, database)) / MIB),
    }


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> int:
    """Read the proportional set size in KiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
