"""Why a row of a file cannot be applied to the schedule as it stands."""

from renhao.schedule.imports.model import Reason

CAMPUS_UNKNOWN = Reason(
    "campus-unknown",
    "本院没有这个院区：请先添加院区，或改正名称",
    "the hospital has no such campus: add it first, or correct the name",
)
FEE_MISSING = Reason(
    "fee-missing",
    "新号别没有挂号费：请填写费用，或先设置该号别",
    "a new visit kind needs a fee: write it, or set up the kind first",
)
DUPLICATE = Reason(
    "duplicate",
    "与本文件另一行是同一次出诊：只留一行",
    "another row of the file is the same clinic: keep one",
)
OVER = Reason(
    "over",
    "出诊已经开始或结束，不能再添加或更改：请删去此行",
    "the clinic has begun or is over, it can be neither added nor changed: take the row out",
)
TIMES_BOOKED = Reason(
    "times-booked",
    "已有人挂号，不能改时间：请改回原时间，或停诊后另排",
    "numbers are booked, so its time stays: keep the time, or suspend it and add another",
)
MODE_BOOKED = Reason(
    "mode-booked",
    "已有人挂号，不能改放号方式：请改回原方式",
    "numbers are booked, so its mode stays: keep the mode",
)
CAPACITY_BELOW = Reason(
    "capacity-below",
    "号源少于已挂出和保留的号：请增加号源，或停诊",
    "the capacity is below the numbers given out: raise it, or suspend the clinic",
)
CANNOT_GROW = Reason(
    "cannot-grow",
    "每个时段都已有人挂号，号段不能再扩：请另排一次出诊",
    "every slot has booked numbers, so their ranges stay: add another clinic",
)
SUSPEND_BOOKED = Reason(
    "suspend-booked",
    "已有人挂号，不能靠导入停诊：请用停诊页面，以便通知就诊人",
    "numbers are booked: suspend it on the page for that, which tells the patients",
)
SUSPENDED_BY_STAFF = Reason(
    "suspended-by-staff",
    "已停诊并通知，不能靠导入恢复：请另排一次出诊",
    "it was suspended and patients were told, an import does not undo that: add another clinic",
)
