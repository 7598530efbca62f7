"""Reads of patients for pages: an account sees its own claims only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from renhao.identity.documents import Document
from renhao.identity.masks import mask_document, mask_name
from renhao.identity.patients import store
from renhao.identity.patients.model import (
    Assurance,
    PatientCard,
    PatientLink,
    Relation,
    age_group,
)
from renhao.identity.patients.sealing import (
    IdentityRow,
    document_index,
    open_identity,
    open_name,
)
from renhao.kernel import AccountId, HospitalId, IdentityId, PatientId, Sensitive
from renhao.privacy import DataKey, Vault
from renhao.storage import Tx

CARDS = """
SELECT l.patient_id, l.identity_id, l.relation, l.guardian_patient_id, l.linked_at,
  i.document_kind, i.name_cipher, i.document_cipher, i.birth_cipher, i.source, i.made_by,
  i.made_at, coalesce(desk.matched, false) AS seen, said.matched AS confirmed
FROM patient_link l JOIN identity i USING (patient_id, identity_id)
LEFT JOIN authority_answer desk ON desk.patient_id = i.patient_id
  AND desk.identity_id = i.identity_id AND desk.provider = %s
LEFT JOIN LATERAL (
  SELECT a.matched FROM authority_answer a WHERE a.patient_id = i.patient_id
    AND a.identity_id = i.identity_id AND a.provider <> %s
  ORDER BY a.answered_at DESC LIMIT 1) said ON true
WHERE l.account_id = %s AND l.removed_at IS NULL ORDER BY l.linked_at
"""

KNOWN_HERE = """
SELECT i.identity_id FROM identity i WHERE i.patient_id = %s AND (
  EXISTS (SELECT FROM appointment a WHERE a.hospital_id = %s AND a.patient_id = i.patient_id
    AND a.identity_id = i.identity_id)
  OR i.source = 'desk' AND EXISTS (SELECT FROM staff s WHERE s.hospital_id = %s
    AND s.staff_id = i.made_by))
ORDER BY i.made_at DESC
"""


@dataclass(frozen=True, slots=True)
class _CardRow:
    patient_id: PatientId
    identity_id: IdentityId
    relation: str | None
    guardian_patient_id: PatientId | None
    linked_at: datetime
    document_kind: str
    name_cipher: bytes
    document_cipher: bytes
    birth_cipher: bytes | None
    source: str
    made_by: AccountId
    made_at: datetime
    seen: bool
    confirmed: bool | None

    def claim(self) -> IdentityRow:
        return IdentityRow(
            self.patient_id,
            self.identity_id,
            self.document_kind,
            self.name_cipher,
            self.document_cipher,
            self.birth_cipher,
            self.source,
            self.made_by,
            self.made_at,
        )

    @property
    def assurance(self) -> Assurance:
        if self.seen:
            return Assurance.SEEN
        return Assurance.MATCHED if self.confirmed else Assurance.DECLARED


async def patients(
    tx: Tx, vault: Vault, *, account_id: AccountId, today: date
) -> list[PatientCard]:
    """List an account's live patients, opened for its own page; erased persons are left out."""
    rows = await tx.rows(_CardRow, CARDS, [store.DESK, store.DESK, account_id])
    keys = await vault.keys(row.patient_id for row in rows)
    return [_card(keys[row.patient_id], row, today=today) for row in rows if row.patient_id in keys]


async def patient_link(
    tx: Tx, *, account_id: AccountId, patient_id: PatientId
) -> PatientLink | None:
    """Read an account's live link to a patient: whether it may book, and with which claim."""
    return await store.link(tx, account_id=account_id, patient_id=patient_id)


async def patient_links(
    tx: Tx, *, pairs: Sequence[tuple[AccountId, PatientId]]
) -> Mapping[tuple[AccountId, PatientId], PatientLink]:
    """Read the live links among several pairs of account and patient."""
    accounts, patients = zip(*pairs, strict=True)
    found = await store.live_links(tx, account_ids=accounts, patient_ids=patients)
    return {(each.account_id, each.patient_id): each for each in found}


async def find_by_document(tx: Tx, vault: Vault, *, document: Document) -> PatientId | None:
    """Find a person by a document, for staff who hold the card."""
    return await store.patient_of(tx, document_index=document_index(vault, document))


async def claims_of_patient(
    tx: Tx, *, hospital_id: HospitalId, patient_id: PatientId
) -> list[IdentityId]:
    """List a person's claims that a hospital knows, latest first; `identity_of` opens each.

    It knows those that its appointments were booked with and those made at its own desk; what
    was said elsewhere stays there.
    """
    return await tx.values(KNOWN_HERE, [patient_id, hospital_id, hospital_id])


async def own_names(
    tx: Tx, vault: Vault, *, identity_ids: Sequence[IdentityId]
) -> Mapping[IdentityId, Sensitive[str]]:
    """Open the names of claims for the page of the account that booked with them."""
    rows = await store.identities(tx, identity_ids=identity_ids)
    keys = await vault.keys(row.patient_id for row in rows)
    return {
        row.identity_id: open_name(keys[row.patient_id], row)
        for row in rows
        if row.patient_id in keys
    }


async def masked_names(
    tx: Tx, vault: Vault, *, identity_ids: Sequence[IdentityId]
) -> Mapping[IdentityId, str]:
    """Give the masks of names, as public screens and lists of staff show them."""
    names = await own_names(tx, vault, identity_ids=identity_ids)
    return {identity_id: mask_name(name) for identity_id, name in names.items()}


def _card(key: DataKey, row: _CardRow, *, today: date) -> PatientCard:
    identity = open_identity(key, row.claim())
    return PatientCard(
        patient_id=row.patient_id,
        identity_id=row.identity_id,
        name=identity.name,
        kind=identity.kind,
        masked_number=mask_document(identity.number, kind=identity.kind),
        relation=None if row.relation is None else Relation(row.relation),
        guardian_patient_id=row.guardian_patient_id,
        assurance=row.assurance,
        confirmed=row.confirmed,
        age_group=age_group(identity.birth_date, today=today),
        birth_date=identity.birth_date,
        sex=identity.sex,
        linked_at=row.linked_at,
    )
