"""Which characters names are made of, and the one form each is brought to."""

import unicodedata
from itertools import groupby

MIDDLE_DOT = "\N{MIDDLE DOT}"

_SURNAMES_OF_TWO = """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫
    司徒 司空 夏侯 轩辕 軒轅 端木 独孤 獨孤 南宫 南宮 西门 西門 东郭 東郭 南郭 百里 呼延 闻人 聞人
    赫连 赫連 澹台 澹臺 公冶 宗政 濮阳 濮陽 淳于 单于 單于 太叔 申屠 仲孙 仲孫 钟离 鍾離 拓跋 谷梁
    穀梁 乐正 樂正 漆雕 公羊 公西 梁丘 左丘 东门 東門 第五 万俟 萬俟 闾丘 閭丘 亓官 司寇 巫马 巫馬
"""
COMPOUND_SURNAMES = frozenset(_SURNAMES_OF_TWO.split())

_HAN_BLOCKS = (
    (0x3007, 0x3007),  # 〇
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),  # compatibility: some registers hold 郎, 凉 … under these
    (0x20000, 0x2FFFD),  # plane 2: extensions B to F and I, and those to come
    (0x30000, 0x3FFFD),  # plane 3: extensions G, H and J, and those to come
)
# Written by code point: most of these look alike.
_DOTS = frozenset("\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e\u2024\u318d\u16eb.")
_APOSTROPHES = frozenset("'\u2019\u2018\u02bc\u02bb\u0060\u00b4\u2032\uff07")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d")
_LATIN_MARKS = range(0x0300, 0x0370)


def is_han(character: str) -> bool:
    """Whether it is a Chinese character of any block, rare ones outside the BMP included."""
    return any(first <= ord(character) <= last for first, last in _HAN_BLOCKS)


def is_latin(character: str) -> bool:
    """Whether it is a Latin letter, or a diacritic that has no letter of its own."""
    if ord(character) in _LATIN_MARKS:
        return True
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


def tidied(raw: str) -> str:
    """Bring dots, spaces, apostrophes, hyphens and wide letters to one form; keep 汉字 as typed.

    Chinese characters are never normalised: NFKC (and NFC) would turn some that stand on
    identity cards into others.
    """
    text = "".join(_one_form(character) for character in raw)
    runs = ("".join(run) for _, run in groupby(text, key=is_han))
    text = "".join(run if is_han(run[0]) else unicodedata.normalize("NFC", run) for run in runs)
    return " ".join(text.split())


def _one_form(character: str) -> str:
    if is_han(character):
        return character
    for members, form in ((_DOTS, MIDDLE_DOT), (_APOSTROPHES, "'"), (_HYPHENS, "-")):
        if character in members:
            return form
    if _is_invisible(character):
        return ""
    return unicodedata.normalize("NFKC", character)


def _is_invisible(character: str) -> bool:
    """Whether it only joins, directs or picks a glyph (variation selectors)."""
    joins = unicodedata.category(character) == "Cf"
    return joins or "VARIATION SELECTOR" in unicodedata.name(character, "")
