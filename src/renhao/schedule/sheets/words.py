"""The words a heading may use, in Chinese and English."""

import re
from enum import StrEnum
from functools import cache
from unicodedata import normalize

from renhao.schedule.kinds import Channel, HalfDay


class Column(StrEnum):
    """What a column may hold; `IGNORED` ones are known and not needed."""

    DEPARTMENT = "department"
    PRACTITIONER = "practitioner"
    TITLE = "title"
    VISIT_KIND = "visit kind"
    DAY = "date"
    HALF_DAY = "half-day"
    STARTS = "start"
    ENDS = "end"
    TIMES = "times"
    TOTAL = "capacity total"
    ONLINE = "online"
    WINDOW = "window"
    FOLLOWUP = "followup"
    REFERRAL = "referral"
    URGENT = "urgent"
    FEE = "fee"
    MODE = "mode"
    ROOM = "room"
    CAMPUS = "campus"
    SUSPENDED = "suspended"
    IGNORED = "ignored"


CHANNEL_COLUMNS = {Column(channel.value): channel for channel in Channel}

SYNONYMS: dict[Column, str] = {
    Column.DEPARTMENT: "科室 科室名称 出诊科室 科别 专科 部门 department dept clinicdepartment",
    Column.PRACTITIONER: (
        "医生 医师 姓名 医生姓名 医师姓名 专家 专家姓名 出诊医生 出诊医师 出诊专家 出诊人员 "
        "practitioner doctor physician doctorname name"
    ),
    Column.TITLE: "职称 技术职称 专业技术职称 title rank",
    Column.VISIT_KIND: (
        "号别 号类 号种 挂号类别 门诊类别 门诊类型 出诊类型 类别 visitkind kind visittype"
    ),
    Column.DAY: "日期 出诊日期 门诊日期 就诊日期 date day clinicdate visitdate",
    Column.HALF_DAY: "午别 班次 时段 上下午 出诊时段 午别时段 halfday session shift",
    Column.STARTS: "开始 开始时间 起始时间 出诊开始 start starts starttime from",
    Column.ENDS: "结束 结束时间 截止时间 出诊结束 end ends endtime to",
    Column.TIMES: "时间 出诊时间 门诊时间 起止时间 time times hours",
    Column.TOTAL: (
        "号源 号源总数 总号源 总号数 号数 限号 限号数 总数 放号数 capacity capacitytotal total"
    ),
    Column.ONLINE: "线上 线上号源 网上 网络 预约 预约号 网约号 online",
    Column.WINDOW: "现场 现场号 现场号源 窗口 窗口号 window onsite",
    Column.FOLLOWUP: "复诊 复诊号 复诊号源 followup return",
    Column.REFERRAL: "转诊 转诊号 转诊号源 referral",
    Column.URGENT: "应急 应急号 急诊号 urgent",
    Column.FEE: "费用 挂号费 诊查费 医事服务费 金额 价格 费用元 挂号费元 fee price feeyuan",
    Column.MODE: "方式 放号方式 分配方式 挂号方式 mode allocation",
    Column.ROOM: "诊室 诊间 房间 诊室号 地点 出诊地点 room consultingroom",
    Column.CAMPUS: "院区 分院 campus site",
    Column.SUSPENDED: "停诊 是否停诊 状态 suspended status cancelled",
    Column.IGNORED: "序号 编号 备注 说明 星期 周 周次 no remark remarks note weekday",
}

WEEKDAYS = (
    r"(?:周|星期|礼拜)(?:一|1)|mon(?:day)?",
    r"(?:周|星期|礼拜)(?:二|2)|tue(?:s(?:day)?)?",
    r"(?:周|星期|礼拜)(?:三|3)|wed(?:nesday)?",
    r"(?:周|星期|礼拜)(?:四|4)|thu(?:rs(?:day)?)?",
    r"(?:周|星期|礼拜)(?:五|5)|fri(?:day)?",
    r"(?:周|星期|礼拜)(?:六|6)|sat(?:urday)?",
    r"(?:周|星期|礼拜)(?:日|天|7)|sun(?:day)?",
)
HALF_DAYS = {
    HalfDay.MORNING: r"上午|早上|早班|morning|am",
    HalfDay.AFTERNOON: r"下午|午后|afternoon|pm",
    HalfDay.EVENING: r"晚上|晚间|夜间|夜门诊|夜诊|晚诊|晚班|晚|夜|evening|night|eve",
}
DATE_IN_HEADING = r"\d+|[年月日号]"


def plain(text: str) -> str:
    """Reduce a heading to its letters and digits: full-width folded, lower case, no spaces."""
    return "".join(letter for letter in normalize("NFKC", text).lower() if letter.isalnum())


def column_of(heading: str) -> Column | None:
    """Find what a heading names; a bilingual heading must name the same thing twice."""
    word = plain(heading)
    if word in _columns():
        return _columns()[word]
    chinese, latin = re.sub(r"[ -~]", "", word), re.sub(r"[^ -~]", "", word)
    found = _columns().get(chinese)
    return found if found is not None and found is _columns().get(latin) else None


def week_heading(heading: str) -> tuple[int | None, HalfDay | None]:
    """Find the weekday (Monday is 0) and the half-day a heading names and nothing besides.

    周一上午, 星期一(上午), Mon AM, 11月23日 周一 are taken; 第一周一览表 is not.
    """
    rest = plain(heading)
    weekday, half_day = None, None
    for number, pattern in enumerate(WEEKDAYS):
        rest, count = re.subn(pattern, "", rest)
        weekday = number if count else weekday
    for half, pattern in HALF_DAYS.items():
        rest, count = re.subn(pattern, "", rest)
        half_day = half if count else half_day
    if re.sub(DATE_IN_HEADING, "", rest):
        return None, None
    return weekday, half_day


@cache
def _columns() -> dict[str, Column]:
    return {word: column for column, words in SYNONYMS.items() for word in words.split()}
