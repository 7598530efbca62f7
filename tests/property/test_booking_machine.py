"""A state machine drives booking against a small model; after each step the books must balance."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, ClassVar

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from renhao import booking, storage
from renhao.booking import Allocator, Booked, refusals
from renhao.kernel import AppointmentId, Refused, RequestId, new_id
from tests.support import clinics
from tests.support.booking import assert_conserved, count
from tests.support.clinics import DAY, NOW

DAYS = (0, 0, 0, 0, 1, 1, 7)
"""On which day each clinic is, each in its own department: more than one patient may hold."""
PATIENTS, CLINICS, SLOTS, CAPACITY = 3, len(DAYS), 2, 2
A_DAY, A_WEEK, WEEK, MISSED = 2, 3, 7, 3
"""The limits that hold where a hospital has said nothing."""
who, where, which = (st.integers(0, most - 1) for most in (PATIENTS, CLINICS, SLOTS))


class Desk(RuleBasedStateMachine):
    """The model: what each patient holds live, and how many numbers each slot has given away."""

    address: str
    refused: ClassVar[set[type[Any]]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.owner = psycopg.connect(self.address, autocommit=True)
        self.hospital = clinics.hospital(self.owner)
        self.hospital.clinics.clear()
        for after in DAYS:
            day = DAY + timedelta(days=after)
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
        self.missed = [0] * PATIENTS

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

        fits = clinic not in self.closed and self._may_hold(patient, clinic)
        assert isinstance(outcome, Booked) == (fits and self.used[clinic, slot] < CAPACITY)
        self.refused.add(type(outcome))
        if isinstance(outcome, Booked):
            self.live[patient, clinic] = outcome.appointment_id, slot
            self.used[clinic, slot] += 1

    @rule(patient=who, order=st.permutations(range(CLINICS)), slot=which)
    def book_everywhere(self, patient: int, order: list[int], slot: int) -> None:
        for clinic in order:
            self.book(patient, clinic, slot)

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

    @rule(day=st.sampled_from(DAYS))
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

        self.closed |= {each for each in range(CLINICS) if DAYS[each] == day}
        for key in [each for each in self.live if each[1] in self.closed]:
            del self.live[key]
            self.missed[key[0]] += key not in self.arrived
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

    def _may_hold(self, patient: int, clinic: int) -> bool:
        held = [each for who, each in self.live if who == patient]
        days, day = [DAYS[each] for each in held], DAYS[clinic]
        weeks = [range(first, first + WEEK) for first in range(day - WEEK + 1, day + 1)]
        return (
            clinic not in held
            and self.missed[patient] < MISSED
            and days.count(day) < A_DAY
            and all(sum(each in week for each in days) < A_WEEK for week in weeks)
        )

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
    refused: set[type[Any]] = set()
    machine = type("OneDatabase", (Desk,), {"address": databases.main, "refused": refused})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert refused >= {refusals.TooManyDepartments, refusals.TooManyAppointments}
