"""Accounts, their phone numbers, one-time codes and sessions.

Locks in one order: the login_code row, the number's row, the account's row, its sessions.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from renhao.identity.accounts.model import needs_proof
from renhao.kernel import AccountId, Language, Sensitive
from renhao.storage import Tx


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code as stored."""

    login_code_id: UUID
    code_mac: bytes
    tries: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account, with whether it ever had a patient."""

    account_id: AccountId
    phone_cipher: bytes | None
    language: Language
    last_active_at: datetime
    has_patients: bool

    def needs_proof(self, *, now: datetime) -> bool:
        """Whether its number may have passed to somebody else."""
        return needs_proof(
            last_active_at=self.last_active_at, has_patients=self.has_patients, now=now
        )


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be."""

    account_id: AccountId
    phone: Sensitive[str]
    language: Language


async def insert_code(tx: Tx, code: Code, *, phone_index: bytes, created_at: datetime) -> None:
    """Keep a one-time code."""
    await tx.run(
        "INSERT INTO login_code (phone_index, login_code_id, code_mac, created_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [phone_index, code.login_code_id, code.code_mac, created_at, code.expires_at],
    )


async def lock_newest_code(tx: Tx, *, phone_index: bytes) -> Code | None:
    """Read and lock the code that was sent last to a number."""
    return await tx.row(
        Code,
        "SELECT login_code_id, code_mac, tries, expires_at, used_at FROM login_code"
        " WHERE phone_index = %s ORDER BY created_at DESC, login_code_id DESC LIMIT 1"
        " FOR UPDATE",
        [phone_index],
    )


async def count_try(tx: Tx, code: Code, *, phone_index: bytes, used_at: datetime | None) -> None:
    """Count one try of a locked code, and mark it used if it was right."""
    await tx.run(
        "UPDATE login_code SET tries = tries + 1, used_at = %s"
        " WHERE phone_index = %s AND login_code_id = %s",
        [used_at, phone_index, code.login_code_id],
    )


async def claim_number(
    tx: Tx, *, phone_index: bytes, account_id: AccountId, since: datetime
) -> AccountId:
    """Give a number to an account unless it has one; return whose it is."""
    owner: AccountId = await tx.value(
        "INSERT INTO phone_index (phone_index, account_id, since) VALUES (%s, %s, %s)"
        " ON CONFLICT (phone_index) DO UPDATE SET since = phone_index.since RETURNING account_id",
        [phone_index, account_id, since],
    )
    return owner


async def lock_number(tx: Tx, *, phone_index: bytes) -> None:
    """Lock a number, as a login does before it locks the account."""
    await tx.run("SELECT FROM phone_index WHERE phone_index = %s FOR NO KEY UPDATE", [phone_index])


async def move_number(
    tx: Tx, *, phone_index: bytes, account_id: AccountId, since: datetime
) -> None:
    """Give a number that passed to somebody else to the new holder's account."""
    await tx.run(
        "UPDATE phone_index SET account_id = %s, since = %s WHERE phone_index = %s",
        [account_id, since, phone_index],
    )


async def insert_account(
    tx: Tx, *, account_id: AccountId, phone_cipher: bytes, language: Language, now: datetime
) -> None:
    """Open an account."""
    await tx.run(
        "INSERT INTO account (account_id, phone_cipher, language, created_at, last_active_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [account_id, phone_cipher, language, now, now],
    )


async def lock_account(tx: Tx, *, account_id: AccountId) -> AccountRow | None:
    """Read and lock an account."""
    return await tx.row(
        AccountRow,
        "SELECT account_id, phone_cipher, language, last_active_at, EXISTS"
        " (SELECT FROM patient_link l WHERE l.account_id = a.account_id) AS has_patients"
        " FROM account a WHERE account_id = %s FOR NO KEY UPDATE OF a",
        [account_id],
    )


