"""Sending what is due: claim, commit, send, settle.

Sending happens outside any transaction. A worker that dies before the claim commits has sent
nothing; after it, the message is due again when its lease ends; after sending but before settling,
that one message is sent again (with the same key) and no other. None is lost.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog

from renhao.kernel import AccountId, Clock, HospitalId, Language, Purpose, Sensitive
from renhao.notify import store, templates
from renhao.notify.model import (
    NEED_A_LIVE_APPOINTMENT,
    Addressee,
    Cause,
    Claimed,
    Template,
    Visit,
    next_try,
)
from renhao.notify.ports import DeliveryError, Post
from renhao.storage import Pool, Tx, begin

BATCH_MAX = 16
SEND_SECONDS_MAX = 10
LEASE_SECONDS = 60
assert SEND_SECONDS_MAX < LEASE_SECONDS / 2  # noqa: S101 - checked at start-up

log = structlog.get_logger("notify")

Outcome = tuple[str, str]
"""Template and `sent`, `retry` or `dead`."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message filled in and addressed."""

    phone: Sensitive[str]
    text: Sensitive[str]


async def deliver_due(pool: Pool, post: Post, *, clock: Clock) -> Counter[Outcome]:
    """Send one batch of due messages for each hospital, the most pressing first.

    Opens its own transactions. Locks outbox rows while claiming and while settling.
    """
    async with begin(pool) as tx:
        hospitals = await store.hospitals_due(tx, now=clock())
    tally: Counter[Outcome] = Counter()
    for hospital_id in hospitals:
        tally += await _deliver_batch(pool, post, hospital_id, clock=clock)
    return tally


async def claim(pool: Pool, hospital_id: HospitalId, *, clock: Clock) -> tuple[int, list[Claimed]]:
    """Bury what is hopeless and take a batch into hand until the lease ends."""
    now = clock()
    until = now + timedelta(seconds=LEASE_SECONDS)
    async with begin(pool) as tx:
        buried = await store.bury_hopeless(tx, hospital_id=hospital_id, now=now)
        claimed = await store.claim(
            tx, hospital_id=hospital_id, until=until, most=BATCH_MAX, now=now
        )
    return buried, claimed


async def settle(
    pool: Pool, claimed: Claimed, *, cause: Cause | None, final: bool, clock: Clock
) -> str:
    """Write down how it went: sent, retry or dead. Doing so twice changes nothing."""
    now = clock()
    again = None if final else next_try(attempts=claimed.attempts, now=now)
    async with begin(pool) as tx:
        if cause is None:
            await store.mark_sent(tx, claimed, now=now)
            return "sent"
        if again is None:
            await store.mark_dead(tx, claimed, cause=cause, now=now)
            return "dead"
        await store.mark_retry(tx, claimed, at=again, cause=cause)
        return "retry"


async def _deliver_batch(
    pool: Pool, post: Post, hospital_id: HospitalId, *, clock: Clock
) -> Counter[Outcome]:
    buried, claimed = await claim(pool, hospital_id, clock=clock)
    tries = [_deliver(pool, post, each, clock=clock) for each in claimed]
    results = await asyncio.gather(*tries, return_exceptions=True)
    tally = Counter(result for result in results if not isinstance(result, BaseException))
    if buried:
        tally["any", "dead"] += buried
    for result in results:
        if isinstance(result, BaseException):
            raise result  # the others are settled, this one is due again when its lease ends
    return tally


async def _deliver(pool: Pool, post: Post, claimed: Claimed, *, clock: Clock) -> Outcome:
    cause, final = await _try(pool, post, claimed)
    outcome = await settle(pool, claimed, cause=cause, final=final, clock=clock)
    if cause is not None:
        log.warning(
            "message-not-sent",
            template=claimed.template,
            outcome=outcome,
            cause=cause,
            attempts=claimed.attempts,
            outbox_id=claimed.outbox_id,
        )
    return claimed.template, outcome


async def _try(pool: Pool, post: Post, claimed: Claimed) -> tuple[Cause | None, bool]:
    """Fill in and send; answer with the cause of a failure and whether it is final."""
    try:
        async with asyncio.timeout(SEND_SECONDS_MAX):
            async with begin(pool) as tx:
                letter = await _fill_in(tx, post, claimed)
            if isinstance(letter, Cause):
                return letter, True
            await post.channel.send(letter.phone, letter.text, key=claimed.outbox_id.hex)
    except DeliveryError as error:
        return (Cause.REFUSED if error.permanent else Cause.CHANNEL_FAILED), error.permanent
    except TimeoutError:
        return Cause.CHANNEL_FAILED, False
    except Exception:  # one bad message must not hold up the others
        log.warning("message-failed", outbox_id=claimed.outbox_id, exc_info=True)
        return Cause.FAILED, False
    return None, False


async def _fill_in(tx: Tx, post: Post, claimed: Claimed) -> Letter | Cause:
    template = Template(claimed.template)
    if template is Template.LOGIN_CODE:
        return _login_code(post, claimed)
    to = await _addressee(tx, post, claimed.account_id)
    if to is None:
        return Cause.NO_PHONE
    visit = await _visit(tx, post, claimed)
    if visit is None:
        return Cause.NO_APPOINTMENT
    if template in NEED_A_LIVE_APPOINTMENT and not visit.live:
        return Cause.OBSOLETE
    text = templates.of_visit(template, visit, language=to.language)
    return Letter(to.phone, Sensitive(text))


def _login_code(post: Post, claimed: Claimed) -> Letter | Cause:
    if claimed.cipher is None:
        return Cause.EXPIRED
    opened = post.seals.open_for_platform(claimed.cipher, place=f"outbox/{claimed.template}")
    phone, code, language = opened.reveal(purpose=Purpose.SEND_MESSAGE).split("|")
    text = templates.login_code(code, language=cast("Language", language))
    return Letter(Sensitive(phone), Sensitive(text))


async def _addressee(tx: Tx, post: Post, account_id: AccountId | None) -> Addressee | None:
    if account_id is None:
        return None
    return await post.phones.addressee(tx, account_id=account_id)


async def _visit(tx: Tx, post: Post, claimed: Claimed) -> Visit | None:
    if claimed.appointment_id is None:
        return None
    return await post.appointments.visit(
        tx, hospital_id=claimed.hospital_id, appointment_id=claimed.appointment_id
    )
