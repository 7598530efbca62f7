"""Races on a real server, each with a negative control that shows the race is real."""

import asyncio
import pickle
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from renhao import booking, storage
from renhao.booking import Allocator, BookCommand, Booked, refusals
from renhao.kernel import RequestId, SlotId, new_id
from tests.conftest import Databases
from tests.contention import races
from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import NOW, Hospital

pytestmark = pytest.mark.contention
ROOT = Path(__file__).parents[2]


async def _contend(pool: storage.Pool, commands: list[BookCommand]) -> list[object]:
    allocators = [Allocator(pool, batch_max=16) for _ in range(4)]
    outcomes = await asyncio.gather(
        *(allocators[place % 4].book(each) for place, each in enumerate(commands))
    )
    for each in allocators:
        await each.drain()
    return list(outcomes)


async def test_two_hundred_contend_for_twenty(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=20)
    slot = hospital.clinics[0].slots[0]
    persons = clinics.people(owner, 200)

    outcomes = await _contend(pool, [clinics.command(hospital, each, slot) for each in persons])

    numbers = [each.number for each in outcomes if isinstance(each, Booked)]
    assert sorted(numbers) == list(range(1, 21))
    assert sum(isinstance(each, refusals.SlotFull) for each in outcomes) == 180
    assert_conserved(owner, hospital)


async def test_without_the_lock_more_than_twenty_would_get_in(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=20)
    slot = hospital.clinics[0].slots[0]
    barrier = asyncio.Barrier(8)

    async def take() -> bool:
        async with storage.begin(pool) as tx:
            taken = await tx.value("SELECT taken FROM slot_pool WHERE slot_id = %s", [slot])
            await barrier.wait()
            await tx.run("UPDATE slot_pool SET taken = %s", [taken + 1])
        return True

    got = sum(await asyncio.gather(*(take() for _ in range(8))))

    assert got > count(owner, "SELECT taken FROM slot_pool")


async def test_one_request_id_from_twenty_connections_books_once(
    databases: object, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    slot = hospital.clinics[0].slots[0]
    shared = RequestId(new_id())
    pool = storage.make_pool(databases.main, role=storage.roles.SERVER, size=20)  # type: ignore[attr-defined]

    async with pool:
        allocators = [Allocator(pool) for _ in range(20)]
        outcomes = await asyncio.gather(
            *(
                each.book(clinics.command(hospital, person, slot, request_id=shared))
                for each in allocators
            )
        )
        for each in allocators:
            await each.drain()

    assert len({each.appointment_id for each in outcomes if isinstance(each, Booked)}) == 1
    assert all(isinstance(each, Booked) for each in outcomes)
    assert count(owner, "SELECT seen FROM request") == 20


async def test_without_a_shared_id_only_the_limit_stands_between(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    slot = hospital.clinics[0].slots[0]

    outcomes = await _contend(pool, [clinics.command(hospital, person, slot) for _ in range(20)])

    assert sum(isinstance(each, Booked) for each in outcomes) == 1
    assert sum(isinstance(each, refusals.AlreadyInClinic) for each in outcomes) == 19


async def test_cancel_against_book_never_deadlocks(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=2, capacity=100)
    persons = clinics.people(owner, 40)
    slots = [each.slots[0] for each in hospital.clinics]
    first = await _contend(pool, [clinics.command(hospital, each, slots[0]) for each in persons])

    async def cancel(place: int) -> None:
        held = first[place]
        assert isinstance(held, Booked)
        async with storage.begin(pool) as tx:
            await booking.cancel(
                tx,
                hospital_id=hospital.hospital_id,
                appointment_id=held.appointment_id,
                account_id=persons[place].account_id,
                by=persons[place].actor,
                request_id=RequestId(new_id()),
                digest=b"cancel",
                now=NOW,
            )

    second = _contend(pool, [clinics.command(hospital, each, slots[1]) for each in persons])
    _, *outcomes = await asyncio.gather(
        asyncio.gather(*(cancel(place) for place in range(40))), second
    )

    assert all(isinstance(each, Booked) for each in outcomes[0])
    assert owner.execute("SELECT sum(taken), sum(held_back) FROM slot_pool").fetchall() == [
        (40, 40)
    ]
    assert_conserved(owner, hospital)


async def test_in_another_order_the_locks_do_deadlock(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=2)
    slots = [each.slots[0] for each in hospital.clinics]
    barrier = asyncio.Barrier(2)

    async def lock(order: list[SlotId]) -> bool:
        try:
            async with storage.begin(pool) as tx:
                await tx.run("UPDATE slot_pool SET taken = 1 WHERE slot_id = %s", [order[0]])
                await barrier.wait()
                await tx.run("UPDATE slot_pool SET taken = 1 WHERE slot_id = %s", [order[1]])
        except errors.DeadlockDetected:
            return True
        return False

    assert any(await asyncio.gather(lock(slots), lock(slots[::-1])))


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "unlocked"])
async def test_only_the_patients_lock_keeps_concurrent_batches_to_the_limit(
    locked: bool,  # noqa: FBT001 - a parameter of the test
    pool: storage.Pool,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hospital = clinics.hospital(owner, clinics=20)
    (person,) = clinics.people(owner, 1)
    races.gate(monkeypatch, locked=locked)
    races.close_gate(owner)

    outcomes, _ = await asyncio.gather(
        _contend(pool, _wishes(hospital, person)), races.open_gate(owner, many=4)
    )

    booked = sum(isinstance(each, Booked) for each in outcomes)
    assert booked == 2 if locked else booked > 2
    assert count(owner, "SELECT count(*) FROM appointment") == booked


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "unlocked"])
async def test_only_the_patients_lock_keeps_two_processes_and_accounts_to_the_limit(
    locked: bool,  # noqa: FBT001 - a parameter of the test
    databases: Databases,
    owner: psycopg.Connection,
) -> None:
    hospital = clinics.hospital(owner, clinics=20)
    (person,) = clinics.people(owner, 1)
    both = (
        _wishes(hospital, person)[:10],
        _wishes(hospital, clinics.also_linked(owner, person))[10:],
    )
    word = "gated" if locked else "unlocked"
    races.close_gate(owner)

    *said, _ = await asyncio.gather(
        *(asyncio.to_thread(_book_apart, databases.main, each, word) for each in both),
        races.open_gate(owner, many=2),
    )

    booked = [line for lines in said for line in lines or () if " booked " in line]
    assert len(booked) == (2 if locked else 4)
    assert count(owner, "SELECT count(*) FROM appointment") == len(booked)
    assert_conserved(owner, hospital)


async def test_two_processes_share_one_clinic_without_overselling(
    databases: object, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=50)
    slot = hospital.clinics[0].slots[0]
    wishes = [clinics.command(hospital, each, slot) for each in clinics.people(owner, 200)]

    said = await asyncio.gather(
        *(
            asyncio.to_thread(_book_apart, databases.main, half)  # type: ignore[attr-defined]
            for half in (wishes[::2], wishes[1::2])
        )
    )

    numbers = [line.split()[2] for lines in said for line in lines if " booked " in line]
    assert sorted(map(int, numbers)) == list(range(1, 51))
    assert_conserved(owner, hospital)


def _wishes(hospital: Hospital, person: clinics.Person) -> list[BookCommand]:
    return [clinics.command(hospital, person, each.slots[0]) for each in hospital.clinics]


def _book_apart(address: str, commands: list[BookCommand], *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.contention.races", address, *words],
        input=pickle.dumps(commands),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    return done.stdout.decode().splitlines()
