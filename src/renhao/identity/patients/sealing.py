"""Identity rows sealed with the patient's own data key, and opened again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from renhao.identity.document_kinds import DocumentKind
from renhao.identity.documents import Document, parse_document
from renhao.identity.patients.model import Identity, Source
from renhao.kernel import IdentityId, PatientId, Purpose, Sensitive
from renhao.privacy import DataKey, Vault


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One claim as stored; `document_cipher` holds `issuing state|number`."""

    patient_id: PatientId
    identity_id: IdentityId
    document_kind: str
    name_cipher: bytes
    document_cipher: bytes
    birth_cipher: bytes | None
    source: str
    made_by: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who a person is said to be, before it is sealed. `birth_date` only if it was asked for."""

    patient_id: PatientId
    identity_id: IdentityId
    name: Sensitive[str]
    document: Document
    birth_date: Sensitive[date] | None
    source: Source
    made_by: UUID
    made_at: datetime


def document_index(vault: Vault, document: Document) -> bytes:
    """Return the blind index that makes one document one person's, on the whole platform."""
    return vault.blind_index("document", document.key)


def seal(key: DataKey, claim: Claim) -> IdentityRow:
    """Encrypt each value for its own row and column."""
    state = claim.document.issuing_state or Sensitive("")
    number = claim.document.number.reveal(purpose=Purpose.SEAL)
    document = state.map(lambda issuer: f"{issuer}|{number}")
    birth = None if claim.birth_date is None else claim.birth_date.map(_written)
    place = _places(claim.identity_id)
    return IdentityRow(
        patient_id=claim.patient_id,
        identity_id=claim.identity_id,
        document_kind=claim.document.kind.value,
        name_cipher=key.seal(claim.name, place=place["name"]),
        document_cipher=key.seal(document, place=place["document"]),
        birth_cipher=None if birth is None else key.seal(birth, place=place["birth"]),
        source=claim.source.value,
        made_by=claim.made_by,
        made_at=claim.made_at,
    )


def open_identity(key: DataKey, row: IdentityRow) -> Identity:
    """Decrypt a claim and derive what its number holds. Raises VaultError."""
    document = open_document(key, row)
    birth = document.birth_date or _asked_birth_date(key, row)
    return Identity(
        patient_id=row.patient_id,
        identity_id=row.identity_id,
        kind=document.kind,
        name=open_name(key, row),
        number=document.number,
        issuing_state=document.issuing_state,
        birth_date=birth,
        sex=document.sex,
        source=Source(row.source),
        made_at=row.made_at,
    )


def open_name(key: DataKey, row: IdentityRow) -> Sensitive[str]:
    """Decrypt a claim's name alone."""
    return key.open(row.name_cipher, place=_places(row.identity_id)["name"])


def open_document(key: DataKey, row: IdentityRow) -> Document:
    """Decrypt a claim's document."""
    stored = key.open(row.document_cipher, place=_places(row.identity_id)["document"])
    state, number = stored.reveal(purpose=Purpose.SEAL).split("|")
    return parse_document(
        DocumentKind(row.document_kind),
        number,
        today=row.made_at.date() + timedelta(days=1),  # the day in any zone of the earth
        issuing_state=state or None,
    )


def _written(day: date) -> str:
    return day.isoformat()


def _asked_birth_date(key: DataKey, row: IdentityRow) -> Sensitive[date]:
    cipher = row.birth_cipher or b""  # missing: refused by the vault like any altered value
    return key.open(cipher, place=_places(row.identity_id)["birth"]).map(date.fromisoformat)


def _places(identity_id: IdentityId) -> dict[str, str]:
    return {part: f"identity.{part}/{identity_id}" for part in ("name", "document", "birth")}
