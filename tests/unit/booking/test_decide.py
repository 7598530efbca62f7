"""The decision function over invented facts: no database, every refusal once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from renhao.audit import PROGRAM, Actor, ActorKind
from renhao.booking import BookCommand, Neutral, refusals
from renhao.booking.decide import decide
from renhao.booking.facts import Facts, Holding, Person, Pool, SlotFacts, Taken
from renhao.kernel import (
    AccountId,
    AppointmentId,
    ClinicId,
    DepartmentId,
    HospitalId,
    IdentityId,
    PatientId,
    RequestId,
    SlotId,
    new_id,
)
from renhao.schedule import Channel

pytestmark = pytest.mark.unit

DAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STARTS = datetime.combine(DAY, time(0), tzinfo=UTC)
SLOT = SlotFacts(
    SlotId(new_id()),
    STARTS,
    STARTS + timedelta(minutes=30),
    ClinicId(new_id()),
    DepartmentId(new_id()),
    DAY,
    STARTS,
    "instant",
    "open",
    NOW - timedelta(days=1),
)
ACCOUNT, PATIENT, IDENTITY = AccountId(new_id()), PatientId(new_id()), IdentityId(new_id())
WISH = BookCommand(
    hospital_id=HospitalId(new_id()),
    appointment_id=AppointmentId(new_id()),
    slot_id=SlotId(SLOT.slot_id),
    channel=Channel.ONLINE,
    patient_id=PATIENT,
    identity_id=IDENTITY,
    account_id=ACCOUNT,
    by=Actor(ActorKind.ACCOUNT, ACCOUNT),
    request_id=RequestId(new_id()),
    digest=b"",
    at=NOW,
)
AT_WINDOW = replace(
    WISH, channel=Channel.WINDOW, account_id=None, by=Actor(ActorKind.STAFF, new_id())
)


def _facts(slot: SlotFacts = SLOT, *held: Holding, **changes: Any) -> Facts:
    pools = {
        (slot.slot_id, each.value): Pool(slot.slot_id, each.value, 2, 0, 0, 1, [])
        for each in Channel
    }
    facts = Facts(
        zone="Asia/Shanghai",
        rules=[],
        slots={slot.slot_id: slot},
        pools=pools,
        persons={
            (PATIENT, account): Person(PATIENT, account, "declared", None, linked)
            for account, linked in ((ACCOUNT, IDENTITY), (None, None))
        },
        holdings={PATIENT: list(held)},
        asked={},
    )
    return replace(facts, **changes)


def _held(day: date = DAY, **changes: Any) -> Holding:
    held = Holding(PATIENT, new_id(), new_id(), day, "online", ACCOUNT, "declared", "booked")
    return replace(held, **changes)


def _on(*offsets: int, **changes: Any) -> list[Holding]:
    return [_held(DAY + timedelta(days=each), **changes) for each in offsets]


def _missed(many: int, **changes: Any) -> list[Holding]:
    return _on(*range(-10, -10 + many), **({"status": "noshow"} | changes))


def _late(many: int, **changes: Any) -> list[Holding]:
    return _missed(many, **({"status": "cancelled"} | changes))


def _answer(command: BookCommand, facts: Facts) -> type:
    (answer,) = decide([command], facts)
    return type(answer)


SAME_CLINIC = _held(clinic_id=SLOT.clinic_id)
SAME_DEPARTMENT = _held(department_id=SLOT.department_id)
OTHERS = AccountId(new_id())


@pytest.mark.parametrize(
    ("command", "slot", "expected"),
    [
        (WISH, SLOT, Taken),
        (AT_WINDOW, SLOT, Taken),
        (replace(WISH, by=AT_WINDOW.by), SLOT, refusals.ChannelNotYours),
        (replace(WISH, by=PROGRAM), SLOT, refusals.ChannelNotYours),
        (replace(WISH, account_id=OTHERS), SLOT, refusals.ChannelNotYours),
        (replace(WISH, channel=Channel.WINDOW), SLOT, refusals.ChannelNotYours),
        (replace(WISH, channel=Channel.URGENT), SLOT, refusals.ChannelNotYours),
        (replace(WISH, slot_id=SlotId(new_id())), SLOT, refusals.NoSuchNumbers),
        (WISH, replace(SLOT, status="suspended"), refusals.ClinicSuspended),
        (WISH, replace(SLOT, status="closed"), refusals.ClinicClosed),
        (WISH, replace(SLOT, mode="draw"), refusals.DrawClinic),
        (AT_WINDOW, replace(SLOT, mode="draw"), refusals.DrawClinic),
        (replace(AT_WINDOW, channel=Channel.FOLLOWUP), replace(SLOT, mode="draw"), Taken),
        (WISH, replace(SLOT, released_at=NOW), Taken),
        (WISH, replace(SLOT, released_at=NOW + timedelta(seconds=1)), refusals.NotReleasedYet),
        (replace(WISH, at=STARTS - timedelta(seconds=1)), SLOT, Taken),
        (replace(WISH, at=STARTS), SLOT, refusals.ClinicStarted),
        (replace(AT_WINDOW, at=STARTS), SLOT, Taken),
        (replace(AT_WINDOW, at=SLOT.ends_at), SLOT, refusals.SlotOver),
        (replace(WISH, identity_id=IdentityId(new_id())), SLOT, refusals.PatientNotLinked),
        (replace(WISH, patient_id=PatientId(new_id())), SLOT, refusals.PatientNotLinked),
    ],
)
def test_who_may_book_what_when(command: BookCommand, slot: SlotFacts, expected: type) -> None:
    assert _answer(command, _facts(slot)) is expected


@pytest.mark.parametrize(
    ("held", "online", "window"),
    [
        ([SAME_CLINIC], refusals.AlreadyInClinic, refusals.AlreadyInClinic),
        (
            [replace(SAME_CLINIC, account_id=OTHERS)],
            Neutral,
            refusals.AlreadyInClinic,
        ),
        ([replace(SAME_CLINIC, status="noshow")], Taken, Taken),
        ([SAME_DEPARTMENT], refusals.AlreadyInDepartment, refusals.AlreadyInDepartment),
        (
            [replace(SAME_DEPARTMENT, account_id=None)],
            Neutral,
            refusals.AlreadyInDepartment,
        ),
        ([replace(SAME_DEPARTMENT, day=DAY + timedelta(days=1))], Taken, Taken),
        (_on(0), Taken, Taken),
        (_on(0, 0), refusals.TooManyDepartments, refusals.TooManyDepartments),
        (
            [*_on(0), *_on(0, account_id=OTHERS)],
            Neutral,
            refusals.TooManyDepartments,
        ),
        (_on(0, 0, channel="followup"), Taken, Taken),
        (_on(1, 2, 3), refusals.TooManyAppointments, refusals.TooManyAppointments),
        (
            [*_on(1, 2), *_on(3, account_id=OTHERS)],
            Neutral,
            refusals.TooManyAppointments,
        ),
        (_on(1, 2, 8), Taken, Taken),
        (_missed(2), Taken, Taken),
        (_missed(3), refusals.BarredForNoShows, Taken),
        (_missed(3, account_id=OTHERS), Taken, Taken),
        (_missed(3, account_id=OTHERS, assurance="seen"), Neutral, Taken),
        (_late(4), Taken, Taken),
        (_late(5), refusals.BarredForLateCancels, Taken),
        (_late(5, account_id=OTHERS, assurance="matched"), Neutral, Taken),
    ],
)
def test_what_the_patient_holds_or_left_behind(
    held: list[Holding], online: type, window: type
) -> None:
    assert _answer(WISH, _facts(SLOT, *held)) is online
    assert _answer(AT_WINDOW, _facts(SLOT, *held)) is window


def test_a_followup_meets_no_limit() -> None:
    command = replace(AT_WINDOW, channel=Channel.FOLLOWUP)

    assert _answer(command, _facts(SLOT, *_on(0, 0, 1, 2))) is Taken


def test_an_unknown_patient_cannot_be_booked_at_the_window() -> None:
    assert _answer(AT_WINDOW, _facts(persons={})) is refusals.PatientNotLinked


def test_the_fourth_question_of_a_day_is_not_answered() -> None:
    facts = _facts(SLOT, replace(SAME_CLINIC, account_id=OTHERS))

    answers = decide([WISH] * 4, facts)

    assert [type(each) for each in answers] == [Neutral] * 3 + [refusals.TooManyQuestions]


@pytest.mark.parametrize(
    ("compared", "expected"), [(IDENTITY, "matched"), (None, "declared"), (new_id(), "declared")]
)
def test_assurance_is_that_of_the_identity_compared(compared: Any, expected: str) -> None:
    person = Person(PATIENT, ACCOUNT, "matched", compared, IDENTITY)

    (taken,) = decide([WISH], _facts(persons={(PATIENT, ACCOUNT): person}))

    assert isinstance(taken, Taken)
    assert taken.assurance == expected


def test_numbers_go_out_in_order_reopened_ones_first() -> None:
    pool = Pool(
        SLOT.slot_id, "online", capacity=6, taken=1, held_back=1, first_number=11, reopened=[11]
    )
    take: Callable[[], int | None] = pool.take

    assert [take() for _ in range(5)] == [11, 14, 15, 16, None]
    assert (pool.added, pool.reused, pool.taken) == (4, 1, 5)
