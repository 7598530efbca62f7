"""Putting messages into the outbox."""

from renhao.notify import store
from renhao.notify.model import Message
from renhao.storage import Tx


async def enqueue(tx: Tx, *messages: Message) -> None:
    """Write messages to the outbox in the same transaction as the change they tell of."""
    if messages:
        await store.insert(tx, messages)
