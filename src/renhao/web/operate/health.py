"""`/healthz`: this process answers. `/readyz`: it can serve. `/metrics`: how it serves."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from msgspec import Struct

from renhao import kernel, storage
from renhao.services import Services
from renhao.web.operate.metrics import CONTENT_TYPE, Metrics

CHECK_SECONDS_MAX = 3
RETRY_SECONDS = 5
HELD_BY_NOBODY = {"cache-control": "no-store"}


class Health(Struct, frozen=True):
    """The process answers."""

    status: str


class Readiness(Struct, frozen=True):
    """Whether requests should be sent here, and each check by name: `ok` or what is wrong."""

    ready: bool
    checks: dict[str, str]


class NotReadyError(Exception):
    """A check failed; the text is one of ours and holds no address and no value."""


@get("/healthz", include_in_schema=False)
async def healthz() -> Response[Health]:
    """Answer, nothing more: a database that is away must not have this process restarted."""
    return Response(Health(status="ok"), headers=HELD_BY_NOBODY)


@get("/readyz", include_in_schema=False)
async def readyz(services: NamedDependency[Services]) -> Response[Readiness]:
    """Make every check and name those that fail."""
    checks = await examine(services)
    ready = all(found == "ok" for found in checks.values())
    return Response(
        Readiness(ready=ready, checks=checks),
        status_code=200 if ready else 503,
        headers=HELD_BY_NOBODY if ready else HELD_BY_NOBODY | {"retry-after": str(RETRY_SECONDS)},
    )


@get("/metrics", media_type=MediaType.TEXT, include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the figures in Prometheus' text format."""
    figures: Metrics = request.app.state.metrics
    headers = HELD_BY_NOBODY | {"content-type": CONTENT_TYPE}
    return Response(figures.text(), headers=headers)


def operate_router() -> Router:
    """Give the routes for those who run the program; a proxy keeps `/metrics` inside."""
    return Router("/", route_handlers=[healthz, readyz, metrics], include_in_schema=False)


async def examine(services: Services) -> dict[str, str]:
    """Make all checks at once, each within its limit."""
    names = ("database", "key store", "serving")
    found = await asyncio.gather(
        _outcome(_database(services)), _outcome(_key_store(services)), _outcome(_serving(services))
    )
    return dict(zip(names, found, strict=True))


async def _outcome(check: Awaitable[None]) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            await check
    except NotReadyError as error:
        return str(error)
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS_MAX} s"
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
        return f"failed: {type(error).__name__}"
    return "ok"


async def _database(services: Services) -> None:
    async with storage.begin(services.pool) as tx:
        found = await storage.revision_in(tx)
    if found != (wanted := storage.head()):
        raise NotReadyError(f"schema at {found}, the program needs {wanted}: renhao db upgrade")


async def _key_store(services: Services) -> None:
    """Ask for a key that nobody has, so that no cache answers in the store's place."""
    await services.vault.keys([kernel.PLATFORM])


async def _serving(services: Services) -> None:
    if services.allocators.draining:
        raise NotReadyError("draining: this process is about to stop")
