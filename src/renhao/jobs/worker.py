"""The worker: two loops, one for the outbox and one for the queue, until a signal comes."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress

import procrastinate
import structlog

from renhao import notify
from renhao.jobs import metrics
from renhao.jobs.parts import Parts
from renhao.jobs.queue import POLL_SECONDS, make_queue

OUTBOX_SECONDS = 0.5
AFTER_FAILURE_SECONDS = 3.0
STOP_SECONDS_MAX = 8.0
JOB_STOP_SECONDS_MAX = 5.0
assert JOB_STOP_SECONDS_MAX < STOP_SECONDS_MAX  # noqa: S101 - checked at start-up

log = structlog.get_logger("worker")


def run_worker(parts: AbstractAsyncContextManager[Parts]) -> None:
    """Work until SIGTERM or SIGINT; `parts` opens and closes what the worker needs.

    Ends within STOP_SECONDS_MAX of the signal; a message cut off is sent by the next worker.
    """
    asyncio.run(_until_signalled(parts))


async def work(parts: Parts, *, stopping: asyncio.Event) -> None:
    """Run both loops until told to stop, then give them a bounded time to end."""
    queue = make_queue(parts)
    with metrics.served(parts.metrics_port):
        async with queue.open_async():
            log.info("worker-started")
            loops = [
                asyncio.create_task(_keep(lambda: _send(parts, stopping), stopping)),
                asyncio.create_task(_keep(lambda: _serve(queue, stopping), stopping)),
            ]
            await stopping.wait()
            _, late = await asyncio.wait(loops, timeout=STOP_SECONDS_MAX)
            for loop in late:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
    log.info("worker-stopped", count=len(late))


async def _until_signalled(parts: AbstractAsyncContextManager[Parts]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with parts as opened:
        await work(opened, stopping=stopping)


async def _keep(run: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Run a loop again whenever it fails, as when the database restarts, until told to stop."""
    while not stopping.is_set():
        try:
            await run()
        except Exception:
            log.exception("worker-loop-failed")
            await _pause(AFTER_FAILURE_SECONDS, stopping)


async def _send(parts: Parts, stopping: asyncio.Event) -> None:
    """Go through the outbox again and again; at once when there was something to do."""
    while not stopping.is_set():
        tally = await notify.deliver_due(parts.pool, parts.post, clock=parts.clock)
        metrics.beat(tally)
        if not tally:
            await _pause(OUTBOX_SECONDS, stopping)


async def _serve(queue: procrastinate.App, stopping: asyncio.Event) -> None:
    """Run the queue's jobs; cancelling it lets the running job end within its limit."""
    running = asyncio.create_task(
        queue.run_worker_async(
            name="renhao",
            concurrency=1,
            fetch_job_polling_interval=POLL_SECONDS,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
            shutdown_graceful_timeout=JOB_STOP_SECONDS_MAX,
        )
    )
    told = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
