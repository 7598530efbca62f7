"""Notes that a page carries for the desk: sealed, short-lived, good for one member of staff.

They stand in addresses and forms, so nothing in them can be read or made elsewhere.
"""

import base64
import binascii
from datetime import datetime, timedelta
from uuid import UUID

from renhao.kernel import Purpose, Sensitive
from renhao.privacy import Vault, VaultError
from renhao.web.staff.sessions import Desk

MINUTES_MAX = 30


def write(vault: Vault, desk: Desk, label: str, *ids: UUID, now: datetime) -> str:
    """Seal ids into a note of this desk; the label keeps notes of one use from another."""
    until = int((now + timedelta(minutes=MINUTES_MAX)).timestamp())
    text = "|".join((str(until), *(each.hex for each in ids)))
    cipher = vault.seal_for_platform(Sensitive(text), place=_place(desk, label))
    return base64.urlsafe_b64encode(cipher).rstrip(b"=").decode()


def read(vault: Vault, desk: Desk, label: str, note: str, *, now: datetime) -> list[UUID] | None:
    """Open a note; None when it is not ours, not this desk's or too old."""
    try:
        cipher = base64.urlsafe_b64decode(note + "=" * (-len(note) % 4))
        opened = vault.open_for_platform(cipher, place=_place(desk, label))
    except (binascii.Error, ValueError, VaultError):
        return None
    until, *ids = opened.reveal(purpose=Purpose.COMPARE_AT_DESK).split("|")
    return None if int(until) <= now.timestamp() else [UUID(hex=each) for each in ids]


def _place(desk: Desk, label: str) -> str:
    return f"note/{label}/{desk.hospital_id}/{desk.staff.staff_id}"
