"""Small real servers on 127.0.0.1: one that takes mail, one that takes signed HTTP requests."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Any

from renhao import notify


@dataclass
class MailServer:
    """What arrived by mail; `refuse` answers RCPT TO, `refuse_data` the message, with a code."""

    port: int = 0
    recipients: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refuse: int | None = None
    refuse_data: int | None = None
    good_bye: int = 221

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            writer.write(await self._answer(line.decode().strip(), reader, writer))
            await writer.drain()
            if line.upper().startswith(b"QUIT"):
                break
        writer.close()

    async def _answer(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        if line.upper().startswith("RCPT"):
            if self.refuse is not None:
                return f"{self.refuse} no\r\n".encode()
            self.recipients.append(line.partition("<")[2].rstrip(">"))
        if line.upper() == "DATA":
            writer.write(b"354 go on\r\n")
            mail = message_from_bytes(await reader.readuntil(b"\r\n.\r\n"), policy=default)
            if self.refuse_data is not None:
                return f"{self.refuse_data} no\r\n".encode()
            body = base64.b64decode(str(mail.get_payload()).rpartition(".")[0])
            self.texts.append(body.decode().strip())
            self.ids.append(str(mail["Message-ID"]))
        if line.upper() == "QUIT":
            return f"{self.good_bye} bye\r\n".encode()
        return b"250 ok\r\n"


@dataclass
class GatewayServer:
    """What arrived over HTTP; answers 401 to a wrong signature or a nonce seen before."""

    secret: str
    port: int = 0
    status: int = 200
    messages: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])
        }
        body = await reader.readexactly(int(headers["content-length"]))
        status = self._judge(headers, body)
        answer = f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()

    def _judge(self, headers: dict[str, str], body: bytes) -> int:
        nonce = headers["renhao-nonce"]
        expected = notify.signature(
            self.secret, timestamp=headers["renhao-timestamp"], nonce=nonce, body=body
        )
        if headers["renhao-signature"] != expected or nonce in self.nonces:
            return 401
        self.nonces.add(nonce)
        if self.status == 200:
            self.messages.append(json.loads(body))
            self.keys.append(headers["idempotency-key"])
        return self.status


@asynccontextmanager
async def serving(server: MailServer | GatewayServer) -> AsyncIterator[None]:
    """Run one of these on a free port."""
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield
