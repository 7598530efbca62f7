"""Each channel delivers to a real server, and says of a failure whether trying again helps."""

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from renhao import notify
from renhao.kernel import Sensitive
from renhao.notify.channels import console
from tests.support.servers import GatewayServer, MailServer, serving

pytestmark = pytest.mark.unit

PHONE = Sensitive("+8619900000001")
TEXT = Sensitive("【人号】验证码 042042。")
SECRET = "a shared secret"


def clock() -> datetime:
    return datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def mail(port: int) -> notify.Mail:
    return notify.Mail(
        host="127.0.0.1", port=port, sender="a@sample.example", recipient="{phone}@sms.example"
    )


async def test_the_console_shows_the_code_and_no_whole_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await notify.Console(clock=clock).send(PHONE, TEXT, key="k")

    shown = capsys.readouterr()
    assert shown.err == "→ …0001 【人号】验证码 042042。\n"
    assert shown.out == ""


async def test_the_console_keeps_the_last_messages_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    channel = notify.Console(clock=clock, file=file)

    for index in range(console.MESSAGES_KEPT_MAX + 3):
        await channel.send(PHONE, Sensitive(str(index)), key="k")

    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == [
        str(index) for index in range(3, console.MESSAGES_KEPT_MAX + 3)
    ]
    assert lines[0] == {"at": clock().isoformat(), "to": "…0001", "text": "3", "key": "k"}
    assert os.stat(file).st_mode & 0o777 == 0o600  # noqa: PTH116 - the mode is what is tested


async def test_mail_arrives_at_the_number_s_address() -> None:
    server = MailServer()
    async with serving(server):
        await mail(server.port).send(PHONE, TEXT, key="abc")

    assert server.recipients == ["8619900000001@sms.example"]
    assert server.texts == ["【人号】验证码 042042。"]
    assert server.ids == ["<abc@sample.example>"]


@pytest.mark.parametrize(
    ("server", "permanent"),
    [
        (MailServer(refuse=550), True),
        (MailServer(refuse=450), False),
        (MailServer(refuse_data=554), True),
        (MailServer(refuse_data=451), False),
    ],
    ids=["no such number", "busy", "text refused", "later"],
)
async def test_a_mail_server_s_no_is_told_apart(server: MailServer, *, permanent: bool) -> None:
    async with serving(server):
        with pytest.raises(notify.DeliveryError) as caught:
            await mail(server.port).send(PHONE, TEXT, key="abc")

    assert caught.value.permanent is permanent
    assert "19900000001" not in repr(caught.value)
    assert caught.value.__suppress_context__


async def test_a_rude_good_bye_does_not_undo_a_delivery() -> None:
    server = MailServer(good_bye=554)
    async with serving(server):
        await mail(server.port).send(PHONE, TEXT, key="abc")

    assert len(server.texts) == 1


async def test_no_mail_server_is_no_final_answer() -> None:
    with pytest.raises(notify.DeliveryError) as caught:
        await mail(closed_port()).send(PHONE, TEXT, key="abc")

    assert not caught.value.permanent


async def test_a_password_is_not_given_to_an_unencrypted_server() -> None:
    server = MailServer()
    channel = notify.Mail(
        host="127.0.0.1",
        port=0,
        sender="a@sample.example",
        recipient="{phone}@sms.example",
        user="u",
        password="do not show",
    )

    async with serving(server):
        object.__setattr__(channel, "port", server.port)
        with pytest.raises(notify.DeliveryError) as caught:
            await channel.send(PHONE, TEXT, key="abc")

    assert not caught.value.permanent
    assert server.texts == []
    assert "do not show" not in repr(channel)


async def test_the_gateway_takes_a_signed_request() -> None:
    server = GatewayServer(SECRET)
    async with serving(server), gateway(server.port) as channel:
        await channel.send(PHONE, TEXT, key="abc")
        await channel.send(PHONE, TEXT, key="abc")

    message = {"to": "+8619900000001", "text": "【人号】验证码 042042。"}
    assert server.messages == [message, message]
    assert server.keys == ["abc", "abc"]
    assert len(server.nonces) == 2


async def test_the_gateway_refuses_another_secret_and_it_may_be_mended() -> None:
    server = GatewayServer(SECRET)
    async with serving(server), gateway(server.port, secret="another") as channel:
        with pytest.raises(notify.DeliveryError) as caught:
            await channel.send(PHONE, TEXT, key="abc")

    assert server.messages == []
    assert not caught.value.permanent


def test_the_signature_covers_time_nonce_and_body() -> None:
    def sign(timestamp: str = "1", nonce: str = "n", body: bytes = b"b") -> str:
        return notify.signature(SECRET, timestamp=timestamp, nonce=nonce, body=body)

    assert len({sign(), sign(timestamp="2"), sign(nonce="m"), sign(body=b"c")}) == 4


@pytest.mark.parametrize(
    ("status", "permanent"), [(422, True), (400, True), (429, False), (503, False), (302, False)]
)
async def test_a_gateway_s_no_is_told_apart(status: int, *, permanent: bool) -> None:
    server = GatewayServer(SECRET, status=status)
    async with serving(server), gateway(server.port) as channel:
        with pytest.raises(notify.DeliveryError) as caught:
            await channel.send(PHONE, TEXT, key="abc")

    assert caught.value.permanent is permanent


async def test_no_gateway_is_no_final_answer() -> None:
    async with gateway(closed_port()) as channel:
        with pytest.raises(notify.DeliveryError) as caught:
            await channel.send(PHONE, TEXT, key="abc")

    assert not caught.value.permanent
    assert caught.value.__suppress_context__


def gateway(port: int, secret: str = SECRET) -> notify.HttpGateway:
    return notify.HttpGateway(f"http://127.0.0.1:{port}/sms", secret=secret, clock=clock)
