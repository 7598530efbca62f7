"""The outbox on a real PostgreSQL: each step done twice, and a crash between any two."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from renhao import audit, notify, privacy, storage
from renhao.kernel import (
    PLATFORM,
    AccountId,
    AppointmentId,
    HospitalId,
    Sensitive,
    new_id,
)
from renhao.notify import Addressee, Cause, DeliveryError, Message, Template, delivery, store
from renhao.notify.model import ATTEMPTS_MAX, BACKOFF_SECONDS
from tests.conftest import Databases
from tests.support.post import VISIT, Sending

pytestmark = pytest.mark.database

HOSPITAL = HospitalId(UUID(int=7))
PHONE = "+8619900000001"


class CrashError(BaseException):
    """The process is gone: nothing catches it."""


@pytest.fixture
async def worker(databases: Databases) -> AsyncIterator[storage.Pool]:
    pool = storage.make_pool(databases.main, role=storage.roles.WORKER)
    async with pool:
        yield pool


@pytest.fixture
def sending(vault: privacy.Vault) -> Sending:
    return Sending(vault)


async def enqueue_code(pool: storage.Pool, sending: Sending, code: str = "042042") -> UUID:
    outbox_id = new_id()
    vault = sending.seals
    assert isinstance(vault, privacy.Vault)
    cipher = vault.seal_for_platform(Sensitive(f"{PHONE}|{code}|zh"), place="outbox/login-code")
    message = Message(
        template=Template.LOGIN_CODE,
        created_at=sending.clock.now,
        expires_at=sending.clock.now + timedelta(minutes=5),
        cipher=cipher,
        outbox_id=outbox_id,
    )
    async with storage.begin(pool) as tx:
        await notify.enqueue(tx, message)
    return outbox_id


async def enqueue_visit(
    pool: storage.Pool,
    sending: Sending,
    template: Template = Template.BOOKED,
    *,
    hospital_id: HospitalId = HOSPITAL,
) -> UUID:
    account, appointment, outbox_id = new_id(), new_id(), new_id()
    sending.phones.addressees[account] = Addressee(Sensitive(PHONE), "zh")
    sending.appointments.visits[appointment] = VISIT
    message = Message(
        template=template,
        created_at=sending.clock.now,
        expires_at=sending.clock.now + timedelta(days=2),
        hospital_id=hospital_id,
        account_id=AccountId(account),
        appointment_id=AppointmentId(appointment),
        outbox_id=outbox_id,
    )
    async with storage.begin(pool) as tx:
        await notify.enqueue(tx, message)
    return outbox_id


async def deliver(worker: storage.Pool, sending: Sending) -> dict[tuple[str, str], int]:
    return dict(await notify.deliver_due(worker, sending.post(), clock=sending.clock))


def state(owner: psycopg.Connection, outbox_id: UUID) -> tuple[object, ...]:
    row = owner.execute(
        "SELECT CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN dead_at IS NOT NULL THEN 'dead'"
        " ELSE 'due' END, attempts, last_error, cipher IS NULL FROM outbox WHERE outbox_id = %s",
        [outbox_id],
    ).fetchone()
    assert row is not None
    return tuple(row)


async def test_a_code_is_sent_once_and_its_cipher_wiped(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_code(pool, sending)

    first = await deliver(worker, sending)
    second = await deliver(worker, sending)

    assert first == {("login-code", "sent"): 1}
    assert second == {}
    ((phone, text, key),) = sending.channel.sent
    assert phone == PHONE
    assert "042042" in text
    assert key == outbox_id.hex
    assert state(owner, outbox_id) == ("sent", 1, None, True)


@pytest.mark.parametrize("template", [t for t in Template if t is not Template.LOGIN_CODE])
async def test_an_appointment_s_message_is_filled_in_when_sent(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, template: Template
) -> None:
    await enqueue_visit(pool, sending, template)

    await deliver(worker, sending)

    ((phone, text, _),) = sending.channel.sent
    assert phone == PHONE
    assert text.startswith("【示范医院】")


async def test_a_failure_is_tried_again_later_each_time(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_visit(pool, sending)
    sending.channel.before = [DeliveryError(permanent=False)] * 2

    assert await deliver(worker, sending) == {("booked", "retry"): 1}
    assert await deliver(worker, sending) == {}
    sending.clock.move(BACKOFF_SECONDS[0])
    assert await deliver(worker, sending) == {("booked", "retry"): 1}
    sending.clock.move(BACKOFF_SECONDS[0])
    assert await deliver(worker, sending) == {}
    sending.clock.move(BACKOFF_SECONDS[1])
    assert await deliver(worker, sending) == {("booked", "sent"): 1}

    assert len(sending.channel.sent) == 1
    assert state(owner, outbox_id) == ("sent", 3, None, True)


async def test_after_the_last_try_it_is_a_dead_letter(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    outbox_id = await enqueue_visit(pool, sending)
    sending.channel.before = [DeliveryError(permanent=False)] * ATTEMPTS_MAX

    for seconds in (*BACKOFF_SECONDS, 0):
        await deliver(worker, sending)
        sending.clock.move(seconds)

    async with storage.begin(worker) as tx:
        (letter,) = await notify.dead_letters(tx, hospital_id=HOSPITAL)
    assert letter.outbox_id == outbox_id
    assert letter.attempts == ATTEMPTS_MAX
    assert letter.last_error == Cause.CHANNEL_FAILED


async def test_a_final_no_is_a_dead_letter_at_once_and_the_code_is_wiped(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_code(pool, sending)
    sending.channel.before = [DeliveryError(permanent=True)]

    assert await deliver(worker, sending) == {("login-code", "dead"): 1}

    assert state(owner, outbox_id) == ("dead", 1, "refused", True)


async def test_what_expired_is_not_sent_and_the_code_is_wiped(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_code(pool, sending)
    sending.clock.move(300)

    assert await deliver(worker, sending) == {("any", "dead"): 1}

    assert sending.channel.sent == []
    assert state(owner, outbox_id) == ("dead", 0, "expired", True)


async def test_what_was_undone_meanwhile_is_not_told_and_is_no_dead_letter(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    await enqueue_visit(pool, sending, Template.REMINDER)
    (appointment,) = sending.appointments.visits
    sending.appointments.visits[appointment] = replace(VISIT, live=False)

    await deliver(worker, sending)

    async with storage.begin(worker) as tx:
        assert await notify.dead_letters(tx, hospital_id=HOSPITAL) == []
    assert sending.channel.sent == []


@pytest.mark.parametrize(
    ("missing", "cause"), [("phones", "no-phone"), ("visit", "no-appointment")]
)
async def test_what_cannot_be_filled_in_is_a_dead_letter(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, missing: str, cause: str
) -> None:
    await enqueue_visit(pool, sending)
    (sending.phones.addressees if missing == "phones" else sending.appointments.visits).clear()

    await deliver(worker, sending)

    async with storage.begin(worker) as tx:
        (letter,) = await notify.dead_letters(tx, hospital_id=HOSPITAL)
    assert letter.last_error == cause


async def test_one_bad_message_does_not_hold_up_its_neighbours(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    bad = await enqueue_code(pool, sending)
    good = await enqueue_code(pool, sending, "171717")
    owner.execute("UPDATE outbox SET cipher = '\\x00' WHERE outbox_id = %s", [bad])

    tally = await deliver(worker, sending)

    assert tally == {("login-code", "sent"): 1, ("login-code", "retry"): 1}
    assert state(owner, bad) == ("due", 1, "failed", False)
    assert state(owner, good)[0] == "sent"


# A crash between any two steps ------------------------------------------------------------------


async def test_a_crash_after_claiming_loses_nothing(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    await enqueue_code(pool, sending)

    _, claimed = await delivery.claim(worker, PLATFORM, clock=sending.clock)
    _, again = await delivery.claim(worker, PLATFORM, clock=sending.clock)
    sending.clock.move(delivery.LEASE_SECONDS)
    tally = await deliver(worker, sending)

    assert len(claimed) == 1
    assert again == []
    assert tally == {("login-code", "sent"): 1}
    assert len(sending.channel.sent) == 1


@pytest.mark.parametrize("place", ["before", "after"])
async def test_a_crash_in_sending_repeats_that_message_only(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, place: str
) -> None:
    for code in ("111111", "222222", "333333"):
        await enqueue_code(pool, sending, code)
    getattr(sending.channel, place).append(CrashError())

    with pytest.raises(CrashError):
        await deliver(worker, sending)
    assert await deliver(worker, sending) == {}
    sending.clock.move(delivery.LEASE_SECONDS)
    await deliver(worker, sending)

    keys = [key for _, _, key in sending.channel.sent]
    assert len(set(keys)) == 3
    assert len(keys) == (3 if place == "before" else 4)


async def test_settling_twice_changes_nothing(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_code(pool, sending)
    _, (claimed,) = await delivery.claim(worker, PLATFORM, clock=sending.clock)

    for cause in (None, None, Cause.CHANNEL_FAILED):
        await delivery.settle(worker, claimed, cause=cause, final=False, clock=sending.clock)

    assert state(owner, outbox_id) == ("sent", 1, None, True)


@pytest.mark.parametrize("final", [True, False])
async def test_a_late_failure_does_not_touch_the_next_try(
    pool: storage.Pool,
    worker: storage.Pool,
    sending: Sending,
    owner: psycopg.Connection,
    *,
    final: bool,
) -> None:
    outbox_id = await enqueue_code(pool, sending)
    _, (slow,) = await delivery.claim(worker, PLATFORM, clock=sending.clock)
    sending.clock.move(delivery.LEASE_SECONDS)
    _, (quick,) = await delivery.claim(worker, PLATFORM, clock=sending.clock)

    await delivery.settle(worker, slow, cause=Cause.FAILED, final=final, clock=sending.clock)
    before = state(owner, outbox_id)
    await delivery.settle(worker, quick, cause=None, final=False, clock=sending.clock)

    assert before == ("due", 2, None, False)
    assert state(owner, outbox_id) == ("sent", 2, None, True)


async def test_a_worker_that_dies_in_every_try_leaves_a_dead_letter(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    await enqueue_visit(pool, sending)

    for _ in range(ATTEMPTS_MAX):
        await delivery.claim(worker, HOSPITAL, clock=sending.clock)
        sending.clock.move(delivery.LEASE_SECONDS)
    tally = await deliver(worker, sending)

    async with storage.begin(worker) as tx:
        (letter,) = await notify.dead_letters(tx, hospital_id=HOSPITAL)
    assert tally == {("any", "dead"): 1}
    assert letter.last_error == Cause.FAILED


async def test_two_workers_never_hold_the_same_message(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    await enqueue_code(pool, sending, "111111")
    await enqueue_code(pool, sending, "222222")
    now = sending.clock.now
    until = now + timedelta(seconds=60)

    async with storage.begin(worker) as first, storage.begin(worker) as second:
        one = await store.claim(first, hospital_id=PLATFORM, until=until, most=1, now=now)
        rest = await store.claim(second, hospital_id=PLATFORM, until=until, most=9, now=now)

    assert len(one) == 1
    assert len(rest) == 1
    assert one[0].outbox_id != rest[0].outbox_id


async def test_without_skipping_locked_rows_two_workers_would_send_twice(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    """The negative control: reading what is due without a claim gives both the same message."""
    await enqueue_code(pool, sending)

    async with storage.begin(worker) as first, storage.begin(worker) as second:
        due = "SELECT outbox_id FROM outbox WHERE next_try_at <= %s"
        one = await first.values(due, [sending.clock.now])
        two = await second.values(due, [sending.clock.now])

    assert one == two


# Dead letters, order, retention, rights -----------------------------------------------------------


async def test_a_dead_letter_can_be_sent_again_on_request(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    outbox_id = await enqueue_visit(pool, sending)
    sending.channel.before = [DeliveryError(permanent=True)]
    await deliver(worker, sending)

    async with storage.begin(worker) as tx:
        await notify.retry_dead(
            tx, hospital_id=HOSPITAL, outbox_id=outbox_id, by=audit.PROGRAM, now=sending.clock.now
        )
    await deliver(worker, sending)

    assert state(owner, outbox_id) == ("sent", 1, None, True)
    assert owner.execute("SELECT action, subject_id FROM audit_event").fetchall() == [
        ("message-retried", outbox_id)
    ]


async def test_a_code_that_died_is_not_sent_again(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    outbox_id = await enqueue_code(pool, sending)
    sending.channel.before = [DeliveryError(permanent=True)]
    await deliver(worker, sending)

    with pytest.raises(notify.DeadLetterOver):
        async with storage.begin(worker) as tx:
            await notify.retry_dead(
                tx,
                hospital_id=PLATFORM,
                outbox_id=outbox_id,
                by=audit.PROGRAM,
                now=sending.clock.now,
            )


async def test_the_most_pressing_goes_first(
    pool: storage.Pool, worker: storage.Pool, sending: Sending
) -> None:
    await enqueue_visit(pool, sending)
    await enqueue_code(pool, sending)

    await deliver(worker, sending)

    assert "042042" in sending.channel.sent[0][1]
    assert len(sending.channel.sent) == 2


async def test_a_second_reminder_is_left_out(
    pool: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    clock = sending.clock
    message = Message(
        template=Template.REMINDER,
        created_at=clock.now,
        expires_at=clock.now + timedelta(hours=8),
        hospital_id=HOSPITAL,
        appointment_id=AppointmentId(new_id()),
    )

    for _ in range(2):
        async with storage.begin(pool) as tx:
            await notify.enqueue(tx, message)

    assert owner.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


async def test_ended_messages_are_purged_and_waiting_ones_are_not(
    pool: storage.Pool, worker: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    await enqueue_visit(pool, sending)
    await deliver(worker, sending)
    waiting = await enqueue_visit(pool, sending)

    async with storage.begin(worker) as tx:
        kept = await notify.purge(tx, before=sending.clock.now)
    async with storage.begin(worker) as tx:
        purged = await notify.purge(tx, before=sending.clock.now + timedelta(seconds=1))

    assert (kept, purged) == (0, 1)
    assert owner.execute("SELECT outbox_id FROM outbox").fetchall() == [(waiting,)]


async def test_no_phone_or_code_is_readable_in_the_table(
    pool: storage.Pool, sending: Sending, owner: psycopg.Connection
) -> None:
    await enqueue_code(pool, sending)

    row = owner.execute("SELECT outbox::text, cipher FROM outbox").fetchone()

    assert row is not None
    assert "042042" not in row[0]
    assert PHONE not in row[0]
    assert b"042042" not in row[1]


async def test_the_server_cannot_settle_messages(pool: storage.Pool, sending: Sending) -> None:
    await enqueue_visit(pool, sending)

    with pytest.raises(errors.InsufficientPrivilege):
        async with storage.begin(pool) as tx:
            await tx.run("UPDATE outbox SET sent_at = now(), next_try_at = NULL")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("sent_at = now()", "outbox_ends_once"),
        ("next_try_at = NULL", "outbox_ends_once"),
        ("attempts = -1", "outbox_attempts_not_negative"),
    ],
)
async def test_the_table_refuses_impossible_states(
    pool: storage.Pool, sending: Sending, owner: psycopg.Connection, change: str, constraint: str
) -> None:
    await enqueue_visit(pool, sending)

    with pytest.raises(errors.CheckViolation) as caught:
        owner.execute(f"UPDATE outbox SET {change}".encode())

    assert storage.constraint_of(caught.value) == constraint


async def test_two_workers_at_once_send_each_message_once(
    pool: storage.Pool, worker: storage.Pool, databases: Databases, sending: Sending
) -> None:
    for index in range(40):
        await enqueue_code(pool, sending, f"{index:06d}")

    async with storage.make_pool(databases.main, role=storage.roles.WORKER) as other:
        for _ in range(3):
            await asyncio.gather(deliver(worker, sending), deliver(other, sending))

    keys = [key for _, _, key in sending.channel.sent]
    assert len(keys) == 40
    assert len(set(keys)) == 40


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ("account_id = NULL", "no-phone"),
        ("appointment_id = NULL", "no-appointment"),
        ("template = 'login-code'", "expired"),
    ],
    ids=["no account", "no appointment", "no cipher"],
)
async def test_what_names_nobody_or_nothing_is_given_up(
    pool: storage.Pool,
    worker: storage.Pool,
    sending: Sending,
    owner: psycopg.Connection,
    change: str,
    cause: str,
) -> None:
    outbox_id = await enqueue_visit(pool, sending)
    owner.execute(f"UPDATE outbox SET {change}".encode())

    await deliver(worker, sending)

    assert state(owner, outbox_id) == ("dead", 1, cause, True)


async def test_a_channel_that_hangs_is_cut_off_and_tried_again(
    pool: storage.Pool,
    worker: storage.Pool,
    sending: Sending,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(delivery, "SEND_SECONDS_MAX", 0.3)
    monkeypatch.setattr(sending.channel, "send", hang)
    outbox_id = await enqueue_code(pool, sending)

    assert await deliver(worker, sending) == {("login-code", "retry"): 1}

    assert state(owner, outbox_id) == ("due", 1, "channel-failed", False)
