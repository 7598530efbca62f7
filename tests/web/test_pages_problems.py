"""Every no is a page in plain words, in the visitor's language, with the same headers."""

import logging

import pytest
from psycopg import errors
from structlog.testing import capture_logs

from renhao import booking
from renhao.kernel import Refused
from renhao.storage import NotReplicatedError
from tests.support.api import Served, a_person
from tests.support.pages import Visitor
from tests.web.test_pages_booking import booked, log_in, to_the_slot

pytestmark = pytest.mark.web

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nowhere", 404),
        ("/h/nowhere", 404),
        ("/appointments/not-an-id", 404),
        ("/elder?on=7", 404),
        ("/logout", 405),
        ("/static/nothing.css", 404),
    ],
)
async def test_every_answer_has_the_headers(visitor: Visitor, path: str, status: int) -> None:
    await visitor.open(path)

    assert visitor.page is not None
    headers = visitor.page.headers
    assert visitor.status == status
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 36
    assert "strict-transport-security" not in headers


async def test_a_problem_page_says_what_to_do_in_both_languages(visitor: Visitor) -> None:
    await visitor.open("/nowhere")
    chinese = visitor.text
    await visitor.open("/language?to=en&back=/nowhere")

    assert "没有这个页面" in chinese
    assert "申诉" in chinese
    assert "There is no such page" in visitor.text
    assert 'lang="en"' in visitor.text


async def test_another_accounts_appointment_is_not_there(site: Served, visitor: Visitor) -> None:
    await booked(site, visitor)
    path = visitor.path
    await visitor.open("/account")
    await visitor.send(visitor.form("/logout"))
    await log_in(site, visitor, index=2)

    await visitor.open(path)

    assert visitor.status == 404
    assert "您的账号下没有这个预约" in visitor.text


async def test_overload_says_when_to_try_again_and_keeps_the_request(
    site: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_the_slot(visitor)
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())
    before = visitor.form().values["request_id"]

    async def overloaded(_: object) -> Refused:
        return booking.Overloaded(retry_after_seconds=3)

    with monkeypatch.context() as patch:
        patch.setattr(site.services.allocators, "book", overloaded)
        await visitor.send()

    assert visitor.page is not None
    assert visitor.status == 503
    assert visitor.page.headers["retry-after"] == "3"
    assert visitor.form().values["request_id"] == before
    await visitor.send()
    assert "挂号成功" in visitor.text


async def test_a_failure_shows_no_words_of_the_error(
    site: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_the_slot(visitor)
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())

    async def broken(_: object) -> Refused:
        raise ValueError("110000198001010019")

    monkeypatch.setattr(site.services.allocators, "book", broken)
    await visitor.send()

    assert visitor.status == 500
    assert "系统出错了" in visitor.text
    assert "110000198001010019" not in visitor.text


async def test_the_log_names_routes_and_no_person(
    site: Served, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        await booked(site, visitor)
        await visitor.open("/h/x/departments?q=secret-words")

    ours = [each.getMessage() for each in caplog.records if each.name not in ("httpx", "httpcore")]
    said = repr(lines) + "".join(ours)
    person = a_person()
    assert {"/h/{code}/book/{slot_id}"} <= {line.get("route") for line in lines}
    for private in (person["name"], person["document_number"], "19900000001", "secret-words"):
        assert private not in said


async def test_a_database_that_is_away_is_a_page_with_a_wait(
    site: Served, visitor: Visitor
) -> None:
    await site.services.pool.close()

    await visitor.open("/")
    public = visitor.page
    await visitor.open("/staff/login")

    assert public is not None
    assert visitor.page is not None
    assert [public.status_code, visitor.status] == [503, 503]
    assert int(public.headers["retry-after"]) > 0
    assert int(visitor.page.headers["retry-after"]) > 0
    assert "什么都没有丢失" in public.text
    assert "什么都没有丢失" in visitor.text


@pytest.mark.parametrize(
    "error", [errors.DeadlockDetected, errors.LockNotAvailable, NotReplicatedError]
)
async def test_a_lock_or_a_standby_that_is_late_is_repeated(
    site: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    await to_the_slot(visitor)
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())

    async def late(_: object) -> Refused:
        raise error

    monkeypatch.setattr(site.services.allocators, "book", late)
    await visitor.send()

    assert visitor.page is not None
    assert visitor.status == 503
    assert int(visitor.page.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/h/%00",
        "/h/%00/departments",
        "/static/%00",
        "/static/%1f",
        "/login?next=%00",
        "/api/v1/hospitals?q=%00",
        "/api/v1/hospitals/%00",
    ],
)
async def test_control_characters_in_an_address_are_refused(site: Served, path: str) -> None:
    answer = await site.client.get(path)

    assert answer.status_code in {400, 404}


async def test_control_characters_in_a_form_are_refused(visitor: Visitor) -> None:
    await visitor.open("/staff/login")
    await visitor.send(login="a\0", password="b\tc", totp="123456")
    refused = visitor.status
    await visitor.open("/staff/login")
    await visitor.send(login="a", password="b\tc", totp="123456")

    assert refused == 422
    assert visitor.path == "/staff/login"
    assert "账号、密码或动态口令不对" in visitor.text


async def test_control_characters_in_json_are_refused(site: Served) -> None:
    answers = [
        await site.visitor().post("/login/code", {"phone": phone})
        for phone in ("19900001234\0", "\b", "\\u0000")
    ]

    assert [each.status_code for each in answers] == [400, 400, 422]
    assert answers[0].json()["code"] == "malformed-request"
