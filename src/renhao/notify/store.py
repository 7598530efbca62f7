"""The outbox table."""

from collections.abc import Sequence

from renhao.kernel import new_id
from renhao.notify.model import Message
from renhao.storage import Tx

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


async def insert(tx: Tx, messages: Sequence[Message]) -> None:
    """Write the messages with one statement; a reminder that exists already is left alone."""
    columns = [
        [message.hospital_id for message in messages],
        [message.outbox_id or new_id() for message in messages],
        [message.template.value for message in messages],
        [message.account_id for message in messages],
        [message.appointment_id for message in messages],
        [message.cipher for message in messages],
        [message.created_at for message in messages],
        [message.expires_at for message in messages],
    ]
    await tx.run(INSERT, columns)
