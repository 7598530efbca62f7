"""Booking: who gets which number, and what happens to it afterwards."""

from renhao.booking.allocator import Allocator, Allocators
from renhao.booking.attempts import Patience
from renhao.booking.batch import Outcome
from renhao.booking.clinic_operations import close_day, suspend, suspend_plan
from renhao.booking.model import (
    LIVE,
    TRANSITIONS,
    Affected,
    Appointment,
    Assurance,
    BookCommand,
    Booked,
    Cancelled,
    CancelReason,
    Closed,
    Status,
)
from renhao.booking.operations import arrive, cancel, reschedule, void_others
from renhao.booking.queries import (
    AppointmentView,
    ClinicCount,
    appointment,
    appointment_at_desk,
    appointments_by_id,
    appointments_of_account,
    appointments_of_patient,
    appointments_of_patient_on,
    counts_of_day,
)
from renhao.booking.refusals import (
    AppointmentUnknown,
    IllegalTransition,
    Neutral,
    Overloaded,
    SlotFull,
)

__all__ = [
    "LIVE",
    "TRANSITIONS",
    "Affected",
    "Allocator",
    "Allocators",
    "Appointment",
    "AppointmentUnknown",
    "AppointmentView",
    "Assurance",
    "BookCommand",
    "Booked",
    "CancelReason",
    "Cancelled",
    "ClinicCount",
    "Closed",
    "IllegalTransition",
    "Neutral",
    "Outcome",
    "Overloaded",
    "Patience",
    "SlotFull",
    "Status",
    "appointment",
    "appointment_at_desk",
    "appointments_by_id",
    "appointments_of_account",
    "appointments_of_patient",
    "appointments_of_patient_on",
    "arrive",
    "cancel",
    "close_day",
    "counts_of_day",
    "reschedule",
    "suspend",
    "suspend_plan",
    "void_others",
]
