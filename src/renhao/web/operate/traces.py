"""OpenTelemetry traces: method, route template, status and time; no query, header, body, address.

The instrumentation sees a scope stripped of everything that could name a person; the application
inside sees the real one.
"""

from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

KEPT_HEADERS = frozenset({b"traceparent", b"tracestate"})
REAL = "renhao.scope"
HIDDEN_PATH = "/"
SEND_SECONDS_MAX = 3


def provider(endpoint: str) -> TracerProvider | None:
    """Send traces to an OTLP endpoint over HTTP, in the background; without one make none."""
    if not endpoint:
        return None
    made = TracerProvider(resource=Resource.create({"service.name": "renhao"}))
    made.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=SEND_SECONDS_MAX))
    )
    return made


def traced(app: ASGIApp, tracer_provider: trace.TracerProvider) -> ASGIApp:
    """Make a span of every request."""
    instrumented: Any = OpenTelemetryMiddleware(
        _restored(app),
        tracer_provider=tracer_provider,
        exclude_spans=["receive", "send"],
        default_span_details=lambda scope: (scope["method"], {}),
    )

    async def stripped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        await instrumented(_stripped(dict(scope)), receive, send)

    return stripped


def _stripped(scope: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": scope["type"],
        "asgi": scope.get("asgi", {}),
        "http_version": scope.get("http_version", "1.1"),
        "method": scope["method"],
        "scheme": scope.get("scheme", "http"),
        "path": HIDDEN_PATH,
        "raw_path": HIDDEN_PATH.encode(),
        "query_string": b"",
        "headers": [pair for pair in scope["headers"] if pair[0] in KEPT_HEADERS],
        REAL: scope,
    }


def _restored(app: ASGIApp) -> Any:
    async def inner(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        real = scope[REAL]

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                _name(trace.get_current_span(), real)
            await send(message)

        await app(real, receive, send_named)

    return inner


def _name(span: trace.Span, scope: dict[str, Any]) -> None:
    route = str(scope.get("path_template") or "none")
    span.update_name(f"{scope['method']} {route}")
    span.set_attribute("http.route", route)
