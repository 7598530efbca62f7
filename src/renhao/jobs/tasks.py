"""The jobs of the day. Each may run at any time, twice, or on two workers at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from renhao import audit, identity, notify, storage
from renhao.jobs import queries, store
from renhao.jobs.parts import CloseDay
from renhao.jobs.queries import Place
from renhao.notify import Message, Template
from renhao.storage import Pool, Tx

REMIND_FROM = time(15)
REMIND_UNTIL = time(21)
"""Hours of the hospital's clock in which a phone may buzz about tomorrow."""
REMINDERS_PER_TX_MAX = 500
REMINDER_BATCHES_MAX = 200

log = structlog.get_logger("jobs")


async def remind(pool: Pool, *, now: datetime) -> int:
    """Put tomorrow's reminders into the outbox, one for each appointment booked before today."""
    return await _everywhere(pool, lambda place: _remind_at(pool, place, now=now))


async def close_days(pool: Pool, close_day: CloseDay, *, now: datetime) -> int:
    """Close every day with open clinics that ended by its hospital's own clock.

    However long the worker was down, it catches up.
    """
    return await _everywhere(pool, lambda place: _close_at(pool, close_day, place, now=now))


async def purge(pool: Pool, *, now: datetime) -> int:
    """Delete codes, counts, sessions, requests and messages past their time."""
    total = 0
    for table in store.RETENTION:
        async with storage.begin(pool) as tx:
            total += await store.delete_old(tx, table, now=now)
    async with storage.begin(pool) as tx:
        total += await identity.purge(tx, before=now - store.ACCOUNT_TRACES_KEPT)
    async with storage.begin(pool) as tx:
        return total + await notify.purge(tx, before=now - store.MESSAGES_KEPT)


async def _everywhere(pool: Pool, act: Callable[[Place], Awaitable[int]]) -> int:
    """Do it for each hospital; a failure at one is raised after the others had their turn."""
    async with storage.begin(pool) as tx:
        places = await queries.places(tx)
    total, failures = 0, []
    for place in places:
        try:
            total += await act(place)
        except Exception as error:
            log.warning("job-failed-at-hospital", hospital_id=place.hospital_id, exc_info=True)
            failures.append(error)
    if failures:
        raise ExceptionGroup("a job failed at some hospitals", failures)
    return total


async def _remind_at(pool: Pool, place: Place, *, now: datetime) -> int:
    local = now.astimezone(ZoneInfo(place.zone))
    if not REMIND_FROM <= local.time() < REMIND_UNTIL:
        return 0
    total = 0
    for _ in range(REMINDER_BATCHES_MAX):
        async with storage.begin(pool) as tx:
            written = await _remind_batch(tx, place, local=local)
        total += written
        if written < REMINDERS_PER_TX_MAX:
            break
    return total


async def _remind_batch(tx: Tx, place: Place, *, local: datetime) -> int:
    waiting = await queries.unreminded(
        tx,
        hospital_id=place.hospital_id,
        day=local.date() + timedelta(days=1),
        booked_before=local.replace(hour=0, minute=0, second=0, microsecond=0),
        most=REMINDERS_PER_TX_MAX,
    )
    until = datetime.combine(local.date(), REMIND_UNTIL, tzinfo=local.tzinfo)
    messages = [
        Message(
            template=Template.REMINDER,
            created_at=local,
            expires_at=until,
            hospital_id=place.hospital_id,
            account_id=each.account_id,
            appointment_id=each.appointment_id,
        )
        for each in waiting
    ]
    await notify.enqueue(tx, *messages)
    return len(messages)


async def _close_at(pool: Pool, close_day: CloseDay, place: Place, *, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(place.zone)).date()
    async with storage.begin(pool) as tx:
        days = await queries.open_days(tx, hospital_id=place.hospital_id, before=today)
    for day in days:
        async with storage.begin(pool) as tx:
            await close_day(tx, hospital_id=place.hospital_id, day=day, by=audit.PROGRAM, now=now)
    return len(days)
