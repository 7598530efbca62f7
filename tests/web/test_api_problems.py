"""What the API answers to requests that do not fit: codes, languages, and nothing personal."""

from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from renhao import privacy, storage
from renhao.web.api.held import HELD
from tests.support.api import Served, a_person, served

pytestmark = pytest.mark.web
NUMBER = "110000199001010011"
JSON = {"content-type": "application/json"}


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


@pytest.mark.parametrize(
    ("language", "start"),
    [("en", "The request"), ("zh-CN,zh;q=0.9", "请求"), ("fr", "请求"), ("fr,en;q=0.5", "The")],
)
async def test_the_sentence_is_in_the_callers_language(
    api: Served, language: str, start: str
) -> None:
    answer = await api.visitor(language).post("/login", {})

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(start)


@pytest.mark.parametrize(
    "body",
    [
        '{"phone": "19900000001", "code": ',
        "[]",
        '"text"',
        '{"phone": 19900000001, "code": "1"}',
        '{"phone": "19900000001", "code": "1", "face": "base64"}',
        '{"phone": "19900000001", "code": "1", "device": "%s"}' % ("x" * 81),
    ],
)
async def test_what_does_not_fit_the_description_is_400(api: Served, body: str) -> None:
    answer = await api.visitor().call("POST", "/login", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")


async def test_nothing_that_was_sent_comes_back_in_a_problem(api: Served) -> None:
    caller = await api.account()
    person = a_person()

    answers = [
        await caller.post("/patients", person | {"document_kind": NUMBER}),
        await caller.post("/patients", person | {NUMBER: NUMBER}),
        await caller.post("/patients", person | {"birth_date": NUMBER}),
        await caller.post("/patients", person | {"document_number": NUMBER + "9"}),
        await caller.post("/patients", person | {"name": NUMBER}),
        await caller.get(f"/patients/{NUMBER}"),
        await caller.get("/appointments", params={"limit": NUMBER}),
        await caller.get("/appointments", params={"cursor": NUMBER}),
    ]

    assert [each.status_code for each in answers] == [400, 400, 400, 422, 422, 405, 400, 422]
    assert all(NUMBER not in each.text for each in answers)
    assert all(person["name"] not in each.text for each in answers)


async def test_a_field_at_fault_is_named(api: Served) -> None:
    answer = await api.visitor().post("/login/code", {"phone": "12345"})

    assert (answer.status_code, answer.json()["field"]) == (422, "phone")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_must_say_that_it_is_json(api: Served, media_type: str) -> None:
    answer = await api.visitor().call(
        "POST", "/login/code", content=b'{"phone": "1"}', headers={"content-type": media_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "media-type-not-supported")


async def test_a_body_past_64_kilobytes_is_refused(api: Served) -> None:
    answer = await api.visitor().post("/login/code", {"phone": "1" * 70_000})

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
async def test_a_method_that_is_not_there_names_those_that_are(api: Served, method: str) -> None:
    answer = await api.visitor().call(method, "/hospitals")

    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


async def test_a_database_that_is_away_is_503_with_a_wait(api: Served) -> None:
    await api.services.pool.close()

    answer = await api.visitor().get("/hospitals")

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_failure_of_ours_tells_nothing_of_itself(
    api: Served,
) -> None:
    api.owner.execute("ALTER TABLE hospital RENAME TO hospital_away")

    answer = await api.visitor().get("/hospitals")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "hospital_away" not in answer.text


async def test_pages_keep_their_own_problems(api: Served) -> None:
    answer = await api.client.get("/nothing-here")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        ("login_code", privacy.ACCOUNT_TRACES_KEPT),
        ("account_session", privacy.ACCOUNT_TRACES_KEPT),
        ("rate_count", privacy.ACCOUNT_TRACES_KEPT),
        ("request", privacy.REQUESTS_KEPT),
        ("outbox", privacy.MESSAGES_KEPT),
    ],
)
def test_what_is_told_is_how_long_the_jobs_keep_it(table: str, kept: timedelta) -> None:
    (told,) = [each.kept for each in HELD if table in each.tables]

    assert f"{kept.days} 天" in told.zh
    assert f"{kept.days} days" in told.en


async def test_what_is_held_is_told_with_the_reason(api: Served) -> None:
    answer = (await api.visitor().get("/privacy")).json()

    assert "人脸" in answer["faces"]["zh"]
    assert len(answer["held"]) == len(HELD)
    assert all(each["why"]["zh"] and each["why"]["en"] for each in answer["held"])
