"""What people type to find a name: its pinyin and initials, in every reading.

A surname is often read otherwise than the same character elsewhere (单 shàn not dān, 仇 qiú not
chóu, 曾 zēng not céng), and who searches may know either; so a name is found under all of them.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from typing import Any
from unicodedata import normalize

from pypinyin import Style, lazy_pinyin, pinyin

COMBINED_CHARACTERS_MAX = 4
"""Up to this length (nearly all personal names) all readings are combined with each other."""
READINGS_MAX = 64
"""No name is worth more spellings than this."""
MORE_READINGS = {"谌": ("shen",), "黑": ("he",)}
"""Readings as a surname that the dictionary lacks."""
LETTER_BY_LETTER: Any = list
"""How pypinyin is to treat what is no Chinese character; its type hints know only `str` answers."""


def search_words(text: str) -> tuple[str, ...]:
    """List the lower-case words under which a text is found.

    The text itself, then full pinyin and initials for each reading: short texts in all their
    characters' readings combined, most usual first; longer texts as words are read, and once more
    for each other reading of one character. Sorted, without repeats; ü is given as v and as yu
    (passports write LYU).
    """
    plain = "".join(letter for letter in normalize("NFKC", text).lower() if letter.isalnum())
    words = {plain}
    for syllables in islice(_readings(plain), READINGS_MAX):
        spelt = "".join(syllables)
        words |= {spelt, spelt.replace("v", "yu"), "".join(part[0] for part in syllables)}
    return tuple(sorted(words - {""}))


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    usual = tuple(lazy_pinyin(text, errors=LETTER_BY_LETTER))
    yield usual
    all_readings = [_of_character(character) for character in text]
    if len(text) <= COMBINED_CHARACTERS_MAX:
        places = product(*(range(len(readings)) for readings in all_readings))
        for chosen in sorted(places, key=sum):
            yield tuple(row[place] for row, place in zip(all_readings, chosen, strict=True))
        return
    for place, readings in enumerate(all_readings):
        for reading in readings:
            yield (*usual[:place], reading, *usual[place + 1 :])


@cache
def _of_character(character: str) -> tuple[str, ...]:
    known = pinyin(character, style=Style.NORMAL, heteronym=True, errors=LETTER_BY_LETTER)
    return (*known[0], *MORE_READINGS.get(character, ()))
