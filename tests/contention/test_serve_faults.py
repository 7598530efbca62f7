"""kill -9 under 2,000 bookings over HTTP: the acknowledged exist once, nothing is oversold."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import Hospital
from tests.support.crowds import Wish, coming_day, wishes
from tests.support.keepalive import Answer, Connection, ConnectionEndedError, connected
from tests.support.processes import Serving, copied, made_data, wait_for

pytestmark = pytest.mark.contention
MANY = 2_000
SLOTS, CAPACITY = 4, 450
"""1,800 numbers for 2,000 wishes."""
KILLED_AFTER = 600
CONNECTIONS = 32
TRIES_MAX = 400
PAUSE_SECONDS = 0.1
CREATED, CONFLICT, UNAVAILABLE = 201, 409, 503


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with made_data() as data:
        yield data


@pytest.fixture
def serving(made: Path) -> Iterator[Serving]:
    with copied(made) as serving:
        yield serving.start()


async def test_the_whole_server_killed_and_started_again(serving: Serving) -> None:
    def kill() -> None:
        serving.kill()
        serving.start()

    await _book_through(serving, kill)


async def test_the_serving_process_killed_and_replaced(serving: Serving) -> None:
    def kill() -> None:
        os.kill(_forked_by(serving.pid), signal.SIGKILL)

    await _book_through(serving, kill)


async def test_postgresql_killed_and_revived(serving: Serving) -> None:
    before = serving.postmaster().pid

    def kill() -> None:
        os.kill(before, signal.SIGKILL)

    await _book_through(serving, kill)

    assert serving.postmaster().pid != before
    assert "PostgreSQL had died" in serving.said()


async def _book_through(serving: Serving, kill: Callable[[], None]) -> None:
    with serving.owner() as owner:
        hospital = clinics.hospital(owner, slots=SLOTS, capacity=CAPACITY, day=coming_day())
        crowd = wishes(owner, hospital, many=MANY)
    answers = _Answers(hospital, kill)

    await answers.collect(serving.port, crowd)

    wait_for(serving.is_ready)
    assert answers.killed
    with serving.owner() as owner:
        _reconcile(owner, hospital, answers.by_request)
        answers.by_request.clear()
        await answers.collect(serving.port, crowd)
        _reconcile(owner, hospital, answers.by_request)


def _reconcile(owner: psycopg.Connection, hospital: Hospital, answers: dict[str, Answer]) -> None:
    """Compare what was answered with what stands in the tables."""
    stored: dict[str, str] = dict(
        owner.execute(
            "SELECT r.request_id::text, a.appointment_id::text FROM request r"
            " JOIN appointment a USING (hospital_id, appointment_id) WHERE hospital_id = %s",
            [hospital.hospital_id],
        ).fetchall()
    )
    told = {
        request_id: answer.json()["appointment_id"]
        for request_id, answer in answers.items()
        if answer.status == CREATED
    }
    assert told == stored
    assert len(told) == SLOTS * CAPACITY
    assert count(owner, "SELECT count(*) FROM appointment") == SLOTS * CAPACITY
    assert {answer.status for answer in answers.values()} == {CREATED, CONFLICT}
    assert_conserved(owner, hospital)


class _Answers:
    """Books for a crowd, each until it is told yes or no, and kills once in the middle."""

    def __init__(self, hospital: Hospital, kill: Callable[[], None]) -> None:
        self._hospital = hospital
        self._kill = kill
        self.killed = False
        self.by_request: dict[str, Answer] = {}

    async def collect(self, port: int, crowd: Sequence[Wish]) -> None:
        waiting = iter(crowd)
        await asyncio.gather(*(self._contend(port, waiting) for _ in range(CONNECTIONS)))

    async def _contend(self, port: int, waiting: Iterator[Wish]) -> None:
        left = list[Wish]()
        for _ in range(TRIES_MAX):
            try:
                async with connected(port) as connection:
                    while wish := left.pop() if left else next(waiting, None):
                        left.append(wish)
                        await self._decide(connection, wish)
                        left.pop()
                    return
            except ConnectionEndedError:
                await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError("the server never came back")

    async def _decide(self, connection: Connection, wish: Wish) -> None:
        """Ask until the answer is yes or no."""
        for _ in range(TRIES_MAX):
            answer = await connection.send(wish.request(self._hospital))
            if answer.status != UNAVAILABLE:
                self.by_request[str(wish.request_id)] = answer
                break
            await asyncio.sleep(PAUSE_SECONDS)
        if len(self.by_request) >= KILLED_AFTER and not self.killed:
            self.killed = True
            await asyncio.to_thread(self._kill)


def _forked_by(pid: int) -> int:
    """Find the serving process: the child that runs the same words."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    same = [each for each in children if Path(f"/proc/{each}/cmdline").read_bytes() == words]
    assert len(same) == 1
    return int(same[0])
