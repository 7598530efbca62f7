"""The words of every message: the hospital, date, time window and number, nothing that reveals why.

No diagnosis, department or practitioner: a phone is read over its owner's shoulder.
"""

from renhao.kernel import Language
from renhao.notify.model import Template, Visit

LOGIN_CODE: dict[Language, str] = {
    "zh": "【人号】验证码 {code}，5 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。",
    "en": "[renhao] Your code is {code}, valid for 5 minutes. Staff never ask for it: tell nobody.",
}
APPOINTMENT: dict[Template, dict[Language, str]] = {
    Template.BOOKED: {
        "zh": "【{hospital}】挂号成功：{day} {window}，{number} 号。查看或退号请打开“我的预约”。",
        "en": "[{hospital}] Booked: {day}, {window}, number {number}."
        " To view or cancel, see your appointments.",
    },
    Template.CANCELLED: {
        "zh": "【{hospital}】已退号：{day} {window}，{number} 号。详情请打开“我的预约”。",
        "en": "[{hospital}] Cancelled: {day}, {window}, number {number}."
        " For details, see your appointments.",
    },
    Template.RESCHEDULED: {
        "zh": "【{hospital}】改约成功，新的时间：{day} {window}，{number} 号。"
        "详情请打开“我的预约”。",
        "en": "[{hospital}] Moved to: {day}, {window}, number {number}."
        " For details, see your appointments.",
    },
    Template.SUSPENDED: {
        "zh": "【{hospital}】停诊通知：{day} {window}（{number} 号）停诊，您的号已取消，不计爽约。"
        "改约请打开“我的预约”。",
        "en": "[{hospital}] Your visit on {day}, {window} (number {number}) is suspended by the"
        " hospital and cancelled; it does not count against you."
        " To choose another time, see your appointments.",
    },
    Template.REMINDER: {
        "zh": "【{hospital}】就诊提醒：明天 {day} {window}，{number} 号，请带好证件。"
        "不能来请在“我的预约”退号。",
        "en": "[{hospital}] Reminder: tomorrow, {day}, {window}, number {number}. Bring your"
        " identity document. If you cannot come, cancel it: see your appointments.",
    },
}
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def login_code(code: str, *, language: Language) -> str:
    """Word the one-time code's message."""
    return LOGIN_CODE[language].format(code=code)


def of_visit(template: Template, visit: Visit, *, language: Language) -> str:
    """Word a message about an appointment."""
    return APPOINTMENT[template][language].format(
        hospital=visit.hospital_zh if language == "zh" else visit.hospital_en,
        day=_day(visit, language),
        window=f"{visit.starts:%H:%M}–{visit.ends:%H:%M}",
        number=visit.number,
    )


def _day(visit: Visit, language: Language) -> str:
    day = visit.day
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS_ZH[day.weekday()]}）"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"
