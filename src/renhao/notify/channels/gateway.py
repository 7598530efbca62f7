"""An SMS gateway over HTTP, with signed requests.

`POST` of JSON `{"to": "+86…", "text": "…"}` with the headers `Renhao-Timestamp` (seconds since
1970), `Renhao-Nonce`, `Idempotency-Key` (the same for each try of one message) and
`Renhao-Signature`: `v1=` and the hex HMAC-SHA-256, under the shared secret, of
`<timestamp>.<nonce>.<body>`. A gateway refuses old time stamps and nonces it has seen.
"""

import hashlib
import hmac
import secrets
from types import TracebackType
from typing import Self

import httpx

from renhao.kernel import Clock, Purpose, Sensitive
from renhao.notify.ports import DeliveryError

CONNECT_SECONDS_MAX = 3
ANSWER_SECONDS_MAX = 6
CONNECTIONS_MAX = 16
NONCE_BYTES = 16
NEVER_DELIVERABLE = frozenset({400, 410, 413, 422})
"""The answers that are about this message; all others are about the gateway or the set-up."""


def signature(secret: str, *, timestamp: str, nonce: str, body: bytes) -> str:
    """Sign a request, as a gateway does to compare."""
    signed = f"{timestamp}.{nonce}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class HttpGateway:
    """Sends through a gateway at one address; use as `async with`, which closes connections."""

    def __init__(self, url: str, *, secret: str, clock: Clock) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
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

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        """Post one message. Raises DeliveryError."""
        content = {
            "to": phone.reveal(purpose=Purpose.SEND_MESSAGE),
            "text": text.reveal(purpose=Purpose.SEND_MESSAGE),
        }
        request = self._client.build_request("POST", self._url, json=content)
        request.headers.update(self._signed(request.content))
        request.headers["Idempotency-Key"] = key
        try:
            answer = await self._client.send(request)
        except httpx.HTTPError:
            raise DeliveryError(permanent=False) from None  # it holds the request, and so the text
        if not answer.is_success:
            raise DeliveryError(permanent=answer.status_code in NEVER_DELIVERABLE)

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock().timestamp()))
        nonce = secrets.token_hex(NONCE_BYTES)
        mark = signature(self._secret, timestamp=timestamp, nonce=nonce, body=body)
        return {
            "Renhao-Timestamp": timestamp,
            "Renhao-Nonce": nonce,
            "Renhao-Signature": mark,
        }
