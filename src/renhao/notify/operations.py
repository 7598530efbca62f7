"""Putting messages into the outbox, and what may be done about those that were given up."""

from datetime import datetime
from uuid import UUID

from renhao import audit
from renhao.kernel import HospitalId
from renhao.notify import store
from renhao.notify.model import DeadLetter, DeadLetterOver, Message
from renhao.storage import Tx

DEAD_LETTERS_MAX = 200


async def enqueue(tx: Tx, *messages: Message) -> None:
    """Write messages to the outbox in the same transaction as the change they tell of."""
    if messages:
        await store.insert(tx, messages)


async def dead_letters(
    tx: Tx, *, hospital_id: HospitalId, most: int = DEAD_LETTERS_MAX
) -> list[DeadLetter]:
    """List the messages that were given up, the latest first; one-time codes are PLATFORM's."""
    return await store.dead(tx, hospital_id=hospital_id, most=min(most, DEAD_LETTERS_MAX))


async def retry_dead(
    tx: Tx, *, hospital_id: HospitalId, outbox_id: UUID, by: audit.Actor, now: datetime
) -> None:
    """Make one dead letter due again; needs the worker's role. Raises DeadLetterOver."""
    if not await store.revive(tx, hospital_id=hospital_id, outbox_id=outbox_id, now=now):
        raise DeadLetterOver
    event = audit.Event(
        at=now, action="message-retried", by=by, hospital_id=hospital_id, subject_id=outbox_id
    )
    await audit.record(tx, event)


async def purge(tx: Tx, *, before: datetime) -> int:
    """Delete what was sent or given up before then; returns how many."""
    return await store.delete_ended(tx, before=before)
