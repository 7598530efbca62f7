"""Why a number cannot be booked, cancelled or moved, and what to do instead."""

from collections.abc import Mapping
from types import MappingProxyType

from renhao.identity import AskAtWindowOrOwnAccount
from renhao.kernel import Kind, Refused


class NoSuchNumbers(Refused):
    """There is no such slot, or it has no numbers for this channel."""

    kind = Kind.NOT_FOUND
    code = "no-such-numbers"
    zh = "没有这个时段，或该渠道在此时段没有号源。请返回出诊页面重新选择。"
    en = "This time has no numbers to book this way. Go back to the clinic and choose again."


class SlotFull(Refused):
    """Every number of the slot is given out or held back."""

    kind = Kind.CONFLICT
    code = "slot-full"
    zh = "这个时段的号已经挂完。请选择其他时段、其他医生或其他日期。"
    en = "This time is fully booked. Choose another time, practitioner or day."


class NotReleasedYet(Refused):
    """The clinic's release moment lies ahead."""

    kind = Kind.CONFLICT
    code = "not-released-yet"
    zh = "还没有放号。放号时间为{released_at}，请到时再挂号。"
    en = "Booking is not open yet. It opens at {released_at}; please come back then."


class ClinicStarted(Refused):
    """The clinic has started."""

    kind = Kind.CONFLICT
    code = "clinic-started"
    zh = "出诊已经开始，不能再在线办理。请到挂号窗口办理，或选择其他日期。"
    en = "The clinic has started. Ask at the window, or choose another day."


class SlotOver(Refused):
    """The slot's time has passed."""

    kind = Kind.CONFLICT
    code = "slot-over"
    zh = "这个时段已经结束。请选择后面的时段。"
    en = "This time has passed. Choose a later one."


class ClinicClosed(Refused):
    """The clinic's day has been closed."""

    kind = Kind.CONFLICT
    code = "clinic-closed"
    zh = "这次出诊已经结束。请选择其他日期。"
    en = "This clinic is over. Choose another day."


class ClinicSuspended(Refused):
    """The hospital has suspended the clinic."""

    kind = Kind.CONFLICT
    code = "clinic-suspended"
    zh = "这次出诊已停诊。请选择其他医生或其他日期。"
    en = "The hospital has called this clinic off. Choose another practitioner or day."


class DrawClinic(Refused):
    """The clinic's numbers are drawn by lot."""

    kind = Kind.CONFLICT
    code = "draw-clinic"
    zh = "这次出诊的号由摇号产生，不能直接挂号或改时段。请选择其他出诊，或到窗口了解摇号安排。"
    en = (
        "The numbers of this clinic are drawn by lot and cannot be booked directly."
        " Choose another clinic, or ask at the window when the draw is."
    )


class ChannelNotYours(Refused):
    """The channel is not open to this kind of caller."""

    kind = Kind.FORBIDDEN
    code = "channel-not-yours"
    zh = (
        "在线号须用本人账号挂号，窗口、复诊、转诊和急诊号由医院工作人员办理。"
        "请换一个渠道，或到窗口办理。"
    )
    en = (
        "Online numbers are booked by an account, all others by hospital staff."
        " Book online, or ask at the window."
    )


class PatientNotLinked(Refused):
    """The account may not book for this patient, or the patient is not known."""

    kind = Kind.NOT_FOUND
    code = "patient-not-linked"
    zh = "您的账号下没有这位就诊人，或其信息刚有更改。请在“就诊人”页面核对后再挂号。"
    en = (
        "Your account has no such patient, or their details have just changed."
        " Check the patients page, then book again."
    )


class AlreadyInClinic(Refused):
    """The patient holds a number of this clinic."""

    kind = Kind.CONFLICT
    code = "already-in-clinic"
    zh = "该就诊人已有本次出诊的号。要换时间，请在“我的预约”中改时段。"
    en = "This patient already has a number here. To change the time, move it in My appointments."


class AlreadyInDepartment(Refused):
    """The patient holds a number of this department on this day."""

    kind = Kind.CONFLICT
    code = "already-in-department"
    zh = "同一就诊人同一天在同一科室只能挂一个号。请选择其他日期，或先退掉原来的号。"
    en = (
        "One number per patient, department and day. Choose another day, or cancel the other first."
    )


class TooManyDepartments(Refused):
    """The patient holds numbers in as many departments that day as the limit allows."""

    kind = Kind.LIMITED
    code = "too-many-departments"
    zh = "同一就诊人一天最多挂{most}个科室的号。请选择其他日期，或先退掉一个号。"
    en = "A patient may book {most} departments a day. Choose another day, or cancel one first."


class TooManyAppointments(Refused):
    """The patient holds as many numbers in the span of days as the limit allows."""

    kind = Kind.LIMITED
    code = "too-many-appointments"
    zh = "同一就诊人{window_days}天内最多挂{most}个号。请选择其他日期，或先退掉一个号。"
    en = (
        "A patient may hold {most} numbers in any {window_days} days."
        " Choose another day, or cancel one first."
    )


