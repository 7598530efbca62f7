"""What the desk does with a card in hand, and what it refuses."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from renhao.audit import Actor, ActorKind
from renhao.identity.documents import Document
from renhao.kernel import HospitalId, IdentityId, Kind, PatientId, Refused, Sensitive


class DocumentIsAnothers(Refused):
    """A name is corrected for the same document number only."""

    kind = Kind.CONFLICT
    code = "document-is-anothers"
    zh = "更正姓名只限同一证件号码：这张证件不是这位就诊人的。请核对证件；证件不同时请另建就诊人。"
    en = (
        "A name is corrected for the same document number only, and this document is not this "
        "patient's. Please check the card; a different document is a different patient."
    )


class SecondPersonNeeded(Refused):
    """A correction is signed by two members of staff."""

    kind = Kind.FORBIDDEN
    code = "second-person-needed"
    zh = "更正姓名须由两名工作人员共同确认，请另一位同事登录确认。"
    en = "A correction is confirmed by two members of staff. Please ask a colleague to confirm it."


class NameUnchanged(Refused):
    """The name typed is the one that stands already."""

    kind = Kind.INVALID
    code = "name-unchanged"
    zh = "填写的姓名与原来相同，无需更正；请照证件填写正确的姓名。"
    en = (
        "This is the name that stands already, so nothing is to be corrected. "
        "Please type the name on the card."
    )


class NameNeedsCorrection(Refused):
    """The card shows another name than the confirmed one: two persons correct it first."""

    kind = Kind.CONFLICT
    code = "name-needs-correction"
    zh = "证件上的姓名与已核实的姓名不同，请先由两名工作人员办理“更正姓名”。"
    en = (
        "The name on the card differs from the confirmed one. "
        "Please have two members of staff correct the name first."
    )


class IdentityUnknown(Refused):
    """There is no such claim."""

    kind = Kind.NOT_FOUND
    code = "identity-unknown"
    zh = "没有这条身份信息，请重新查找就诊人。"
    en = "There is no such identity. Please look the patient up again."


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPatient:
    """A person who stands at the window with a card. Ids are made at the edge, used if needed."""

    hospital_id: HospitalId
    patient_id: PatientId
    identity_id: IdentityId
    name: Sensitive[str]
    document: Document
    birth_date: Sensitive[date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectName:
    """A mistyped name, corrected with the card in hand.

    `identity_id` is the claim with the mistyped name, `new_identity_id` (made at the edge) the
    corrected one. `second` is the colleague who confirmed (`staff.confirm`).
    """

    hospital_id: HospitalId
    patient_id: PatientId
    identity_id: IdentityId
    new_identity_id: IdentityId
    document: Document
    name: Sensitive[str]
    second: Actor


@dataclass(frozen=True, slots=True)
class Seen:
    """A person whose card was compared, and the claim that agrees with it."""

    patient_id: PatientId
    identity_id: IdentityId


def check_two_persons(by: Actor, second: Actor) -> None:
    """Check that two different members of staff sign. Raises SecondPersonNeeded."""
    staff = by.kind is ActorKind.STAFF and second.kind is ActorKind.STAFF
    if not staff or by.id is None or second.id is None or by.id == second.id:
        raise SecondPersonNeeded


def staff_id(by: Actor) -> UUID:
    """Return who acts at the desk. Raises ValueError for anybody but staff."""
    if by.kind is not ActorKind.STAFF or by.id is None:
        raise ValueError("only staff act at the desk")
    return by.id
