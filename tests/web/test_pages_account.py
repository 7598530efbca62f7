"""Sessions, numbers that come back, privacy, preferences."""

import psycopg
import pytest
from httpx import AsyncClient

from renhao import privacy, storage
from renhao.web.api.held import HELD
from tests.support.api import Served, a_person, served
from tests.support.pages import Visitor, sent_code
from tests.support.people import phone_number
from tests.web.test_pages_booking import booked, log_in

pytestmark = pytest.mark.web

PHONE = "Mozilla/5.0 (Linux; Android 12; SAMPLE) AppleWebKit/537.36 Chrome/120.0 Mobile Safari"
OWN = ("/appointments", "/patients", "/patients/new", "/sessions")


@pytest.mark.parametrize("path", OWN)
async def test_own_pages_ask_a_visitor_to_log_in(visitor: Visitor, path: str) -> None:
    await visitor.open(path)

    assert visitor.path == "/login"
    assert visitor.form().values["next"] == path


async def test_the_session_cookie_tells_scripts_nothing(site: Served, visitor: Visitor) -> None:
    await visitor.open("/login")
    await visitor.send(phone=phone_number())
    form = visitor.form()
    form.values["code"] = sent_code(site)

    answer = await visitor.client.post("/login/code", data=form.values)

    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert cookie.startswith("renhao_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


async def test_a_device_is_listed_and_logged_out_from_another(
    site: Served, visitor: Visitor
) -> None:
    other = Visitor(
        AsyncClient(
            transport=visitor.client._transport,
            base_url="http://127.0.0.1",
            headers={"user-agent": PHONE},
        )
    )
    await log_in(site, other)
    await log_in(site, visitor)
    await visitor.open("/sessions")
    listed = visitor.text

    await visitor.send(visitor.form("/sessions/revoke"))
    await other.open("/patients")

    assert "Android Chrome" in listed
    assert other.path == "/login"
    assert "Android Chrome" not in visitor.text


async def test_logging_out_forgets_the_session(site: Served, visitor: Visitor) -> None:
    await log_in(site, visitor)
    await visitor.open("/account")

    await visitor.send(visitor.form("/logout"))
    await visitor.open("/patients")

    assert visitor.path == "/login"


async def test_a_number_that_comes_back_opens_nothing_before_proof(
    site: Served, visitor: Visitor
) -> None:
    await booked(site, visitor)
    site.clock.move(91 * 24 * 3600)
    visitor.client.cookies.clear()
    await log_in(site, visitor)
    asked = visitor.path
    await visitor.open("/appointments")
    still_asked = visitor.path
    await visitor.send(document_kind="citizen", document_number="110000197001010017")
    refused = visitor.status

    await visitor.send(visitor.form("/prove"), document_number=a_person()["document_number"])
    await visitor.open("/patients")

    assert (asked, still_asked, refused) == ("/prove", "/prove", 422)
    assert a_person()["name"] in visitor.text


async def test_a_new_holder_of_the_number_starts_anew(site: Served, visitor: Visitor) -> None:
    await booked(site, visitor)
    site.clock.move(91 * 24 * 3600)
    visitor.client.cookies.clear()
    await log_in(site, visitor)

    await visitor.send(visitor.form("/prove/anew"))
    await visitor.open("/patients")

    assert visitor.path == "/patients"
    assert a_person()["name"] not in visitor.text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-CN", "我们从不采集您的人脸。"), ("en-GB,en;q=0.8", "We never ask for your face.")],
)
async def test_the_privacy_page_says_the_sentence_about_faces(
    visitor: Visitor, language: str, sentence: str
) -> None:
    visitor.client.headers["accept-language"] = language

    await visitor.open("/privacy")

    assert sentence in visitor.text
    assert visitor.text.count("<dt>") == len(HELD)


async def test_preferences_are_kept_and_lead_back(visitor: Visitor) -> None:
    await visitor.open("/elder?on=1&back=/privacy")
    elder = visitor.text
    await visitor.open("/language?to=en&back=//evil.example/")

    assert 'class="elder"' in elder
    assert visitor.path == "/"
    assert 'lang="en"' in visitor.text


async def test_over_https_cookies_stay_on_https(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    async with served(pool, vault, owner, base_url="https://guahao.example") as site:
        visitor = Visitor(site.client)

        answer = await visitor.client.get("/login")

    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_too_many_codes_say_how_long_to_wait(visitor: Visitor) -> None:
    await visitor.open("/login")
    for _ in range(4):
        await visitor.open("/login")
        await visitor.send(phone=phone_number())

    assert visitor.status == 429
    assert "请 10 分钟后再试" in visitor.text
