"""Checking in: whom the desk finds, what it shows, and why it says no."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from renhao import booking, identity
from renhao.kernel import AppointmentId, ClinicId, HospitalId, Kind, PatientId, Refused, Sensitive


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """One appointment of today as the desk sees it: what is compared with card and person."""

    appointment: booking.AppointmentView
    name: Sensitive[str]
    document_kind: identity.DocumentKind
    masked_document: str
    queue_number: int | None
    """Given at check-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """A patient who is here: the place in the clinic's queue."""

    hospital_id: HospitalId
    appointment_id: AppointmentId
    clinic_id: ClinicId
    patient_id: PatientId
    queue_number: int
    number: int
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an arrival code says: which appointment, and on which day. Nothing else."""

    appointment_id: AppointmentId
    day: date


class NothingToday(Refused):
    """The person has no appointment today at this hospital."""

    kind = Kind.NOT_FOUND
    code = "nothing-today"
    zh = "此人今天在本院没有预约：请核对证件号码，或在窗口挂号。"
    en = "This person has no appointment here today: check the number, or book at the window."


class WrongDay(Refused):
    """The appointment is for another day."""

    kind = Kind.CONFLICT
    code = "arrival-wrong-day"
    zh = "预约日期是 {day}，不是今天：请在就诊当天报到。"
    en = "The appointment is for {day}, not today: check in on that day."


class DayPassed(Refused):
    """The appointment was for a day that is over."""

    kind = Kind.CONFLICT
    code = "arrival-day-passed"
    zh = "预约日期是 {day}，已经过去：如仍需就诊，请在窗口重新挂号。"
    en = "The appointment was for {day}, which is over: to be seen after all, book anew here."


class WrongHospital(Refused):
    """The appointment is not one of this hospital."""

    kind = Kind.NOT_FOUND
    code = "arrival-wrong-hospital"
    zh = "这不是本院的预约：请核对医院，或凭证件在窗口查询。"
    en = "This is no appointment of this hospital: check the hospital, or ask at the window."


class AppointmentCancelled(Refused):
    """The appointment was cancelled."""

    kind = Kind.CONFLICT
    code = "arrival-cancelled"
    zh = "这个预约已取消：请在窗口重新挂号。"
    en = "This appointment was cancelled: book anew at the window."


class AlreadyArrived(Refused):
    """The patient has been checked in."""

    kind = Kind.CONFLICT
    code = "already-arrived"
    zh = "已于 {at} 报到，排队号 {queue_number}：请到诊区候诊。"
    en = "Checked in already at {at} with queue number {queue_number}: wait at the clinic."


class ArrivalOver(Refused):
    """The visit took place, or its day was closed."""

    kind = Kind.CONFLICT
    code = "arrival-over"
    zh = "这个预约已经结束：如仍需就诊，请在窗口重新挂号。"
    en = "This appointment is over: to be seen after all, book anew at the window."


class TicketUnreadable(Refused):
    """The code is no arrival code of ours, or was damaged."""

    kind = Kind.INVALID
    code = "ticket-unreadable"
    zh = "无法识别这个二维码：请出示预约页上的二维码，或改用证件报到。"
    en = "This code cannot be read: show the one on the appointment's page, or use the document."


class TicketForged(Refused):
    """The signature is not ours."""

    kind = Kind.INVALID
    code = "ticket-forged"
    zh = "二维码的签名不符，可能被改动：请改用证件报到。"
    en = "The code's signature is wrong, it may have been altered: use the document instead."


class TicketExpired(Refused):
    """The code is of a day that is over."""

    kind = Kind.INVALID
    code = "ticket-expired"
    zh = "二维码是 {day} 的，已过期：请核对预约日期，或在窗口重新挂号。"
    en = "The code was for {day} and has expired: check the date, or book anew at the window."


def refusal_of(
    appointment: booking.AppointmentView, *, today: date, queue_number: int | None
) -> Refused | None:
    """Say why an appointment cannot be checked in now, None when it can.

    The day comes before the status, so that a cancelled appointment of another day says its day.
    """
    if appointment.day != today:
        return WrongDay(day=appointment.day)
    match appointment.status:
        case booking.Status.BOOKED:
            return None
        case booking.Status.ARRIVED:
            at = appointment.status_at.astimezone(ZoneInfo(appointment.zone))
            return AlreadyArrived(at=f"{at:%H:%M}", queue_number=queue_number)
        case booking.Status.CANCELLED:
            return AppointmentCancelled()
        case booking.Status.FULFILLED | booking.Status.NO_SHOW:
            return ArrivalOver()
        case other:
            assert_never(other)
