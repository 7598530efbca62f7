"""The composition root: from settings to everything that runs. Nobody imports it."""

import multiprocessing
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import assert_never

from granian import Granian
from granian.constants import Interfaces, Loops
from litestar import Litestar

from renhao import booking, cli, identity, jobs, logs, notify, privacy, settings, storage, web
from renhao.kernel import utc_now
from renhao.services import Services
from renhao.storage import roles

BACKLOG = 1024
STOP_SECONDS_MAX = 8


def main() -> None:
    """Run the command line."""
    cli.run(cli.make(Processes()))


def create() -> Litestar:
    """Make the ASGI application of one server process from the environment."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        cli.end_with(parent.pid)
    given = settings.read(os.environ)
    logs.configure(given.log_level)
    pool = storage.make_pool(_address(given.database_url), role=roles.SERVER)
    key_store = storage.make_pool(_address(given.keys_database_url), role=roles.SERVER)
    ring = privacy.keyring.load(_path(given.key_ring))
    vault = privacy.Vault(ring, key_store)
    authority = _authority(given)
    services = Services(
        settings=given,
        clock=utc_now,
        pool=pool,
        vault=vault,
        allocators=booking.Allocators(pool),
        authority=authority,
        csrf_secret=vault.derived("csrf").hex(),
    )
    app = web.make_app(services)

    opened = AsyncExitStack()

    async def open_all() -> None:
        await opened.enter_async_context(pool)
        await opened.enter_async_context(key_store)
        if isinstance(authority, identity.HttpAuthority):
            await opened.enter_async_context(authority)
        async with storage.begin(pool) as tx:
            await privacy.check_ring(tx, ring, now=utc_now())

    async def close_all() -> None:
        await services.allocators.drain()
        await opened.aclose()

    app.on_startup.append(open_all)
    app.on_shutdown.append(close_all)
    return app


class Processes:
    """How the command line starts what it may not import."""

    application = "renhao.app:create"

    def make_ready(self, given: settings.Settings) -> None:
        """Bring the job queue's own schema up to date."""
        jobs.apply_schema(_address(given.owner_database_url))

    def serve(self, given: settings.Settings) -> None:
        """Serve pages and API until a signal comes; bookings under way are answered first."""
        os.environ |= settings.environment(given)
        Granian(
            self.application,
            factory=True,
            interface=Interfaces.ASGI,
            address=given.host,
            port=given.port,
            workers=given.processes,
            loop=Loops.uvloop,
            backlog=BACKLOG,
            log_access=False,
            workers_kill_timeout=STOP_SECONDS_MAX,
            respawn_failed_workers=True,
        ).serve()

    def work(self, given: settings.Settings) -> None:
        """Send messages and run jobs until a signal comes."""
        logs.configure(given.log_level)
        jobs.run_worker(_worker_parts(given))


@asynccontextmanager
async def _worker_parts(given: settings.Settings) -> AsyncIterator[jobs.Parts]:
    conninfo = _address(given.worker_database_url)
    pool = storage.make_pool(conninfo, role=roles.WORKER)
    key_store = storage.make_pool(_address(given.worker_keys_database_url), role=roles.WORKER)
    vault = privacy.Vault(privacy.keyring.load(_path(given.key_ring)), key_store)
    async with pool, key_store, jobs.opened_channel(given, clock=utc_now) as channel:
        post = notify.Post(channel, jobs.BookedVisits(), identity.Phones(vault), vault)
        port = given.worker_metrics_port
        yield jobs.Parts(conninfo, pool, post, booking.close_day, utc_now, metrics_port=port)


def _authority(given: settings.Settings) -> identity.Authority:
    match given.authority:
        case "none":
            return identity.NoAuthority()
        case "file":
            return identity.FileAuthority(_path(given.authority_file))
        case "http":
            return identity.HttpAuthority(
                given.authority_url, secret=given.authority_secret, clock=utc_now
            )
        case other:
            assert_never(other)


def _address(url: str | None) -> str:
    if url is None:
        raise settings.SettingsError("a database address is missing; run `renhao serve`")
    return url


def _path(path: Path | None) -> Path:
    if path is None:
        raise settings.SettingsError("the path of a file is missing (key ring or test persons)")
    return path
