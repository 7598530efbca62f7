"""Health, readiness, metrics and traces."""

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from litestar.types import ASGIApp
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from renhao import privacy, storage
from renhao.web.operate import traces
from tests.support.api import Served, served

pytestmark = pytest.mark.web
SECRET = "110000199001010011"


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


async def test_a_process_that_can_serve_says_so(api: Served) -> None:
    health = await api.client.get("/healthz")
    ready = await api.client.get("/readyz")

    assert health.json() == {"status": "ok"}
    assert (ready.status_code, ready.json()) == (
        200,
        {"ready": True, "checks": {"database": "ok", "key store": "ok", "serving": "ok"}},
    )


async def test_an_old_schema_is_not_ready(api: Served) -> None:
    api.owner.execute("UPDATE alembic_version SET version_num = '0000'")

    ready = await api.client.get("/readyz")

    assert ready.status_code == 503
    assert "renhao db upgrade" in ready.json()["checks"]["database"]
    assert ready.json()["checks"]["key store"] == "ok"


async def test_a_database_that_is_away_is_not_ready_but_healthy(api: Served) -> None:
    await api.services.pool.close()

    ready = await api.client.get("/readyz")
    health = await api.client.get("/healthz")

    assert ready.status_code == 503
    assert ready.json()["checks"]["database"].startswith("failed")
    assert health.status_code == 200


async def test_a_key_store_that_is_away_is_not_ready(api: Served) -> None:
    await api.services.vault._key_store.close()

    ready = await api.client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["checks"] | {"key store": ""} == {
        "database": "ok",
        "key store": "",
        "serving": "ok",
    }


async def test_a_draining_process_is_not_ready(api: Served) -> None:
    await api.services.allocators.drain()

    ready = await api.client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["checks"]["serving"].startswith("draining")


async def test_requests_are_counted_by_route_never_by_address(api: Served) -> None:
    await api.visitor().get(f"/hospitals/{api.code}")
    await api.visitor().get(f"/{SECRET}")
    await api.client.request("BREW", "/healthz")

    text = (await api.client.get("/metrics")).text

    route = "/api/v1/hospitals/{hospital}"
    assert f'renhao_requests_total{{method="GET",route="{route}",status="200"}} 1.0' in text
    assert 'renhao_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'method="other"' in text
    assert api.code not in text
    assert SECRET not in text


async def test_outcomes_of_bookings_and_batches_are_counted(api: Served) -> None:
    caller = await api.account()
    slot = str(api.hospital.clinics[0].slots[0])
    wish = {"hospital": api.code, "slot_id": slot, "patient_id": await api.patient(caller)}
    await caller.wish("/appointments", wish)
    await caller.wish("/appointments", wish)

    text = (await api.client.get("/metrics")).text

    assert 'renhao_booking_outcomes_total{outcome="booked"} 1.0' in text
    assert 'renhao_booking_outcomes_total{outcome="already-in-clinic"} 1.0' in text
    assert "renhao_allocator_queue 0.0" in text
    assert "renhao_allocator_batches_total 2.0" in text
    assert "renhao_allocator_commands_total 2.0" in text


async def test_traces_tell_the_route_and_nothing_of_the_visitor(api: Served) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    inner: ASGIApp = api.app.asgi_handler
    api.app.asgi_handler = traces.traced(inner, provider)

    answer = await api.visitor().get(
        f"/hospitals/{api.code}/departments",
        params={"search": SECRET},
        headers={"user-agent": SECRET, "authorization": f"Bearer {SECRET}"},
    )

    (span,) = exporter.get_finished_spans()
    assert answer.json() == {"items": []}
    assert span.name == "GET /api/v1/hospitals/{hospital}/departments"
    assert SECRET not in span.to_json()
    assert api.code not in span.to_json()
    assert span.attributes is not None
    assert 200 in span.attributes.values()


async def test_tracing_is_switched_on_by_its_endpoint(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    with collector() as (endpoint, received):
        async with served(pool, vault, owner, otlp_endpoint=endpoint) as made:
            await made.client.get(f"/{SECRET}")
            await asyncio.to_thread(made.app.state.tracing.force_flush)
            await asyncio.to_thread(made.app.state.tracing.shutdown)

    assert len(received) == 1
    assert b"GET none" in received[0]
    assert SECRET.encode() not in received[0]


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Take what an OTLP exporter sends."""
    received: list[bytes] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self._body())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        def _body(self) -> bytes:
            body = self.rfile.read(int(self.headers["content-length"]))
            packed = self.headers.get("content-encoding") == "gzip"
            return gzip.decompress(body) if packed else body

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", received
    server.shutdown()
    thread.join()
    server.server_close()
