"""Why a patient is not added, removed or changed: one refusal for each rule."""

from renhao.kernel import Kind, Refused


class PatientsFull(Refused):
    """The account has as many patients as it may have (fair-allocation rule: five)."""

    kind = Kind.LIMITED
    code = "patients-full"
    zh = "一个账号最多添加 {most} 位就诊人，请先移除不再需要的一位，或到窗口挂号。"
    en = (
        "An account has at most {most} patients. Please remove one you no longer need, "
        "or book at the window."
    )


class PatientAddedAlready(Refused):
    """The account has the person already."""

    kind = Kind.CONFLICT
    code = "patient-added-already"
    zh = "这位就诊人已在您的账号里，不必再次添加；如姓名有误，请带证件到窗口更正。"
    en = (
        "This patient is in your account already. If the name is mistyped, "
        "the window corrects it with the document."
    )


class PatientCoolingDown(Refused):
    """The account removed the person too recently."""

    kind = Kind.LIMITED
    code = "patient-cooling-down"
    zh = "移除就诊人后 {days} 天内不能再次添加，可于 {day} 起添加；其间可带证件到窗口挂号。"
    en = (
        "A removed patient can be added again after {days} days, from {day} on. "
        "Until then the window books with the document."
    )


class PatientUnknown(Refused):
    """The account has no such patient."""

    kind = Kind.NOT_FOUND
    code = "patient-unknown"
    zh = "您的账号里没有这位就诊人，请在就诊人列表中选择。"
    en = "Your account has no such patient. Please choose from the list of patients."


class SelfTaken(Refused):
    """Another patient of the account is its holder already."""

    kind = Kind.CONFLICT
    code = "self-taken"
    zh = "账号里已有一位就诊人是“本人”，请为这位就诊人选择其他关系，或不选。"
    en = (
        "One patient of the account is you already. "
        "Please choose another relation for this one, or none."
    )


class BirthDateMissing(Refused):
    """The number does not hold the birth date, so it is asked for."""

    kind = Kind.INVALID
    code = "birth-date-missing"
    zh = "这种证件的号码里没有出生日期，请照证件填写。"
    en = "The number of this document does not hold the birth date. Please type it."


class BirthDateNotAsked(Refused):
    """The number holds the birth date, so it must not be collected a second time."""

    kind = Kind.INVALID
    code = "birth-date-not-asked"
    zh = "证件号码已含出生日期，不需要另填，请留空。"
    en = "The document number holds the birth date. Please leave that field empty."


class BirthDateImpossible(Refused):
    """A birth date to come, or older than anybody has been."""

    kind = Kind.INVALID
    code = "birth-date-impossible"
    zh = "出生日期应在今天之前、{years} 年之内，请照证件改正。"
    en = (
        "A birth date lies before today and within {years} years. "
        "Please correct it as it is on the document."
    )


class RelationNeeded(Refused):
    """A child under 14 needs a guardian who says how they are related (PIPL Art 31)."""

    kind = Kind.INVALID
    code = "relation-needed"
    zh = "未满 {years} 周岁的就诊人须由监护人添加，请选择关系“子女”或“亲属”。"
    en = (
        "A patient under {years} is added by a guardian. "
        "Please choose “child” or “relative” as the relation."
    )


class GuardianNeeded(Refused):
    """A child under 14 needs a guardian: the account's own holder, linked as self."""

    kind = Kind.INVALID
    code = "guardian-needed"
    zh = "未满 {years} 周岁的就诊人须有监护人：请先把您自己添加为“本人”，再添加孩子。"
    en = (
        "A patient under {years} needs a guardian. Please add yourself as “myself” first, "
        "then the child."
    )


class GuardianTooYoung(Refused):
    """A guardian is of age (Civil Code Art 17, 18)."""

    kind = Kind.INVALID
    code = "guardian-too-young"
    zh = "监护人须年满 {years} 周岁，请由成年家人的账号添加，或到窗口办理。"
    en = (
        "A guardian is at least {years} years old. Please let an adult of the family add the "
        "child, or come to the window."
    )


class GuardianInUse(Refused):
    """Children of the account need this guardian."""

    kind = Kind.CONFLICT
    code = "guardian-in-use"
    zh = "这位就诊人是账号里孩子的监护人，请先移除孩子，再移除监护人。"
    en = (
        "This patient is the guardian of a child in the account. "
        "Please remove the child first, then the guardian."
    )


class AskAtWindowOrOwnAccount(Refused):
    """Neutral: it rests on what another account holds or typed, and must not say so.

    An account gets at most three a day (`neutral_refusal_allowed`); `booking` uses it too.
    """

    kind = Kind.CONFLICT
    code = "ask-at-window-or-own-account"
    zh = "线上暂不能为这位就诊人办理，请由其本人账号操作，或带证件到医院窗口办理。"
    en = (
        "This cannot be done online for this patient. Please use the patient's own account, "
        "or bring the document to the hospital's window."
    )


class NeutralRefusalsUsedUp(Refused):
    """The account had its three neutral refusals today."""

    kind = Kind.LIMITED
    code = "ask-at-window-limited"
    zh = "今天未能办理的次数已达 {most} 次，请明天再试，或带证件到医院窗口办理。"
    en = (
        "Today {most} tries could not be done online. Please try again tomorrow, "
        "or bring the document to the hospital's window."
    )


class MatchesLimited(Refused):
    """The account had too many names and numbers matched today."""

    kind = Kind.LIMITED
    code = "matches-limited"
    zh = "今天核验姓名和证件的次数已用完（每天 {most} 次），请明天再试，或到窗口办理。"
    en = (
        "All of today's {most} checks of name and number are used. "
        "Please try again tomorrow, or come to the window."
    )
