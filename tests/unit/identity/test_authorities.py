"""Authorities answer yes, no, or nothing; they never fail a request."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from renhao import identity, notify
from renhao.identity import Answer, DocumentKind
from renhao.kernel import Sensitive
from tests.support import people
from tests.support.identities import ADULT, NOW, TODAY, citizen, passport

pytestmark = pytest.mark.unit
NAME = Sensitive("张小明")
SECRET = "shared"


async def test_no_authority_says_nothing() -> None:
    assert await identity.NoAuthority().match(name=NAME, document=citizen()) is None


def persons(path: Path, *rows: str) -> Path:
    file = path / "persons.csv"
    file.write_text("\n".join(["kind,number,name", *rows]), encoding="utf-8")
    return file


async def test_a_file_of_test_persons_answers(tmp_path: Path) -> None:
    permit = people.hk_macao_permit_number(5)
    file = persons(
        tmp_path,
        f"citizen,{people.citizen_number(ADULT, 1)},张小明",
        f"passport,KAZ|{people.passport_number(1)},Ada Example",
        f"hk_macao_permit,{permit}01,陈大文",
    )
    authority = identity.FileAuthority(file)
    renewed = identity.parse_document(DocumentKind.HK_MACAO_PERMIT, f"{permit}02", today=TODAY)

    answers = [
        await authority.match(name=Sensitive(name), document=document)
        for name, document in (
            ("张小明", citizen(1)),
            ("李大华", citizen(1)),
            ("张小明", citizen(2)),
            ("ADA EXAMPLE", passport(1)),
            ("陈大文", renewed),
        )
    ]

    yes, no = Answer("file", matched=True), Answer("file", matched=False)
    assert answers == [yes, no, None, yes, yes]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("number,name\n1,张小明", "columns"),
        ("kind,number,name\ncitizen,1,张", "line 2"),
        ("kind,number,name\ncitizen,1", "line 2"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "persons.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(identity.PersonsFileError, match=reason):
        identity.FileAuthority(file)


def test_a_missing_or_endless_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(identity.PersonsFileError, match="cannot be read"):
        identity.FileAuthority(tmp_path / "nothing.csv")

    monkeypatch.setattr("renhao.identity.authorities.persons_file.PERSONS_MAX", 2)
    file = persons(tmp_path, "citizen,1,张小明", "citizen,2,张小明")
    with pytest.raises(identity.PersonsFileError, match="more than"):
        identity.FileAuthority(file)


Seen = list[tuple[dict[str, str], bytes]]


@asynccontextmanager
async def service(reply: bytes, seen: Seen, *, slow: bool = False) -> AsyncIterator[str]:
    """Serve one answer on the loopback, like the real thing; a slow one waits for a hang-up."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head)}
        seen.append((headers, await reader.readexactly(int(headers["content-length"]))))
        if slow:
            await reader.read()
        else:
            writer.write(reply)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/match"
        await asyncio.wait_for(done.wait(), timeout=5)


def response(body: bytes, status: str = "200 OK") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )


async def ask(
    reply: bytes, seen: Seen, *, document: identity.Document | None = None, slow: bool = False
) -> Answer | None:
    async with (
        service(reply, seen, slow=slow) as url,
        identity.HttpAuthority(url, secret=SECRET, clock=lambda: NOW, seconds_max=0.5) as authority,
    ):
        return await authority.match(name=NAME, document=document or citizen())


async def test_a_service_is_asked_with_a_signed_request() -> None:
    seen: Seen = []

    answer = await ask(response(b'{"matched": true}'), seen)

    assert answer == Answer("http", matched=True)
    [(headers, body)] = seen
    assert json.loads(body) == {
        "kind": "citizen",
        "number": people.citizen_number(ADULT, 1),
        "name": "张小明",
        "issuing_state": None,
    }
    assert headers["renhao-timestamp"] == str(int(NOW.timestamp()))
    assert headers["renhao-signature"] == notify.signature(
        SECRET,
        timestamp=headers["renhao-timestamp"],
        nonce=headers["renhao-nonce"],
        body=body,
    )


async def test_a_passport_is_asked_about_with_its_issuer() -> None:
    seen: Seen = []

    await ask(response(b'{"matched": null}'), seen, document=passport())

    assert json.loads(seen[0][1])["issuing_state"] == "KAZ"


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (response(b'{"matched": false}'), Answer("http", matched=False)),
        (response(b'{"matched": null}'), None),
        (response(b'{"matched": "yes"}'), None),
        (response(b"not json"), None),
        (response(b'{"matched": true}' + b" " * 5000), None),
        (response(b'{"matched": true}', "500 Oh"), None),
        (response(b"", "302 Found"), None),
        (b"nonsense\r\n\r\n", None),
    ],
)
async def test_what_the_service_says(reply: bytes, answer: Answer | None) -> None:
    assert await ask(reply, []) == answer


async def test_a_slow_service_is_not_waited_for() -> None:
    assert await ask(response(b'{"matched": true}'), [], slow=True) is None


async def test_a_service_out_of_reach_says_nothing() -> None:
    authority = identity.HttpAuthority("http://127.0.0.1:1/match", secret=SECRET, clock=lambda: NOW)
    async with authority:
        assert await authority.match(name=NAME, document=citizen()) is None


@pytest.mark.parametrize(
    ("url", "secret"), [("http://authority.example/match", SECRET), ("https://a.example", "")]
)
def test_names_never_travel_unprotected(url: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"https|secret"):
        identity.HttpAuthority(url, secret=secret, clock=lambda: NOW)
