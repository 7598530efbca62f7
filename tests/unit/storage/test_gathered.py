import asyncio
from collections.abc import Mapping, Sequence

import pytest

from renhao.storage import Gathered

pytestmark = pytest.mark.unit


class Shelf:
    """Remembers which keys were read together; waits until it may answer."""

    def __init__(self) -> None:
        self.readings: list[list[int]] = []
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None

    async def read(self, keys: Sequence[int]) -> Mapping[int, str]:
        self.readings.append(list(keys))
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return {key: f"v{key}" for key in keys if key != 0}


async def test_keys_that_come_during_a_reading_go_together_in_the_next() -> None:
    shelf = Shelf()
    gathered = Gathered(shelf.read)

    first = asyncio.create_task(gathered.get(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    more = [asyncio.create_task(gathered.get(key)) for key in (2, 3, 2, 0)]
    await asyncio.sleep(0)
    shelf.may_answer.set()

    assert await first == "v1"
    assert await asyncio.gather(*more) == ["v2", "v3", "v2", None]
    assert shelf.readings == [[1], [2, 3, 0]]


async def test_a_question_is_never_answered_by_a_reading_begun_before_it() -> None:
    shelf = Shelf()
    gathered = Gathered(shelf.read)

    first = asyncio.create_task(gathered.get(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    again = asyncio.create_task(gathered.get(1))
    await asyncio.sleep(0)
    shelf.may_answer.set()
    await asyncio.gather(first, again)

    assert shelf.readings == [[1], [1]]


async def test_no_reading_is_larger_than_allowed() -> None:
    shelf = Shelf()
    shelf.may_answer.set()
    gathered = Gathered(shelf.read, together_max=2)

    await asyncio.gather(*(gathered.get(key) for key in range(1, 6)))

    assert [len(keys) for keys in shelf.readings] == [2, 2, 1]


async def test_what_goes_wrong_is_told_to_every_caller_and_the_next_reading_works() -> None:
    shelf = Shelf()
    shelf.may_answer.set()
    shelf.error = ValueError("broken")
    gathered = Gathered(shelf.read)

    told = await asyncio.gather(gathered.get(1), gathered.get(2), return_exceptions=True)
    shelf.error = None

    assert [type(each) for each in told] == [ValueError, ValueError]
    assert await gathered.get(1) == "v1"


async def test_a_caller_that_goes_away_takes_nothing_from_another() -> None:
    shelf = Shelf()
    gathered = Gathered(shelf.read)
    leaving = asyncio.create_task(gathered.get(1))
    staying = asyncio.create_task(gathered.get(1))
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.sleep(0)
    shelf.may_answer.set()

    assert await staying == "v1"
