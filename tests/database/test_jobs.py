"""The worker and its jobs on a real PostgreSQL."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from renhao import booking, jobs, notify, privacy, settings, storage
from renhao.audit import Actor, ActorKind
from renhao.jobs import metrics, queue, schema, store, tasks
from renhao.kernel import AccountId, HospitalId, Sensitive, new_id
from renhao.notify import Addressee, Message, Template
from tests.conftest import Databases
from tests.support.post import HandClock, MemoryChannel, MemoryPhones
from tests.support.rows import BareHospital, insert_appointment, insert_hospital

pytestmark = pytest.mark.database

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, tzinfo=BEIJING)
AFTERNOON = datetime(2026, 11, 24, 16, tzinfo=BEIJING)
TOMORROW = date(2026, 11, 25)
VISIT_AT = datetime(2026, 11, 25, 9, tzinfo=BEIJING)
LAST_WEEK = datetime(2026, 11, 18, 8, tzinfo=BEIJING)


@dataclass
class Closer:
    """Remembers the days it was asked to close; may fail at one hospital."""

    closed: list[tuple[HospitalId, date]] = field(default_factory=list)
    fails_at: HospitalId | None = None

    async def __call__(
        self, tx: storage.Tx, *, hospital_id: HospitalId, day: date, by: Actor, now: datetime
    ) -> None:
        del tx, now
        assert by.kind is ActorKind.PROGRAM
        if hospital_id == self.fails_at:
            raise RuntimeError("planted")
        self.closed.append((hospital_id, day))


@pytest.fixture
async def worker(databases: Databases) -> AsyncIterator[storage.Pool]:
    pool = storage.make_pool(databases.main, role=storage.roles.WORKER)
    async with pool:
        yield pool


def reminders(owner: psycopg.Connection) -> list[object]:
    return [row[0] for row in owner.execute("SELECT appointment_id FROM outbox").fetchall()]


# Reminders -------------------------------------------------------------------------------------


async def test_tomorrow_s_appointments_are_reminded_of_once(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner)
    account = AccountId(new_id())
    wanted = insert_appointment(
        owner, hospital, starts_at=VISIT_AT, day=TOMORROW, booked_at=LAST_WEEK, account_id=account
    )

    first = await tasks.remind(worker, now=AFTERNOON)
    second = await tasks.remind(worker, now=AFTERNOON + timedelta(minutes=10))

    row = owner.execute(
        "SELECT hospital_id, appointment_id, account_id, template, expires_at FROM outbox"
    ).fetchall()
    until = AFTERNOON.replace(hour=21)
    assert row == [(hospital.hospital_id, wanted, account, "reminder", until)]
    assert (first, second) == (1, 0)


async def test_who_booked_today_cancelled_or_has_no_account_is_not_reminded(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner)
    account = AccountId(new_id())
    for booked_at, account_id, status in (
        (NOON, account, "booked"),
        (LAST_WEEK, account, "cancelled"),
        (LAST_WEEK, None, "booked"),
    ):
        insert_appointment(
            owner,
            hospital,
            starts_at=VISIT_AT,
            day=TOMORROW,
            booked_at=booked_at,
            account_id=account_id,
            status=status,
        )
    insert_appointment(
        owner,
        hospital,
        starts_at=VISIT_AT + timedelta(days=1),
        day=TOMORROW + timedelta(days=1),
        booked_at=LAST_WEEK,
        account_id=account,
    )

    written = await tasks.remind(worker, now=AFTERNOON)

    assert written == 0
    assert reminders(owner) == []


@pytest.mark.parametrize("hour", [0, 9, 14, 21, 23])
async def test_no_phone_buzzes_outside_the_hours(
    worker: storage.Pool, owner: psycopg.Connection, hour: int
) -> None:
    hospital = insert_hospital(owner)
    insert_appointment(
        owner,
        hospital,
        starts_at=VISIT_AT,
        day=TOMORROW,
        booked_at=LAST_WEEK,
        account_id=AccountId(new_id()),
    )

    assert await tasks.remind(worker, now=AFTERNOON.replace(hour=hour)) == 0


async def test_many_reminders_are_written_in_batches(
    worker: storage.Pool, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "REMINDERS_PER_TX_MAX", 2)
    hospital = insert_hospital(owner)
    for _ in range(5):
        insert_appointment(
            owner,
            hospital,
            starts_at=VISIT_AT,
            day=TOMORROW,
            booked_at=LAST_WEEK,
            account_id=AccountId(new_id()),
        )

    assert await tasks.remind(worker, now=AFTERNOON) == 5
    assert len(set(reminders(owner))) == 5


async def test_a_visit_is_read_in_the_hospital_s_own_time(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner, zone="Asia/Urumqi")
    appointment = insert_appointment(
        owner, hospital, starts_at=VISIT_AT, day=TOMORROW, booked_at=LAST_WEEK, account_id=None
    )

    async with storage.begin(worker) as tx:
        visit = await jobs.BookedVisits().visit(
            tx, hospital_id=hospital.hospital_id, appointment_id=appointment
        )
        missing = await jobs.BookedVisits().visit(
            tx, hospital_id=HospitalId(new_id()), appointment_id=appointment
        )

    assert visit is not None
    assert (visit.hospital_zh, visit.day, visit.number) == ("示范医院", TOMORROW, 1)
    assert f"{visit.starts:%H:%M}–{visit.ends:%H:%M}" == "07:00–07:30"
    assert visit.live
    assert missing is None


# Closing days and retention -----------------------------------------------------------------------


async def test_past_days_are_closed_by_each_hospital_s_own_clock(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner)
    insert_clinics(owner, hospital, 23, 24)
    closer = Closer()
    just_after_midnight = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)

    await tasks.close_days(worker, closer, now=just_after_midnight)

    assert closer.closed == [(hospital.hospital_id, date(2026, 11, 23))]


async def test_a_worker_that_was_down_for_five_days_closes_them_all(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner)
    insert_clinics(owner, hospital, 18, 19, 20, 21, 22, 23)

    await tasks.close_days(worker, booking.close_day, now=NOON)

    left = owner.execute("SELECT count(*) FROM clinic WHERE status = 'open'").fetchone()
    missed = owner.execute("SELECT count(*) FROM appointment WHERE status = 'noshow'").fetchone()
    assert (left, missed) == ((0,), (6,))


async def test_a_hospital_that_fails_does_not_keep_the_others_open(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    one, two = insert_hospital(owner), insert_hospital(owner)
    for each in (one, two):
        insert_clinics(owner, each, 23)
    closer = Closer(fails_at=one.hospital_id)

    with pytest.raises(ExceptionGroup):
        await tasks.close_days(worker, closer, now=NOON)

    assert {hospital for hospital, _ in closer.closed} == {two.hospital_id}


async def test_what_is_past_its_time_is_deleted_and_the_rest_kept(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital, staff = insert_hospital(owner).hospital_id, new_id()
    insert_staff(owner, hospital, staff)
    for age in (timedelta(0), timedelta(days=60)):
        at = NOON - age
        for statement, row in (
            ("INSERT INTO login_code VALUES (%s, %s, '', 0, %s, %s)",
             [b"p", new_id(), at, at]),
            ("INSERT INTO rate_count VALUES (%s, %s, 1)", [b"b", at]),
            ("INSERT INTO account_session VALUES (%s, %s, '', false, %s, %s, %s)",
             [new_id().bytes, new_id(), at, at, at]),
            ("INSERT INTO staff_session VALUES (%s, %s, %s, '', %s, %s, %s)",
             [hospital, new_id().bytes, staff, at, at, at]),
            ("INSERT INTO request VALUES (%s, %s, %s, '', %s, NULL, NULL, 1, %s)",
             [hospital, new_id(), new_id(), new_id(), at]),
            ("INSERT INTO outbox VALUES (%s, %s, 'a', NULL, NULL, NULL, %s, NULL, %s, 0, %s)",
             [hospital, new_id(), at, at, at]),
        ):  # fmt: skip
            owner.execute(statement, row)

    deleted = await tasks.purge(worker, now=NOON)

    tables = [*store.RETENTION, "login_code", "rate_count", "account_session", "outbox"]
    left = [owner.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in tables]
    assert deleted == len(tables)
    assert left == [(1,)] * len(tables)


async def test_a_revoked_staff_session_is_deleted_before_it_would_end(
    worker: storage.Pool, owner: psycopg.Connection
) -> None:
    hospital, staff = insert_hospital(owner).hospital_id, new_id()
    insert_staff(owner, hospital, staff)
    owner.execute(
        "INSERT INTO staff_session VALUES (%s, %s, %s, '', %s, %s, %s, %s)",
        [hospital, b"s", staff, NOON, NOON, NOON + timedelta(days=90), NOON - timedelta(days=8)],
    )

    assert await tasks.purge(worker, now=NOON) == 1


async def test_the_worker_may_close_a_day(worker: storage.Pool, owner: psycopg.Connection) -> None:
    hospital = insert_hospital(owner)
    missed = insert_appointment(
        owner,
        hospital,
        starts_at=VISIT_AT,
        day=TOMORROW,
        booked_at=LAST_WEEK,
        account_id=AccountId(new_id()),
    )

    for _ in range(2):
        await tasks.close_days(worker, booking.close_day, now=VISIT_AT + timedelta(days=1))

    assert owner.execute(
        "SELECT status FROM appointment WHERE appointment_id = %s", [missed]
    ).fetchone() == ("noshow",)


def insert_clinics(owner: psycopg.Connection, hospital: BareHospital, *days: int) -> None:
    """Write a clinic with one appointment on each of these days of November."""
    for day in days:
        insert_appointment(
            owner,
            hospital,
            starts_at=datetime(2026, 11, day, 9, tzinfo=BEIJING),
            day=date(2026, 11, day),
            booked_at=LAST_WEEK - timedelta(days=7),
            account_id=AccountId(new_id()),
        )


# The queue's schema and the worker -------------------------------------------------------------


def test_the_schema_is_made_once_and_stays(databases: Databases, owner: psycopg.Connection) -> None:
    jobs.apply_schema(databases.main)
    jobs.apply_schema(databases.main)

    tables = owner.execute(
        "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'jobs'"
    ).fetchall()
    assert ("procrastinate_jobs", "renhao_owner") in tables
    assert owner.execute(
        "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
        " AND schemaname <> 'jobs'"
    ).fetchone() == (0,)
    assert schema._applied(owner) == schema._migrations()[-1].name


def test_an_older_schema_gets_the_missing_migrations(
    databases: Databases, owner: psycopg.Connection
) -> None:
    jobs.apply_schema(databases.main)
    step = schema._migrations()[-2]
    owner.execute(f"COMMENT ON SCHEMA jobs IS '{step.name}'".encode())

    jobs.apply_schema(databases.main)

    assert schema._applied(owner) == schema._migrations()[-1].name


@dataclass
class Set:
    """A worker's parts with fakes outside, ready to run."""

    parts: jobs.Parts
    channel: MemoryChannel
    phones: MemoryPhones
    vault: privacy.Vault


