"""Phone numbers that can receive a one-time code, in their one form (E.164).

Mainland: 11 digits that begin with 13 to 19. That is the numbering plan; the finer tables of a
library lag behind new ranges, and a refused real number is worse than a code that never arrives.
Elsewhere: `phonenumbers` must find the length possible and not know it as a landline or service
number; a range it does not know yet is taken.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from renhao.identity.phone_refusals import (
    PhoneCharacters,
    PhoneCountryCodeUnknown,
    PhoneLandline,
    PhoneMissing,
    PhoneNeedsCountryCode,
    PhoneNotMobile,
    PhoneTooLong,
    PhoneTooShort,
)
from renhao.kernel import Refused, Sensitive

FIELD = "phone"
MAINLAND = "CN"
MAINLAND_DIGITS = 11
TYPED_CHARACTERS_MAX = 40
"""More than this is refused unread."""

_SEPARATORS = frozenset("().")
_SEPARATING_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
_MAINLAND_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MAINLAND_LANDLINE = re.compile(
    r"0(?:10[0-9]{8}|2[0-9]{9}|[3-9][0-9]{9,10})|0?[48]00[0-9]{7}|95[0-9]{3,6}"
)
_NEARBY = re.compile(r"[569][0-9]{7}|09[0-9]{8}|85[23][0-9]{8}|8869[0-9]{8}")
"""Mobile numbers of Hong Kong, Macao and Taiwan as dialled at home, or without the plus sign."""
_NEARBY_DIGITS = {852: 8, 853: 8, 886: 9}
"""Digits of a mobile number there; the library takes special lengths for possible."""
_NO_CODE_ARRIVES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One mobile number.

    `number` is E.164; `region` is the chief country of its code (`CN`, `HK`, `US` for all of +1).
    """

    number: Sensitive[str]
    region: str


def parse_phone(raw: str, *, field: str = FIELD) -> Phone:
    """Read a number typed with or without +86, 0086, spaces and hyphens; others need their code.

    Raises the refusal of `phone_refusals` for the first rule broken.
    """
    typed = _compact(raw, field=field)
    if not typed.startswith("+"):
        # 13 digits with the code but no sign: nothing else of the mainland is that long.
        prefixed = re.fullmatch(r"86(1[3-9][0-9]{9})", typed)
        return _mainland(prefixed[1] if prefixed else typed, abroad=False, field=field)
    if typed.startswith("+86"):
        return _mainland(typed.removeprefix("+86"), abroad=True, field=field)
    return _international(typed, field=field)


def _compact(raw: str, *, field: str) -> str:
    """Drop what separates, turn 00 into +. Raises PhoneMissing, PhoneCharacters, PhoneTooLong."""
    if len(raw) > TYPED_CHARACTERS_MAX:
        raise PhoneTooLong(field=field)
    text = "".join(each for each in unicodedata.normalize("NFKC", raw) if not _separates(each))
    if not text:
        raise PhoneMissing(field=field)
    if not re.fullmatch(r"\+?[0-9]+", text):
        raise PhoneCharacters(field=field)
    return re.sub(r"^\+?00", "+", text)


def _separates(character: str) -> bool:
    return character in _SEPARATORS or unicodedata.category(character) in _SEPARATING_CATEGORIES


def _mainland(national: str, *, abroad: bool, field: str) -> Phone:
    if _MAINLAND_MOBILE.fullmatch(national):
        return Phone(number=Sensitive(f"+86{national}"), region=MAINLAND)
    if not abroad and _NEARBY.fullmatch(national):
        raise PhoneNeedsCountryCode(field=field)
    if _MAINLAND_LANDLINE.fullmatch(national if not abroad else "0" + national.lstrip("0")):
        raise PhoneLandline(field=field)
    if len(national) == MAINLAND_DIGITS:
        raise PhoneNotMobile(field=field)
    raise (PhoneTooShort if len(national) < MAINLAND_DIGITS else PhoneTooLong)(field=field)


def _international(typed: str, *, field: str) -> Phone:
    try:
        parsed = phonenumbers.parse(typed)
    except phonenumbers.NumberParseException as unread:
        _explain(unread.error_type, field=field)
    national = len(phonenumbers.national_significant_number(parsed))
    if national > _NEARBY_DIGITS.get(parsed.country_code or 0, national):
        raise PhoneTooLong(field=field)
    if national < _NEARBY_DIGITS.get(parsed.country_code or 0, national):
        raise PhoneTooShort(field=field)
    length = phonenumbers.is_possible_number_with_reason(parsed)
    if length != ValidationResult.IS_POSSIBLE:
        raise _BY_LENGTH.get(length, PhoneTooShort)(field=field)
    if phonenumbers.number_type(parsed) in _NO_CODE_ARRIVES:
        raise PhoneLandline(field=field)
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return Phone(number=Sensitive(number), region=region)


_BY_LENGTH: dict[int, type[Refused]] = {
    ValidationResult.TOO_LONG: PhoneTooLong,
    ValidationResult.INVALID_COUNTRY_CODE: PhoneCountryCodeUnknown,
}


def _explain(error: int, *, field: str) -> NoReturn:
    unread = phonenumbers.NumberParseException
    if error == unread.INVALID_COUNTRY_CODE:
        raise PhoneCountryCodeUnknown(field=field) from None
    if error == unread.TOO_LONG:
        raise PhoneTooLong(field=field) from None
    raise PhoneTooShort(field=field) from None
