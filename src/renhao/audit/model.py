"""Audit events: who did what to whom, never with which values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from renhao.kernel import PLATFORM, HospitalId, PatientId, Purpose


class ActorKind(StrEnum):
    """What sort of actor."""

    ACCOUNT = "account"
    STAFF = "staff"
    PROGRAM = "program"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, a member of staff, the program itself, or a visitor not logged in."""

    kind: ActorKind
    id: UUID | None


PROGRAM = Actor(ActorKind.PROGRAM, None)
VISITOR = Actor(ActorKind.VISITOR, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing done. `fields` holds names of fields, never values."""

    at: datetime
    action: str
    by: Actor
    hospital_id: HospitalId = PLATFORM
    patient_id: PatientId | None = None
    subject_id: UUID | None = None
    fields: tuple[str, ...] = ()
    purpose: Purpose | None = None
    request_id: UUID | None = None
