"""The usual way: one transaction for each request, with a row-locked counter.

It makes the same checks and writes the same rows as the allocator, statement by statement.
"""

from renhao import storage
from renhao.booking import BookCommand, batch
from renhao.booking.batch import Outcome


async def book(pool: storage.Pool, wish: BookCommand) -> Outcome:
    """Serve one request in a transaction of its own."""
    (outcome,) = await batch.serve(pool, [wish])
    return outcome
