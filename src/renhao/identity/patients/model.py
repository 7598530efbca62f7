"""Patients: one for each real person, linked to the accounts that may book for them.

Each account's claim (the name and number it typed) is an identity row of its own, so that nobody
learns from their own page what another account typed or proved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from renhao.identity.ages import CHILD_AGE_YEARS, age_on, is_child
from renhao.identity.authorities import Answer
from renhao.identity.document_checks import AGE_YEARS_MAX
from renhao.identity.document_kinds import DocumentKind, Sex
from renhao.identity.documents import Document
from renhao.identity.patients.refusals import (
    BirthDateImpossible,
    BirthDateMissing,
    BirthDateNotAsked,
    GuardianInUse,
    GuardianNeeded,
    GuardianTooYoung,
    PatientAddedAlready,
    PatientCoolingDown,
    PatientsFull,
    RelationNeeded,
    SelfTaken,
)
from renhao.identity.rates import Rate
from renhao.kernel import AccountId, IdentityId, PatientId, Purpose, Sensitive

ZONE = ZoneInfo("Asia/Shanghai")
PATIENTS_MAX = 5
COOL_DOWN_DAYS = 30
GUARDIAN_AGE_YEARS_MIN = 18
ELDER_AGE_YEARS_MIN = 65
ANSWER_DAYS_MAX = 180
"""An authority's answer is asked for again after this long."""
NEUTRAL_REFUSALS = Rate("neutral-refusal/account", timedelta(days=1), 3)
MATCHES = Rate("match/account", timedelta(days=1), 10)


class Assurance(StrEnum):
    """How sure we are of an identity."""

    DECLARED = "declared"
    """Somebody typed it."""
    MATCHED = "matched"
    """An authority says that name and number belong together."""
    SEEN = "seen"
    """A person compared card and face at a desk."""


class Relation(StrEnum):
    """What the patient is to the account's holder."""

    SELF = "self"
    CHILD = "child"
    PARENT = "parent"
    SPOUSE = "spouse"
    RELATIVE = "relative"
    FRIEND = "friend"


OF_CHILDREN = frozenset({Relation.CHILD, Relation.RELATIVE})


class AgeGroup(StrEnum):
    """What a page says instead of an age."""

    CHILD = "child"
    ADULT = "adult"
    ELDER = "elder"


