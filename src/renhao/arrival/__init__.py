"""Arrival: the patient is here, the card was compared (人号对应), the queue begins."""

from renhao.arrival.model import (
    AlreadyArrived,
    AppointmentCancelled,
    ArrivalOver,
    AtDesk,
    CheckedIn,
    DayPassed,
    NothingToday,
    Ticket,
    TicketExpired,
    TicketForged,
    TicketUnreadable,
    WrongDay,
    WrongHospital,
)
from renhao.arrival.operations import check_in, find_by_ticket, find_today
from renhao.arrival.tickets import looks_like_ticket, make_ticket, read_ticket

__all__ = [
    "AlreadyArrived",
    "AppointmentCancelled",
    "ArrivalOver",
    "AtDesk",
    "CheckedIn",
    "DayPassed",
    "NothingToday",
    "Ticket",
    "TicketExpired",
    "TicketForged",
    "TicketUnreadable",
    "WrongDay",
    "WrongHospital",
    "check_in",
    "find_by_ticket",
    "find_today",
    "looks_like_ticket",
    "make_ticket",
    "read_ticket",
]
