"""An authority behind HTTPS: a two-factor service (name and number) with signed requests.

`POST` of JSON `{"kind": …, "number": …, "name": …, "issuing_state": … or null}` with the headers
`Renhao-Timestamp` (seconds since 1970), `Renhao-Nonce` and `Renhao-Signature`, made as for the
SMS gateway (`notify.signature`). The answer is JSON `{"matched": true}`, `false`, or `null` when
the service does not know the number. Anything else, or no answer in time, counts as not knowing.
"""

import asyncio
import secrets
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
import msgspec

from renhao import notify
from renhao.identity.authorities.port import Answer
from renhao.identity.documents import Document
from renhao.kernel import Clock, Purpose, Sensitive

ANSWER_SECONDS_MAX = 4
CONNECT_SECONDS_MAX = 2
CONNECTIONS_MAX = 16
ANSWER_BYTES_MAX = 4096
NONCE_BYTES = 16
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _Said(msgspec.Struct, frozen=True):
    matched: bool | None


class HttpAuthority:
    """Asks one service; use as `async with`, which closes connections."""

    provider = "http"

    def __init__(
        self,
        url: str,
        *,
        secret: str,
        clock: Clock,
        seconds_max: float = ANSWER_SECONDS_MAX,
    ) -> None:
        if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in LOOPBACK:
            raise ValueError("names and numbers travel over https only")
        if not secret:
            raise ValueError("requests to the authority must be signed: a secret is needed")
        self._url = url
        self._secret = secret
        self._clock = clock
        self._seconds_max = seconds_max
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(seconds_max, connect=min(seconds_max, CONNECT_SECONDS_MAX)),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def match(self, *, name: Sensitive[str], document: Document) -> Answer | None:
        """Ask the service; errors hold the request, so none is passed on."""
        body = _question(name, document)
        try:
            async with asyncio.timeout(self._seconds_max):
                answer = await self._client.post(
                    self._url, content=body, headers=self._headers(body)
                )
        except (httpx.HTTPError, TimeoutError):
            return None
        matched = _said(answer)
        return None if matched is None else Answer(self.provider, matched)

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock().timestamp()))
        nonce = secrets.token_hex(NONCE_BYTES)
        mark = notify.signature(self._secret, timestamp=timestamp, nonce=nonce, body=body)
        return {
            "Content-Type": "application/json",
            "Renhao-Timestamp": timestamp,
            "Renhao-Nonce": nonce,
            "Renhao-Signature": mark,
        }


def _question(name: Sensitive[str], document: Document) -> bytes:
    state = document.issuing_state
    return msgspec.json.encode(
        {
            "kind": document.kind.value,
            "number": document.number.reveal(purpose=Purpose.AUTHORITY_MATCH),
            "name": name.reveal(purpose=Purpose.AUTHORITY_MATCH),
            "issuing_state": state and state.reveal(purpose=Purpose.AUTHORITY_MATCH),
        }
    )


def _said(answer: httpx.Response) -> bool | None:
    if answer.status_code != httpx.codes.OK or len(answer.content) > ANSWER_BYTES_MAX:
        return None
    try:
        return msgspec.json.decode(answer.content, type=_Said).matched
    except msgspec.DecodeError:
        return None
