"""The job queue (procrastinate) and its periodic jobs."""

from collections.abc import Awaitable, Callable
from typing import Any

import procrastinate
import structlog
from procrastinate import jobs as queued
from psycopg import AsyncConnection

from renhao import storage
from renhao.jobs import metrics, tasks
from renhao.jobs.parts import Parts
from renhao.storage import roles

CONNECTIONS_MAX = 2
POLL_SECONDS = 5.0
JOB_RECORDS_HOURS = 30 * 24
STALLED_SECONDS = 120
OPTIONS = (
    "-c search_path=jobs"
    f" -c lock_timeout={storage.LOCK_TIMEOUT_SECONDS}s"
    f" -c statement_timeout={storage.STATEMENT_TIMEOUT_SECONDS}s"
)
"""What `storage.begin` sets for each transaction, for the queue's own connections."""

log = structlog.get_logger("jobs")


def make_queue(parts: Parts) -> procrastinate.App:
    """Make the queue with its periodic jobs; open it before use."""
    queue = procrastinate.App(connector=_connector(parts.conninfo))

    async def remind() -> int:
        return await tasks.remind(parts.pool, now=parts.clock())

    async def close_days() -> int:
        return await tasks.close_days(parts.pool, parts.close_day, now=parts.clock())

    async def purge() -> int:
        await _clear(queue)
        return await tasks.purge(parts.pool, now=parts.clock())

    _every(queue, "remind", "*/10 * * * *", remind)
    _every(queue, "close-days", "5 * * * *", close_days)
    _every(queue, "purge", "35 * * * *", purge)
    return queue


def _connector(conninfo: str) -> procrastinate.PsycopgConnector:
    async def act_as_worker(connection: AsyncConnection[Any]) -> None:
        await connection.execute(f"SET ROLE {roles.WORKER}")

    return procrastinate.PsycopgConnector(
        conninfo=conninfo,
        kwargs={"autocommit": True, "options": OPTIONS},
        configure=act_as_worker,
        min_size=1,
        max_size=CONNECTIONS_MAX,
    )


def _every(
    queue: procrastinate.App, name: str, cron: str, act: Callable[[], Awaitable[int]]
) -> None:
    """Run a job at these minutes; one that waits already is not queued twice."""

    async def run(timestamp: int) -> None:
        del timestamp  # the job reads the clock: it may run long after it was queued
        try:
            count = await act()
        except Exception:
            metrics.JOBS.labels(name, "failed").inc()
            log.exception("job-failed", job=name)
            raise
        metrics.JOBS.labels(name, "done").inc()
        log.info("job-done", job=name, count=count)

    task = queue.task(name=name, queueing_lock=name)(run)
    queue.periodic(cron=cron)(task)


async def _clear(queue: procrastinate.App) -> None:
    """Forget jobs whose worker died (the next one of its kind does their work) and old records."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await queue.job_manager.finish_job(job, status=queued.Status.FAILED, delete_job=True)
    await queue.job_manager.delete_old_jobs(
        nb_hours=JOB_RECORDS_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
