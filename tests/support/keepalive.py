"""A light client: HTTP/1.1 over connections kept open, so that the server is what is measured."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

ANSWER_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class ConnectionEndedError(Exception):
    """The server closed the connection before the answer was whole."""


def message(
    method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, request: bytes) -> Answer:
        """Send and await the answer. Raises ConnectionEndedError, TimeoutError."""
        try:
            self._writer.write(request)
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                head = await self._reader.readuntil(b"\r\n\r\n")
                body = await self._reader.readexactly(_length(head))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise ConnectionEndedError from error
        return Answer(int(head[9:12]), head, body)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """Connect to 127.0.0.1. Raises ConnectionEndedError when nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise ConnectionEndedError from error
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def send_all(port: int, requests: Iterable[bytes], *, connections: int) -> list[Answer]:
    """Send every request over so many connections; the answers in order of arrival."""
    waiting, answers = iter(requests), list[Answer]()

    async def contend() -> None:
        async with connected(port) as connection:
            for request in waiting:
                answers.append(await connection.send(request))

    await asyncio.gather(*(contend() for _ in range(connections)))
    return answers


def _length(head: bytes) -> int:
    place = head.lower().find(b"content-length:")
    if place < 0:
        return 0
    return int(head[place + 15 : head.index(b"\r", place)])
