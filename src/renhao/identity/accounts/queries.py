"""Reads of accounts and sessions for pages and messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from renhao.identity.accounts.model import SESSIONS_LISTED_MAX, Session
from renhao.identity.accounts.tokens import token_hash
from renhao.kernel import AccountId, Language, Sensitive
from renhao.notify import Addressee
from renhao.privacy import Vault
from renhao.storage import Tx

SESSION_COLUMNS = """
SELECT s.account_id, encode(s.session_hash, 'hex') AS session_id, s.device, a.language,
  s.proof_required, s.created_at, s.seen_at, s.expires_at
FROM account_session s JOIN account a USING (account_id)
WHERE s.revoked_at IS NULL AND s.expires_at > %s
"""


async def live_session(tx: Tx, *, token: str, now: datetime) -> Session | None:
    """Read the live session of a token."""
    return await tx.row(
        Session, f"{SESSION_COLUMNS} AND s.session_hash = %s", [now, token_hash(token)]
    )


async def live_sessions(tx: Tx, *, tokens: Sequence[str], now: datetime) -> Mapping[str, Session]:
    """Read the live sessions among several tokens, by token."""
    by_id = {token_hash(token).hex(): token for token in tokens}
    hashes = [bytes.fromhex(session_id) for session_id in by_id]
    found = await tx.rows(Session, f"{SESSION_COLUMNS} AND s.session_hash = ANY(%s)", [now, hashes])
    return {by_id[each.session_id]: each for each in found}


async def sessions(tx: Tx, *, account_id: AccountId, now: datetime) -> list[Session]:
    """List an account's live sessions, the one used last first."""
    return await tx.rows(
        Session,
        f"{SESSION_COLUMNS} AND s.account_id = %s ORDER BY s.seen_at DESC LIMIT %s",
        [now, account_id, SESSIONS_LISTED_MAX],
    )


@dataclass(frozen=True, slots=True)
class _PhoneRow:
    phone_cipher: bytes | None
    language: Language


@dataclass(frozen=True, slots=True)
class Phones:
    """Reads where an account's messages go; what `notify` asks for."""

    vault: Vault

    async def addressee(self, tx: Tx, *, account_id: AccountId) -> Addressee | None:
        """Read phone and language, or None when the number is the account's no more."""
        row = await tx.row(
            _PhoneRow,
            "SELECT phone_cipher, language FROM account WHERE account_id = %s",
            [account_id],
        )
        if row is None or row.phone_cipher is None:
            return None
        phone = await open_phone(self.vault, row.phone_cipher, account_id=account_id)
        return None if phone is None else Addressee(phone, row.language)


async def open_phone(
    vault: Vault, cipher: bytes, *, account_id: AccountId
) -> Sensitive[str] | None:
    """Open an account's number, or None when its key was erased."""
    key = (await vault.keys([account_id])).get(account_id)
    return None if key is None else key.open(cipher, place=phone_place(account_id))


def phone_place(account_id: AccountId) -> str:
    """Name the place an account's number is sealed for."""
    return f"account.phone/{account_id}"
