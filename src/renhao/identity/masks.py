"""What may be shown of a name, a number or a phone so that only those who know it recognise it.

A mask is safe to print anywhere: it never shows a digit of the birth date, nor a whole name.
"""

import phonenumbers

from renhao.identity.document_kinds import DocumentKind
from renhao.identity.document_shapes import OLD_CARD_CHARACTERS
from renhao.identity.name_characters import COMPOUND_SURNAMES, MIDDLE_DOT, is_han
from renhao.kernel import Purpose, Sensitive

_WITH_BIRTH_DATE = {18: (4, 4), OLD_CARD_CHARACTERS: (1, 2)}
"""By length, how many characters stay in front and behind: none of those from 7 (8) to 14 (13)."""


def mask_name(name: Sensitive[str]) -> str:
    """Show 张*明, 张*, 欧阳*, 阿*·买*; of a Latin name the first letter."""
    value = name.reveal(purpose=Purpose.MASK)
    if not is_han(value[0]):
        return next(letter for letter in value if letter.isalpha()) + "***"
    if MIDDLE_DOT in value:
        return MIDDLE_DOT.join(f"{part[0]}*" for part in value.split(MIDDLE_DOT))
    compound = len(value) > 2 and value[:2] in COMPOUND_SURNAMES  # noqa: PLR2004 - two characters
    surname, given = (value[:2], value[2:]) if compound else (value[:1], value[1:])
    shown = given[-1] if len(given) > 1 else ""
    return surname + "*" * (len(given) - len(shown)) + shown


def mask_document(number: Sensitive[str], *, kind: DocumentKind) -> str:
    """Show 1101**********1234 of 18 characters, else the first and at most the last three."""
    value = number.reveal(purpose=Purpose.MASK)
    front, back = 1, min(3, (len(value) - 1) // 2)
    if kind.holds_birth_date:
        front, back = _WITH_BIRTH_DATE[len(value)]
    return value[:front] + "*" * (len(value) - front - back) + value[-back:]


def mask_phone(number: Sensitive[str]) -> str:
    """Show 199****1234 of a mainland number, else the country code and at most the last four.

    Takes the E.164 form that `parse_phone` makes.
    """
    value = number.reveal(purpose=Purpose.MASK)
    parsed = phonenumbers.parse(value)
    code = f"+{parsed.country_code}"
    national = value[len(code) :]
    if code == "+86":
        return f"{national[:3]}****{national[-4:]}"
    return f"{code}****{national[-min(4, len(national) // 2) :]}"
