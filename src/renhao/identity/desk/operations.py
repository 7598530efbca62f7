"""Comparing, finding and correcting identities at the desk; each reveal and change is audited."""

from datetime import datetime

from renhao import audit
from renhao.identity.authorities import Answer
from renhao.identity.desk.model import (
    CorrectName,
    DocumentIsAnothers,
    IdentityUnknown,
    NameNeedsCorrection,
    NameUnchanged,
    Seen,
    WindowPatient,
    check_two_persons,
    staff_id,
)
from renhao.identity.names import same_name
from renhao.identity.patients import store
from renhao.identity.patients.model import (
    Assurance,
    Identity,
    Source,
    birth_date_of,
    local_day,
)
from renhao.identity.patients.operations import find_or_make, has_name
from renhao.identity.patients.sealing import Claim, document_index, open_identity, seal
from renhao.kernel import HospitalId, IdentityId, PatientId, Purpose
from renhao.privacy import Vault
from renhao.storage import Tx

READ_AT_DESK = ("name", "document", "birth_date")


async def identity_of(
    tx: Tx,
    vault: Vault,
    *,
    hospital_id: HospitalId,
    patient_id: PatientId,
    identity_id: IdentityId,
    purpose: Purpose,
    by: audit.Actor,
    now: datetime,
) -> Identity:
    """Open one claim for staff, and record who read it and what for. Raises IdentityUnknown."""
    identity = await _open(tx, vault, patient_id=patient_id, identity_id=identity_id)
    event = audit.Event(
        at=now,
        action="identity-read",
        by=by,
        hospital_id=hospital_id,
        patient_id=patient_id,
        subject_id=identity_id,
        fields=READ_AT_DESK,
        purpose=purpose,
    )
    await audit.record(tx, event)
    return identity


async def mark_seen(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    patient_id: PatientId,
    identity_id: IdentityId,
    by: audit.Actor,
    now: datetime,
) -> None:
    """Keep that a card was compared with the person and this claim (人号对应).

    Locks the patient. Raises IdentityUnknown.
    """
    person = await store.lock_patient(tx, patient_id=patient_id)
    claim = await store.identity(tx, patient_id=patient_id, identity_id=identity_id)
    if person is None or claim is None:
        raise IdentityUnknown
    seen = Assurance.SEEN
    await store.set_assurance(
        tx, patient_id=patient_id, identity_id=identity_id, assurance=seen, now=now
    )
    answer = Answer(store.DESK, matched=True)
    await store.put_answer(
        tx, patient_id=patient_id, identity_id=identity_id, answer=answer, now=now
    )
    event = audit.Event(
        at=now,
        action="patient-seen",
        by=by,
        hospital_id=hospital_id,
        patient_id=patient_id,
        subject_id=identity_id,
        fields=("assurance",),
        purpose=Purpose.COMPARE_AT_DESK,
    )
    await audit.record(tx, event)


async def patient_for_window(
    tx: Tx, vault: Vault, command: WindowPatient, *, by: audit.Actor, now: datetime
) -> Seen:
    """Find or make the person whose card the registrar holds; no account is needed.

    The registrar's reading of the card is a claim of its own and `seen`; where a name was
    confirmed before, it must be the same. Locks the patient. Raises NameNeedsCorrection.
    """
    birth_date_of(command.document, command.birth_date, today=local_day(now))
    person = await find_or_make(
        tx,
        document_index=document_index(vault, command.document),
        patient_id=command.patient_id,
        now=now,
    )
    if not await has_name(tx, vault, person, name=command.name):
        raise NameNeedsCorrection
    claim = Claim(
        patient_id=person.patient_id,
        identity_id=command.identity_id,
        name=command.name,
        document=command.document,
        birth_date=command.birth_date,
        source=Source.DESK,
        made_by=staff_id(by),
        made_at=now,
    )
    await _keep(tx, vault, claim, hospital_id=command.hospital_id, by=by)
    return Seen(person.patient_id, command.identity_id)


async def correct_name(
    tx: Tx, vault: Vault, command: CorrectName, *, by: audit.Actor, now: datetime
) -> Seen:
    """Correct a mistyped name by a new claim: same document only, two persons, audited.

    Appointments keep the claim they were made with; accounts that claimed the mistyped name book
    with the corrected one from now on. Locks the patient. Raises SecondPersonNeeded,
    IdentityUnknown, DocumentIsAnothers and NameUnchanged.
    """
    check_two_persons(by, command.second)
    person = await store.lock_patient(tx, patient_id=command.patient_id)
    old = await _open(tx, vault, patient_id=command.patient_id, identity_id=command.identity_id)
    owner = await store.patient_of(tx, document_index=document_index(vault, command.document))
    if person is None or owner != person.patient_id:
        raise DocumentIsAnothers(field="document_number")
    if same_name(old.name, command.name):
        raise NameUnchanged(field="name")
    claim = Claim(
        patient_id=person.patient_id,
        identity_id=command.new_identity_id,
        name=command.name,
        document=command.document,
        birth_date=None if command.document.birth_date else old.birth_date,
        source=Source.DESK,
        made_by=staff_id(by),
        made_at=now,
    )
    await _keep(tx, vault, claim, hospital_id=command.hospital_id, by=by)
    await store.move_links(
        tx, patient_id=person.patient_id, old=command.identity_id, new=command.new_identity_id
    )
    events = [_correction(command, signer=signer, now=now) for signer in (by, command.second)]
    await audit.record(tx, *events)
    return Seen(person.patient_id, command.new_identity_id)


async def _open(
    tx: Tx, vault: Vault, *, patient_id: PatientId, identity_id: IdentityId
) -> Identity:
    row = await store.identity(tx, patient_id=patient_id, identity_id=identity_id)
    if row is None:
        raise IdentityUnknown
    return open_identity(await vault.key(patient_id), row)


async def _keep(
    tx: Tx, vault: Vault, claim: Claim, *, hospital_id: HospitalId, by: audit.Actor
) -> None:
    """Keep what staff read from a card: a claim that is seen as it is made."""
    key = await vault.make_key(claim.patient_id, now=claim.made_at)
    await store.insert_identity(tx, seal(key, claim))
    event = audit.Event(
        at=claim.made_at,
        action="card-read",
        by=by,
        hospital_id=hospital_id,
        patient_id=claim.patient_id,
        subject_id=claim.identity_id,
        fields=READ_AT_DESK if claim.birth_date else READ_AT_DESK[:2],
    )
    await audit.record(tx, event)
    await mark_seen(
        tx,
        hospital_id=hospital_id,
        patient_id=claim.patient_id,
        identity_id=claim.identity_id,
        by=by,
        now=claim.made_at,
    )


def _correction(command: CorrectName, *, signer: audit.Actor, now: datetime) -> audit.Event:
    return audit.Event(
        at=now,
        action="name-corrected",
        by=signer,
        hospital_id=command.hospital_id,
        patient_id=command.patient_id,
        subject_id=command.new_identity_id,
        fields=("name",),
        purpose=Purpose.CORRECTION,
    )
