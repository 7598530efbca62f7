"""Short-lived snapshots of what is left: loaded once for all readers, with an ETag."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from renhao.kernel import Clock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LIVE_SECONDS = 1.0
SNAPSHOTS_MAX = 2_048


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[Value]):
    """One value, when its loading began, and a tag that differs when the value does."""

    value: Value
    loaded_at: datetime
    etag: str


class Snapshots(Generic[Key, Value]):
    """Keep the value of each key for about a second, so that readers never queue at the rows.

    Whoever comes while a value is being loaded waits for that one loading. A failed loading is
    told to all who wait and kept for nobody; a reader who goes away does not stop it.
    """

    def __init__(
        self,
        load: Callable[[Key], Awaitable[Value]],
        *,
        clock: Clock,
        live_seconds: float = LIVE_SECONDS,
    ) -> None:
        self._load = load
        self._clock = clock
        self._live = timedelta(seconds=live_seconds)
        self._kept: OrderedDict[Key, Snapshot[Value]] = OrderedDict()
        self._loading: dict[Key, asyncio.Task[Snapshot[Value]]] = {}

    async def get(self, key: Key) -> Snapshot[Value]:
        """Return the snapshot of a key, loading it when there is none or it is too old."""
        kept = self._kept.get(key)
        if kept is not None and kept.loaded_at <= self._clock() < kept.loaded_at + self._live:
            return kept
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._refresh(key))
            self._loading[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    async def _refresh(self, key: Key) -> Snapshot[Value]:
        loaded_at = self._clock()
        value = await self._load(key)
        return Snapshot(value, loaded_at, _etag(value))

    def _finished(self, key: Key, task: "asyncio.Task[Snapshot[Value]]") -> None:
        del self._loading[key]
        if task.cancelled() or task.exception() is not None:
            self._kept.pop(key, None)
            return
        self._kept[key] = task.result()
        self._kept.move_to_end(key)
        while len(self._kept) > SNAPSHOTS_MAX:
            self._kept.popitem(last=False)


def _etag(value: object) -> str:
    return f'"{hashlib.sha256(repr(value).encode()).hexdigest()[:32]}"'
