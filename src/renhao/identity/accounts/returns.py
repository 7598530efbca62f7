"""Numbers that come back after 90 idle days (二次放号): prove a document, or start anew."""

from datetime import datetime

from renhao import audit
from renhao.identity import rates
from renhao.identity.accounts import queries, store
from renhao.identity.accounts.model import (
    PROOFS_PER_ACCOUNT,
    LoggedIn,
    NothingToProve,
    NotLoggedIn,
    ProofRefused,
    ProofsLimited,
    ProveDocument,
    Session,
    StartAnew,
)
from renhao.identity.accounts.operations import open_account, open_session
from renhao.identity.accounts.tokens import token_hash
from renhao.identity.patients.sealing import document_index
from renhao.kernel import AccountId, Refused, Sensitive
from renhao.privacy import Vault
from renhao.storage import Tx


async def prove_document(
    tx: Tx, vault: Vault, command: ProveDocument, *, now: datetime
) -> Refused | None:
    """Open what is old by the document of one patient of the account, present or removed.

    Returns ProofRefused or ProofsLimited, which the edge raises after the commit; raises
    NotLoggedIn and NothingToProve.
    """
    session = await _waiting_session(tx, token=command.token, now=now)
    subject = str(session.account_id)
    wait = await rates.seconds_to_wait(tx, vault, [(PROOFS_PER_ACCOUNT, subject)], now=now)
    if wait is not None:
        return ProofsLimited()
    index = document_index(vault, command.document)
    account_id = session.account_id
    if not await store.is_document_of(tx, account_id=account_id, document_index=index):
        await audit.record(tx, _event("proof-refused", account_id, now=now))
        return ProofRefused(field="document_number")
    await store.touch_account(tx, account_id=account_id, now=now)
    await store.set_proved(tx, session_hash=token_hash(command.token))
    await audit.record(tx, _event("proof-given", account_id, now=now))
    return None


async def start_anew(tx: Tx, vault: Vault, command: StartAnew, *, now: datetime) -> LoggedIn:
    """Leave the old account behind without its number, and open a new one for the new holder.

    Locks the number, then the old account, and ends its sessions. Raises NotLoggedIn and
    NothingToProve.
    """
    session = await _waiting_session(tx, token=command.token, now=now)
    reached = await queries.Phones(vault).addressee(tx, account_id=session.account_id)
    if reached is None:
        raise NotLoggedIn
    index = vault.blind_index("phone", reached.phone)
    await store.lock_number(tx, phone_index=index)
    old = await store.lock_account(tx, account_id=session.account_id)
    phone = await _phone_of_idle(vault, old, now=now)
    if old is None or phone is None:
        raise NotLoggedIn
    await store.release_phone(tx, account_id=old.account_id, now=now)
    await store.revoke_all(tx, account_id=old.account_id, now=now)
    await store.move_number(tx, phone_index=index, account_id=command.account_id, since=now)
    await audit.record(tx, _event("phone-released", old.account_id, now=now, fields=("phone",)))
    new = store.NewAccount(command.account_id, phone, old.language)
    await open_account(tx, vault, new, now=now)
    return await open_session(
        tx,
        account_id=command.account_id,
        token=command.new_token,
        device=session.device,
        proof_required=False,
        now=now,
    )


async def _phone_of_idle(
    vault: Vault, account: store.AccountRow | None, *, now: datetime
) -> Sensitive[str] | None:
    """Open the number, unless another session proved meanwhile that its holder is the old one."""
    if account is None or account.phone_cipher is None or not account.needs_proof(now=now):
        return None
    return await queries.open_phone(vault, account.phone_cipher, account_id=account.account_id)


async def _waiting_session(tx: Tx, *, token: str, now: datetime) -> Session:
    session = await queries.live_session(tx, token=token, now=now)
    if session is None:
        raise NotLoggedIn
    if not session.proof_required:
        raise NothingToProve
    return session


def _event(
    action: str, account_id: AccountId, *, now: datetime, fields: tuple[str, ...] = ()
) -> audit.Event:
    actor = audit.Actor(audit.ActorKind.ACCOUNT, account_id)
    return audit.Event(at=now, action=action, by=actor, subject_id=account_id, fields=fields)
