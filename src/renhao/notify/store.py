"""The outbox table.

A message is claimed by moving its next try one lease ahead, so a worker that dies loses nothing:
when the lease ends, the message is due again. Locks outbox rows only, of one hospital at a time.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from renhao.kernel import HospitalId, new_id
from renhao.notify.model import ATTEMPTS_MAX, Cause, Claimed, DeadLetter, Message, Template
from renhao.storage import Tx, array, words

INSERT = """
INSERT INTO outbox (hospital_id, outbox_id, template, account_id, appointment_id, cipher,
  created_at, next_try_at, expires_at)
SELECT hospital_id, outbox_id, template, account_id, appointment_id, cipher, created_at,
  created_at, expires_at
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::bytea[],
  %s::timestamptz[], %s::timestamptz[]) AS message (hospital_id, outbox_id, template, account_id,
  appointment_id, cipher, created_at, expires_at)
ON CONFLICT DO NOTHING
"""

CLAIM = """
WITH due AS (
  SELECT outbox_id FROM outbox
  WHERE hospital_id = %s AND next_try_at <= %s AND expires_at > %s AND attempts < %s
  ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE outbox SET attempts = attempts + 1, next_try_at = %s
FROM due WHERE outbox.hospital_id = %s AND outbox.outbox_id = due.outbox_id
RETURNING outbox.hospital_id, outbox.outbox_id, template, account_id, appointment_id, cipher,
  attempts
"""

BURY_HOPELESS = f"""
UPDATE outbox SET dead_at = %s, next_try_at = NULL, cipher = NULL,
  last_error = CASE WHEN expires_at <= %s THEN '{Cause.EXPIRED}'
    ELSE coalesce(last_error, '{Cause.FAILED}') END
WHERE hospital_id = %s AND next_try_at <= %s AND (expires_at <= %s OR attempts >= %s)
"""

DEAD = """
SELECT hospital_id, outbox_id, template, account_id, appointment_id, attempts, created_at,
  expires_at, dead_at, last_error
FROM outbox WHERE hospital_id = %s AND dead_at IS NOT NULL AND last_error <> %s
ORDER BY dead_at DESC LIMIT %s
"""


async def insert(tx: Tx, messages: Sequence[Message]) -> None:
    """Write the messages with one statement; a reminder that exists already is left alone."""
    columns = [
        array(message.hospital_id for message in messages),
        array(message.outbox_id or new_id() for message in messages),
        words(message.template.value for message in messages),
        array(message.account_id for message in messages),
        array(message.appointment_id for message in messages),
        array(message.cipher for message in messages),
        array(message.created_at for message in messages),
        array(message.expires_at for message in messages),
    ]
    await tx.run(INSERT, columns)


async def hospitals_due(tx: Tx, *, now: datetime) -> list[HospitalId]:
    """Name the hospitals that have something due, the most pressing first."""
    return await tx.values(
        "SELECT hospital_id FROM outbox WHERE next_try_at <= %s"
        " GROUP BY hospital_id ORDER BY min(expires_at)",
        [now],
    )


async def bury_hopeless(tx: Tx, *, hospital_id: HospitalId, now: datetime) -> int:
    """End what has expired or has used up its tries (its worker died in the last one)."""
    return await tx.run(BURY_HOPELESS, [now, now, hospital_id, now, now, ATTEMPTS_MAX])


async def claim(
    tx: Tx, *, hospital_id: HospitalId, until: datetime, most: int, now: datetime
) -> list[Claimed]:
    """Take the most pressing due messages until the lease ends; those locked are left out."""
    return await tx.rows(
        Claimed, CLAIM, [hospital_id, now, now, ATTEMPTS_MAX, most, until, hospital_id]
    )


async def mark_sent(tx: Tx, claimed: Claimed, *, now: datetime) -> int:
    """Note that it was sent and wipe its cipher, whoever holds it meanwhile: sent is sent."""
    return await tx.run(
        "UPDATE outbox SET sent_at = %s, next_try_at = NULL, dead_at = NULL, cipher = NULL,"
        " last_error = NULL WHERE hospital_id = %s AND outbox_id = %s AND sent_at IS NULL",
        [now, claimed.hospital_id, claimed.outbox_id],
    )


async def mark_retry(tx: Tx, claimed: Claimed, *, at: datetime, cause: Cause) -> int:
    """Set the next try, unless the lease ended and another try has begun."""
    return await tx.run(
        "UPDATE outbox SET next_try_at = %s, last_error = %s WHERE hospital_id = %s"
        " AND outbox_id = %s AND attempts = %s AND next_try_at IS NOT NULL",
        [at, cause.value, claimed.hospital_id, claimed.outbox_id, claimed.attempts],
    )


async def mark_dead(tx: Tx, claimed: Claimed, *, cause: Cause, now: datetime) -> int:
    """Give it up and wipe its cipher, unless another try has begun."""
    return await tx.run(
        "UPDATE outbox SET dead_at = %s, next_try_at = NULL, cipher = NULL, last_error = %s"
        " WHERE hospital_id = %s AND outbox_id = %s AND attempts = %s AND next_try_at IS NOT NULL",
        [now, cause.value, claimed.hospital_id, claimed.outbox_id, claimed.attempts],
    )


async def dead(tx: Tx, *, hospital_id: HospitalId, most: int) -> list[DeadLetter]:
    """Read a hospital's dead letters, the latest first; obsolete messages are none."""
    return await tx.rows(DeadLetter, DEAD, [hospital_id, Cause.OBSOLETE.value, most])


async def revive(tx: Tx, *, hospital_id: HospitalId, outbox_id: UUID, now: datetime) -> bool:
    """Make a dead letter due again with all its tries, if it still makes sense."""
    return bool(
        await tx.run(
            "UPDATE outbox SET dead_at = NULL, next_try_at = %s, attempts = 0, last_error = NULL"
            " WHERE hospital_id = %s AND outbox_id = %s AND dead_at IS NOT NULL"
            " AND expires_at > %s AND template <> %s",
            [now, hospital_id, outbox_id, now, Template.LOGIN_CODE.value],
        )
    )


async def delete_ended(tx: Tx, *, before: datetime) -> int:
    """Delete what was sent or given up before then."""
    return await tx.run(
        "DELETE FROM outbox WHERE next_try_at IS NULL AND coalesce(sent_at, dead_at) < %s",
        [before],
    )
