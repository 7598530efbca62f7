"""The card that lies on the desk: a signed note, good for half an hour and for one desk only.

It stands in the addresses of the window's pages, so that every step is about the person whose card
was read there, and an old address opens nothing.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from renhao.identity import Seen
from renhao.kernel import IdentityId, Kind, PatientId, Refused
from renhao.privacy import Vault
from renhao.web.staff.sessions import Desk

LABEL = "window-card"
MINUTES_MAX = 30
ID_BYTES = 16
TIME_BYTES = 8
MAC_BYTES = 16
NOTE_BYTES = 2 * ID_BYTES + TIME_BYTES


class CardGone(Refused):
    """The card was read too long ago, or at another desk."""

    kind = Kind.CONFLICT
    code = "card-gone"
    zh = "证件核对已超过 {minutes} 分钟，或不是在本账号下核对的：请重新读取证件。"
    en = (
        "The card was read more than {minutes} minutes ago, or by somebody else: "
        "please read it again."
    )


@dataclass(frozen=True, slots=True)
class Card:
    """Whose card it is, and the address of this card's pages."""

    patient_id: PatientId
    identity_id: IdentityId
    note: str

    @property
    def path(self) -> str:
        """Where this card's pages are."""
        return f"/staff/window/{self.note}"


def write(vault: Vault, desk: Desk, seen: Seen, *, now: datetime) -> Card:
    """Write the note for a card that was just compared."""
    until = int((now + timedelta(minutes=MINUTES_MAX)).timestamp())
    body = seen.patient_id.bytes + seen.identity_id.bytes + until.to_bytes(TIME_BYTES)
    note = base64.urlsafe_b64encode(body + _mac(vault, desk, body)).rstrip(b"=").decode()
    return Card(seen.patient_id, seen.identity_id, note)


def read(vault: Vault, desk: Desk, note: str, *, now: datetime) -> Card:
    """Read a note. Raises CardGone when it is not ours, not this desk's or too old."""
    try:
        content = base64.urlsafe_b64decode(note + "=" * (-len(note) % 4))
    except (binascii.Error, ValueError):
        raise CardGone(minutes=MINUTES_MAX) from None
    body, mac = content[:NOTE_BYTES], content[NOTE_BYTES:]
    ours = len(body) == NOTE_BYTES and hmac.compare_digest(mac, _mac(vault, desk, body))
    if not ours or int.from_bytes(body[2 * ID_BYTES :]) <= now.timestamp():
        raise CardGone(minutes=MINUTES_MAX)
    ids = body[:ID_BYTES], body[ID_BYTES : 2 * ID_BYTES]
    patient, claim = (UUID(bytes=each) for each in ids)
    return Card(PatientId(patient), IdentityId(claim), note)


def _mac(vault: Vault, desk: Desk, body: bytes) -> bytes:
    whose = desk.hospital_id.bytes + desk.staff.staff_id.bytes
    return vault.mac(LABEL, whose + body)[:MAC_BYTES]
