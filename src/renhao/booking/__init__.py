"""Booking: who gets which number, and what happens to it afterwards."""

from renhao.booking.allocator import Allocator, Allocators
from renhao.booking.attempts import Patience
from renhao.booking.batch import Outcome
from renhao.booking.limits import DEFAULTS, LimitCode, LimitRule
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
from renhao.booking.operations import (
    arrive,
    cancel,
    close_day,
    reschedule,
    suspend,
    suspend_plan,
    void_others,
)
from renhao.booking.queries import (
    AppointmentView,
    ClinicCount,
    appointment,
    appointment_at_desk,
    appointments_of_account,
    appointments_of_patient,
    appointments_of_patient_on,
    counts_of_day,
)
from renhao.booking.refusals import (
    AppointmentUnknown,
    AskAtWindow,
    IllegalTransition,
    Overloaded,
    SlotFull,
)

__all__ = [
    "DEFAULTS",
    "LIVE",
    "TRANSITIONS",
    "Affected",
    "Allocator",
    "Allocators",
    "Appointment",
    "AppointmentUnknown",
    "AppointmentView",
    "AskAtWindow",
    "Assurance",
    "BookCommand",
    "Booked",
    "CancelReason",
    "Cancelled",
    "ClinicCount",
    "Closed",
    "IllegalTransition",
    "LimitCode",
    "LimitRule",
    "Outcome",
    "Overloaded",
    "Patience",
    "SlotFull",
    "Status",
    "appointment",
    "appointment_at_desk",
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
