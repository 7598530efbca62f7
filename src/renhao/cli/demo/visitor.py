"""One invented visitor of the tour, who uses the API as a mini-program would."""

import json
import re
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from renhao import identity, simulate
from renhao.kernel import new_id, utc_now

API = "/api/v1"
READY_SECONDS_MAX = 60
MESSAGE_SECONDS_MAX = 30
PAUSE_SECONDS = 0.3
PHONES = 10_000
HTTP_CREATED = 201
DEPARTMENTS_TRIED_MAX = 12
PROMISE = "从不采集您的人脸"


class StepFailedError(Exception):
    """A step of the tour did not go as it should."""


@dataclass(slots=True)
class Slot:
    """A free slot, and the clinic it belongs to."""

    slot_id: str
    clinic_id: str
    day: str
    free: list[str]


@dataclass(slots=True)
class Visitor:
    """Remembers what one step found for the next."""

    client: httpx.Client
    messages: Path
    seed: int
    hospital: str = ""
    patient_id: str = ""
    appointment: dict[str, Any] = field(default_factory=dict)
    slot: Slot | None = None
    _code: str = ""
    _key: str = field(default_factory=lambda: str(new_id()))

    @property
    def person(self) -> simulate.SimulatedPatient:
        """The invented person."""
        return simulate.make_patients(self.seed, today=self.today, count=1)[0]

    @property
    def today(self) -> date:
        """The present day at the hospital."""
        return identity.local_day(utc_now())

    @property
    def phone(self) -> str:
        """An invented phone number, another one for each tour."""
        return f"1990000{self.seed % PHONES:04}"

    def wait_until_ready(self) -> str:
        """Wait for /readyz."""
        end = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < end:
            try:
                if self.client.get("/readyz").is_success:
                    return self.client.base_url.host
            except httpx.TransportError:
                pass
            time.sleep(PAUSE_SECONDS)
        raise StepFailedError(f"not ready after {READY_SECONDS_MAX} s")

    def read_promise(self) -> str:
        """Read the home page."""
        page = self.client.get("/", follow_redirects=True)
        if PROMISE not in page.text:
            raise StepFailedError("the sentence is not on the page")
        return PROMISE

    def ask_for_code(self) -> str:
        """Ask for a code and find it among the messages."""
        before = {line["key"] for line in self._told()}
        self._post("/login/code", {"phone": self.phone})
        end = time.monotonic() + MESSAGE_SECONDS_MAX
        while time.monotonic() < end:
            for line in self._told():
                found = re.search(r"\b(\d{6})\b", line["text"])
                if found and line["key"] not in before and line["to"].endswith(self.phone[-4:]):
                    self._code = found.group(1)
                    return "six digits"
            time.sleep(PAUSE_SECONDS)
        raise StepFailedError(f"no message within {MESSAGE_SECONDS_MAX} s")

    def log_in(self) -> str:
        """Log in; the token goes with every later request."""
        token = self._post("/login", {"phone": self.phone, "code": self._code})["token"]
        self.client.headers["authorization"] = f"Bearer {token}"
        return ""

    def add_patient(self) -> str:
        """Add the person by kind, number and name."""
        body = {
            "document_kind": "citizen",
            "document_number": self.person.citizen_number,
            "name": self.person.name,
        }
        added = self._post("/patients", body)
        self.patient_id = added["patient_id"]
        return str(added["masked_number"])

    def find_slot(self, hospital: str) -> str:
        """Find a clinic with two free slots, today if there is one."""
        self.hospital = hospital
        place = f"/hospitals/{hospital}/departments"
        departments = self._get(place)["items"][:DEPARTMENTS_TRIED_MAX]
        found: list[Slot] = []
        for department in departments:
            base = f"{place}/{department['department_id']}"
            for day in self._get(f"{base}/days")["items"]:
                if day["left"]:
                    found += self._slots(f"{base}/clinics?day={day['day']}")
                    break
        if not found:
            raise StepFailedError("nothing is free")
        self.slot = min(found, key=lambda slot: slot.day)
        return self.slot.day

    def book(self) -> str:
        """Book the slot."""
        self.appointment = self._book(self.free[0], self._key)
        return f"number {self.appointment['number']} on {self.appointment['day']}"

    def repeat(self) -> str:
        """Send the same request again."""
        again = self._book(self.free[0], self._key)
        if again["appointment_id"] != self.appointment["appointment_id"]:
            raise StepFailedError("another number")
        return f"number {again['number']}"

    def book_twice(self) -> str:
        """Try for a second number in the same clinic."""
        answer = self._send_booking(self.free[-1], str(new_id()))
        if answer.is_success or answer.is_server_error:
            raise StepFailedError(f"answered {answer.status_code}")
        return str(answer.json()["code"])

    def see_it(self) -> str:
        """Find it in the list."""
        items = self._get("/appointments")["items"]
        if self.appointment["appointment_id"] not in {each["appointment_id"] for each in items}:
            raise StepFailedError("it is not there")
        return f"{len(items)} in all"

    def cancel(self) -> str:
        """Cancel; a number that is given up does not open again."""
        left = self._left()
        answer = self.client.post(
            f"{API}/appointments/{self.appointment['appointment_id']}/cancel",
            headers={"idempotency-key": str(new_id())},
        )
        if answer.is_client_error:
            return str(answer.json()["code"])
        _check(answer)
        time.sleep(2 * PAUSE_SECONDS + 1)
        if self._left() > left:
            raise StepFailedError("the number opened again")
        return "held back"

    def log_out(self) -> str:
        """End the session."""
        self._post("/logout", None)
        if self.client.get(f"{API}/patients").is_success:
            raise StepFailedError("the session still opens pages")
        return ""

    @property
    def free(self) -> list[str]:
        """The free slots of the clinic found."""
        if self.slot is None:
            raise StepFailedError("no clinic was found")
        return self.slot.free

    def _slots(self, path: str) -> list[Slot]:
        for clinic in self._get(path)["items"]:
            if clinic["left"] and clinic["mode"] == "instant":
                page = self._get(f"/hospitals/{self.hospital}/clinics/{clinic['clinic_id']}")
                free = [each["slot_id"] for each in page["slots"] if each["left"]]
                if len(free) > 1:
                    return [Slot(free[0], clinic["clinic_id"], clinic["day"], free)]
        return []

    def _left(self) -> int:
        page = self._get(f"/hospitals/{self.hospital}/clinics/{self.appointment['clinic_id']}")
        return int(page["clinic"]["left"])

    def _book(self, slot_id: str, key: str) -> dict[str, Any]:
        answer = self._send_booking(slot_id, key)
        if answer.status_code != HTTP_CREATED:
            raise StepFailedError(f"answered {answer.status_code}: {answer.text[:200]}")
        made: dict[str, Any] = answer.json()
        return made

    def _send_booking(self, slot_id: str, key: str) -> httpx.Response:
        body = {"hospital": self.hospital, "slot_id": slot_id, "patient_id": self.patient_id}
        headers = {"idempotency-key": key}
        return self.client.post(f"{API}/appointments", json=body, headers=headers)

    def _get(self, path: str) -> Any:
        return _check(self.client.get(f"{API}{path}")).json()

    def _post(self, path: str, body: object) -> Any:
        answer = _check(self.client.post(f"{API}{path}", json=body))
        return answer.json() if answer.content else None

    def _told(self) -> list[dict[str, str]]:
        if not self.messages.exists():
            return []
        return [json.loads(line) for line in self.messages.read_text("utf-8").splitlines()]


def _check(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        path = answer.request.url.path
        raise StepFailedError(f"{path} answered {answer.status_code}: {answer.text[:200]}")
    return answer
