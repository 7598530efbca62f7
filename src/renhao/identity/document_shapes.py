"""What the numbers of each kind of document look like."""

import re
from dataclasses import dataclass

from renhao.identity.document_kinds import DocumentKind

OLD_CARD_CHARACTERS = 15
"""Of a foreign permanent resident card issued before December 2023."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What numbers of one kind look like, for a program and for a person."""

    pattern: re.Pattern[str]
    alphabet: re.Pattern[str]
    lengths: frozenset[int]
    zh: str
    en: str
    telling: bool = True
    """Whether a number of this shape can be nothing else."""


_DIGITS_AND_X = re.compile(r"[0-9X]*")
_LETTERS_AND_DIGITS = re.compile(r"[A-Z0-9]*")

SHAPES = {
    DocumentKind.CITIZEN: Shape(
        pattern=re.compile(r"(?!8[123])[1-8][0-9]{16}[0-9X]"),
        alphabet=_DIGITS_AND_X,
        lengths=frozenset({18}),
        zh=" 18 位，前 17 位是数字，最后一位是数字或 X",
        en="18 characters: 17 digits, then a digit or X",
    ),
    DocumentKind.RESIDENCE_PERMIT: Shape(
        pattern=re.compile(r"8[123][0-9]{15}[0-9X]"),
        alphabet=_DIGITS_AND_X,
        lengths=frozenset({18}),
        zh=" 18 位，以 81、82 或 83 开头，最后一位是数字或 X",
        en="18 characters beginning with 81, 82 or 83, the last a digit or X",
    ),
    DocumentKind.FOREIGN_PERMANENT: Shape(
        pattern=re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"),
        alphabet=_LETTERS_AND_DIGITS,
        lengths=frozenset({15, 18}),
        zh="以 9 开头的 18 位（旧证为 3 个字母加 12 位数字）",
        en="18 characters beginning with 9 (on older cards 3 letters and 12 digits)",
    ),
    DocumentKind.HK_MACAO_PERMIT: Shape(
        pattern=re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
        alphabet=re.compile(r"[HM0-9]*"),
        lengths=frozenset({9, 11}),
        zh=" H 或 M 加 8 位数字（后面的 2 位换证次数可填可不填）",
        en="H or M and 8 digits (the 2 digits that count the cards may follow)",
    ),
    DocumentKind.TAIWAN_PERMIT: Shape(
        pattern=re.compile(r"[0-9]{8}"),
        alphabet=re.compile(r"[0-9]*"),
        lengths=frozenset({8}),
        zh=" 8 位数字",
        en="8 digits",
        telling=False,
    ),
    DocumentKind.PASSPORT: Shape(
        pattern=re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}"),
        alphabet=_LETTERS_AND_DIGITS,
        lengths=frozenset(range(5, 10)),
        zh=" 5–9 位字母和数字",
        en="5 to 9 letters and digits",
        telling=False,
    ),
    DocumentKind.BIRTH_CERTIFICATE: Shape(
        pattern=re.compile(r"[A-Z][0-9]{9}"),
        alphabet=_LETTERS_AND_DIGITS,
        lengths=frozenset({10}),
        zh=" 1 个字母加 9 位数字",
        en="1 letter and 9 digits",
    ),
}
