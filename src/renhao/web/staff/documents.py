"""Documents as the desk enters them: read by a card reader, or typed with their kind chosen."""

from datetime import date

from renhao import identity
from renhao.identity import Document, DocumentKind
from renhao.kernel import Refused, Sensitive
from renhao.web.patient.people import document_kind

GUESSED = (
    DocumentKind.CITIZEN,
    DocumentKind.RESIDENCE_PERMIT,
    DocumentKind.FOREIGN_PERMANENT,
    DocumentKind.HK_MACAO_PERMIT,
    DocumentKind.TAIWAN_PERMIT,
    DocumentKind.BIRTH_CERTIFICATE,
)
"""Kinds that a number alone tells apart; a passport's also needs the state that issued it."""


def read_document(kind: str, number: str, *, today: date, issuing_state: str = "") -> Document:
    """Read a number of the kind chosen, or of the kind that it shows itself to be.

    Raises the refusals of `identity.parse_document`; of a number that fits no kind, those of a
    citizen's card.
    """
    if kind:
        return identity.parse_document(
            document_kind(kind), number, today=today, issuing_state=issuing_state or None
        )
    refusals = []
    for guessed in GUESSED:
        try:
            return identity.parse_document(guessed, number, today=today)
        except Refused as refusal:
            refusals.append(refusal)
    raise refusals[0]


def read_birth_date(text: str) -> Sensitive[date] | None:
    """Read the birth date of a card whose number holds none; what is no date counts as empty."""
    try:
        return Sensitive(date.fromisoformat(text)) if text else None
    except ValueError:
        return None
