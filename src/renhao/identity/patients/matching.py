"""Asking the authority, before the transaction that adds the patient."""

from datetime import datetime, timedelta

from renhao import storage
from renhao.identity import rates
from renhao.identity.authorities import Answer, Authority, NoAuthority
from renhao.identity.names import same_name
from renhao.identity.patients import store
from renhao.identity.patients.model import ANSWER_DAYS_MAX, MATCHES, AddPatient
from renhao.identity.patients.refusals import MatchesLimited
from renhao.identity.patients.sealing import document_index, open_name
from renhao.kernel import Refused
from renhao.privacy import Vault
from renhao.storage import Pool, Tx


async def match(
    pool: Pool, vault: Vault, authority: Authority, command: AddPatient, *, now: datetime
) -> Answer | Refused | None:
    """Have name and number matched, in no transaction: the service may be slow.

    An answer that this account got lately is used again; another account's never is, or its speed
    would tell that the person is known. Returns None where nobody can say, and MatchesLimited
    past ten questions a day: without it an account could test stolen lists.
    """
    if isinstance(authority, NoAuthority) or not command.document.kind.matchable:
        return None
    async with storage.begin(pool) as tx:
        kept = await _kept_answer(tx, vault, command, provider=authority.provider, now=now)
        if kept is not None:
            return kept
        tries = [(MATCHES, str(command.account_id))]
        wait = await rates.seconds_to_wait(tx, vault, tries, now=now)
    if wait is not None:
        return MatchesLimited(most=MATCHES.most)
    return await authority.match(name=command.name, document=command.document)


async def _kept_answer(
    tx: Tx, vault: Vault, command: AddPatient, *, provider: str, now: datetime
) -> Answer | None:
    """Look for an answer to the same name among this account's own claims of the document."""
    answered = await store.own_answers(
        tx,
        account_id=command.account_id,
        document_index=document_index(vault, command.document),
        provider=provider,
        after=now - timedelta(days=ANSWER_DAYS_MAX),
    )
    matched = {row.identity_id: row.matched for row in answered}
    rows = await store.identities(tx, identity_ids=list(matched))
    keys = await vault.keys(row.patient_id for row in rows)
    for row in rows:
        if row.patient_id in keys and same_name(open_name(keys[row.patient_id], row), command.name):
            return Answer(provider, matched[row.identity_id])
    return None
