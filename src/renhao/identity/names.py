"""Names of persons: 汉字, with a dot between the parts of many minority names, or Latin letters."""

import re
import unicodedata

from renhao.identity.name_characters import MIDDLE_DOT, is_han, is_latin, tidied
from renhao.identity.name_refusals import (
    NameCharacters,
    NameDigits,
    NameLength,
    NameMissing,
    NamePlaceholder,
    NamePunctuation,
    NameScripts,
)
from renhao.kernel import Refused, Sensitive

NAME_CHARACTERS_MIN = 2
NAME_CHARACTERS_MAX = 50
TYPED_CHARACTERS_MAX = 200
"""More than this is refused unread."""

_HAN_NAME = re.compile(rf"[^{MIDDLE_DOT}' -]+(?:{MIDDLE_DOT}[^{MIDDLE_DOT}' -]+)*")
_LATIN_NAME = re.compile(r"'?[^' -]+(?:[' -]{1,2}[^' -]+)*'?")
_JOINERS = frozenset(f"{MIDDLE_DOT} '-")

_NOBODY = """
    某某 某某某 无名 无名氏 無名氏 匿名 未知 姓名 名字 患者 病人 病患 本人 用户 就诊人 先生 女士
    小姐 试试 不知道 无姓名 没有 暂无
"""
_HAN_PLACEHOLDERS = frozenset(_NOBODY.split())
_LATIN_PLACEHOLDERS = re.compile(
    r"(?:test(?:er|ing|s)?)+(?: ?(?:user|name|patient|account))?|ceshi|asdf\w*|qwer\w*|abcd?e?f?"
    r"|name|no ?name|none|null|nil|unknown|anonymous|user|username|admin|guest|demo|patient|sample"
)
_ONE_CHARACTER_REPEATED = re.compile(r"(\w)\1{2,}")


def parse_name(raw: str, *, field: str = "name") -> Sensitive[str]:
    """Return the name in its one form: 2 to 50 characters, the dot as U+00B7, single spaces.

    Raises the refusal of `name_refusals` for the first rule broken.
    """
    if len(raw) > TYPED_CHARACTERS_MAX:
        raise NameLength(field=field, min=NAME_CHARACTERS_MIN, max=NAME_CHARACTERS_MAX)
    name = _joined(tidied(raw))
    broken = _broken_rule(name)
    if broken is NameLength:
        raise NameLength(field=field, min=NAME_CHARACTERS_MIN, max=NAME_CHARACTERS_MAX)
    if broken is not None:
        raise broken(field=field)
    return Sensitive(name)


def same_name(one: Sensitive[str], other: Sensitive[str]) -> bool:
    """Whether two names are the same but for case, spaces, dots and the encoding of a character.

    Diacritics count: leaving one out makes another name, which an authority or the desk judges.
    """
    return one.map(_folded) == other.map(_folded)


def _joined(text: str) -> str:
    """Drop the spaces that people put between 汉字; in a Latin name a dot is a space."""
    if any(is_han(character) for character in text):
        return text.replace(" ", "")
    letters = any(is_latin(character) for character in text)
    return " ".join(text.replace(MIDDLE_DOT, " ").split()) if letters else text


def _broken_rule(name: str) -> type[Refused] | None:
    letters = [character for character in name if character not in _JOINERS]
    han = [is_han(character) for character in letters]
    checks: list[tuple[type[Refused], bool]] = [
        (NameMissing, not name),
        (NameDigits, any(unicodedata.category(each)[0] == "N" for each in _not_han(name))),
        (NamePunctuation, not letters),
        (NameCharacters, not all(is_han(each) or is_latin(each) for each in letters)),
        (NameScripts, any(han) and not all(han)),
        (
            NameLength,
            sum(map(_counts, letters)) < NAME_CHARACTERS_MIN or len(name) > NAME_CHARACTERS_MAX,
        ),
        (NamePunctuation, not _pattern(han).fullmatch(name)),
        (NamePlaceholder, _is_placeholder(name)),
    ]
    return next((refusal for refusal, broken in checks if broken), None)


def _pattern(han: list[bool]) -> re.Pattern[str]:
    return _HAN_NAME if any(han) else _LATIN_NAME


def _counts(character: str) -> bool:
    """Whether it counts towards the least length: Unicode tables of Python lag behind 汉字."""
    return is_han(character) or character.isalpha()


def _not_han(name: str) -> str:
    """Leave out 汉字: 〇 is a number to Unicode and a character of names to people."""
    return "".join(character for character in name if not is_han(character))


def _is_placeholder(name: str) -> bool:
    if name in _HAN_PLACEHOLDERS or "测试" in name or "測試" in name:
        return True
    words = name.casefold().replace("-", " ")
    return (
        "test" in words.split()
        or _LATIN_PLACEHOLDERS.fullmatch(words) is not None
        or _ONE_CHARACTER_REPEATED.fullmatch(words) is not None
    )


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in text if character not in _JOINERS)
