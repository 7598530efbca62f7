"""The card that lies on the desk: a sealed note, good for half an hour and for one desk only.

It stands in the addresses of the window's pages, so that every step is about the person whose card
was read there, and an old address opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from renhao.identity import Seen
from renhao.kernel import IdentityId, Kind, PatientId, Refused
from renhao.privacy import Vault
from renhao.web.staff import notes
from renhao.web.staff.notes import MINUTES_MAX
from renhao.web.staff.sessions import Desk

LABEL = "window-card"


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
    note = notes.write(vault, desk, LABEL, seen.patient_id, seen.identity_id, now=now)
    return Card(seen.patient_id, seen.identity_id, note)


def read(vault: Vault, desk: Desk, note: str, *, now: datetime) -> Card:
    """Read a note. Raises CardGone when it is not ours, not this desk's or too old."""
    ids = notes.read(vault, desk, LABEL, note, now=now)
    if ids is None:
        raise CardGone(minutes=MINUTES_MAX)
    patient, claim = ids
    return Card(PatientId(patient), IdentityId(claim), note)
