"""Persons, their claims, and the links of accounts to them.

Locks: the account's row first, then the patient's. Claims are insert-only by grant.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from renhao.identity.authorities import Answer
from renhao.identity.patients.model import Assurance, PatientLink, Relation
from renhao.identity.patients.sealing import IdentityRow
from renhao.kernel import AccountId, IdentityId, PatientId
from renhao.storage import Tx

DESK = "desk"
"""The provider under which a comparison at the desk is kept: claim and card agreed."""

IDENTITY_COLUMNS = """
SELECT patient_id, identity_id, document_kind, name_cipher, document_cipher, birth_cipher, source,
  made_by, made_at FROM identity
"""


@dataclass(frozen=True, slots=True)
class _LinkRow:
    account_id: AccountId
    patient_id: PatientId
    identity_id: IdentityId
    relation: str | None
    guardian_patient_id: PatientId | None
    linked_at: datetime
    removed_at: datetime | None

    def link(self) -> PatientLink:
        relation = None if self.relation is None else Relation(self.relation)
        return PatientLink(
            self.account_id,
            self.patient_id,
            self.identity_id,
            relation,
            self.guardian_patient_id,
            self.linked_at,
            self.removed_at,
        )


LINK_COLUMNS = """
SELECT account_id, patient_id, identity_id, relation, guardian_patient_id, linked_at, removed_at
FROM patient_link
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A person's assurance, and the claim it rests on (None while only declared)."""

    patient_id: PatientId
    assurance: Assurance
    identity_id: IdentityId | None


@dataclass(frozen=True, slots=True)
class _PersonRow:
    patient_id: PatientId
    assurance: str
    identity_id: IdentityId | None


async def lock_account(tx: Tx, *, account_id: AccountId) -> bool:
    """Lock an account, so that its links change one at a time; False if there is none."""
    found = await tx.value(
        "SELECT account_id FROM account WHERE account_id = %s FOR NO KEY UPDATE", [account_id]
    )
    return found is not None


async def links(tx: Tx, *, account_id: AccountId) -> list[PatientLink]:
    """Read an account's links, removed ones too, in the order they were made."""
    rows = await tx.rows(
        _LinkRow, f"{LINK_COLUMNS} WHERE account_id = %s ORDER BY linked_at", [account_id]
    )
    return [row.link() for row in rows]


async def link(tx: Tx, *, account_id: AccountId, patient_id: PatientId) -> PatientLink | None:
    """Read one live link."""
    row = await tx.row(
        _LinkRow,
        f"{LINK_COLUMNS} WHERE account_id = %s AND patient_id = %s AND removed_at IS NULL",
        [account_id, patient_id],
    )
    return None if row is None else row.link()


async def live_links(
    tx: Tx, *, account_ids: Sequence[AccountId], patient_ids: Sequence[PatientId]
) -> list[PatientLink]:
    """Read the live links among pairs of account and patient."""
    rows = await tx.rows(
        _LinkRow,
        f"{LINK_COLUMNS} JOIN unnest(%s::uuid[], %s::uuid[]) AS asked (account_id, patient_id)"
        " USING (account_id, patient_id) WHERE removed_at IS NULL",
        [list(account_ids), list(patient_ids)],
    )
    return [row.link() for row in rows]


async def patient_of(tx: Tx, *, document_index: bytes) -> PatientId | None:
    """Read whose document it is."""
    found: PatientId | None = await tx.value(
        "SELECT patient_id FROM document_index WHERE document_index = %s", [document_index]
    )
    return found


async def claim_document(
    tx: Tx, *, document_index: bytes, patient_id: PatientId, now: datetime
) -> bool:
    """Make the document this patient's unless it is somebody's; waits for a rival's commit."""
    inserted = await tx.run(
        "INSERT INTO document_index (document_index, patient_id, since) VALUES (%s, %s, %s)"
        " ON CONFLICT (document_index) DO NOTHING",
        [document_index, patient_id, now],
    )
    return inserted == 1


async def insert_patient(tx: Tx, *, patient_id: PatientId, now: datetime) -> None:
    """Make a person known, `declared`."""
    await tx.run(
        "INSERT INTO patient (patient_id, assurance, assurance_at, created_at)"
        " VALUES (%s, %s, %s, %s)",
        [patient_id, Assurance.DECLARED.value, now, now],
    )


async def lock_owner(tx: Tx, *, document_index: bytes) -> Person:
    """Read and lock the person of a document that somebody has."""
    [person] = await _lock(
        tx,
        "patient_id = (SELECT patient_id FROM document_index WHERE document_index = %s)",
        document_index,
    )
    return person


async def lock_patient(tx: Tx, *, patient_id: PatientId) -> Person | None:
    """Read and lock a person."""
    return next(iter(await _lock(tx, "patient_id = %s", patient_id)), None)


async def _lock(tx: Tx, condition: str, value: object) -> list[Person]:
    rows = await tx.rows(
        _PersonRow,
        f"SELECT patient_id, assurance, identity_id FROM patient WHERE {condition}"
        " FOR NO KEY UPDATE",
        [value],
    )
    return [Person(row.patient_id, Assurance(row.assurance), row.identity_id) for row in rows]


async def set_assurance(
    tx: Tx,
    *,
    patient_id: PatientId,
    identity_id: IdentityId,
    assurance: Assurance,
    now: datetime,
) -> None:
    """Keep how sure we are of a person, and by which claim."""
    await tx.run(
        "UPDATE patient SET assurance = %s, assurance_at = %s, identity_id = %s"
        " WHERE patient_id = %s",
        [assurance.value, now, identity_id, patient_id],
    )


async def insert_identity(tx: Tx, row: IdentityRow) -> None:
    """Keep a claim; no role of the program can change it afterwards."""
    await tx.run(
        "INSERT INTO identity (patient_id, identity_id, document_kind, name_cipher,"
        " document_cipher, birth_cipher, source, made_by, made_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        astuple(row),
    )


async def identity(tx: Tx, *, patient_id: PatientId, identity_id: IdentityId) -> IdentityRow | None:
    """Read one claim."""
    return await tx.row(
        IdentityRow,
        f"{IDENTITY_COLUMNS} WHERE patient_id = %s AND identity_id = %s",
        [patient_id, identity_id],
    )


async def identities(tx: Tx, *, identity_ids: Sequence[IdentityId]) -> list[IdentityRow]:
    """Read several claims by their ids."""
    return await tx.rows(
        IdentityRow, f"{IDENTITY_COLUMNS} WHERE identity_id = ANY(%s)", [list(identity_ids)]
    )


async def put_link(tx: Tx, link: PatientLink) -> None:
    """Link a patient to an account, again if it was removed."""
    await tx.run(
        "INSERT INTO patient_link (account_id, patient_id, identity_id, relation,"
        " guardian_patient_id, linked_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (account_id, patient_id) DO UPDATE SET identity_id = excluded.identity_id,"
        " relation = excluded.relation, guardian_patient_id = excluded.guardian_patient_id,"
        " linked_at = excluded.linked_at, removed_at = NULL",
        [
            link.account_id,
            link.patient_id,
            link.identity_id,
            link.relation,
            link.guardian_patient_id,
            link.linked_at,
        ],
    )


async def remove_link(
    tx: Tx, *, account_id: AccountId, patient_id: PatientId, now: datetime
) -> bool:
    """End a live link; False if there is none."""
    ended = await tx.run(
        "UPDATE patient_link SET removed_at = %s"
        " WHERE account_id = %s AND patient_id = %s AND removed_at IS NULL",
        [now, account_id, patient_id],
    )
    return ended == 1


async def move_links(tx: Tx, *, patient_id: PatientId, old: IdentityId, new: IdentityId) -> None:
    """Let the accounts that claimed the mistyped name book with the corrected one."""
    await tx.run(
        "UPDATE patient_link SET identity_id = %s WHERE patient_id = %s AND identity_id = %s",
        [new, patient_id, old],
    )


async def put_answer(
    tx: Tx, *, patient_id: PatientId, identity_id: IdentityId, answer: Answer, now: datetime
) -> None:
    """Keep a provider's latest yes or no to a claim."""
    await tx.run(
        "INSERT INTO authority_answer (patient_id, identity_id, provider, matched, answered_at)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (patient_id, identity_id, provider)"
        " DO UPDATE SET matched = excluded.matched, answered_at = excluded.answered_at",
        [patient_id, identity_id, answer.provider, answer.matched, now],
    )


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A claim's id with what a provider said to it."""

    identity_id: IdentityId
    matched: bool


async def own_answers(
    tx: Tx, *, account_id: AccountId, document_index: bytes, provider: str, after: datetime
) -> list[AnsweredRow]:
    """Read the answers to claims that this account made of a document; never another's."""
    return await tx.rows(
        AnsweredRow,
        "SELECT a.identity_id, a.matched FROM document_index d JOIN identity i USING (patient_id)"
        " JOIN authority_answer a USING (patient_id, identity_id)"
        " WHERE d.document_index = %s AND i.made_by = %s AND a.provider = %s"
        " AND a.answered_at > %s ORDER BY a.answered_at DESC",
        [document_index, account_id, provider, after],
    )
