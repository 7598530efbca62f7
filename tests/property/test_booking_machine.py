"""A state machine drives booking against a small model; after each step the books must balance."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from renhao import booking, storage
from renhao.booking import Allocator, Booked
from renhao.kernel import AppointmentId, Refused, RequestId, new_id
from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import DAY, NOW

PATIENTS, CLINICS, SLOTS, CAPACITY = 4, 3, 2, 2
who, where, which = (st.integers(0, most - 1) for most in (PATIENTS, CLINICS, SLOTS))


class Desk(RuleBasedStateMachine):
    """The model: what each patient holds live, and how many numbers each slot has given away."""

    address: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.owner = psycopg.connect(self.address, autocommit=True)
        self.hospital = clinics.hospital(self.owner)
        self.hospital.clinics.clear()
        for place in range(CLINICS):
            day = DAY + timedelta(days=place // 2)
            clinics.clinic(self.owner, self.hospital, day=day, slots=SLOTS, capacity=CAPACITY)
        self.persons = clinics.people(self.owner, PATIENTS)
        self.pool = storage.make_pool(self.address, role=storage.roles.SERVER, size=2)
        self.run(self.pool.open())
        self.allocator = Allocator(self.pool)
        self.live: dict[tuple[int, int], tuple[AppointmentId, int]] = {}
        self.arrived: set[tuple[int, int]] = set()
        self.used = dict.fromkeys(
            ((clinic, slot) for clinic in range(CLINICS) for slot in range(SLOTS)), 0
        )
        self.closed: set[int] = set()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.allocator.drain())
        self.run(self.pool.close())
        self.runner.close()
        self.owner.close()

    @rule(patient=who, clinic=where, slot=which)
    def book(self, patient: int, clinic: int, slot: int) -> None:
        place = self.hospital.clinics[clinic].slots[slot]
        wish = clinics.command(self.hospital, self.persons[patient], place)

        outcome = self.run(self.allocator.book(wish))

        held = [each for who, each in self.live if who == patient]
        fits = clinic not in held and len(held) < 3 and clinic not in self.closed
        assert isinstance(outcome, Booked) == (fits and self.used[clinic, slot] < CAPACITY)
        if isinstance(outcome, Booked):
            self.live[patient, clinic] = outcome.appointment_id, slot
            self.used[clinic, slot] += 1

    @rule(patient=who, clinic=where)
    def cancel(self, patient: int, clinic: int) -> None:
        done = self._try(booking.cancel, patient, clinic)

        assert done == self._booked(patient, clinic)
        if done:
            del self.live[patient, clinic]  # the number is held back: `used` stays

    @rule(patient=who, clinic=where, slot=which)
    def reschedule(self, patient: int, clinic: int, slot: int) -> None:
        new = AppointmentId(new_id())
        place = self.hospital.clinics[clinic].slots[slot]

        done = self._try(booking.reschedule, patient, clinic, new_appointment_id=new, slot_id=place)

        old = self.live.get((patient, clinic), (None, slot))[1]
        free = old != slot and self.used[clinic, slot] < CAPACITY
        assert done == (self._booked(patient, clinic) and free)
        if done:
            self.live[patient, clinic] = new, slot
            self.used[clinic, slot] += 1
            self.used[clinic, old] -= 1

    @rule(patient=who, clinic=where)
    def arrive(self, patient: int, clinic: int) -> None:
        done = self._try_staff(patient, clinic)

        assert done == self._booked(patient, clinic)
        if done:
            self.arrived.add((patient, clinic))

    @rule(day=st.integers(0, 1))
    def close_day(self, day: int) -> None:
        async def close() -> None:
            async with storage.begin(self.pool) as tx:
                await booking.close_day(
                    tx,
                    hospital_id=self.hospital.hospital_id,
                    day=DAY + timedelta(days=day),
                    now=NOW + timedelta(days=30),
                )

        self.run(close())

        self.closed |= {each for each in range(CLINICS) if each // 2 == day}
        for key in [each for each in self.live if each[1] in self.closed]:
            del self.live[key]
            self.arrived.discard(key)

    @invariant()
    def the_books_balance(self) -> None:
        assert_conserved(self.owner, self.hospital)
        hospital = self.hospital.hospital_id
        live = "SELECT count(*) FROM appointment WHERE status IN ('booked', 'arrived')"
        assert count(self.owner, f"{live} AND hospital_id = %s", hospital) == len(self.live)
        twice = (
            "SELECT count(*) FROM (SELECT FROM appointment WHERE hospital_id = %s"
            " AND status <> 'cancelled' GROUP BY clinic_id, number HAVING count(*) > 1) AS x"
        )
        assert count(self.owner, twice, hospital) == 0
        unheard = (
            "SELECT count(*) FROM appointment a WHERE hospital_id = %s AND status <> 'booked' AND"
            " NOT EXISTS (SELECT FROM audit_event e WHERE e.subject_id = a.appointment_id"
            " AND e.action LIKE 'appointment.' || a.status || '%%')"
        )
        assert count(self.owner, unheard, hospital) == 0

    def _booked(self, patient: int, clinic: int) -> bool:
        return (patient, clinic) in self.live and (patient, clinic) not in self.arrived

    def _try(self, operation: Any, patient: int, clinic: int, **more: object) -> bool:
        person = self.persons[patient]
        return self._within(
            operation,
            appointment_id=self.live.get((patient, clinic), (new_id(),))[0],
            account_id=person.account_id,
            by=person.actor,
            request_id=RequestId(new_id()),
            digest=b"digest",
            **more,
        )

    def _try_staff(self, patient: int, clinic: int) -> bool:
        return self._within(
            booking.arrive,
            appointment_id=self.live.get((patient, clinic), (new_id(),))[0],
            by=clinics.staff(),
        )

    def _within(self, operation: Any, **arguments: object) -> bool:
        async def attempt() -> bool:
            try:
                async with storage.begin(self.pool) as tx:
                    await operation(tx, hospital_id=self.hospital.hospital_id, now=NOW, **arguments)
            except Refused:
                return False
            return True

        return bool(self.run(attempt()))


def test_the_books_balance_whatever_happens(databases: Any) -> None:
    machine = type("OneDatabase", (Desk,), {"address": databases.main})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
