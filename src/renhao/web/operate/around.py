"""What surrounds every request: counting, and a trace where an endpoint for traces is set."""

import time
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.trace import TracerProvider

from renhao.web.operate import traces
from renhao.web.operate.metrics import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"


def surround(app: ASGIApp, metrics: Metrics, tracing: TracerProvider | None) -> ASGIApp:
    """Count what an application serves, refused and unknown addresses included; trace it if asked.

    Takes an ASGI application and gives one.
    """
    counted: ASGIApp = _Counted(app, metrics)
    return counted if tracing is None else traces.traced(counted, tracing)


class _Counted:
    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.in_progress.track_inprogress():
            try:
                await self._app(scope, receive, send_noted)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        about: dict[str, Any] = dict(scope)
        method = about["method"] if about["method"] in METHODS else "other"
        route = str(about.get("path_template") or NO_ROUTE)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
