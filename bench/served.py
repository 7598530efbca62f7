"""The composed application with routes to measure against: `python -m bench.served serve …`."""

import os
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router, post
from litestar.static_files import create_static_files_router
from msgspec import Struct

from renhao import app, cli
from renhao.web.api.appointments_shapes import Book, IdempotencyKey
from renhao.web.api.bearer import account_of, session_required

NOTHING_PATH = "/api/v1/bench/nothing"
STATIC_PATH = "/bench"
FOLDER = "BENCH_FOLDER"


class Nothing(Struct):
    """An answer that took no work."""

    done: bool = True


@post("/nothing", status_code=201)
async def nothing(
    request: Request[Any, Any, Any], data: Book, idempotency_key: IdempotencyKey
) -> Nothing:
    """Check session and body as a booking does, and do nothing."""
    account_of(request)
    del data, idempotency_key
    return Nothing()


def create() -> Litestar:
    """Make the application and add the routes."""
    made = app.create()
    made.register(Router("/api/v1/bench", route_handlers=[nothing], guards=[session_required]))
    if folder := os.environ.get(FOLDER):
        made.register(create_static_files_router(STATIC_PATH, directories=[Path(folder)]))
    return made


class Processes(app.Processes):
    """The real processes, serving the application with more routes."""

    application = "bench.served:create"


if __name__ == "__main__":
    cli.run(cli.make(Processes()))
