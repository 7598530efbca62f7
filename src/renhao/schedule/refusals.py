"""What the schedule says no to."""

from renhao.kernel import Kind, Refused


class HospitalUnknown(Refused):
    """No hospital has this code or id."""

    kind = Kind.NOT_FOUND
    code = "hospital-unknown"
    zh = "没有这家医院：请从首页选择医院。"
    en = "There is no such hospital: choose one from the home page."


class HospitalCodeInvalid(Refused):
    """A code is part of web addresses."""

    kind = Kind.INVALID
    code = "hospital-code-invalid"
    zh = "医院代码须为 2 至 32 个小写字母、数字或连字符，并以字母开头：请另填一个。"
    en = (
        "A hospital's code is 2 to 32 lower-case letters, digits or hyphens and starts with a "
        "letter: choose another."
    )


class HospitalCodeTaken(Refused):
    """Another hospital has this code."""

    kind = Kind.CONFLICT
    code = "hospital-code-taken"
    zh = "医院代码“{hospital}”已被使用：请另选一个。"
    en = 'Another hospital has the code "{hospital}": choose another.'


class ZoneUnknown(Refused):
    """The time zone database has no such zone."""

    kind = Kind.INVALID
    code = "zone-unknown"
    zh = "没有时区“{zone}”：请填写如 Asia/Shanghai 的名称。"
    en = 'There is no time zone "{zone}": write a name like Asia/Shanghai.'


class CampusNameTaken(Refused):
    """The hospital has a campus of this name."""

    kind = Kind.CONFLICT
    code = "campus-name-taken"
    zh = "已有同名院区：请换一个名称，或直接使用已有院区。"
    en = "The hospital has a campus of this name: choose another name or use that campus."


class DepartmentUnknown(Refused):
    """The hospital has no such department."""

    kind = Kind.NOT_FOUND
    code = "department-unknown"
    zh = "本院没有这个科室：请从科室列表中选择。"
    en = "This hospital has no such department: choose one from its list."


class ClinicUnknown(Refused):
    """The hospital has no such clinic."""

    kind = Kind.NOT_FOUND
    code = "clinic-unknown"
    zh = "没有这次出诊，排班可能已更新：请回到科室重新选择。"
    en = "There is no such clinic, the schedule may have changed: choose again in the department."


class SlotUnknown(Refused):
    """The hospital has no such slot, or no longer."""

    kind = Kind.NOT_FOUND
    code = "slot-unknown"
    zh = "没有这个时段，排班可能已更新：请回到出诊页重新选择。"
    en = "There is no such slot, the schedule may have changed: choose again on the clinic's page."


class ReleaseRuleInvalid(Refused):
    """Clinics are released 0 to 90 days ahead."""

    kind = Kind.INVALID
    code = "release-rule-invalid"
    zh = "放号须提前 0 至 {days_max} 天：请改天数。"
    en = "Clinics are released 0 to {days_max} days ahead: change the number of days."


class CancelRuleInvalid(Refused):
    """Cancelling is free until 0 to 14 days before the visit day."""

    kind = Kind.INVALID
    code = "cancel-rule-invalid"
    zh = "免费退号截止须在就诊前 0 至 {days_max} 天：请改天数。"
    en = "Free cancelling ends 0 to {days_max} days before the visit day: change the days."


class FeeInvalid(Refused):
    """A fee is not negative and not absurd."""

    kind = Kind.INVALID
    code = "fee-invalid"
    zh = "挂号费须在 0 至 {yuan_max} 元之间：请改金额。"
    en = "A fee lies between 0 and {yuan_max} yuan: change the amount."


class ImportConflicts(Refused):
    """A file with conflicts is not applied, in no part."""

    kind = Kind.CONFLICT
    code = "import-conflicts"
    zh = "有 {conflicts} 处与现有排班冲突，整个文件没有导入：请按列表修改后重新导入。"
    en = (
        "{conflicts} rows conflict with the present schedule, so nothing was imported: mend them "
        "as listed and import again."
    )


class ImportTooLarge(Refused):
    """One import has an upper limit."""

    kind = Kind.INVALID
    code = "import-too-large"
    zh = "一次最多导入 {rows_max} 次出诊：请按科室或时间拆成几个文件。"
    en = "One import holds at most {rows_max} clinics: split the file by department or time."


class LimitReachTooLong(Refused):
    """A limit looks no further back than booking reads what a patient missed."""

    kind = Kind.INVALID
    code = "limit-reach-too-long"
    zh = "限制的统计天数与停约天数合计不得超过 {days_max} 天：请缩短其中一项。"
    en = (
        "The days a limit counts over and the days it then bars come to at most {days_max} "
        "together: shorten one of them."
    )


class LimitDayTaken(Refused):
    """A limit's history is kept: what began on a day is not overwritten."""

    kind = Kind.CONFLICT
    code = "limit-day-taken"
    zh = "该限制在这一天已有新值或之后已有安排：请选择更晚的生效日期。"
    en = "A value of this limit begins on that day or later already: choose a later first day."
