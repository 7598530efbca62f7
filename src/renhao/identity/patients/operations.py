"""Adding and removing the patients of an account."""

from collections.abc import Sequence
from datetime import date, datetime

from renhao import audit
from renhao.identity import rates
from renhao.identity.accounts.model import NotLoggedIn
from renhao.identity.names import same_name
from renhao.identity.patients import store
from renhao.identity.patients.model import (
    NEUTRAL_REFUSALS,
    AddPatient,
    Assurance,
    PatientLink,
    Source,
    birth_date_of,
    check_guardian,
    check_guardian_age,
    check_removal,
    check_room,
    local_day,
)
from renhao.identity.patients.refusals import (
    AskAtWindowOrOwnAccount,
    NeutralRefusalsUsedUp,
    PatientUnknown,
)
from renhao.identity.patients.sealing import (
    Claim,
    document_index,
    open_identity,
    open_name,
    seal,
)
from renhao.kernel import AccountId, PatientId, Refused, Sensitive
from renhao.privacy import Vault
from renhao.storage import Tx


async def add_patient(
    tx: Tx, vault: Vault, command: AddPatient, *, by: audit.Actor, now: datetime
) -> PatientLink | Refused:
    """Link a person to an account by a claim of its own, whether the person is known or not.

    Locks the account, then the patient. A claim never changes another (decision 10): once the
    person is matched or seen, a different name that the authority does not confirm gets a neutral
    refusal, returned so that it stays counted. Raises the refusals of `patients.refusals`.
    """
    if not await store.lock_account(tx, account_id=command.account_id):
        raise NotLoggedIn
    links = await store.links(tx, account_id=command.account_id)
    guardian = await _check(tx, vault, command, links=links, now=now)
    person = await _person(tx, vault, command, links=links, now=now)
    if await _contradicts(tx, vault, command, person=person):
        return await refuse_neutrally(tx, vault, account_id=command.account_id, now=now)
    await _keep_claim(tx, vault, command, person=person, now=now)
    link = PatientLink(
        command.account_id,
        person.patient_id,
        command.identity_id,
        command.relation,
        None if guardian is None else guardian.patient_id,
        now,
    )
    await store.put_link(tx, link)
    fields = ("name", "document", "birth_date", "relation", "guardian")
    given = (True, True, command.birth_date, link.relation, link.guardian_patient_id)
    told = tuple(field for field, value in zip(fields, given, strict=True) if value)
    await audit.record(tx, _event("patient-added", link, by=by, now=now, fields=told))
    return link


async def remove_patient(
    tx: Tx, *, account_id: AccountId, patient_id: PatientId, by: audit.Actor, now: datetime
) -> None:
    """End an account's link to a patient; it may come back after 30 days.

    Locks the account. Raises PatientUnknown and GuardianInUse.
    """
    await store.lock_account(tx, account_id=account_id)
    links = await store.links(tx, account_id=account_id)
    live = [link for link in links if link.patient_id == patient_id and link.removed_at is None]
    if not live:
        raise PatientUnknown
    check_removal(links, patient_id=patient_id)
    await store.remove_link(tx, account_id=account_id, patient_id=patient_id, now=now)
    await audit.record(tx, _event("patient-removed", live[0], by=by, now=now))


async def refuse_neutrally(
    tx: Tx, vault: Vault, *, account_id: AccountId, now: datetime
) -> Refused:
    """Count and return the refusal that rests on what another account holds (three a day)."""
    key = rates.bucket(vault, NEUTRAL_REFUSALS, str(account_id))
    window, most = NEUTRAL_REFUSALS.window, NEUTRAL_REFUSALS.most
    if await rates.hit(tx, key, window=window, most=most, now=now):
        return AskAtWindowOrOwnAccount()
    return NeutralRefusalsUsedUp(most=most)


async def check_neutral_refusals(
    tx: Tx, vault: Vault, *, account_id: AccountId, now: datetime
) -> None:
    """Refuse before looking at anything once the account had its three neutral refusals today.

    Raises NeutralRefusalsUsedUp.
    """
    key = rates.bucket(vault, NEUTRAL_REFUSALS, str(account_id))
    window, most = NEUTRAL_REFUSALS.window, NEUTRAL_REFUSALS.most
    if not await rates.peek(tx, key, window=window, most=most, now=now):
        raise NeutralRefusalsUsedUp(most=most)


