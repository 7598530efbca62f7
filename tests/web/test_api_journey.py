"""A whole journey whose every answer, yes and no, fits the API's own description."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import schemathesis
from httpx import Response

from renhao import privacy, storage
from renhao.kernel import new_id
from tests.support.api import Caller, Served, a_person, served
from tests.support.pages import sent_code
from tests.support.people import phone_number

pytestmark = pytest.mark.web


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


@dataclass
class Checked:
    """A caller whose answers are held against the description."""

    caller: Caller
    schema: Any
    met: list[tuple[str, int]] = field(default_factory=list)

    async def __call__(
        self, method: str, template: str, body: object = None, *, key: object = None, **at: str
    ) -> Response:
        headers = {} if key is None else {"idempotency-key": str(key)}
        answer = await self.caller.call(
            method, template.format(**at), json=body, headers=headers | self._held(at)
        )
        self.schema[f"/api/v1{template}"][method].validate_response(answer)
        self.met.append((f"{method} {template}", answer.status_code))
        return answer

    def _held(self, at: dict[str, str]) -> dict[str, str]:
        return {"if-none-match": at["etag"]} if "etag" in at else {}


async def test_every_answer_of_a_journey_fits(api: Served) -> None:
    description = (await api.visitor().get("/openapi.json")).json()
    do = Checked(api.visitor(), schemathesis.openapi.from_dict(description))

    await _log_in(api, do)
    patient = (await do("POST", "/patients", a_person())).json()["patient_id"]
    await do("POST", "/patients", a_person())
    await do("GET", "/patients")
    await _choose(api, do)
    await _book(api, do, patient)
    await do("DELETE", "/patients/{patient_id}", patient_id=patient)
    await do("GET", "/sessions")
    await do("GET", "/privacy")
    await do("POST", "/logout")
    await do("GET", "/sessions")

    assert [status for _, status in do.met] == [
        *(202, 422, 201),  # log in
        *(201, 409, 200),  # patients
        *(200, 200, 200, 200, 200, 200, 304, 404),  # choose
        *(201, 201, 409, 409, 404),  # book
        *(200, 200, 200, 201, 200, 200, 409),  # see, move, cancel
        *(204, 200, 200, 204, 401),
    ]


async def _log_in(api: Served, do: Checked) -> None:
    phone = phone_number(1)
    await do("POST", "/login/code", {"phone": phone})
    await do("POST", "/login", {"phone": phone, "code": "x"})
    right = {"phone": phone, "code": sent_code(api)}
    do.caller.token = (await do("POST", "/login", right)).json()["token"]


async def _choose(api: Served, do: Checked) -> None:
    clinic = api.hospital.clinics[0]
    at = {"hospital": api.code, "department_id": str(clinic.department_id)}
    await do("GET", "/hospitals")
    await do("GET", "/hospitals/{hospital}", **at)
    await do("GET", "/hospitals/{hospital}/departments", **at)
    await do("GET", "/hospitals/{hospital}/departments/{department_id}/days", **at)
    listed = await do.caller.call(
        "GET",
        f"/hospitals/{api.code}/departments/{clinic.department_id}/clinics",
        params={"day": clinic.day.isoformat()},
    )
    template = "/hospitals/{hospital}/departments/{department_id}/clinics"
    do.schema[f"/api/v1{template}"]["GET"].validate_response(listed)
    do.met.append((template, listed.status_code))
    one = {"hospital": api.code, "clinic_id": str(clinic.clinic_id)}
    shown = await do("GET", "/hospitals/{hospital}/clinics/{clinic_id}", **one)
    etag = shown.headers["etag"]
    await do("GET", "/hospitals/{hospital}/clinics/{clinic_id}", etag=etag, **one)
    await do("GET", "/hospitals/{hospital}", hospital="nowhere")


async def _book(api: Served, do: Checked, patient: str) -> None:
    first, second = (str(slot) for slot in api.hospital.clinics[0].slots)
    wish, key = {"hospital": api.code, "slot_id": first, "patient_id": patient}, new_id()
    booked = (await do("POST", "/appointments", wish, key=key)).json()
    await do("POST", "/appointments", wish, key=key)
    await do("POST", "/appointments", wish | {"slot_id": second}, key=key)
    await do("POST", "/appointments", wish, key=new_id())
    await do("POST", "/appointments", wish | {"patient_id": str(new_id())}, key=new_id())
    one = {"appointment_id": booked["appointment_id"]}
    await do("GET", "/appointments")
    await do("GET", "/appointments/{appointment_id}", **one)
    await do("GET", "/appointments/{appointment_id}/ticket", **one)
    path = "/appointments/{appointment_id}/reschedule"
    moved = (await do("POST", path, {"slot_id": second}, key=new_id(), **one)).json()
    one = {"appointment_id": moved["appointment_id"]}
    path, key = "/appointments/{appointment_id}/cancel", new_id()
    await do("POST", path, key=key, **one)
    await do("POST", path, key=key, **one)
    await do("GET", "/appointments/{appointment_id}/ticket", **one)
