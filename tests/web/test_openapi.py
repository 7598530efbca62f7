"""The API keeps to its own description, whatever is sent to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from renhao import privacy, storage
from renhao.web.api.describe import ALWAYS
from tests.support.api import Caller, Served, served
from tests.support.fuzzing import fuzz

pytestmark = pytest.mark.web
EXAMPLES = 6
ENDING = ("log_out", "end_session")
"""These may end the session that a run needs."""
METHODS = {"get", "post", "delete"}


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


async def test_the_description_is_complete(api: Served) -> None:
    answer = await api.visitor().get("/openapi.json")
    description = answer.json()
    operations = [
        operation
        for item in description["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    ]

    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
    assert description["openapi"].startswith("3.1")
    assert len(operations) == 23
    for operation in operations:
        assert operation["summary"]
        assert {str(status) for status in ALWAYS} <= operation["responses"].keys()
        assert ("401" in operation["responses"]) == ("security" in operation)
    assert all(path.startswith("/api/v1/") for path in description["paths"])


async def test_every_body_has_an_example_that_fits(api: Served) -> None:
    description = (await api.visitor().get("/openapi.json")).json()
    bodies = {
        path: item["post"]["requestBody"]["content"]["application/json"]["example"]
        for path, item in description["paths"].items()
        if "requestBody" in item.get("post", {})
    }

    assert len(bodies) == 6
    assert bodies["/api/v1/login"] == {"code": "042137", "phone": "19900000001"}
    assert all(None not in body.values() for body in bodies.values())


async def test_no_shape_can_carry_more_than_it_says(api: Served) -> None:
    description = (await api.visitor().get("/openapi.json")).json()
    shapes = description["components"]["schemas"]

    assert all(
        shape["additionalProperties"] is False
        for shape in shapes.values()
        if shape["type"] == "object"
    )
    words = {name for shape in shapes.values() for name in shape.get("properties", {})}
    assert words & {"name", "phone", "left"}
    assert not words & {"face", "fingerprint", "voice", "held_back", "capacity", "taken"}


async def test_a_planted_lie_in_the_description_is_found(api: Served) -> None:
    paths = api.app.openapi_schema.paths
    assert paths is not None
    operation = paths["/api/v1/hospitals/{hospital}"].get
    assert operation is not None
    assert operation.responses is not None
    del operation.responses["404"]

    async with serving(api) as url:
        found = await asyncio.to_thread(fuzz, url, examples=2, only=["get_hospital"])

    assert any("status_code_conformance" in each for each in found.failures)


async def test_no_request_without_a_session_breaks_the_description(api: Served) -> None:
    async with serving(api) as url:
        found = await asyncio.to_thread(fuzz, url, examples=EXAMPLES)

    assert "\n".join(found.failures) == ""
    assert found.requests > 100


async def test_no_request_with_a_session_breaks_the_description(api: Served) -> None:
    caller = await api.account()
    appointment = await _booked(api, caller)
    clinic = api.hospital.clinics[0]

    async with serving(api) as url:
        found = await asyncio.to_thread(
            fuzz,
            url,
            examples=EXAMPLES,
            token=caller.token,
            parameters={
                "path.hospital": api.code,
                "path.department_id": str(clinic.department_id),
                "path.clinic_id": str(clinic.clinic_id),
                "path.appointment_id": appointment,
            },
            without=ENDING,
        )

    assert "\n".join(found.failures) == ""
    assert 200 in found.statuses["GET /api/v1/hospitals/{hospital}/clinics/{clinic_id}"]
    assert 200 in found.statuses["GET /api/v1/appointments/{appointment_id}"]
    assert 200 in found.statuses["GET /api/v1/patients"]


async def test_no_request_that_ends_a_session_breaks_the_description(api: Served) -> None:
    caller = await api.account()

    async with serving(api) as url:
        found = await asyncio.to_thread(
            fuzz, url, examples=EXAMPLES, token=caller.token, only=ENDING
        )

    assert "\n".join(found.failures) == ""
    assert len(found.statuses) == len(ENDING)


@asynccontextmanager
async def serving(api: Served) -> AsyncIterator[str]:
    """Serve on a free port of this machine and give the description's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(api.app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    task = asyncio.create_task(server.serve())
    await _reachable(port)
    try:
        yield f"http://127.0.0.1:{port}/api/v1/openapi.json"
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _reachable(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError(port)


async def _booked(api: Served, caller: Caller) -> str:
    slot = str(api.hospital.clinics[0].slots[0])
    wish = {"hospital": api.code, "slot_id": slot, "patient_id": await api.patient(caller)}
    return str((await caller.wish("/appointments", wish)).json()["appointment_id"])
