"""Arrival codes hold an id and a day, and only ours are taken."""

import base64
from datetime import date, timedelta

import pytest

from renhao import arrival
from renhao.kernel import AppointmentId, Refused, new_id
from renhao.privacy import Vault, keyring

pytestmark = pytest.mark.unit

DAY = date(2026, 11, 24)


def a_vault() -> Vault:
    return Vault(keyring.make(), None)  # type: ignore[arg-type]  # the key store is not asked


def test_a_ticket_gives_back_its_appointment() -> None:
    vault, appointment = a_vault(), AppointmentId(new_id())

    text = arrival.make_ticket(vault, appointment_id=appointment, day=DAY)

    assert arrival.read_ticket(vault, text, today=DAY) == arrival.Ticket(appointment, DAY)
    assert arrival.read_ticket(vault, f" {text.lower()}\n", today=DAY).day == DAY


def test_it_holds_nothing_but_version_id_day_and_signature() -> None:
    appointment = AppointmentId(new_id())

    text = arrival.make_ticket(a_vault(), appointment_id=appointment, day=DAY)

    token = base64.b32decode(text)
    assert token[:21] == b"\x01" + appointment.bytes + DAY.toordinal().to_bytes(4, "big")
    assert (len(token), len(text)) == (85, 136)


@pytest.mark.parametrize("at", range(1, 85))
def test_any_altered_byte_is_noticed(at: int) -> None:
    vault = a_vault()
    text = arrival.make_ticket(vault, appointment_id=AppointmentId(new_id()), day=DAY)
    token = bytearray(base64.b32decode(text))
    token[at] ^= 1

    with pytest.raises(arrival.TicketForged):
        arrival.read_ticket(vault, base64.b32encode(token).decode(), today=DAY)


def test_a_ticket_of_another_key_is_forged() -> None:
    text = arrival.make_ticket(a_vault(), appointment_id=AppointmentId(new_id()), day=DAY)

    with pytest.raises(arrival.TicketForged):
        arrival.read_ticket(a_vault(), text, today=DAY)


def test_a_signature_of_the_same_key_for_another_use_is_no_ticket() -> None:
    vault = a_vault()
    said = b"\x01" + new_id().bytes + DAY.toordinal().to_bytes(4, "big")
    text = base64.b32encode(said + vault.ticket_key().sign(said)).decode()

    with pytest.raises(arrival.TicketForged):
        arrival.read_ticket(vault, text, today=DAY)


@pytest.mark.parametrize(
    "text",
    ["", "110105199001011234", "A" * 136, "A" * 135, "é" * 136, "1" * 136, "https://example.org/"],
)
def test_what_is_no_ticket_is_said_to_be_unreadable(text: str) -> None:
    with pytest.raises(arrival.TicketUnreadable):
        arrival.read_ticket(a_vault(), text, today=DAY)


@pytest.mark.parametrize(("days", "refusal"), [(1, arrival.TicketExpired), (-1, arrival.WrongDay)])
def test_a_ticket_holds_on_its_day_only(days: int, refusal: type[Refused]) -> None:
    vault = a_vault()
    text = arrival.make_ticket(vault, appointment_id=AppointmentId(new_id()), day=DAY)

    with pytest.raises(refusal) as refused:
        arrival.read_ticket(vault, text, today=DAY + timedelta(days=days))

    assert "2026-11-24" in refused.value.sentence("zh")


def test_a_ticket_is_told_from_a_document_number() -> None:
    text = arrival.make_ticket(a_vault(), appointment_id=AppointmentId(new_id()), day=DAY)

    assert arrival.looks_like_ticket(text)
    assert not arrival.looks_like_ticket("11010519900101123X")
