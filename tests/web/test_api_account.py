"""Logging in and out, and sessions, as programs do it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from renhao import privacy, storage
from tests.support import people
from tests.support.api import Served, a_person, served
from tests.support.pages import sent_code

pytestmark = pytest.mark.web
PHONE = people.phone_number(7)


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


async def test_a_code_opens_a_session(api: Served) -> None:
    visitor = api.visitor()

    asked = await visitor.post("/login/code", {"phone": PHONE})
    answer = await visitor.post(
        "/login", {"phone": PHONE, "code": sent_code(api), "device": "小程序"}
    )
    visitor.token = answer.json()["token"]
    sessions = await visitor.get("/sessions")

    assert (asked.status_code, asked.json()) == (202, {"minutes_valid": 5})
    assert answer.status_code == 201
    assert answer.json()["proof_required"] is False
    assert [each["device"] for each in sessions.json()["items"]] == ["小程序"]
    assert sessions.json()["items"][0]["is_this"] is True


async def test_a_wrong_code_is_refused_and_counted(api: Served) -> None:
    visitor = api.visitor("en")
    await visitor.post("/login/code", {"phone": PHONE})
    right = sent_code(api)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    answers = [await visitor.post("/login", {"phone": PHONE, "code": wrong}) for _ in range(5)]
    late = await visitor.post("/login", {"phone": PHONE, "code": right})

    assert {each.status_code for each in answers} == {422}
    assert answers[0].json()["code"] == "login-code-refused"
    assert answers[0].json()["field"] == "code"
    assert late.status_code == 422


async def test_too_many_codes_are_answered_429_with_the_wait(api: Served) -> None:
    visitor = api.visitor()

    answers = [await visitor.post("/login/code", {"phone": PHONE}) for _ in range(4)]

    assert [each.status_code for each in answers] == [202, 202, 202, 429]
    assert int(answers[-1].headers["retry-after"]) >= 60
    assert answers[-1].json()["facts"]["minutes"] >= 1


async def test_a_cookie_is_no_session(api: Served) -> None:
    caller = await api.account()

    answer = await api.visitor().get(
        "/sessions", headers={"cookie": f"renhao_session={caller.token}"}
    )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic abc", "Bearer " + "x" * 300])
async def test_a_bad_authorization_header_is_401(api: Served, header: str) -> None:
    answer = await api.visitor().get("/sessions", headers={"authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "login-needed")


async def test_logging_out_ends_the_session(api: Served) -> None:
    caller = await api.account()

    ended = await caller.post("/logout")
    after = await caller.get("/sessions")

    assert ended.status_code == 204
    assert after.status_code == 401


async def test_another_device_can_be_logged_out_but_not_another_accounts(api: Served) -> None:
    here, there, stranger = await api.account(1), await api.account(1), await api.account(2)
    listed = (await here.get("/sessions")).json()["items"]
    other = next(each["session_id"] for each in listed if not each["is_this"])

    refused = await stranger.delete(f"/sessions/{other}")
    ended = await here.delete(f"/sessions/{other}")

    assert refused.status_code == 404
    assert ended.status_code == 204
    assert (await there.get("/sessions")).status_code == 401


async def test_a_number_idle_for_90_days_opens_nothing_before_a_document_is_proved(
    api: Served,
) -> None:
    await api.patient(await api.account(3), index=3)
    api.clock.move(timedelta(days=91).total_seconds())
    caller = await api.account(3)

    before = await caller.get("/patients")
    wrong = await caller.post("/proof", _proof(4))
    right = await caller.post("/proof", _proof(3))
    after = await caller.get("/patients")

    assert (before.status_code, before.json()["code"]) == (403, "proof-required")
    assert wrong.status_code == 422
    assert right.status_code == 204
    assert len(after.json()["items"]) == 1


async def test_a_new_holder_of_a_number_starts_anew(api: Served) -> None:
    await api.patient(await api.account(3), index=3)
    api.clock.move(timedelta(days=91).total_seconds())
    caller = await api.account(3)

    answer = await caller.post("/proof/anew")
    caller.token = answer.json()["token"]
    patients = await caller.get("/patients")

    assert answer.status_code == 201
    assert patients.json() == {"items": []}


async def test_a_session_that_needs_no_proof_says_so(api: Served) -> None:
    answer = await (await api.account()).post("/proof", _proof(1))

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-prove")


def _proof(index: int) -> dict[str, str]:
    person = a_person(index)
    return {name: person[name] for name in ("document_kind", "document_number")}