class BarredForNoShows(Refused):
    """The patient did not come too often."""

    kind = Kind.LIMITED
    code = "barred-for-no-shows"
    zh = (
        "因{window_days}天内爽约{most}次，{until}前不能在线挂号。"
        "仍可持证件到窗口挂号；如有异议，请在窗口申诉。"
    )
    en = (
        "After {most} no-shows in {window_days} days, online booking is closed until {until}."
        " The window stays open with your document; to appeal, ask there."
    )


class BarredForLateCancels(Refused):
    """The patient cancelled late too often."""

    kind = Kind.LIMITED
    code = "barred-for-late-cancels"
    zh = (
        "因{window_days}天内逾期退号{most}次，{until}前不能在线挂号。"
        "仍可持证件到窗口挂号；如有异议，请在窗口申诉。"
    )
    en = (
        "After {most} late cancellations in {window_days} days, online booking is closed until"
        " {until}. The window stays open with your document; to appeal, ask there."
    )


class TooManyQuestions(Refused):
    """The account was sent to the window as often today as is allowed."""

    kind = Kind.LIMITED
    code = "too-many-questions"
    zh = "今天已多次提示您到窗口办理，本账号今天不能再在线挂号。请持证件到窗口挂号，或明天再试。"
    en = (
        "You were sent to the window several times today, so this account cannot book online"
        " today. Go to the window with the document, or try again tomorrow."
    )


class RequestIdReused(Refused):
    """The request id was used for another request."""

    kind = Kind.CONFLICT
    code = "request-id-reused"
    zh = "这个请求编号已用于另一项操作。请刷新页面后重新提交。"
    en = "This request id was used for something else. Reload the page and send it again."


class Overloaded(Refused):
    """More wait than can be served soon; nothing was booked."""

    kind = Kind.UNAVAILABLE
    code = "overloaded"
    zh = "现在挂号的人太多，本次没有挂号。请在{retry_after_seconds}秒后再试。"
    en = "Too many people are booking; nothing was booked. Try again in {retry_after_seconds} s."


class ShuttingDown(Refused):
    """The server is stopping; nothing was booked."""

    kind = Kind.UNAVAILABLE
    code = "shutting-down"
    zh = "服务正在重启，本次没有挂号。请在{retry_after_seconds}秒后再试。"
    en = "The server is restarting; nothing was booked. Try again in {retry_after_seconds} s."


class OutcomeUnknown(Refused):
    """The database did not confirm; the request id will tell."""

    kind = Kind.UNAVAILABLE
    code = "outcome-unknown"
    zh = "暂时不能确认是否挂号成功。请在{retry_after_seconds}秒后用同一请求重试，不会重复挂号。"
    en = (
        "It is not certain yet whether this was booked. Repeat the same request in"
        " {retry_after_seconds} s: it is never booked twice."
    )


class AppointmentUnknown(Refused):
    """There is no such appointment for this caller."""

    kind = Kind.NOT_FOUND
    code = "appointment-unknown"
    zh = "您的账号下没有这个预约。请用挂号时的账号登录，或持证件到窗口办理。"
    en = (
        "Your account has no such appointment. Log in with the account that booked it,"
        " or go to the window with the document."
    )


class IllegalTransition(Refused):
    """The appointment cannot move to that status."""

    kind = Kind.CONFLICT
    code = "illegal-transition"
    zh = "这个预约现在的状态不允许这样操作。请刷新“我的预约”查看，或到窗口询问。"
    en = (
        "The appointment's present status does not allow this."
        " Reload My appointments, or ask at the window."
    )


class TooLateToCancel(Refused):
    """The clinic has started."""

    kind = Kind.CONFLICT
    code = "too-late-to-cancel"
    zh = "出诊已经开始，不能再退号。有特殊情况请到窗口说明。"
    en = "The clinic has started, so it cannot be cancelled. Tell the window if something happened."


class OtherClinic(Refused):
    """Rescheduling stays within one clinic."""

    kind = Kind.CONFLICT
    code = "other-clinic"
    zh = "改时段只能在同一次出诊内。要换医生或日期，请先退号再挂号。"
    en = "The time can be moved within one clinic only. For another, cancel and book again."


class SameSlot(Refused):
    """The appointment is in that slot already."""

    kind = Kind.CONFLICT
    code = "same-slot"
    zh = "您的号已在这个时段。请选择另一个时段。"
    en = "Your number is in this time already. Choose another one."


class StaffOnly(Refused):
    """Only hospital staff may do this, with the card present."""

    kind = Kind.FORBIDDEN
    code = "staff-only"
    zh = "此操作只能由医院工作人员办理。请持证件到窗口。"
    en = "Only hospital staff can do this. Go to the window with the document."


Neutral = AskAtWindowOrOwnAccount
"""Something that this account must not learn stands in the way: the one neutral code."""


BY_CODE: Mapping[str, type[Refused]] = MappingProxyType(
    {
        one.code: one
        for one in globals().copy().values()
        if isinstance(one, type) and issubclass(one, Refused) and one is not Refused
    }
)
"""To answer a repeated request as it was answered first."""
