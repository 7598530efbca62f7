"""The desk finds today's appointments and checks in; each no says why."""

from datetime import timedelta

import psycopg
import pytest

from renhao import arrival, booking, identity, privacy, storage
from renhao.identity import Document
from renhao.kernel import Purpose, Refused
from tests.support import people
from tests.support.arrivals import DESK, ON_THE_DAY, BookedPatient, a_clinic, booked, card
from tests.support.schedules import DAY

pytestmark = pytest.mark.database


async def check_in(tx: storage.Tx, person: BookedPatient) -> arrival.CheckedIn:
    return await arrival.check_in(
        tx,
        hospital_id=person.hospital_id,
        appointment_id=person.appointment_id,
        by=DESK,
        now=ON_THE_DAY,
    )


async def find(
    tx: storage.Tx, vault: privacy.Vault, person: BookedPatient, document: Document | None = None
) -> tuple[arrival.AtDesk, ...]:
    return await arrival.find_today(
        tx,
        vault,
        hospital_id=person.hospital_id,
        document=document or person.document,
        by=DESK,
        now=ON_THE_DAY,
    )


async def test_a_card_finds_todays_appointment_to_compare(
    tx: storage.Tx, vault: privacy.Vault
) -> None:
    person = await booked(tx, vault, await a_clinic(tx))

    (found,) = await find(tx, vault, person)

    assert found.appointment.appointment_id == person.appointment_id
    assert found.name.reveal(purpose=Purpose.COMPARE_AT_DESK) == people.person_name(1)
    assert found.masked_document.startswith("1100*")
    assert (found.document_kind, found.queue_number) == (identity.DocumentKind.CITIZEN, None)


async def test_the_reveal_and_the_check_in_are_audited(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    async with storage.begin(pool) as tx:
        person = await booked(tx, vault, await a_clinic(tx))
    owner.execute("DELETE FROM audit_event")

    async with storage.begin(pool) as tx:
        await find(tx, vault, person)
        await check_in(tx, person)

    events = owner.execute(
        "SELECT action, purpose FROM audit_event WHERE patient_id = %s AND actor_id = %s"
        " ORDER BY action",
        [person.patient_id, DESK.id],
    ).fetchall()
    assert events == [
        ("appointment.arrived", None),
        ("arrival.checked-in", "compare-at-desk"),
        ("identity-read", "compare-at-desk"),
        ("patient-seen", "compare-at-desk"),
    ]


async def test_checking_in_gives_queue_numbers_in_order_of_arrival(
    tx: storage.Tx, vault: privacy.Vault
) -> None:
    hospital = await a_clinic(tx)
    first = await booked(tx, vault, hospital, index=1)
    second = await booked(tx, vault, hospital, index=3)

    later = await check_in(tx, second)
    after = await check_in(tx, first)

    assert (later.queue_number, later.number, after.queue_number) == (1, 3, 2)
    (found,) = await find(tx, vault, first)
    assert (found.queue_number, found.appointment.status) == (2, booking.Status.ARRIVED)
    assert await tx.values("SELECT assurance FROM patient") == ["seen", "seen"]


async def test_a_ticket_finds_its_appointment(tx: storage.Tx, vault: privacy.Vault) -> None:
    person = await booked(tx, vault, await a_clinic(tx))
    ticket = arrival.make_ticket(vault, appointment_id=person.appointment_id, day=DAY)

    found = await arrival.find_by_ticket(
        tx, vault, hospital_id=person.hospital_id, ticket=ticket, by=DESK, now=ON_THE_DAY
    )

    assert found.appointment.patient_id == person.patient_id


async def test_another_hospital_is_told_nothing(tx: storage.Tx, vault: privacy.Vault) -> None:
    person = await booked(tx, vault, await a_clinic(tx))
    other = await a_clinic(tx, code="other")
    ticket = arrival.make_ticket(vault, appointment_id=person.appointment_id, day=DAY)

    with pytest.raises(arrival.WrongHospital):
        await arrival.find_by_ticket(
            tx, vault, hospital_id=other, ticket=ticket, by=DESK, now=ON_THE_DAY
        )
    with pytest.raises(arrival.WrongHospital):
        await arrival.check_in(
            tx, hospital_id=other, appointment_id=person.appointment_id, by=DESK, now=ON_THE_DAY
        )
    with pytest.raises(arrival.NothingToday):
        await arrival.find_today(
            tx, vault, hospital_id=other, document=person.document, by=DESK, now=ON_THE_DAY
        )


async def test_an_unknown_card_has_nothing_today(tx: storage.Tx, vault: privacy.Vault) -> None:
    person = await booked(tx, vault, await a_clinic(tx))

    with pytest.raises(arrival.NothingToday):
        await find(tx, vault, person, card(9))


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        (-1, arrival.WrongDay),
        (1, arrival.DayPassed),
        (7, arrival.DayPassed),
        (8, arrival.NothingToday),
    ],
)
async def test_a_card_on_another_day(
    tx: storage.Tx, vault: privacy.Vault, days: int, refusal: type[Refused]
) -> None:
    person = await booked(tx, vault, await a_clinic(tx))

    with pytest.raises(refusal):
        await arrival.find_today(
            tx,
            vault,
            hospital_id=person.hospital_id,
            document=person.document,
            by=DESK,
            now=ON_THE_DAY + timedelta(days=days),
        )


