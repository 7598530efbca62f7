"""Many people who are logged in, and their wishes as HTTP requests."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg

from renhao.kernel import RequestId, SlotId, new_id, utc_now
from tests.support import clinics
from tests.support.clinics import Hospital, Person
from tests.support.keepalive import message

BOOK_PATH = "/api/v1/appointments"
SESSION_DAYS = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's wish for a number."""

    request_id: RequestId
    person: Person
    slot_id: SlotId
    token: str

    def request(self, hospital: Hospital, *, path: str = BOOK_PATH) -> bytes:
        """Write it as a request."""
        body = {
            "hospital": code(hospital),
            "slot_id": str(self.slot_id),
            "patient_id": str(self.person.patient_id),
        }
        headers = {
            "authorization": f"Bearer {self.token}",
            "idempotency-key": str(self.request_id),
        }
        return message("POST", path, headers=headers, body=json.dumps(body).encode())


def code(hospital: Hospital) -> str:
    """Give the hospital's code in addresses."""
    return f"h{hospital.hospital_id.hex[-12:]}"


def coming_day(days: int = 3) -> date:
    """Give a visit day that lies ahead, by the real clock: the server reads it."""
    return utc_now().date() + timedelta(days=days)


def wishes(owner: psycopg.Connection, hospital: Hospital, *, many: int) -> list[Wish]:
    """Make new people with sessions, one wish each, spread over the hospital's slots."""
    slots = [slot for clinic in hospital.clinics for slot in clinic.slots]
    persons = clinics.people(owner, many)
    tokens = log_in(owner, persons)
    return [
        Wish(RequestId(new_id()), person, slots[place % len(slots)], token)
        for place, (person, token) in enumerate(zip(persons, tokens, strict=True))
    ]


def log_in(owner: psycopg.Connection, persons: Sequence[Person]) -> list[str]:
    """Open a session for each; give the tokens."""
    now = utc_now()
    tokens = [new_id().hex for _ in persons]
    owner.execute(
        "INSERT INTO account_session SELECT h, a, 'test', false, %s, %s, %s, NULL"
        " FROM unnest(%s::bytea[], %s::uuid[]) AS x(h, a)",
        [
            now,
            now,
            now + timedelta(days=SESSION_DAYS),
            [hashlib.sha256(token.encode()).digest() for token in tokens],
            [person.account_id for person in persons],
        ],
    )
    return tokens
