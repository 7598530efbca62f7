"""Cancel, reschedule, arrive, suspend, void, close: each change counted, audited and told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from renhao import booking, storage
from renhao.booking import Booked, CancelReason, Status, refusals
from renhao.kernel import AppointmentId, RequestId, new_id
from renhao.schedule import ClinicUnknown
from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import DAY, NOW, Hospital, Person

pytestmark = pytest.mark.database
LATE = NOW + timedelta(days=6, hours=20)
"""After the free cancel of a clinic on DAY, before its start."""


@pytest.fixture
async def allocator(pool: storage.Pool) -> AsyncIterator[booking.Allocator]:
    allocator = booking.Allocator(pool)
    yield allocator
    await allocator.drain()


async def _booked(
    allocator: booking.Allocator, hospital: Hospital, person: Person, slot: int = 0
) -> Booked:
    wish = clinics.command(hospital, person, hospital.clinics[0].slots[slot])
    outcome = await allocator.book(wish)
    assert isinstance(outcome, Booked)
    return outcome


def _cancel(hospital: Hospital, person: Person, booked: Booked) -> dict[str, object]:
    return {
        "hospital_id": hospital.hospital_id,
        "appointment_id": booked.appointment_id,
        "account_id": person.account_id,
        "by": person.actor,
        "request_id": RequestId(new_id()),
        "digest": b"cancel",
        "now": NOW,
    }


def _move(hospital: Hospital, person: Person, booked: Booked, slot: int) -> dict[str, object]:
    return _cancel(hospital, person, booked) | {
        "new_appointment_id": AppointmentId(new_id()),
        "slot_id": hospital.clinics[0].slots[slot],
    }


async def test_a_cancelled_number_is_held_back_and_not_booked_again(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, capacity=1)
    first, second = clinics.people(owner, 2)
    booked = await _booked(allocator, hospital, first)
    order = _cancel(hospital, first, booked)

    async with storage.begin(pool) as tx:
        answer = await booking.cancel(tx, **order)  # type: ignore[arg-type]
    async with storage.begin(pool) as tx:
        again = await booking.cancel(tx, **order)  # type: ignore[arg-type]
    outcome = await allocator.book(clinics.command(hospital, second, booked.slot_id))

    assert not answer.late
    assert again == answer
    assert isinstance(outcome, refusals.SlotFull)
    assert owner.execute("SELECT taken, held_back FROM slot_pool").fetchall() == [(0, 1)]
    assert count(owner, "SELECT count(*) FROM outbox WHERE template = 'cancelled'") == 1
    assert_conserved(owner, hospital)


async def test_a_late_cancel_counts_and_after_the_start_there_is_none(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    first, second = clinics.people(owner, 2)
    late, missed = [await _booked(allocator, hospital, each) for each in (first, second)]

    async with storage.begin(pool) as tx:
        answer = await booking.cancel(tx, **_cancel(hospital, first, late) | {"now": LATE})  # type: ignore[arg-type]
    order = _cancel(hospital, second, missed) | {"now": hospital.clinics[0].starts_at}
    with pytest.raises(refusals.TooLateToCancel):
        async with storage.begin(pool) as tx:
            await booking.cancel(tx, **order)  # type: ignore[arg-type]

    assert answer.late
    assert count(owner, "SELECT count(*) FROM appointment WHERE cancelled_late") == 1


@pytest.mark.parametrize("change", ["account", "unknown", "twice", "reused"])
async def test_what_cannot_be_cancelled_changes_nothing(
    change: str, allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    person, stranger = clinics.people(owner, 2)
    booked = await _booked(allocator, hospital, person)
    order = _cancel(hospital, person, booked)
    refusal: type[Exception] = refusals.AppointmentUnknown
    if change == "account":
        order |= {"account_id": stranger.account_id, "by": stranger.actor}
    elif change == "unknown":
        order |= {"appointment_id": AppointmentId(new_id())}
    else:
        async with storage.begin(pool) as tx:
            await booking.cancel(tx, **order)  # type: ignore[arg-type]
        twice = change == "twice"
        order |= {"request_id": RequestId(new_id())} if twice else {"digest": b"another"}
        refusal = refusals.IllegalTransition if twice else refusals.RequestIdReused
    before = owner.execute("SELECT * FROM slot_pool").fetchall()

    with pytest.raises(refusal):
        async with storage.begin(pool) as tx:
            await booking.cancel(tx, **order)  # type: ignore[arg-type]

    assert owner.execute("SELECT * FROM slot_pool").fetchall() == before


async def test_rescheduling_moves_in_one_step_and_opens_the_old_number(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, slots=2, capacity=2)
    first, second = clinics.people(owner, 2)
    booked = await _booked(allocator, hospital, first)
    order = _move(hospital, first, booked, 1) | {"now": LATE}

    async with storage.begin(pool) as tx:
        moved = await booking.reschedule(tx, **order)  # type: ignore[arg-type]
    async with storage.begin(pool) as tx:
        again = await booking.reschedule(
            tx,
            **order | {"new_appointment_id": AppointmentId(new_id())},  # type: ignore[arg-type]
        )
    next_one = await _booked(allocator, hospital, second)

    assert again == moved
    assert (moved.number, moved.slot_id) == (3, hospital.clinics[0].slots[1])
    assert next_one.number == booked.number
    assert owner.execute(
        "SELECT cancel_reason, cancelled_late FROM appointment WHERE status = 'cancelled'"
    ).fetchall() == [(CancelReason.RESCHEDULED, False)]
    assert_conserved(owner, hospital)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("same", refusals.SameSlot),
        ("full", refusals.SlotFull),
        ("unknown", refusals.NoSuchNumbers),
        ("other-clinic", refusals.OtherClinic),
        ("started", refusals.ClinicStarted),
        ("over", refusals.SlotOver),
        ("draw", refusals.DrawClinic),
        ("no-pool", refusals.NoSuchNumbers),
        ("cancelled", refusals.IllegalTransition),
    ],
)
async def test_what_cannot_be_rescheduled_changes_nothing(
    change: str,
    refusal: type[Exception],
    allocator: booking.Allocator,
    pool: storage.Pool,
    owner: psycopg.Connection,
) -> None:
    hospital = clinics.hospital(owner, clinics=2, slots=2, capacity=1)
    first, second = clinics.people(owner, 2)
    booked = await _booked(allocator, hospital, first)
    order = _move(hospital, first, booked, 1)
    starts_at = hospital.clinics[0].starts_at
    match change:
        case "same":
            order |= {"slot_id": booked.slot_id}
        case "full":
            await _booked(allocator, hospital, second, 1)
        case "unknown":
            order |= {"slot_id": new_id()}
        case "other-clinic":
            order |= {"slot_id": hospital.clinics[1].slots[0]}
        case "started":
            order |= {"now": starts_at}
        case "over":
            order |= {"now": starts_at + timedelta(hours=2)}
        case "draw":
            owner.execute("UPDATE clinic SET mode = 'draw'")
        case "no-pool":
            owner.execute("DELETE FROM slot_pool WHERE slot_id = %s", [order["slot_id"]])
        case _:
            async with storage.begin(pool) as tx:
                await booking.cancel(tx, **_cancel(hospital, first, booked))  # type: ignore[arg-type]
    before = owner.execute("SELECT * FROM slot_pool ORDER BY slot_id").fetchall()

    with pytest.raises(refusal):
        async with storage.begin(pool) as tx:
            await booking.reschedule(tx, **order)  # type: ignore[arg-type]

    assert owner.execute("SELECT * FROM slot_pool ORDER BY slot_id").fetchall() == before


async def test_arriving_moves_once(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    (person,) = clinics.people(owner, 1)
    booked = await _booked(allocator, hospital, person)
    place = {"hospital_id": hospital.hospital_id, "by": clinics.staff(), "now": NOW}

    async with storage.begin(pool) as tx:
        arrived = await booking.arrive(tx, appointment_id=booked.appointment_id, **place)  # type: ignore[arg-type]

    assert arrived.status is Status.ARRIVED
    for appointment_id, refusal in (
        (booked.appointment_id, refusals.IllegalTransition),
        (AppointmentId(new_id()), refusals.AppointmentUnknown),
    ):
        with pytest.raises(refusal):
            async with storage.begin(pool) as tx:
                await booking.arrive(tx, appointment_id=appointment_id, **place)  # type: ignore[arg-type]


async def test_suspending_a_clinic_that_nobody_booked_tells_nobody(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)

    async with storage.begin(pool) as tx:
        affected = await booking.suspend(
            tx,
            hospital_id=hospital.hospital_id,
            clinic_id=hospital.clinics[0].clinic_id,
            suspension_id=new_id(),
            reason="ill",
            by=clinics.staff(),
            now=LATE,
        )

    assert affected == []
    assert count(owner, "SELECT count(*) FROM outbox") == 0
    assert count(owner, "SELECT count(*) FROM clinic WHERE status = 'suspended'") == 1


async def test_suspending_cancels_all_at_once_and_tells(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    persons = clinics.people(owner, 3)
    for each in persons[:2]:
        await _booked(allocator, hospital, each)
    clinic = hospital.clinics[0]
    place = {"hospital_id": hospital.hospital_id, "clinic_id": clinic.clinic_id}
    order = place | {"suspension_id": new_id(), "reason": "ill", "by": clinics.staff(), "now": LATE}

    async with storage.begin(pool) as tx:
        plan = await booking.suspend_plan(tx, **place)  # type: ignore[arg-type]
    async with storage.begin(pool) as tx:
        affected = await booking.suspend(tx, **order)  # type: ignore[arg-type]
    outcome = await allocator.book(clinics.command(hospital, persons[2], clinic.slots[0]))

    assert affected == plan
    assert [each.number for each in affected] == [1, 2]
    assert isinstance(outcome, refusals.ClinicSuspended)
    assert count(owner, "SELECT count(*) FROM outbox WHERE template = 'suspended'") == 2
    assert count(owner, "SELECT count(*) FROM appointment WHERE cancelled_late") == 0
    assert_conserved(owner, hospital)
    for status, refusal in (
        ("suspended", refusals.ClinicSuspended),
        ("closed", refusals.ClinicClosed),
    ):
        owner.execute("UPDATE clinic SET status = %s", [status])
        with pytest.raises(refusal):
            async with storage.begin(pool) as tx:
                await booking.suspend(tx, **order)  # type: ignore[arg-type]
    with pytest.raises(ClinicUnknown):
        async with storage.begin(pool) as tx:
            await booking.suspend_plan(tx, **place | {"clinic_id": new_id()})  # type: ignore[arg-type]


async def test_the_card_holder_voids_what_others_booked(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=2)
    (person,) = clinics.people(owner, 1)
    other = clinics.also_linked(owner, person)
    mine = await _booked(allocator, hospital, person)
    theirs = await allocator.book(clinics.command(hospital, other, hospital.clinics[1].slots[0]))
    assert isinstance(theirs, Booked)
    order = {
        "hospital_id": hospital.hospital_id,
        "patient_id": person.patient_id,
        "keep_account_id": person.account_id,
        "now": LATE,
    }

    async with storage.begin(pool) as tx:
        voided = await booking.void_others(tx, by=clinics.staff(), **order)  # type: ignore[arg-type]
    with pytest.raises(refusals.StaffOnly):
        async with storage.begin(pool) as tx:
            await booking.void_others(tx, by=person.actor, **order)  # type: ignore[arg-type]

    assert voided == [theirs.appointment_id]
    assert count(owner, "SELECT count(*) FROM appointment WHERE cancelled_late") == 0
    async with storage.begin(pool) as tx:
        view = await booking.appointment(
            tx, appointment_id=mine.appointment_id, account_id=person.account_id
        )
        hidden = await booking.appointment(
            tx, appointment_id=mine.appointment_id, account_id=other.account_id
        )
    assert view is not None
    assert view.may_cancel(NOW)
    assert view.may_reschedule(NOW)
    assert view.late_if_cancelled(LATE)
    assert hidden is None


async def test_closing_the_day_ends_what_is_live_and_three_no_shows_bar(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner)
    for days in (2, 4, 11):
        clinics.clinic(owner, hospital, day=DAY + timedelta(days=days))
    person, came = clinics.people(owner, 2)
    evening = timedelta(hours=12)
    for clinic in hospital.clinics[:3]:
        await allocator.book(clinics.command(hospital, person, clinic.slots[0]))
    arrived = await allocator.book(clinics.command(hospital, came, hospital.clinics[0].slots[0]))
    assert isinstance(arrived, Booked)
    place: Any = {"hospital_id": hospital.hospital_id}
    async with storage.begin(pool) as tx:
        await booking.arrive(
            tx, appointment_id=arrived.appointment_id, by=clinics.staff(), now=NOW, **place
        )

    for clinic in hospital.clinics[:3]:
        async with storage.begin(pool) as tx:
            closed = await booking.close_day(
                tx, day=clinic.day, now=clinic.starts_at + evening, **place
            )
        assert (closed.clinics, closed.no_shows) == (1, 1)
    async with storage.begin(pool) as tx:
        again = await booking.close_day(tx, day=DAY, now=LATE + evening, **place)
    outcome = await allocator.book(
        clinics.command(hospital, person, hospital.clinics[3].slots[0], at=LATE + timedelta(days=5))
    )

    assert (again.clinics, again.no_shows, again.fulfilled) == (0, 0, 0)
    assert isinstance(outcome, refusals.BarredForNoShows)
    assert count(owner, "SELECT count(*) FROM appointment WHERE status = 'fulfilled'") == 1


async def test_pages_list_what_the_account_booked(
    allocator: booking.Allocator, pool: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = clinics.hospital(owner, clinics=1)
    later = clinics.clinic(owner, hospital, day=DAY + timedelta(days=1))
    (person,) = clinics.people(owner, 1)
    first = await _booked(allocator, hospital, person)
    await allocator.book(clinics.command(hospital, person, later.slots[0]))

    async with storage.begin(pool) as tx:
        (top,) = await booking.appointments_of_account(tx, account_id=person.account_id, limit=1)
        rest = await booking.appointments_of_account(
            tx, account_id=person.account_id, before=(top.day, top.appointment_id)
        )
        today = await booking.appointments_of_patient_on(
            tx, hospital_id=hospital.hospital_id, patient_id=person.patient_id, day=DAY
        )
        desk = await booking.appointment_at_desk(
            tx, hospital_id=hospital.hospital_id, appointment_id=first.appointment_id
        )

    assert top.day == later.day
    assert [each.appointment_id for each in rest] == [first.appointment_id]
    assert today == [desk]