async def test_the_wrong_day_is_refused(tx: storage.Tx, vault: privacy.Vault) -> None:
    person = await booked(tx, vault, await a_clinic(tx))

    with pytest.raises(arrival.WrongDay) as refused:
        await arrival.check_in(
            tx,
            hospital_id=person.hospital_id,
            appointment_id=person.appointment_id,
            by=DESK,
            now=ON_THE_DAY - timedelta(hours=9),
        )

    assert "2026-11-24" in refused.value.sentence("en")


@pytest.mark.parametrize(
    ("status", "reason", "refusal"),
    [
        ("cancelled", "patient", arrival.AppointmentCancelled),
        ("noshow", None, arrival.ArrivalOver),
        ("fulfilled", None, arrival.ArrivalOver),
    ],
)
async def test_what_is_over_is_refused(
    tx: storage.Tx,
    vault: privacy.Vault,
    status: str,
    reason: str | None,
    refusal: type[Refused],
) -> None:
    person = await booked(tx, vault, await a_clinic(tx))
    await tx.run("UPDATE appointment SET status = %s, cancel_reason = %s", [status, reason])

    with pytest.raises(refusal):
        await check_in(tx, person)

    assert len(await find(tx, vault, person)) == 1


async def test_who_is_here_already_is_told_the_queue_number(
    tx: storage.Tx, vault: privacy.Vault
) -> None:
    person = await booked(tx, vault, await a_clinic(tx))
    await check_in(tx, person)

    with pytest.raises(arrival.AlreadyArrived) as refused:
        await check_in(tx, person)

    assert refused.value.facts == {"at": "08:10", "queue_number": 1}


async def test_a_step_that_booking_refuses_for_its_own_reason_stays_refused(
    tx: storage.Tx, vault: privacy.Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await booked(tx, vault, await a_clinic(tx))

    async def refuse(*_: object, **__: object) -> None:
        raise booking.IllegalTransition(status="booked", target="arrived")

    monkeypatch.setattr(booking, "arrive", refuse)

    with pytest.raises(booking.IllegalTransition):
        await check_in(tx, person)


CONSTRAINTS = {
    "arrival_pk": "INSERT INTO arrival SELECT hospital_id, appointment_id, clinic_id, 9, now(),"
    " checked_in_by FROM arrival",
    "arrival_queue_number_once": "INSERT INTO arrival SELECT a.hospital_id, a.appointment_id,"
    " a.clinic_id, 1, now(), a.booked_by FROM appointment a LEFT JOIN arrival r USING"
    " (hospital_id, appointment_id) WHERE r.appointment_id IS NULL",
    "arrival_queue_number_positive": "UPDATE arrival SET queue_number = 0",
    "arrival_of_appointment": "UPDATE arrival SET appointment_id = clinic_id",
    "arrival_of_clinic": "UPDATE arrival SET clinic_id = appointment_id",
    "arrival_counter_pk": "INSERT INTO arrival_counter SELECT * FROM arrival_counter",
    "arrival_counter_of_clinic": "UPDATE arrival_counter SET clinic_id = hospital_id",
    "arrival_counter_positive": "UPDATE arrival_counter SET last_number = 0",
}


@pytest.mark.parametrize("name", CONSTRAINTS)
async def test_each_constraint_holds(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection, name: str
) -> None:
    async with storage.begin(pool) as tx:
        hospital = await a_clinic(tx)
        person = await booked(tx, vault, hospital, index=1)
        await booked(tx, vault, hospital, index=3)
        await check_in(tx, person)

    with pytest.raises(psycopg.IntegrityError) as refused:
        owner.execute(CONSTRAINTS[name])

    assert storage.constraint_of(refused.value) == name
