"""One-time codes: sent to a number, stored as a keyed digest, spent by one right try."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from renhao import audit, notify
from renhao.identity import rates
from renhao.identity.accounts import store
from renhao.identity.accounts.model import (
    CODE_MINUTES_MAX,
    CODE_TRIES_MAX,
    CODES_PER_ADDRESS,
    CODES_PER_NUMBER,
    CodesLimited,
    minutes,
    typed_code,
)
from renhao.identity.phones import Phone
from renhao.kernel import Language, Refused, Sensitive
from renhao.privacy import Vault
from renhao.storage import Tx

NEVER_SENT = UUID(int=0)


async def request_code(
    tx: Tx,
    vault: Vault,
    *,
    phone: Phone,
    address: str,
    language: Language,
    code: str,
    code_id: UUID,
    now: datetime,
) -> Refused | None:
    """Send a one-time code to a number, known or not: no account is looked at.

    Returns CodesLimited, which the edge raises after the commit. `code` and `code_id` are made at
    the edge (`new_code`, `kernel.new_id`). Only the code sent last counts.
    """
    index = vault.blind_index("phone", phone.number)
    tries = [(rate, index.hex()) for rate in CODES_PER_NUMBER]
    tries += [(rate, rates.network_of(address)) for rate in CODES_PER_ADDRESS]
    wait = await rates.seconds_to_wait(tx, vault, tries, now=now)
    if wait is not None:
        return CodesLimited(minutes=minutes(wait))
    expires_at = now + timedelta(minutes=CODE_MINUTES_MAX)
    mac = _mac(vault, phone_index=index, code_id=code_id, code=code)
    kept = store.Code(code_id, mac, 0, expires_at, None)
    await store.insert_code(tx, kept, phone_index=index, created_at=now)
    text = phone.number.map(lambda number: f"{number}|{code}|{language}")
    await notify.enqueue(tx, _message(vault, text, now=now, expires_at=expires_at))
    event = audit.Event(at=now, action="code-requested", by=audit.VISITOR, subject_id=code_id)
    await audit.record(tx, event)
    return None


async def spend_code(tx: Tx, vault: Vault, *, phone_index: bytes, code: str, now: datetime) -> bool:
    """Try a code against the one sent last; locks it, counts the try, and spends it if right.

    The digest is computed whether there is a code or not.
    """
    kept = await store.lock_newest_code(tx, phone_index=phone_index)
    code_id = kept.login_code_id if kept else NEVER_SENT
    mac = _mac(vault, phone_index=phone_index, code_id=code_id, code=typed_code(code))
    if kept is None or not _is_live(kept, now=now):
        return False
    right = hmac.compare_digest(mac, kept.code_mac)
    await store.count_try(tx, kept, phone_index=phone_index, used_at=now if right else None)
    return right


def _is_live(code: store.Code, *, now: datetime) -> bool:
    return code.used_at is None and code.tries < CODE_TRIES_MAX and now < code.expires_at


def _mac(vault: Vault, *, phone_index: bytes, code_id: UUID, code: str) -> bytes:
    return vault.mac("login-code", phone_index + code_id.bytes + code.encode())


def _message(
    vault: Vault, text: Sensitive[str], *, now: datetime, expires_at: datetime
) -> notify.Message:
    template = notify.Template.LOGIN_CODE
    return notify.Message(
        template=template,
        created_at=now,
        expires_at=expires_at,
        cipher=vault.seal_for_platform(text, place=f"outbox/{template}"),
    )
