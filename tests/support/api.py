"""A served application with a hospital in it, and callers of its API."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar

from renhao import booking, identity, kernel, privacy, storage
from renhao.identity import LoggedIn, LogIn
from renhao.kernel import AccountId, new_id
from renhao.services import Services
from renhao.settings import Settings
from renhao.web import make_app
from tests.support import clinics, people
from tests.support.clinics import NOW, Hospital
from tests.support.post import HandClock

CODE = "042137"


@dataclass
class Caller:
    """Somebody who calls the API, with or without a token."""

    client: AsyncClient
    token: str | None = None
    language: str | None = None

    async def get(self, path: str, **more: Any) -> Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: object = None, **more: Any) -> Response:
        return await self.call("POST", path, json=body, **more)

    async def delete(self, path: str) -> Response:
        return await self.call("DELETE", path)

    async def wish(self, path: str, body: object = None, key: object = None) -> Response:
        """POST with an Idempotency-Key, a new one unless given."""
        return await self.post(path, body, headers={"idempotency-key": str(key or new_id())})

    async def call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Response:
        own = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        own |= {} if self.language is None else {"accept-language": self.language}
        more = {name: value for name, value in more.items() if value is not None}
        return await self.client.request(
            method, f"/api/v1{path}", headers=own | dict(headers or {}), **more
        )


@dataclass
class Served:
    """The application, what it stands on, and a hospital."""

    app: Litestar
    client: AsyncClient
    services: Services
    clock: HandClock
    owner: psycopg.Connection
    hospital: Hospital
    code: str

    def visitor(self, language: str | None = None) -> Caller:
        return Caller(self.client, language=language)

    async def account(self, index: int = 1, *, language: str | None = None) -> Caller:
        """Log somebody in with a phone number of their own."""
        token = await log_in(self.services, index=index)
        return Caller(self.client, token, language)

    async def patient(self, caller: Caller, index: int = 1) -> str:
        """Add an invented patient through the API and give its id."""
        answer = await caller.post("/patients", a_person(index))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["patient_id"])


def a_person(index: int = 1) -> dict[str, str]:
    """Make the three fields of an invented adult."""
    birth = date(1980, 1, 1 + index % 28)
    return {
        "document_kind": "citizen",
        "document_number": people.citizen_number(birth, 1 + index),
        "name": people.person_name(index),
    }


@asynccontextmanager
async def served(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection, **settings: Any
) -> AsyncIterator[Served]:
    """Serve a hospital with one clinic of two slots with three numbers each."""
    clock = HandClock(NOW)
    services = Services(
        settings=Settings(**settings),
        clock=clock,
        pool=pool,
        vault=vault,
        allocators=booking.Allocators(pool),
        authority=identity.NoAuthority(),
        csrf_secret="f" * 32,
    )
    hospital = clinics.hospital(owner, slots=2, capacity=3)
    app = make_app(services)
    transport = ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        code = f"h{hospital.hospital_id.hex[-12:]}"
        yield Served(app, client, services, clock, owner, hospital, code)
    await services.allocators.drain()


async def log_in(services: Services, *, index: int = 1) -> str:
    """Open a session without the API, for tests that are about something else."""
    phone, token = identity.parse_phone(people.phone_number(index)), identity.new_token()
    command = LogIn(
        phone=phone,
        code=CODE,
        token=token,
        device="test",
        address="127.0.0.1",
        account_id=AccountId(new_id()),
        language="zh",
    )
    async with storage.begin(services.pool) as tx:
        refusal = await identity.request_code(
            tx,
            services.vault,
            phone=phone,
            address="127.0.0.1",
            language="zh",
            code=CODE,
            code_id=kernel.new_id(),
            now=services.clock(),
        )
        outcome = await identity.log_in(tx, services.vault, command, now=services.clock())
    assert refusal is None
    assert isinstance(outcome, LoggedIn)
    return token