async def _check(
    tx: Tx, vault: Vault, command: AddPatient, *, links: Sequence[PatientLink], now: datetime
) -> PatientLink | None:
    """Check what does not depend on whether the person is known; return a child's guardian."""
    today = local_day(now)
    birth = birth_date_of(command.document, command.birth_date, today=today)
    guardian = check_guardian(links, command=command, birth=birth, today=today)
    if guardian is not None:
        await _check_guardian_age(tx, vault, guardian, today=today)
    await check_neutral_refusals(tx, vault, account_id=command.account_id, now=now)
    return guardian


async def _check_guardian_age(tx: Tx, vault: Vault, guardian: PatientLink, *, today: date) -> None:
    key = await vault.key(guardian.patient_id)
    for row in await store.identities(tx, identity_ids=[guardian.identity_id]):
        check_guardian_age(open_identity(key, row).birth_date, today=today)


async def _person(
    tx: Tx, vault: Vault, command: AddPatient, *, links: Sequence[PatientLink], now: datetime
) -> store.Person:
    """Find or make the person of the document, and check the account's room. Locks the person."""
    person = await find_or_make(
        tx,
        document_index=document_index(vault, command.document),
        patient_id=command.patient_id,
        now=now,
    )
    check_room(links, patient_id=person.patient_id, relation=command.relation, now=now)
    return person


async def find_or_make(
    tx: Tx, *, document_index: bytes, patient_id: PatientId, now: datetime
) -> store.Person:
    """Return the person of a document, locked; make it with this id if nobody has the document."""
    new = await store.claim_document(
        tx, document_index=document_index, patient_id=patient_id, now=now
    )
    if new:
        await store.insert_patient(tx, patient_id=patient_id, now=now)
    return await store.lock_owner(tx, document_index=document_index)


async def _contradicts(tx: Tx, vault: Vault, command: AddPatient, *, person: store.Person) -> bool:
    """Whether the claim's name differs from one that an authority or the desk confirmed."""
    if command.answer is not None and command.answer.matched:
        return False
    return not await has_name(tx, vault, person, name=command.name)


async def has_name(tx: Tx, vault: Vault, person: store.Person, *, name: Sensitive[str]) -> bool:
    """Whether a person's confirmed name is this one; true while none is confirmed."""
    if person.identity_id is None:
        return True
    key = await vault.key(person.patient_id)
    rows = await store.identities(tx, identity_ids=[person.identity_id])
    return all(same_name(open_name(key, row), name) for row in rows)


async def _keep_claim(
    tx: Tx, vault: Vault, command: AddPatient, *, person: store.Person, now: datetime
) -> None:
    claim = Claim(
        patient_id=person.patient_id,
        identity_id=command.identity_id,
        name=command.name,
        document=command.document,
        birth_date=command.birth_date,
        source=Source.ACCOUNT,
        made_by=command.account_id,
        made_at=now,
    )
    key = await vault.make_key(person.patient_id, now=now)  # as much work for a known person
    await store.insert_identity(tx, seal(key, claim))
    if command.answer is None:
        return
    await store.put_answer(
        tx,
        patient_id=person.patient_id,
        identity_id=command.identity_id,
        answer=command.answer,
        now=now,
    )
    if command.answer.matched and person.assurance is not Assurance.SEEN:
        await store.set_assurance(
            tx,
            patient_id=person.patient_id,
            identity_id=command.identity_id,
            assurance=Assurance.MATCHED,
            now=now,
        )


def _event(
    action: str,
    link: PatientLink,
    *,
    by: audit.Actor,
    now: datetime,
    fields: tuple[str, ...] = (),
) -> audit.Event:
    return audit.Event(
        at=now,
        action=action,
        by=by,
        patient_id=link.patient_id,
        subject_id=link.identity_id,
        fields=fields,
    )
