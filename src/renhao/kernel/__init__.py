"""What every package may know: ids, refusals, intervals, the clock, personal values."""

from renhao.kernel.clock import Clock, utc_now
from renhao.kernel.ids import (
    PLATFORM,
    AccountId,
    AppointmentId,
    CampusId,
    ClinicId,
    DepartmentId,
    HospitalId,
    IdentityId,
    PatientId,
    PractitionerId,
    RequestId,
    SlotId,
    StaffId,
    VisitKindId,
    new_id,
)
from renhao.kernel.interval import Interval
from renhao.kernel.refused import Kind, Language, Refused
from renhao.kernel.sensitive import Purpose, Sensitive

__all__ = [
    "PLATFORM",
    "AccountId",
    "AppointmentId",
    "CampusId",
    "ClinicId",
    "Clock",
    "DepartmentId",
    "HospitalId",
    "IdentityId",
    "Interval",
    "Kind",
    "Language",
    "PatientId",
    "PractitionerId",
    "Purpose",
    "Refused",
    "RequestId",
    "Sensitive",
    "SlotId",
    "StaffId",
    "VisitKindId",
    "new_id",
    "utc_now",
]