@pytest.fixture
async def prepared(
    databases: Databases, worker: storage.Pool, vault: privacy.Vault, unused_port: int
) -> Set:
    await asyncio.to_thread(jobs.apply_schema, databases.main)
    channel, phones = MemoryChannel(), MemoryPhones()
    post = notify.Post(channel, jobs.BookedVisits(), phones, vault)
    clock = HandClock(AFTERNOON)
    parts = jobs.Parts(databases.main, worker, post, Closer(), clock, unused_port)
    return Set(parts, channel, phones, vault)


@pytest.fixture
async def unused_port() -> int:
    listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = int(listener.sockets[0].getsockname()[1])
    listener.close()
    return port


async def test_the_worker_sends_runs_jobs_shows_figures_and_stops(
    prepared: Set, owner: psycopg.Connection
) -> None:
    hospital = insert_hospital(owner)
    account = AccountId(new_id())
    prepared.phones.addressees[account] = Addressee(Sensitive("+8619900000001"), "zh")
    insert_appointment(
        owner, hospital, starts_at=VISIT_AT, day=TOMORROW, booked_at=LAST_WEEK, account_id=account
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(jobs.work(prepared.parts, stopping=stopping))

    jobs_queue = queue.make_queue(prepared.parts)
    async with jobs_queue.open_async():
        await jobs_queue.tasks["remind"].defer_async(timestamp=0)
    await until(lambda: bool(prepared.channel.sent))
    async with httpx.AsyncClient() as client:
        page = await client.get(f"http://127.0.0.1:{prepared.parts.metrics_port}/metrics")
    began = time.monotonic()
    stopping.set()
    await asyncio.wait_for(running, 12)

    ((phone, text, _),) = prepared.channel.sent
    assert phone == "+8619900000001"
    assert "就诊提醒" in text
    assert 'renhao_messages_total{outcome="sent",template="reminder"}' in page.text
    assert "renhao_worker_heartbeat_timestamp_seconds" in page.text
    assert time.monotonic() - began < 8
    assert owner.execute("SELECT count(*) FROM jobs.procrastinate_workers").fetchone() == (0,)


async def test_a_failing_pass_over_the_outbox_is_tried_again(
    prepared: Set,
    pool: storage.Pool,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("renhao.jobs.worker.AFTER_FAILURE_SECONDS", 0.2)
    owner.execute("ALTER TABLE outbox RENAME TO elsewhere")
    stopping = asyncio.Event()
    running = asyncio.create_task(jobs.work(prepared.parts, stopping=stopping))
    await asyncio.sleep(0.5)

    owner.execute("ALTER TABLE elsewhere RENAME TO outbox")
    cipher = prepared.vault.seal_for_platform(
        Sensitive("+8619900000001|042042|en"), place="outbox/login-code"
    )
    async with storage.begin(pool) as tx:
        message = Message(
            template=Template.LOGIN_CODE,
            created_at=AFTERNOON,
            expires_at=AFTERNOON + timedelta(minutes=5),
            cipher=cipher,
        )
        await notify.enqueue(tx, message)
    await until(lambda: bool(prepared.channel.sent))
    stopping.set()
    await asyncio.wait_for(running, 12)

    assert "042042" in prepared.channel.sent[0][1]


async def test_a_failing_job_is_counted_and_kept(
    prepared: Set, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> int:
        raise RuntimeError("planted")

    monkeypatch.setattr(tasks, "purge", fail)
    failed = metrics.JOBS.labels("purge", "failed")
    before = failed._value.get()
    jobs_queue = queue.make_queue(prepared.parts)

    async with jobs_queue.open_async():
        await jobs_queue.tasks["purge"].defer_async(timestamp=0)
        await jobs_queue.run_worker_async(
            wait=False, install_signal_handlers=False, listen_notify=False
        )

    assert failed._value.get() == before + 1
    assert owner.execute(
        "SELECT status::text FROM jobs.procrastinate_jobs WHERE task_name = 'purge'"
    ).fetchall() == [("failed",)]


async def test_a_job_whose_worker_died_is_forgotten(
    prepared: Set, owner: psycopg.Connection
) -> None:
    jobs_queue = queue.make_queue(prepared.parts)

    async with jobs_queue.open_async():
        await jobs_queue.tasks["remind"].defer_async(timestamp=0)
        owner.execute("SET search_path = jobs")
        owner.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        await jobs_queue.tasks["purge"].defer_async(timestamp=0)
        await jobs_queue.run_worker_async(
            wait=False, install_signal_handlers=False, listen_notify=False
        )

    assert (
        owner.execute(
            "SELECT task_name FROM jobs.procrastinate_jobs WHERE status = 'doing'"
        ).fetchall()
        == []
    )


async def test_every_job_of_the_day_runs(prepared: Set, owner: psycopg.Connection) -> None:
    jobs_queue = queue.make_queue(prepared.parts)

    async with jobs_queue.open_async():
        for name in ("remind", "close-days", "purge"):
            await jobs_queue.tasks[name].defer_async(timestamp=0)
        await jobs_queue.run_worker_async(
            wait=False, install_signal_handlers=False, listen_notify=False
        )

    # A job that falls due by the clock meanwhile stands in the queue too.
    ended = owner.execute("SELECT task_name, status::text FROM jobs.procrastinate_jobs").fetchall()
    assert {("close-days", "succeeded"), ("purge", "succeeded"), ("remind", "succeeded")} <= {
        *ended
    }


async def test_a_signal_ends_the_process_in_time(databases: Databases, tmp_path: Path) -> None:
    await asyncio.to_thread(jobs.apply_schema, databases.main)
    script = tmp_path / "worker.py"
    script.write_text(WORKER_SCRIPT, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        databases.main,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readuntil(b"worker-started"), 20)

    process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(process.wait(), 10)

    rest = await process.stderr.read()
    assert b"worker-started" in line
    assert b"worker-stopped" in rest
    assert code == 0


@pytest.mark.parametrize(
    ("messages", "channel"),
    [("console", notify.Console), ("smtp", notify.Mail), ("http", notify.HttpGateway)],
)
async def test_the_settings_name_the_channel(messages: str, channel: type) -> None:
    given = settings.read(
        {}, messages=messages, sms_url="https://sms.example/send", sms_secret="a shared secret"
    )

    async with jobs.opened_channel(given, clock=HandClock()) as opened:
        assert type(opened) is channel


@pytest.mark.parametrize(
    ("url", "secret", "named"),
    [
        ("http://sms.example/send", "s", "RENHAO_SMS_URL"),
        ("", "s", "RENHAO_SMS_URL"),
        ("https://sms.example/send", "", "RENHAO_SMS_SECRET"),
        ("http://127.0.0.1:9/send", "", "RENHAO_SMS_SECRET"),
    ],
)
async def test_an_unsafe_gateway_is_refused(url: str, secret: str, named: str) -> None:
    given = settings.read({}, messages="http", sms_url=url, sms_secret=secret)

    with pytest.raises(settings.SettingsError, match=named):
        async with jobs.opened_channel(given, clock=HandClock()):
            pass


def insert_staff(owner: psycopg.Connection, hospital_id: HospitalId, staff_id: UUID) -> None:
    owner.execute(
        "INSERT INTO staff (hospital_id, staff_id, login, display_name, password_hash,"
        " totp_cipher, roles, created_at) VALUES (%s, %s, 'a', 'a', 'a', '', '{registrar}', %s)",
        [hospital_id, staff_id, NOON],
    )


async def until(true: Callable[[], bool]) -> None:
    for _ in range(150):
        if true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen in 15 s")


WORKER_SCRIPT = """
import sys
from contextlib import asynccontextmanager
from renhao import jobs, logs, notify, storage
from renhao.kernel import utc_now
from tests.support.post import MemoryChannel, MemoryPhones

async def close_day(tx, **given): ...

@asynccontextmanager
async def parts():
    pool = storage.make_pool(sys.argv[1], role=storage.roles.WORKER)
    async with pool:
        post = notify.Post(MemoryChannel(), jobs.BookedVisits(), MemoryPhones(), None)
        yield jobs.Parts(sys.argv[1], pool, post, close_day, utc_now)

logs.configure("info")
jobs.run_worker(parts())
"""
