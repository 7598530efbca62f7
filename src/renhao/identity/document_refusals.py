"""Why a document number is not taken: one refusal for each rule.

Facts name the rule and the kind of document, never the number or a part of it.
"""

from renhao.kernel import Kind, Refused


class DocumentNumberMissing(Refused):
    """Nothing was typed."""

    kind = Kind.INVALID
    code = "document-number-missing"
    zh = "请填写{zh_kind}号码。"
    en = "Please type the number of the {en_kind}."


class DocumentNumberLength(Refused):
    """It has too few or too many characters for the kind."""

    kind = Kind.INVALID
    code = "document-number-length"
    zh = "{zh_kind}号码应为{zh_shape}，现在填了 {given} 位，请对照证件补全或删去多余的字符。"
    en = (
        "The number of a {en_kind} is {en_shape}; {given} characters were typed. "
        "Please compare with the document and type all of them."
    )


class DocumentNumberCharacters(Refused):
    """Some character cannot stand where it stands."""

    kind = Kind.INVALID
    code = "document-number-characters"
    zh = "{zh_kind}号码应为{zh_shape}，请对照证件改正不符的字符（例如把字母 O 当成了数字 0）。"
    en = (
        "The number of a {en_kind} is {en_shape}. Please compare with the document and correct "
        "the characters that do not fit, such as a letter O typed for a zero."
    )


class DocumentCheckDigit(Refused):
    """The check digit does not follow from the others (GB 11643, ISO 7064 MOD 11-2; 7-3-1)."""

    kind = Kind.INVALID
    code = "document-check-digit"
    zh = "{zh_kind}号码的校验码不符，多半有一位填错或两位颠倒，请对照证件逐位核对。"
    en = (
        "The check digit of this {en_kind} number does not fit: probably one digit is wrong or "
        "two are swapped. Please compare it with the document digit by digit."
    )


class DocumentBirthDateImpossible(Refused):
    """The digits of the birth date are no day of the calendar."""

    kind = Kind.INVALID
    code = "document-birth-date-impossible"
    zh = "号码第 {first}–{last} 位是出生日期，日历上没有这一天，请对照证件改正这几位。"
    en = (
        "Characters {first} to {last} of the number are the birth date, and there is no such day. "
        "Please compare them with the document."
    )


class DocumentBirthDateFuture(Refused):
    """The digits of the birth date are a day to come."""

    kind = Kind.INVALID
    code = "document-birth-date-future"
    zh = "号码第 {first}–{last} 位是出生日期，这一天还没有到，请对照证件改正这几位。"
    en = (
        "Characters {first} to {last} of the number are the birth date, and that day is still to "
        "come. Please compare them with the document."
    )


class DocumentBirthDateTooOld(Refused):
    """The holder would be older than anybody has been."""

    kind = Kind.INVALID
    code = "document-birth-date-too-old"
    zh = "号码第 {first}–{last} 位是出生日期，按此已超过 {years} 岁，请对照证件改正这几位。"
    en = (
        "Characters {first} to {last} of the number are the birth date, which makes the holder "
        "older than {years}. Please compare them with the document."
    )


class FirstGenerationNumber(Refused):
    """A 15-digit number of a first-generation card, out of use since 2013."""

    kind = Kind.INVALID
    code = "first-generation-number"
    zh = "15 位的第一代居民身份证已停止使用，请填写现在身份证上的 18 位号码。"
    en = (
        "First-generation cards with 15 digits are no longer valid. "
        "Please type the 18-digit number of your present card."
    )


class TaiwanBookletNumber(Refused):
    """The number of an old booklet, replaced by cards in 2015 and since run out."""

    kind = Kind.INVALID
    code = "taiwan-booklet-number"
    zh = "这是旧本式台胞证的号码，已不再有效，请填写卡式通行证上的 8 位号码。"
    en = (
        "This is the number of an old booklet, which is no longer valid. "
        "Please type the 8-digit number of the card."
    )


class DocumentKindMistaken(Refused):
    """The number plainly belongs to another kind of document."""

    kind = Kind.INVALID
    code = "document-kind-mistaken"
    zh = "这个号码像是{zh_right}的号码，不是{zh_kind}的，请把证件类型改选为“{zh_right}”。"
    en = (
        "This looks like the number of a {en_right}, not of a {en_kind}. "
        "Please choose “{en_right}” as the kind of document."
    )


class IssuingStateMissing(Refused):
    """A passport number means something only with its issuing state (ICAO 9303)."""

    kind = Kind.INVALID
    code = "issuing-state-missing"
    zh = "请选择护照的签发国：不同国家的护照可能有相同的号码。"
    en = (
        "Please choose the state that issued the passport: "
        "passports of different states can have the same number."
    )


class IssuingStateUnknown(Refused):
    """No state issues passports under this code (ICAO 9303-3 §5)."""

    kind = Kind.INVALID
    code = "issuing-state-unknown"
    zh = "没有这个护照签发国代码，请在列表中选择，或照护照资料页填写三个字母的代码。"
    en = (
        "No state issues passports under this code. Please choose from the list, "
        "or type the three letters on the passport's data page."
    )
