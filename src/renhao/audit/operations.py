"""Recording what was done, in the transaction that does it."""

from renhao.audit import store
from renhao.audit.model import Event
from renhao.storage import Tx


async def record(tx: Tx, *events: Event) -> None:
    """Write audit events in the same transaction as the change they tell of."""
    if events:
        await store.insert(tx, events)
