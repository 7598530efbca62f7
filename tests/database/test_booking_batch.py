"""Booking through the allocator: what gets a number, what does not, what is written."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from renhao import storage
from renhao.booking import Allocator, Booked, Neutral, refusals
from renhao.kernel import AppointmentId, RequestId, new_id
from renhao.schedule import Channel
from tests.conftest import Databases
from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import NOW

pytestmark = pytest.mark.database


@pytest.fixture
async def allocator(pool: storage.Pool) -> AsyncIterator[Allocator]:
    allocator = Allocator(pool)
    yield allocator
    await allocator.drain()


async def test_a_number_is_booked_with_audit_message_and_count(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    wish = clinics.command(hospital, person, hospital.clinics[0].slots[0])

    outcome = await allocator.book(wish)

    assert isinstance(outcome, Booked)
    assert outcome.number == 1
    assert outcome.appointment_id == wish.appointment_id
    assert_conserved(owner, hospital)
    assert count(owner, "SELECT count(*) FROM outbox WHERE template = 'booked'") == 1


async def test_numbers_follow_one_another_until_the_pool_is_empty(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=3)
    persons = clinics.people(owner, 5)
    slot = hospital.clinics[0].slots[0]

    outcomes = await asyncio.gather(
        *(allocator.book(clinics.command(hospital, each, slot)) for each in persons)
    )

    assert [each.number for each in outcomes if isinstance(each, Booked)] == [1, 2, 3]
    assert [type(each) for each in outcomes[3:]] == [refusals.SlotFull] * 2
    assert_conserved(owner, hospital)


async def test_a_repeat_gets_the_first_answer(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=1)
    first, second = clinics.people(owner, 2)
    slot = hospital.clinics[0].slots[0]
    wish, late = (clinics.command(hospital, each, slot) for each in (first, second))

    answers = [
        await allocator.book(replace(each, appointment_id=AppointmentId(new_id())))
        for each in (wish, wish, late, late)
    ]

    assert isinstance(answers[0], Booked)
    assert answers[1] == answers[0]
    assert [type(each) for each in answers[2:]] == [refusals.SlotFull] * 2
    assert count(owner, "SELECT count(*) FROM appointment") == 1


async def test_a_repeat_with_another_body_is_refused(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    wish = clinics.command(hospital, person, hospital.clinics[0].slots[0])

    first = await allocator.book(wish)
    other = await allocator.book(replace(wish, digest=b"other"))

    assert isinstance(first, Booked)
    assert isinstance(other, refusals.RequestIdReused)


async def test_the_same_id_twice_in_one_batch_is_answered_once(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    wish = clinics.command(hospital, person, hospital.clinics[0].slots[0])

    first, second, other = await asyncio.gather(
        allocator.book(wish),
        allocator.book(replace(wish, appointment_id=AppointmentId(new_id()))),
        allocator.book(replace(wish, digest=b"other")),
    )

    assert isinstance(first, Booked)
    assert second == first
    assert isinstance(other, refusals.RequestIdReused)


async def test_a_stored_refusal_keeps_its_facts(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    wish = clinics.command(
        hospital, person, hospital.clinics[0].slots[0], at=NOW - timedelta(days=2)
    )

    first, again = await allocator.book(wish), await allocator.book(wish)

    assert isinstance(first, refusals.NotReleasedYet)
    assert isinstance(again, refusals.NotReleasedYet)
    assert again.facts == first.facts


async def test_two_requests_of_one_patient_in_one_batch_see_each_other(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=4)
    (person,) = clinics.people(owner, 1)

    outcomes = await asyncio.gather(
        *(
            allocator.book(clinics.command(hospital, person, each.slots[0]))
            for each in hospital.clinics
        )
    )

    assert [type(each) for each in outcomes] == [
        Booked,
        Booked,
        refusals.TooManyDepartments,
        refusals.TooManyDepartments,
    ]


async def test_another_accounts_holding_is_never_told_and_asked_three_times_a_day(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=6)
    (person,) = clinics.people(owner, 1)
    prober = clinics.also_linked(owner, person)
    slot = hospital.clinics[0].slots[0]
    await allocator.book(clinics.command(hospital, person, slot))

    asked = [await allocator.book(clinics.command(hospital, prober, slot)) for _ in range(4)]
    elsewhere = await allocator.book(
        clinics.command(hospital, prober, hospital.clinics[1].slots[0])
    )
    tomorrow = await allocator.book(
        clinics.command(hospital, prober, hospital.clinics[1].slots[0], at=NOW + timedelta(days=1))
    )

    assert [type(each) for each in asked] == [Neutral] * 3 + [refusals.TooManyQuestions]
    assert isinstance(elsewhere, refusals.TooManyQuestions)
    assert isinstance(tomorrow, Booked)


async def test_the_window_books_for_a_person_without_account(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, channels=("online", "window"))
    (person,) = clinics.people(owner, 1, assurance="seen")
    registrar = clinics.staff()
    wish = clinics.command(
        hospital, person, hospital.clinics[0].slots[0], channel=Channel.WINDOW, by=registrar
    )

    outcome = await allocator.book(wish)

    assert isinstance(outcome, Booked)
    assert owner.execute("SELECT actor_kind, actor_id, action FROM audit_event").fetchall() == [
        ("staff", registrar.id, "appointment.booked-at-window")
    ]
    assert owner.execute("SELECT assurance FROM appointment").fetchall() == [("seen",)]
    assert count(owner, "SELECT count(*) FROM outbox") == 0


async def test_a_hospitals_own_limit_holds_from_its_first_day(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=2)
    (person,) = clinics.people(owner, 1)
    owner.execute(
        "INSERT INTO limit_rule VALUES (%s, 'departments-per-day', %s, NULL, 1, 1, 0)",
        [hospital.hospital_id, clinics.DAY],
    )

    outcomes = [
        await allocator.book(clinics.command(hospital, person, each.slots[0]))
        for each in hospital.clinics
    ]

    assert [type(each) for each in outcomes] == [Booked, refusals.TooManyDepartments]


async def test_too_long_a_queue_is_refused_at_once_and_not_stored(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    persons = clinics.people(owner, 4)
    allocator = Allocator(pool, queue_max=2)
    slot = hospital.clinics[0].slots[0]

    outcomes = await asyncio.gather(
        *(allocator.book(clinics.command(hospital, each, slot)) for each in persons)
    )
    await allocator.drain()

    assert [type(each) for each in outcomes] == [
        Booked,
        Booked,
        refusals.Overloaded,
        refusals.Overloaded,
    ]
    assert count(owner, "SELECT count(*) FROM request") == 2


async def test_draining_answers_all_that_wait_and_refuses_what_comes_after(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    persons = clinics.people(owner, 3)
    slot = hospital.clinics[0].slots[0]
    waiting = [
        asyncio.create_task(allocator.book(clinics.command(hospital, each, slot)))
        for each in persons[:2]
    ]
    await asyncio.sleep(0)

    await allocator.drain()

    assert [type(each) for each in await asyncio.gather(*waiting)] == [Booked, Booked]
    after = await allocator.book(clinics.command(hospital, persons[2], slot))
    assert isinstance(after, refusals.ShuttingDown)


async def test_draining_does_not_wait_for_what_hangs(
    pool: storage.Pool, owner: psycopg.Connection, databases: Databases
) -> None:
    hospital = clinics.hospital(owner)
    persons = clinics.people(owner, 3)
    wishes = [clinics.command(hospital, each, hospital.clinics[0].slots[0]) for each in persons]
    stopping, after = Allocator(pool, batch_max=1), Allocator(pool)
    with psycopg.connect(databases.main) as blocker:
        blocker.execute("SELECT FROM slot_pool FOR UPDATE")
        waiting = [asyncio.create_task(stopping.book(each)) for each in wishes]
        await asyncio.sleep(0.2)

        async with asyncio.timeout(3):
            await stopping.drain(within_seconds=0.2)
            outcomes = await asyncio.gather(*waiting)

    unknown, stopped = refusals.OutcomeUnknown, refusals.ShuttingDown
    assert [type(each) for each in outcomes] == [unknown, unknown, stopped]
    again = [await after.book(each) for each in wishes]
    assert [type(each) for each in again] == [Booked] * 3
    assert_conserved(owner, hospital)
    await after.drain()


async def test_a_caller_that_leaves_the_queue_takes_its_command_along(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    stays, leaves = clinics.people(owner, 2)
    slot = hospital.clinics[0].slots[0]
    task = asyncio.create_task(allocator.book(clinics.command(hospital, leaves, slot)))
    other = asyncio.create_task(allocator.book(clinics.command(hospital, stays, slot)))
    await asyncio.sleep(0)

    task.cancel()

    assert isinstance(await other, Booked)
    assert count(owner, "SELECT count(*) FROM appointment") == 1


async def test_a_caller_that_leaves_a_batch_under_way_keeps_its_number(
    allocator: Allocator, owner: psycopg.Connection, databases: Databases
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    wish = clinics.command(hospital, person, hospital.clinics[0].slots[0])
    with psycopg.connect(databases.main) as blocker:
        blocker.execute("SELECT FROM slot_pool FOR UPDATE")
        task = asyncio.create_task(allocator.book(wish))
        await asyncio.sleep(0.2)

        task.cancel()

    again = await allocator.book(wish)
    assert isinstance(again, Booked)
    assert again.appointment_id == wish.appointment_id
    assert_conserved(owner, hospital)


async def test_one_bad_request_never_fails_its_neighbours(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    persons = clinics.people(owner, 5)
    slot = hospital.clinics[0].slots[0]
    wishes = [clinics.command(hospital, each, slot) for each in persons]
    wishes[2] = replace(wishes[2], appointment_id=wishes[1].appointment_id)

    outcomes = await asyncio.gather(
        *(allocator.book(each) for each in wishes), return_exceptions=True
    )

    assert [isinstance(each, Booked) for each in outcomes] == [True, True, False, True, True]
    assert_conserved(owner, hospital)


async def test_a_broken_pool_row_answers_full(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    first, second = clinics.people(owner, 2)
    slot = hospital.clinics[0].slots[0]
    await allocator.book(clinics.command(hospital, first, slot))
    owner.execute("UPDATE slot_pool SET taken = 0")

    outcome = await allocator.book(clinics.command(hospital, second, slot))

    assert isinstance(outcome, refusals.SlotFull)


async def test_a_request_id_belongs_to_its_account(
    allocator: Allocator, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    shared = RequestId(new_id())
    slot = hospital.clinics[0].slots[0]

    outcomes = [
        await allocator.book(clinics.command(hospital, each, slot, request_id=shared))
        for each in clinics.people(owner, 2)
    ]

    assert [each.number for each in outcomes if isinstance(each, Booked)] == [1, 2]
