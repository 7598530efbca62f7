"""The allocator: requests queue while a batch commits; then all that wait go together.

One for each hospital in each process. The batch size adapts by itself and a lone request never
waits. Row locks are the only coordination between processes.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from renhao import storage
from renhao.booking import refusals
from renhao.booking.attempts import Patience, outcomes_of
from renhao.booking.batch import BATCH_MAX, Outcome
from renhao.booking.model import BookCommand
from renhao.kernel import HospitalId, Refused

LANES = 2
"""Batches under way at once: while one commits, the next one claims its requests and patients."""
QUEUE_MAX = 4_096
RETRY_AFTER_SECONDS = 3
DRAIN_SECONDS = 5.0
"""How long batches under way may take to end once the process is to stop."""
LETTING_GO_SECONDS = 1.0
assert BATCH_MAX <= QUEUE_MAX  # noqa: S101 - checked at start-up


@dataclass(frozen=True, slots=True)
class _Waiting:
    command: BookCommand
    outcome: asyncio.Future[Outcome]


class Allocator:
    """Books for one hospital: `await book(command)` gives the outcome, a refusal included."""

    def __init__(
        self,
        pool: storage.Pool,
        *,
        queue_max: int = QUEUE_MAX,
        batch_max: int = BATCH_MAX,
        patience: Patience | None = None,
    ) -> None:
        self._pool = pool
        self._queue_max = queue_max
        self._batch_max = batch_max
        self._patience = patience or Patience()
        self._queue: deque[_Waiting] = deque()
        self._in_hand: dict[int, Sequence[_Waiting]] = {}
        self._more = asyncio.Event()
        self._stopping = False
        self._lanes: list[asyncio.Task[None]] = []
        self.batches = 0
        self.commands = 0

    @property
    def queued(self) -> int:
        """How many commands wait for the next batch."""
        return len(self._queue)

    def start(self) -> None:
        """Begin to serve; needs a running event loop."""
        if not self._lanes:
            self._lanes = [asyncio.create_task(self._serve_all(lane)) for lane in range(LANES)]

    async def book(self, command: BookCommand) -> Outcome:
        """Queue the command and await its outcome.

        A caller that goes away takes a command still queued with it; one already in a batch is
        served all the same. Nothing is stored of a refusal for overload.
        """
        if self._stopping:
            return refusals.ShuttingDown(retry_after_seconds=RETRY_AFTER_SECONDS)
        if len(self._queue) >= self._queue_max:
            return refusals.Overloaded(retry_after_seconds=RETRY_AFTER_SECONDS)
        self.start()
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(command, outcome))
        self._more.set()
        return await outcome

    async def drain(self, *, within_seconds: float = DRAIN_SECONDS) -> None:
        """Answer all that wait, then stop; from now on every new command is refused.

        What the database has not settled in time is answered as unknown, and what never reached
        it as refused: the process is ended soon, and a cut connection would say less.
        """
        self._stopping = True
        self._more.set()
        if not self._lanes:
            return
        _, late = await asyncio.wait(self._lanes, timeout=within_seconds)
        if late:
            self._let_go()
            for lane in late:
                lane.cancel()
            await asyncio.wait(late, timeout=LETTING_GO_SECONDS)

    def _let_go(self) -> None:
        for batch in self._in_hand.values():
            for waiting in batch:
                unknown = refusals.OutcomeUnknown(retry_after_seconds=RETRY_AFTER_SECONDS)
                _answer(waiting.outcome, unknown)
        while self._queue:
            stopping = refusals.ShuttingDown(retry_after_seconds=RETRY_AFTER_SECONDS)
            _answer(self._queue.popleft().outcome, stopping)

    async def _serve_all(self, lane: int) -> None:
        while not self._stopping or self._queue:
            batch = self._next_batch()
            if batch:
                self._in_hand[lane] = batch
                await self._serve(batch)
                del self._in_hand[lane]
            elif not self._stopping:
                self._more.clear()
                await self._more.wait()

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._queue and len(batch) < self._batch_max:
            waiting = self._queue.popleft()
            if not waiting.outcome.done():
                batch.append(waiting)
        return batch

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        self.batches += 1
        self.commands += len(batch)
        try:
            outcomes: Sequence[Outcome | Exception] = await outcomes_of(
                self._pool, [each.command for each in batch], self._patience
            )
        except Exception as error:  # noqa: BLE001 - the callers get it; the allocator lives on
            outcomes = [error] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            _answer(waiting.outcome, outcome)


class Allocators:
    """The allocators of one process, one for each hospital, made when first asked for."""

    def __init__(self, pool: storage.Pool, *, queue_max: int = QUEUE_MAX) -> None:
        self._pool = pool
        self._queue_max = queue_max
        self._by_hospital: dict[HospitalId, Allocator] = {}
        self.outcomes: Counter[str] = Counter()
        """How often a wish was answered `booked`, or with which refusal's code."""
        self._stopping = False

    def of(self, hospital_id: HospitalId) -> Allocator:
        """Return the hospital's allocator; it starts with its first command."""
        allocator = self._by_hospital.get(hospital_id)
        if allocator is None:
            allocator = Allocator(self._pool, queue_max=self._queue_max)
            self._by_hospital[hospital_id] = allocator
        return allocator

    @property
    def draining(self) -> bool:
        """Whether it refuses new commands because the process is about to stop."""
        return self._stopping

    @property
    def queued(self) -> int:
        """How many commands wait at all hospitals together."""
        return sum(each.queued for each in self._by_hospital.values())

    @property
    def served(self) -> tuple[int, int]:
        """How many batches were served so far, and how many commands in them."""
        found = self._by_hospital.values()
        return sum(each.batches for each in found), sum(each.commands for each in found)

    async def book(self, command: BookCommand) -> Outcome:
        """Hand the command to its hospital's allocator, and count the outcome."""
        outcome: Outcome
        if self._stopping:
            outcome = refusals.ShuttingDown(retry_after_seconds=RETRY_AFTER_SECONDS)
        else:
            outcome = await self.of(command.hospital_id).book(command)
        self.outcomes[outcome.code if isinstance(outcome, Refused) else "booked"] += 1
        return outcome

    async def drain(self) -> None:
        """Answer all that wait at every hospital, then stop."""
        self._stopping = True
        await asyncio.gather(*(each.drain() for each in self._by_hospital.values()))


def _answer(future: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    if future.done():
        return  # the caller went away; what was booked stays booked under its request id
    if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
