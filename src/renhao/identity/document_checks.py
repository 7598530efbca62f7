"""The arithmetic of document numbers: normal form, check digits, birth dates."""

import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_2

from renhao.identity.ages import age_on
from renhao.identity.document_refusals import (
    DocumentBirthDateFuture,
    DocumentBirthDateImpossible,
    DocumentBirthDateTooOld,
)

AGE_YEARS_MAX = 150
OLD_CARD_LAST_ISSUED = date(2023, 11, 30)
"""Cards of permanent residents have 18 digits since 1 December 2023."""

_UPPER = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_DROPPED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
_MINUS = "\N{MINUS SIGN}"


def normalised(raw: str) -> str:
    """Bring a typed number to its one form: ASCII where it can be, upper case, no gaps.

    Each character is mapped by itself (NFKC), so doing it twice changes nothing.
    """
    single = (mapped for typed in raw for mapped in unicodedata.normalize("NFKC", typed))
    return "".join(each for each in single if not _is_gap(each)).translate(_UPPER)


def check_digit_fits(number: str) -> bool:
    """Check the last of 18 characters (GB 11643-1999; ISO 7064 MOD 11-2)."""
    return bool(mod_11_2.is_valid(number))


def old_card_check_digit(first_14: str) -> str:
    """Compute the last digit of a 15-character permanent resident card (weights 7-3-1)."""
    weighted = zip(first_14, (7, 3, 1) * 5, strict=False)
    return str(sum(int(each, 36) * weight for each, weight in weighted) % 10)


def birth_date_of_18(number: str, *, today: date) -> date:
    """Read positions 7-14. Raises a DocumentBirthDate… refusal."""
    digits = number[6:14]
    place = {"field": "document_number", "first": 7, "last": 14}
    birth = _date_or_none(int(digits[:4]), digits[4:])
    if birth is None:
        raise DocumentBirthDateImpossible(**place)
    if birth > today:
        raise DocumentBirthDateFuture(**place)
    if age_on(birth, today) > AGE_YEARS_MAX:
        raise DocumentBirthDateTooOld(**place, years=AGE_YEARS_MAX)
    return birth


def birth_date_of_15(number: str) -> date:
    """Read positions 8-13 of an old permanent resident card. Raises DocumentBirthDateImpossible.

    The year has two digits: it is the latest one at which a card could still be issued. A holder
    of over a hundred years is thereby taken for a child, which the desk corrects.
    """
    year, rest = int(number[7:9]), number[9:13]
    births = [_date_or_none(century + year, rest) for century in (2000, 1900)]
    for birth in births:
        if birth is not None and birth <= OLD_CARD_LAST_ISSUED:
            return birth
    raise DocumentBirthDateImpossible(field="document_number", first=8, last=13)


def _is_gap(character: str) -> bool:
    return character == _MINUS or unicodedata.category(character) in _DROPPED_CATEGORIES


def _date_or_none(year: int, month_day: str) -> date | None:
    try:
        return date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None
