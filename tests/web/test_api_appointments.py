"""Booking, seeing, cancelling and moving, as programs do it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from renhao import arrival, privacy, storage
from renhao.kernel import new_id
from tests.support import clinics
from tests.support.api import Caller, Served, served
from tests.support.clinics import DAY

pytestmark = pytest.mark.web


@dataclass
class Booking:
    """A served hospital, an account with one patient, and the two slots of its clinic."""

    api: Served
    caller: Caller
    patient: str

    @property
    def wish(self) -> dict[str, str]:
        return self.of_slot(0)

    def of_slot(self, place: int) -> dict[str, str]:
        slot = self.api.hospital.clinics[0].slots[place]
        return {"hospital": self.api.code, "slot_id": str(slot), "patient_id": self.patient}


@pytest.fixture
async def booking(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Booking]:
    async with served(pool, vault, owner) as api:
        caller = await api.account()
        yield Booking(api, caller, await api.patient(caller))


async def test_a_number_is_booked_seen_and_listed(booking: Booking) -> None:
    made = await booking.caller.wish("/appointments", booking.wish)
    seen = await booking.caller.get(f"/appointments/{made.json()['appointment_id']}")
    listed = await booking.caller.get("/appointments")

    assert made.status_code == 201
    assert made.json()["number"] == 1
    assert made.json()["status"] == "booked"
    assert made.json()["day"] == DAY.isoformat()
    assert made.json()["may_cancel"] is True
    assert seen.json() == made.json()
    assert listed.json() == {"items": [made.json()], "next": None}


async def test_the_same_key_gets_the_same_answer_and_books_once(booking: Booking) -> None:
    key = new_id()

    answers = [await booking.caller.wish("/appointments", booking.wish, key) for _ in range(3)]

    assert [each.status_code for each in answers] == [201, 201, 201]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    rows = booking.api.owner.execute("SELECT count(*) FROM appointment").fetchone()
    assert rows == (1,)


async def test_the_same_key_with_another_body_is_refused(booking: Booking) -> None:
    key = new_id()
    await booking.caller.wish("/appointments", booking.wish, key)

    answer = await booking.caller.wish("/appointments", booking.of_slot(1), key)

    assert (answer.status_code, answer.json()["code"]) == (409, "request-id-reused")


async def test_without_a_key_nothing_is_booked(booking: Booking) -> None:
    answer = await booking.caller.post("/appointments", booking.wish)

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed-request"
    assert (await booking.caller.get("/appointments")).json()["items"] == []


async def test_a_full_slot_is_refused_in_words(booking: Booking) -> None:
    booking.api.owner.execute("UPDATE slot_pool SET taken = capacity")
    booking.caller.language = "en"

    answer = await booking.caller.wish("/appointments", booking.wish)

    assert (answer.status_code, answer.json()["code"]) == (409, "slot-full")
    assert answer.json()["title"] == "This cannot be done now"
    assert "Choose another" in answer.json()["detail"]


async def test_only_a_patient_of_the_account_can_be_booked_for(booking: Booking) -> None:
    stranger = await booking.api.account(2)

    answer = await stranger.wish("/appointments", booking.wish)

    assert (answer.status_code, answer.json()["code"]) == (404, "patient-unknown")


async def test_a_cancelled_number_is_not_left_again(booking: Booking) -> None:
    made = (await booking.caller.wish("/appointments", booking.wish)).json()
    path, key = f"/appointments/{made['appointment_id']}", new_id()

    cancelled = await booking.caller.wish(f"{path}/cancel", key=key)
    again = await booking.caller.wish(f"{path}/cancel", key=key)
    clinic = await booking.caller.get(f"/hospitals/{booking.api.code}/clinics/{made['clinic_id']}")

    assert cancelled.json() == {"appointment_id": made["appointment_id"], "late": False}
    assert again.json() == cancelled.json()
    assert (await booking.caller.get(path)).json()["status"] == "cancelled"
    assert [slot["left"] for slot in clinic.json()["slots"]] == [2, 3]


async def test_moving_gives_a_new_appointment_in_the_other_slot(booking: Booking) -> None:
    made = (await booking.caller.wish("/appointments", booking.wish)).json()
    wish, key = {"slot_id": booking.of_slot(1)["slot_id"]}, new_id()
    path = f"/appointments/{made['appointment_id']}/reschedule"

    moved = await booking.caller.wish(path, wish, key)
    again = await booking.caller.wish(path, wish, key)

    assert moved.status_code == 201
    assert moved.json()["slot_id"] == wish["slot_id"]
    assert moved.json()["appointment_id"] != made["appointment_id"]
    assert again.json() == moved.json()


async def test_a_stranger_finds_nothing(booking: Booking) -> None:
    made = (await booking.caller.wish("/appointments", booking.wish)).json()
    path, stranger = f"/appointments/{made['appointment_id']}", await booking.api.account(2)
    other = {"slot_id": booking.of_slot(1)["slot_id"]}

    answers = [
        await stranger.get(path),
        await stranger.get(f"{path}/ticket"),
        await stranger.wish(f"{path}/cancel"),
        await stranger.wish(f"{path}/reschedule", other),
    ]

    assert [each.status_code for each in answers] == [404] * 4
    assert {each.json()["code"] for each in answers} == {"appointment-unknown"}


async def test_the_ticket_holds_the_appointment_and_its_day(booking: Booking) -> None:
    made = (await booking.caller.wish("/appointments", booking.wish)).json()
    path = f"/appointments/{made['appointment_id']}"

    answer = await booking.caller.get(f"{path}/ticket")
    read = arrival.read_ticket(booking.api.services.vault, answer.json()["ticket"], today=DAY)
    await booking.caller.wish(f"{path}/cancel")
    after = await booking.caller.get(f"{path}/ticket")

    assert str(read.appointment_id) == made["appointment_id"]
    assert after.status_code == 409


async def test_pages_follow_each_other_without_gap_or_overlap(booking: Booking) -> None:
    for later in (1, 2):
        clinics.clinic(booking.api.owner, booking.api.hospital, day=DAY + timedelta(days=later))
    booked = [
        await booking.caller.wish("/appointments", booking.wish | {"slot_id": str(each.slots[0])})
        for each in booking.api.hospital.clinics
    ]

    pages, cursor = [], None
    for _ in range(5):
        more = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await booking.caller.get("/appointments", params=more)).json()
        pages.append([each["appointment_id"] for each in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break

    assert [each.status_code for each in booked] == [201] * 3
    assert [len(page) for page in pages] == [1, 1, 1]
    assert {each for page in pages for each in page} == {
        each.json()["appointment_id"] for each in booked
    }


@pytest.mark.parametrize("cursor", ["abc", "W10", "IiI", "WyIyMDI2LTAzLTA5Il0"])
async def test_a_cursor_that_is_none_of_ours_is_refused(booking: Booking, cursor: str) -> None:
    answer = await booking.caller.get("/appointments", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor-unreadable")


async def test_a_draining_process_answers_503_with_a_wait(booking: Booking) -> None:
    await booking.api.services.allocators.drain()

    answer = await booking.caller.wish("/appointments", booking.wish)

    assert (answer.status_code, answer.json()["code"]) == (503, "shutting-down")
    assert int(answer.headers["retry-after"]) > 0
