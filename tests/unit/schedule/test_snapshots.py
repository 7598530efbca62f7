"""One loading serves all readers for about a second."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from renhao.schedule import Snapshots, snapshots

pytestmark = pytest.mark.unit


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeLoader:
    """Counts its calls; answers with `value`, or fails, once `gate` is open."""

    def __init__(self) -> None:
        self.calls = 0
        self.value = "a"
        self.fails = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, key: str) -> str:
        self.calls += 1
        await self.gate.wait()
        if self.fails:
            raise RuntimeError("down")
        return key + self.value


async def test_many_readers_wait_for_one_loading() -> None:
    load = FakeLoader()
    load.gate.clear()
    kept = Snapshots(load, clock=FakeClock())
    readers = [asyncio.create_task(kept.get("k")) for _ in range(50)]
    await asyncio.sleep(0)

    load.gate.set()
    answers = await asyncio.gather(*readers)

    assert load.calls == 1
    assert {answer.value for answer in answers} == {"ka"}


async def test_it_is_refreshed_when_too_old_and_the_tag_follows_the_value() -> None:
    load, clock = FakeLoader(), FakeClock()
    kept = Snapshots(load, clock=clock, live_seconds=1)
    first = await kept.get("k")
    clock.move(0.9)
    second = await kept.get("k")
    clock.move(0.1)
    same = await kept.get("k")
    load.value = "b"
    clock.move(1)
    other = await kept.get("k")

    assert second is first
    assert (same.etag, same.loaded_at) == (first.etag, clock.now - timedelta(seconds=1))
    assert other.etag != first.etag
    assert load.calls == 3


async def test_a_clock_that_was_put_back_keeps_nothing_alive() -> None:
    load, clock = FakeLoader(), FakeClock()
    kept = Snapshots(load, clock=clock)
    await kept.get("k")

    clock.move(-3600)
    await kept.get("k")

    assert load.calls == 2


async def test_a_failed_loading_is_told_to_all_and_kept_for_nobody() -> None:
    load = FakeLoader()
    load.fails = True
    kept = Snapshots(load, clock=FakeClock())

    both = await asyncio.gather(kept.get("k"), kept.get("k"), return_exceptions=True)
    load.fails = False
    answer = await kept.get("k")

    assert [type(each) for each in both] == [RuntimeError, RuntimeError]
    assert answer.value == "ka"
    assert load.calls == 2


async def test_a_reader_who_goes_away_does_not_stop_the_loading() -> None:
    load = FakeLoader()
    load.gate.clear()
    kept = Snapshots(load, clock=FakeClock())
    gone, stays = (asyncio.create_task(kept.get("k")) for _ in range(2))
    await asyncio.sleep(0)

    gone.cancel()
    load.gate.set()

    assert (await stays).value == "ka"
    assert load.calls == 1


async def test_old_keys_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOTS_MAX", 2)
    load = FakeLoader()
    kept = Snapshots(load, clock=FakeClock())

    for key in ("a", "b", "c", "a"):
        await kept.get(key)

    assert load.calls == 4
