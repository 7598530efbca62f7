"""Booking from a process of its own: `python -m tests.contention.races ADDRESS < commands`.

Reads pickled commands, books them all at once, and writes one line for each outcome.
"""

import asyncio
import pickle
import sys

from renhao import storage
from renhao.booking import Allocator, BookCommand, Booked


async def book_all(address: str, commands: list[BookCommand]) -> None:
    """Book and acknowledge: a line is written only when the outcome is known."""
    pool = storage.make_pool(address, role=storage.roles.SERVER, size=4)
    async with pool:
        allocator = Allocator(pool)

        async def book(command: BookCommand) -> None:
            outcome = await allocator.book(command)
            said = "booked" if isinstance(outcome, Booked) else str(outcome)
            number = outcome.number if isinstance(outcome, Booked) else 0
            print(command.request_id, said.split(":")[0], number, flush=True)  # noqa: T201

        await asyncio.gather(*(book(each) for each in commands))
        await allocator.drain()


if __name__ == "__main__":
    asyncio.run(book_all(sys.argv[1], pickle.load(sys.stdin.buffer)))  # noqa: S301 - our own
