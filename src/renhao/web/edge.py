"""What surrounds every request: its id, security headers, one log line without personal data."""

import time
from typing import Any

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from renhao import logs
from renhao.kernel import new_id

REQUEST_ID = "x-request-id"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
YEAR_HEADER = {"strict-transport-security": "max-age=31536000"}


class Edge:
    """Wrap the whole application, so that refused and unknown addresses are covered too."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | (YEAR_HEADER if secure else {})
        self._log = structlog.get_logger("renhao.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request_id, started, status = str(new_id()), time.perf_counter(), 0
        scope["state"]["request_id"] = request_id

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._mark(message, request_id)
            await send(message)

        with logs.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_marked)
            finally:
                self._tell(scope, status=status, seconds=time.perf_counter() - started)

    def _mark(self, message: Message, request_id: str) -> None:
        headers = MutableScopeHeaders.from_message(message)
        headers[REQUEST_ID] = request_id
        for name, value in self._headers.items():
            headers.setdefault(name, value)

    def _tell(self, scope: Scope, *, status: int, seconds: float) -> None:
        """Log the route's pattern, never the address itself: an address can name a booking."""
        about: dict[str, Any] = dict(scope)
        self._log.info(
            "request",
            method=about.get("method"),
            route=about.get("path_template") or "-",
            status=status,
            seconds=round(seconds, 4),
        )
