"""`renhao serve` as a process: ready, ended, killed, started twice, its database killed."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from renhao import privacy
from tests.support import clinics
from tests.support.booking import count
from tests.support.crowds import coming_day, wishes
from tests.support.keepalive import ConnectionEndedError, connected
from tests.support.processes import (
    STOP_SECONDS_MAX,
    Serving,
    copied,
    made_data,
    renhao,
    wait_for,
)

pytestmark = pytest.mark.contention


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with made_data() as data:
        yield data


@pytest.fixture
def serving(made: Path) -> Iterator[Serving]:
    with copied(made) as serving:
        yield serving


async def test_a_signal_ends_it_in_time_and_bookings_under_way_are_answered(
    serving: Serving,
) -> None:
    serving.start()
    with serving.owner() as owner:
        hospital = clinics.hospital(owner, slots=4, capacity=100, day=coming_day())
        crowd = wishes(owner, hospital, many=200)
        answered: list[str] = []

        async def book_until_it_ends() -> None:
            try:
                async with connected(serving.port) as connection:
                    while crowd:
                        wish = crowd.pop()
                        answer = await connection.send(wish.request(hospital))
                        if answer.status == 201:
                            answered.append(str(wish.request_id))
            except ConnectionEndedError:
                pass

        booking = asyncio.gather(*(book_until_it_ends() for _ in range(8)))
        await asyncio.to_thread(wait_for, lambda: len(answered) >= 20)
        begun = time.monotonic()
        code = await asyncio.to_thread(serving.end)
        took = time.monotonic() - begun
        await booking

    assert code == 0, serving.said()
    assert took < STOP_SECONDS_MAX
    assert crowd, "it ended before the last wish was sent"
    serving.start()
    with serving.owner() as owner:
        stored = {row[0] for row in owner.execute("SELECT request_id::text FROM request")}
    assert set(answered) == stored


def test_ctrl_c_ends_it_too_and_leaves_no_process(serving: Serving) -> None:
    serving.start()
    postgres = serving.postmaster()

    code = serving.end(signal.SIGINT)

    assert code == 0
    assert not postgres.alive()
    with pytest.raises(httpx.TransportError):
        httpx.get(serving.address)


def test_when_only_the_first_process_is_killed_the_others_follow_it(serving: Serving) -> None:
    serving.start()
    children = Path(f"/proc/{serving.pid}/task/{serving.pid}/children").read_text().split()
    postgres = serving.postmaster().pid

    os.kill(serving.pid, signal.SIGKILL)
    assert serving.process is not None
    serving.process.wait()

    wait_for(lambda: {each for each in children if _runs(each)} == {str(postgres)})
    serving.start()
    assert serving.postmaster().pid == postgres
    assert "left by a program that was killed" in serving.said()


def test_a_second_server_on_the_same_data_is_told_who_holds_it(serving: Serving) -> None:
    serving.start()

    second = renhao("serve", "--port", "0", data=serving.data)

    assert second.returncode == 1
    said = " ".join(second.stderr.split())
    assert f"is in use by process {serving.pid}" in said
    assert "--data" in said
    assert serving.is_ready()


def test_postgresql_that_dies_is_started_again_and_pages_come_back(serving: Serving) -> None:
    serving.start()
    killed = serving.postmaster().pid

    os.kill(killed, signal.SIGKILL)

    wait_for(lambda: not _runs(str(killed)))
    wait_for(serving.is_ready)
    assert serving.postmaster().pid != killed
    for _ in range(20):
        answer = httpx.get(f"{serving.address}/api/v1/hospitals")
        assert answer.status_code == 200, answer.text


def test_doctor_finds_a_sound_installation_well(serving: Serving) -> None:
    serving.start()

    done = renhao("doctor", data=serving.data)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout


def test_doctor_says_what_is_wrong_and_what_to_do(serving: Serving) -> None:
    (serving.data / "key-ring.json").chmod(0o644)

    done = renhao("doctor", data=serving.data)

    assert done.returncode == 1
    assert "chmod 600" in done.stdout


def test_showing_the_keys_shows_no_key(serving: Serving) -> None:
    ring = (serving.data / "key-ring.json").read_text()

    done = renhao("keys", "show", data=serving.data)

    secrets = re.findall(r"[A-Za-z0-9+/]{43}=", ring)
    assert done.returncode == 0
    assert "k1" in done.stdout
    assert len(secrets) == 2
    assert not any(secret[:10] in done.stdout for secret in secrets)


def test_without_its_key_ring_it_does_not_start(serving: Serving) -> None:
    (serving.data / "key-ring.json").unlink()

    done = renhao("serve", "--port", "0", data=serving.data)

    assert done.returncode == 1
    assert "put back" in " ".join(done.stderr.split())
    assert not (serving.data / "key-ring.json").exists()


def test_with_another_key_ring_it_does_not_start(serving: Serving) -> None:
    ring = serving.data / "key-ring.json"
    ring.unlink()
    privacy.keyring.save(privacy.keyring.make(), ring)

    done = renhao("serve", "--port", "0", data=serving.data)

    assert done.returncode == 1
    assert "does not belong to this database" in " ".join(done.stderr.split())


def test_nothing_is_lost_between_two_clean_runs(serving: Serving) -> None:
    serving.start()
    with serving.owner() as owner:
        clinics.people(owner, 3)
    serving.end()

    serving.start()

    with serving.owner() as owner:
        assert count(owner, "SELECT count(*) FROM patient") == 3
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO patient SELECT * FROM patient")


def _runs(pid: str) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False