async def lock_free_account(tx: Tx, *, account_id: AccountId) -> bool:
    """Lock an account unless somebody else holds it."""
    locked = await tx.value(
        "SELECT account_id FROM account WHERE account_id = %s FOR NO KEY UPDATE SKIP LOCKED",
        [account_id],
    )
    return locked is not None


async def touch_account(tx: Tx, *, account_id: AccountId, now: datetime) -> None:
    """Note that its holder uses it."""
    await tx.run(
        "UPDATE account SET last_active_at = %s WHERE account_id = %s AND last_active_at < %s",
        [now, account_id, now],
    )


async def set_language(tx: Tx, *, account_id: AccountId, language: Language) -> None:
    """Keep the language its messages are written in."""
    await tx.run("UPDATE account SET language = %s WHERE account_id = %s", [language, account_id])


async def release_phone(tx: Tx, *, account_id: AccountId, now: datetime) -> None:
    """Wipe the number of an account whose number passed to somebody else."""
    await tx.run(
        "UPDATE account SET phone_cipher = NULL, phone_released_at = %s WHERE account_id = %s",
        [now, account_id],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session to be."""

    session_hash: bytes
    account_id: AccountId
    device: str
    proof_required: bool
    created_at: datetime
    expires_at: datetime


async def insert_session(tx: Tx, session: NewSession) -> None:
    """Open a session."""
    await tx.run(
        "INSERT INTO account_session (session_hash, account_id, device, proof_required,"
        " created_at, seen_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            session.session_hash,
            session.account_id,
            session.device,
            session.proof_required,
            session.created_at,
            session.created_at,
            session.expires_at,
        ],
    )


async def touch_session(tx: Tx, *, session_hash: bytes, now: datetime) -> bool:
    """Note that a live one was used, unless somebody else holds it or noted it meanwhile."""
    noted = await tx.run(
        "UPDATE account_session SET seen_at = %s WHERE session_hash ="
        " (SELECT session_hash FROM account_session WHERE session_hash = %s AND seen_at < %s"
        " AND revoked_at IS NULL FOR NO KEY UPDATE SKIP LOCKED)",
        [now, session_hash, now],
    )
    return noted > 0


async def set_proved(tx: Tx, *, session_hash: bytes) -> None:
    """Open what is old to a session."""
    await tx.run(
        "UPDATE account_session SET proof_required = false WHERE session_hash = %s",
        [session_hash],
    )


async def revoke(
    tx: Tx, *, session_hash: bytes, account_id: AccountId | None = None, now: datetime
) -> AccountId | None:
    """End a live session (of this account, if one is given); return whose it was."""
    owner: AccountId | None = await tx.value(
        "UPDATE account_session SET revoked_at = %s WHERE session_hash = %s"
        " AND revoked_at IS NULL AND expires_at > %s"
        " AND account_id = coalesce(%s, account_id) RETURNING account_id",
        [now, session_hash, now, account_id],
    )
    return owner


async def revoke_all(tx: Tx, *, account_id: AccountId, now: datetime) -> None:
    """End every session of an account."""
    await tx.run(
        "UPDATE account_session SET revoked_at = %s WHERE account_id = %s AND revoked_at IS NULL",
        [now, account_id],
    )


async def is_document_of(tx: Tx, *, account_id: AccountId, document_index: bytes) -> bool:
    """Whether the document belongs to a person the account has or had as a patient."""
    found: bool = await tx.value(
        "SELECT EXISTS (SELECT FROM patient_link l JOIN document_index d USING (patient_id)"
        " WHERE l.account_id = %s AND d.document_index = %s)",
        [account_id, document_index],
    )
    return found


async def delete_over(tx: Tx, *, before: datetime) -> int:
    """Delete codes and sessions that ended before then; needs the worker's role."""
    codes = await tx.run("DELETE FROM login_code WHERE expires_at < %s", [before])
    return codes + await tx.run(
        "DELETE FROM account_session WHERE least(expires_at, revoked_at) < %s", [before]
    )
