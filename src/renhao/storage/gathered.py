"""Reading by key for many callers with one statement.

While one reading is under way the next keys wait, then go together: a lone caller never waits, and
under load the cost of a round trip is shared. Every reading begins after its callers asked, so
nobody is told of a state older than the question.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

TOGETHER_MAX = 256


class Gathered(Generic[Key, Value]):
    """Calls `read` with the keys that wait; a key it does not give back has no value."""

    def __init__(
        self,
        read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]],
        *,
        together_max: int = TOGETHER_MAX,
    ) -> None:
        self._read = read
        self._together_max = together_max
        self._waiting: dict[Key, asyncio.Future[Value | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Value | None:
        """Give the key's value, or None. Raises what the reading raises."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = asyncio.get_running_loop().create_future()
            self._waiting[key] = answer
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all())
        # Shielded: a caller that goes away does not take the answer from another one.
        return await asyncio.shield(answer)

    async def _read_all(self) -> None:
        try:
            while self._waiting:
                await self._read_some()
        finally:
            self._reading = None

    async def _read_some(self) -> None:
        await asyncio.sleep(0)  # all that are about to ask in this turn of the loop come along
        keys = list(self._waiting)[: self._together_max]
        answers = {key: self._waiting.pop(key) for key in keys}
        try:
            found = await self._read(keys)
        except Exception as error:  # noqa: BLE001 - the callers get it
            for answer in answers.values():
                answer.set_exception(error)
                answer.exception()  # seen: nobody may be left to hear it
            return
        for key, answer in answers.items():
            answer.set_result(found.get(key))
