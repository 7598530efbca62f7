"""kill -9 and lost standbys: what was acknowledged exists, nothing exists twice."""

import asyncio
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from renhao import storage
from renhao.booking import Allocator, BookCommand, Booked, Patience, refusals
from tests.conftest import fast_folder
from tests.support import clinics, clusters
from tests.support.booking import assert_conserved, count

pytestmark = pytest.mark.contention
ROOT = Path(__file__).parents[2]
MANY = 2_000


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rh", dir=fast_folder()) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("victim", ["server", "postgres"])
async def test_after_a_kill_every_acknowledged_booking_exists_once(
    victim: str, folder: Path
) -> None:
    cluster = clusters.cluster(folder / "a")
    try:
        with psycopg.connect(cluster.address, autocommit=True) as owner:
            hospital = clinics.hospital(owner, slots=4, capacity=MANY // 5)
            slots = hospital.clinics[0].slots
            persons = clinics.people(owner, MANY)
            wishes = [
                clinics.command(hospital, each, slots[place % 4])
                for place, each in enumerate(persons)
            ]
        said = await asyncio.to_thread(_booked_before_the_kill, cluster, wishes, victim)

        answers = await _book_all(cluster.address, wishes)

        with psycopg.connect(cluster.address, autocommit=True) as owner:
            numbers: dict[str, int] = dict(
                owner.execute(
                    "SELECT r.request_id::text, a.number FROM request r"
                    " JOIN appointment a USING (hospital_id, appointment_id)"
                ).fetchall()
            )
            assert_conserved(owner, hospital)
            assert count(owner, "SELECT sum(taken) FROM slot_pool") == 4 * (MANY // 5)
        assert said
        assert all(numbers[request] == number for request, number in said.items())
        assert sum(isinstance(each, Booked) for each in answers) == 4 * (MANY // 5)
    finally:
        cluster.stop()


def _booked_before_the_kill(
    cluster: clusters.Cluster, wishes: list[BookCommand], victim: str
) -> dict[str, int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contention.races", cluster.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin:
        process.stdin.write(pickle.dumps(wishes))
    lines = [process.stdout.readline() for _ in range(300)]
    if victim == "postgres":
        cluster.stop(signal.SIGKILL)
        time.sleep(0.3)
        cluster.start()
    else:
        process.send_signal(signal.SIGKILL)
    lines += process.stdout.read().splitlines()
    process.stdout.close()
    process.wait(timeout=60)
    words = [line.decode().split() for line in lines if line.strip()]
    return {each[0]: int(each[2]) for each in words if each[1:2] == ["booked"] and len(each) == 3}


async def _book_all(address: str, wishes: list[BookCommand]) -> list[object]:
    pool = storage.make_pool(address, role=storage.roles.SERVER, size=4)
    async with pool:
        allocator = Allocator(pool)
        outcomes = await asyncio.gather(*(allocator.book(each) for each in wishes))
        await allocator.drain()
    return list(outcomes)


async def test_nothing_is_acknowledged_while_the_synchronous_standby_is_gone(
    folder: Path,
) -> None:
    primary = clusters.cluster(folder / "a")
    standby = primary.standby(clusters.own(folder / "b"))
    pool = storage.make_pool(primary.address, role=storage.roles.SERVER, size=2)
    patience = Patience(resolve_seconds=1.5, statement_seconds=0.5, batch_seconds=1.0)
    try:
        with psycopg.connect(primary.address, autocommit=True) as owner:
            hospital = clinics.hospital(owner)
            (person,) = clinics.people(owner, 1)
            owner.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            owner.execute("SELECT pg_reload_conf()")
        wish = clinics.command(hospital, person, hospital.clinics[0].slots[0])
        standby.stop()
        async with pool:
            allocator = Allocator(pool, patience=patience)

            first = await allocator.book(wish)
            repeat = await allocator.book(wish)
            standby.start()
            answer = await allocator.book(wish)
            again = await allocator.book(wish)
            await allocator.drain()

        assert isinstance(first, refusals.OutcomeUnknown)
        assert isinstance(repeat, refusals.OutcomeUnknown)
        assert isinstance(answer, Booked)
        assert again == answer
        with psycopg.connect(standby.address, autocommit=True) as copy:
            assert count(copy, "SELECT count(*) FROM appointment") == 1
    finally:
        standby.stop()
        primary.stop()
