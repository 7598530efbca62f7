"""Identifiers: UUIDv7 (RFC 9562 §5.7), one `NewType` for each kind of thing."""

from typing import NewType
from uuid import UUID

import uuid_utils.compat

AccountId = NewType("AccountId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
CampusId = NewType("CampusId", UUID)
ClinicId = NewType("ClinicId", UUID)
DepartmentId = NewType("DepartmentId", UUID)
HospitalId = NewType("HospitalId", UUID)
IdentityId = NewType("IdentityId", UUID)
PatientId = NewType("PatientId", UUID)
PractitionerId = NewType("PractitionerId", UUID)
RequestId = NewType("RequestId", UUID)
SlotId = NewType("SlotId", UUID)
StaffId = NewType("StaffId", UUID)
VisitKindId = NewType("VisitKindId", UUID)

PLATFORM = HospitalId(UUID(int=0))
"""Stands for "no hospital" in tables keyed by hospital: account events and one-time codes."""


def new_id() -> UUID:
    """Make a UUIDv7.

    Edges call this and hand ids down; only audit and outbox rows, whose ids no rule depends on,
    get theirs where they are written.
    """
    return uuid_utils.compat.uuid7()
