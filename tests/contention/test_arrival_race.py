"""Many desks at once: one arrival for each appointment, no queue number twice."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from renhao import arrival, privacy, storage
from renhao.kernel import AppointmentId, HospitalId
from tests.support.arrivals import DESK, ON_THE_DAY, a_clinic, booked

pytestmark = pytest.mark.contention

CONTENDERS = 8


async def together(
    pool: storage.Pool, *steps: Callable[[storage.Tx], Awaitable[object]]
) -> list[object]:
    """Run each step in a transaction of its own; none begins before all have a connection."""
    barrier = asyncio.Barrier(len(steps))

    async def run(step: Callable[[storage.Tx], Awaitable[object]]) -> object:
        async with storage.begin(pool) as tx:
            await barrier.wait()
            return await step(tx)

    return await asyncio.gather(*(run(step) for step in steps), return_exceptions=True)


def check_in(
    hospital_id: HospitalId, appointment_id: AppointmentId
) -> Callable[[storage.Tx], Awaitable[object]]:
    return lambda tx: arrival.check_in(
        tx, hospital_id=hospital_id, appointment_id=appointment_id, by=DESK, now=ON_THE_DAY
    )


async def test_one_appointment_is_checked_in_once(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    async with storage.begin(pool) as tx:
        person = await booked(tx, vault, await a_clinic(tx))
    step = check_in(person.hospital_id, person.appointment_id)

    answers = await together(pool, *[step] * CONTENDERS)

    assert sum(isinstance(each, arrival.CheckedIn) for each in answers) == 1
    assert sum(isinstance(each, arrival.AlreadyArrived) for each in answers) == CONTENDERS - 1
    assert owner.execute("SELECT count(*), max(queue_number) FROM arrival").fetchone() == (1, 1)
    assert owner.execute("SELECT last_number FROM arrival_counter").fetchone() == (1,)


async def test_queue_numbers_of_one_clinic_are_dense_and_different(
    pool: storage.Pool, vault: privacy.Vault
) -> None:
    async with storage.begin(pool) as tx:
        hospital = await a_clinic(tx)
        persons = [await booked(tx, vault, hospital, index=1 + each) for each in range(CONTENDERS)]

    answers = await together(
        pool, *(check_in(hospital, person.appointment_id) for person in persons)
    )

    numbers = sorted(each.queue_number for each in answers if isinstance(each, arrival.CheckedIn))
    assert numbers == list(range(1, CONTENDERS + 1))


async def test_without_the_counter_the_race_is_real(
    pool: storage.Pool, vault: privacy.Vault
) -> None:
    async with storage.begin(pool) as tx:
        hospital = await a_clinic(tx)
        for each in range(CONTENDERS):
            await booked(tx, vault, hospital, index=1 + each)
    looked = asyncio.Barrier(CONTENDERS)

    async def unlocked(tx: storage.Tx) -> object:
        number = await tx.value("SELECT coalesce(max(queue_number), 0) + 1 FROM arrival")
        await looked.wait()
        return number

    numbers = await together(pool, *[unlocked] * CONTENDERS)

    assert numbers == [1] * CONTENDERS
