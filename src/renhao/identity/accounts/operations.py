"""Logging in and out, sessions, and numbers that come back to somebody else."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from renhao import audit
from renhao.identity import rates
from renhao.identity.accounts import queries, store
from renhao.identity.accounts.codes import spend_code
from renhao.identity.accounts.model import (
    DEVICE_CHARACTERS_MAX,
    LOGINS_PER_ADDRESS,
    LOGINS_PER_NUMBER,
    SESSION_DAYS_MAX,
    LoggedIn,
    LogIn,
    LoginCodeRefused,
    LoginsLimited,
    Session,
    SessionUnknown,
    minutes,
)
from renhao.identity.accounts.tokens import token_hash
from renhao.kernel import AccountId, Language, Refused
from renhao.privacy import Vault
from renhao.storage import Tx


async def log_in(tx: Tx, vault: Vault, command: LogIn, *, now: datetime) -> LoggedIn | Refused:
    """Spend a code and open a session; a new number gets an account.

    The number's account is looked at only once the code was right. Returns LoginsLimited or
    LoginCodeRefused, which the edge raises after the commit: the try stays counted.
    """
    index = vault.blind_index("phone", command.phone.number)
    tries = [
        (LOGINS_PER_NUMBER, index.hex()),
        (LOGINS_PER_ADDRESS, rates.network_of(command.address)),
    ]
    wait = await rates.seconds_to_wait(tx, vault, tries, now=now)
    if wait is not None:
        return LoginsLimited(minutes=minutes(wait))
    if not await spend_code(tx, vault, phone_index=index, code=command.code, now=now):
        return LoginCodeRefused(field="code")
    account = await _account_of(tx, vault, command, phone_index=index, now=now)
    proof = account.needs_proof(now=now)
    if not proof:
        await store.touch_account(tx, account_id=account.account_id, now=now)
    if command.previous_token is not None:
        await store.revoke(tx, session_hash=token_hash(command.previous_token), now=now)
    return await open_session(
        tx,
        account_id=account.account_id,
        token=command.token,
        device=command.device,
        proof_required=proof,
        now=now,
    )


async def session(tx: Tx, *, token: str, now: datetime) -> Session | None:
    """Read the live session of a token, and note now and then that it is in use."""
    found = await queries.live_session(tx, token=token, now=now)
    if found is not None and found.is_stale(now=now):
        await note_use(tx, found, now=now)
    return found


async def sessions_of(tx: Tx, *, tokens: Sequence[str], now: datetime) -> Mapping[str, Session]:
    """Read the live sessions of several tokens; writes and locks nothing.

    Those without a live session are left out. `note_use` notes the stale ones, apart.
    """
    return await queries.live_sessions(tx, tokens=tokens, now=now)


async def note_use(tx: Tx, session: Session, *, now: datetime) -> None:
    """Note that a session is in use, and its account unless a proof is due.

    Locks the account, then the session; waits for neither: what somebody holds is noted next time.
    """
    if not await store.lock_free_account(tx, account_id=session.account_id):
        return
    session_hash = bytes.fromhex(session.session_id)
    noted = await store.touch_session(tx, session_hash=session_hash, now=now)
    if noted and not session.proof_required:
        await store.touch_account(tx, account_id=session.account_id, now=now)


async def log_out(tx: Tx, *, token: str, now: datetime) -> None:
    """End the session of a token; a dead one stays dead."""
    owner = await store.revoke(tx, session_hash=token_hash(token), now=now)
    if owner is not None:
        await audit.record(tx, _event("logged-out", owner, now=now))


async def revoke_session(tx: Tx, *, account_id: AccountId, session_id: str, now: datetime) -> None:
    """End one of an account's sessions by its listed id. Raises SessionUnknown."""
    try:
        session_hash = bytes.fromhex(session_id)
    except ValueError:
        raise SessionUnknown from None
    owner = await store.revoke(tx, session_hash=session_hash, account_id=account_id, now=now)
    if owner is None:
        raise SessionUnknown
    await audit.record(tx, _event("session-revoked", account_id, now=now))


async def set_language(tx: Tx, *, account_id: AccountId, language: Language, now: datetime) -> None:
    """Keep the language that an account's messages are written in."""
    await store.set_language(tx, account_id=account_id, language=language)
    await audit.record(tx, _event("language-set", account_id, now=now, fields=("language",)))


async def purge(tx: Tx, *, before: datetime) -> int:
    """Delete codes, sessions and counters that ended before then; needs the worker's role."""
    return await store.delete_over(tx, before=before) + await rates.purge(tx, before=before)


async def open_session(
    tx: Tx,
    *,
    account_id: AccountId,
    token: str,
    device: str,
    proof_required: bool,
    now: datetime,
) -> LoggedIn:
    """Open a session for a token made at the edge."""
    expires_at = now + timedelta(days=SESSION_DAYS_MAX)
    new = store.NewSession(
        session_hash=token_hash(token),
        account_id=account_id,
        device=device[:DEVICE_CHARACTERS_MAX],
        proof_required=proof_required,
        created_at=now,
        expires_at=expires_at,
    )
    await store.insert_session(tx, new)
    await audit.record(tx, _event("logged-in", account_id, now=now))
    return LoggedIn(account_id, proof_required, expires_at)


async def open_account(
    tx: Tx, vault: Vault, row: store.NewAccount, *, now: datetime
) -> store.AccountRow:
    """Open an account whose number is sealed with a data key of its own."""
    key = await vault.make_key(row.account_id, now=now)
    cipher = key.seal(row.phone, place=queries.phone_place(row.account_id))
    await store.insert_account(
        tx, account_id=row.account_id, phone_cipher=cipher, language=row.language, now=now
    )
    event = _event("account-opened", row.account_id, now=now, fields=("phone", "language"))
    await audit.record(tx, event)
    return store.AccountRow(row.account_id, cipher, row.language, now, has_patients=False)


async def _account_of(
    tx: Tx, vault: Vault, command: LogIn, *, phone_index: bytes, now: datetime
) -> store.AccountRow:
    """Find or open the account of a number. Locks the account."""
    owner = await store.claim_number(
        tx, phone_index=phone_index, account_id=command.account_id, since=now
    )
    found = await store.lock_account(tx, account_id=owner)
    if found is not None:
        return found
    new = store.NewAccount(owner, command.phone.number, command.language)
    return await open_account(tx, vault, new, now=now)


def _event(
    action: str, account_id: AccountId, *, now: datetime, fields: tuple[str, ...] = ()
) -> audit.Event:
    actor = audit.Actor(audit.ActorKind.ACCOUNT, account_id)
    return audit.Event(at=now, action=action, by=actor, subject_id=account_id, fields=fields)
