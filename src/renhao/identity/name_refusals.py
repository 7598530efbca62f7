"""Why a name is not taken: one refusal for each rule; none repeats what was typed."""

from renhao.kernel import Kind, Refused


class NameMissing(Refused):
    """Nothing was typed."""

    kind = Kind.INVALID
    code = "name-missing"
    zh = "请填写证件上的姓名。"
    en = "Please type the name on the document."


class NameLength(Refused):
    """Too short or too long."""

    kind = Kind.INVALID
    code = "name-length"
    zh = "姓名应为 {min}–{max} 个字，请照证件填写完整的姓名。"
    en = (
        "A name has {min} to {max} characters. Please type the whole name as it is on the document."
    )


class NameDigits(Refused):
    """It holds a digit."""

    kind = Kind.INVALID
    code = "name-digits"
    zh = "姓名里不能有数字，请照证件填写；证件号码请填在下一栏。"
    en = (
        "A name has no digits. Please type it as it is on the document; "
        "the document number has its own field."
    )


class NameCharacters(Refused):
    """It holds a character that is neither 汉字 nor a Latin letter."""

    kind = Kind.INVALID
    code = "name-characters"
    zh = "姓名只能用汉字（可加“·”），或用护照上的拉丁字母，请去掉其他字符。"
    en = (
        "A name is written in Chinese characters (with “·” where needed) or in the Latin letters "
        "of the passport. Please leave out other characters."
    )


class NameScripts(Refused):
    """It mixes 汉字 with Latin letters."""

    kind = Kind.INVALID
    code = "name-scripts"
    zh = "请只填一种文字的姓名：证件上有中文姓名就填汉字，没有就填拉丁字母。"
    en = (
        "Please type the name in one script: in Chinese characters if the document has them, "
        "else in Latin letters."
    )


class NamePunctuation(Refused):
    """It has punctuation alone, at an end, or twice in a row."""

    kind = Kind.INVALID
    code = "name-punctuation"
    zh = "姓名里的“·”、连字符和撇号只能写在两个部分之间，请照证件填写。"
    en = (
        "Dots, hyphens and apostrophes stand between the parts of a name. "
        "Please type it as it is on the document."
    )


class NamePlaceholder(Refused):
    """It is a word for trying things out, nobody's name."""

    kind = Kind.INVALID
    code = "name-placeholder"
    zh = "这不像真实姓名。号源实名有效，请填写就诊人证件上的姓名；如确是本名，请到窗口办理。"
    en = (
        "This does not look like a person's name. Please type the name on the patient's document; "
        "if it really is the name, the window will help."
    )
