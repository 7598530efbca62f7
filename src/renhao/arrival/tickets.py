"""Arrival codes: a signed token that holds an appointment's id and day, and nothing else.

One version byte, 16 bytes of id, 4 bytes of day (proleptic ordinal, big-endian), 64 bytes of
Ed25519 signature (RFC 8032) over a label and those 21 bytes; written in base32 (RFC 4648), whose
characters a QR code holds densely and nothing on the way (a form, a scanner) trims or alters.
"""

import base64
import binascii
from datetime import date
from uuid import UUID

from cryptography.exceptions import InvalidSignature

from renhao.arrival.model import Ticket, TicketExpired, TicketForged, TicketUnreadable, WrongDay
from renhao.kernel import AppointmentId
from renhao.privacy import Vault

VERSION = 1
ID_BYTES, DAY_BYTES, SIGNATURE_BYTES = 16, 4, 64
SAID_BYTES = 1 + ID_BYTES + DAY_BYTES
LABEL = b"renhao arrival ticket "
"""Stands before what is signed: the key's signature of anything else is no ticket."""


def make_ticket(vault: Vault, *, appointment_id: AppointmentId, day: date) -> str:
    """Sign an arrival code for one appointment."""
    said = bytes([VERSION]) + appointment_id.bytes + day.toordinal().to_bytes(DAY_BYTES)
    return base64.b32encode(said + vault.ticket_key().sign(LABEL + said)).decode()


def read_ticket(vault: Vault, text: str, *, today: date) -> Ticket:
    """Check an arrival code and say which appointment it is for.

    Raises TicketUnreadable, TicketForged, TicketExpired, WrongDay (a day still to come).
    """
    said, signature = _parts(text)
    try:
        vault.ticket_key().public_key().verify(signature, LABEL + said)
    except InvalidSignature:
        raise TicketForged from None
    day = date.fromordinal(int.from_bytes(said[1 + ID_BYTES :]))
    if day < today:
        raise TicketExpired(day=day)
    if day > today:
        raise WrongDay(day=day)
    return Ticket(AppointmentId(UUID(bytes=said[1 : 1 + ID_BYTES])), day)


def looks_like_ticket(text: str) -> bool:
    """Whether a scanned text may be an arrival code; document numbers are far shorter."""
    return len(text.strip()) > 2 * SIGNATURE_BYTES


def _parts(text: str) -> tuple[bytes, bytes]:
    try:
        token = base64.b32decode(text.strip(), casefold=True)
    except (binascii.Error, ValueError):
        raise TicketUnreadable from None
    if len(token) != SAID_BYTES + SIGNATURE_BYTES or token[0] != VERSION:
        raise TicketUnreadable
    return token[:SAID_BYTES], token[SAID_BYTES:]