class Source(StrEnum):
    """Where an identity row was made."""

    ACCOUNT = "account"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPatient:
    """What an account says of a patient. Ids are made at the edge.

    `patient_id` is used if the person is new. `guardian_patient_id` is asked for under 14 only;
    `birth_date` only when the number does not hold it. `answer` is what `match` returned.
    """

    account_id: AccountId
    patient_id: PatientId
    identity_id: IdentityId
    name: Sensitive[str]
    document: Document
    relation: Relation | None = None
    guardian_patient_id: PatientId | None = None
    birth_date: Sensitive[date] | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class PatientLink:
    """That an account may book for a patient, with the claim its bookings are made with."""

    account_id: AccountId
    patient_id: PatientId
    identity_id: IdentityId
    relation: Relation | None
    guardian_patient_id: PatientId | None
    linked_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One claim, opened: name and document as somebody typed them."""

    patient_id: PatientId
    identity_id: IdentityId
    kind: DocumentKind
    name: Sensitive[str]
    number: Sensitive[str]
    issuing_state: Sensitive[str] | None
    birth_date: Sensitive[date]
    sex: Sensitive[Sex] | None
    source: Source
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCard:
    """A patient as the account's own page shows it.

    `assurance` tells of this account's claim only. `confirmed` is the authority's yes or no to it,
    or None where none was given.
    """

    patient_id: PatientId
    identity_id: IdentityId
    name: Sensitive[str]
    kind: DocumentKind
    masked_number: str
    relation: Relation | None
    guardian_patient_id: PatientId | None
    assurance: Assurance
    confirmed: bool | None
    age_group: AgeGroup
    birth_date: Sensitive[date]
    sex: Sensitive[Sex] | None
    linked_at: datetime


def local_day(now: datetime) -> date:
    """Return the day it is for patients: ages and cool-downs end with it."""
    return now.astimezone(ZONE).date()


def birth_date_of(
    document: Document, asked: Sensitive[date] | None, *, today: date
) -> Sensitive[date]:
    """Return the birth date: from the number, or as asked where the number lacks it.

    Raises BirthDateNotAsked, BirthDateMissing and BirthDateImpossible.
    """
    if document.birth_date is not None:
        if asked is not None:
            raise BirthDateNotAsked(field="birth_date")
        return document.birth_date
    if asked is None:
        raise BirthDateMissing(field="birth_date")
    if not asked.map(lambda birth: 0 <= age_on(birth, today) <= AGE_YEARS_MAX).reveal(
        purpose=Purpose.SEAL
    ):
        raise BirthDateImpossible(field="birth_date", years=AGE_YEARS_MAX)
    return asked


def age_group(birth: Sensitive[date], *, today: date) -> AgeGroup:
    """Say child (under 14), elder (65 and older) or adult."""
    return birth.map(lambda day: _age_group(day, today)).reveal(purpose=Purpose.OWN_PAGE)


def _age_group(birth: date, today: date) -> AgeGroup:
    if is_child(birth, today):
        return AgeGroup.CHILD
    return AgeGroup.ELDER if age_on(birth, today) >= ELDER_AGE_YEARS_MIN else AgeGroup.ADULT


def check_room(
    links: Sequence[PatientLink], *, patient_id: PatientId, relation: Relation | None, now: datetime
) -> None:
    """Check what an account's links allow: no second link, cool-down, five live ones, one self.

    Raises PatientAddedAlready, PatientCoolingDown, PatientsFull and SelfTaken.
    """
    for link in links:
        if link.patient_id == patient_id:
            _check_return(link, now=now)
    live = [link for link in links if link.removed_at is None]
    if len(live) >= PATIENTS_MAX:
        raise PatientsFull(most=PATIENTS_MAX)
    if relation is Relation.SELF and any(link.relation is Relation.SELF for link in live):
        raise SelfTaken(field="relation")


def _check_return(link: PatientLink, *, now: datetime) -> None:
    if link.removed_at is None:
        raise PatientAddedAlready(field="document_number")
    free_at = link.removed_at + timedelta(days=COOL_DOWN_DAYS)
    if now < free_at:
        day = local_day(free_at) + timedelta(days=1)
        raise PatientCoolingDown(days=COOL_DOWN_DAYS, day=day, field="document_number")


def check_guardian(
    links: Sequence[PatientLink], *, command: AddPatient, birth: Sensitive[date], today: date
) -> PatientLink | None:
    """Return the guardian's link for a child under 14, None for anybody older (PIPL Art 31).

    Raises RelationNeeded and GuardianNeeded.
    """
    if age_group(birth, today=today) is not AgeGroup.CHILD:
        return None
    if command.relation not in OF_CHILDREN:
        raise RelationNeeded(years=CHILD_AGE_YEARS, field="relation")
    for link in links:
        if link.patient_id == command.guardian_patient_id and _is_holder(link):
            return link
    raise GuardianNeeded(years=CHILD_AGE_YEARS, field="guardian_patient_id")


def _is_holder(link: PatientLink) -> bool:
    return link.relation is Relation.SELF and link.removed_at is None


def check_guardian_age(birth: Sensitive[date], *, today: date) -> None:
    """Check that a guardian is of age. Raises GuardianTooYoung."""
    of_age = birth.map(lambda day: age_on(day, today) >= GUARDIAN_AGE_YEARS_MIN)
    if not of_age.reveal(purpose=Purpose.OWN_PAGE):
        raise GuardianTooYoung(years=GUARDIAN_AGE_YEARS_MIN, field="guardian_patient_id")


def check_removal(links: Sequence[PatientLink], *, patient_id: PatientId) -> None:
    """Check that no child of the account needs this guardian. Raises GuardianInUse."""
    if any(link.guardian_patient_id == patient_id and link.removed_at is None for link in links):
        raise GuardianInUse
