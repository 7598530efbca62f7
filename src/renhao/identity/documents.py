"""Identity documents: from what was typed to one checked, normal form (GB 11643, ICAO 9303).

An area code never decides: areas are renamed and dissolved, numbers stay. What a number holds
(birth date, sex) is derived here and never asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from renhao.identity.document_checks import (
    birth_date_of_15,
    birth_date_of_18,
    check_digit_fits,
    normalised,
    old_card_check_digit,
)
from renhao.identity.document_kinds import DocumentKind, Sex
from renhao.identity.document_refusals import (
    DocumentCheckDigit,
    DocumentKindMistaken,
    DocumentNumberCharacters,
    DocumentNumberLength,
    DocumentNumberMissing,
    FirstGenerationNumber,
    TaiwanBookletNumber,
)
from renhao.identity.document_shapes import OLD_CARD_CHARACTERS, SHAPES
from renhao.identity.issuing_states import parse_issuing_state
from renhao.kernel import Refused, Sensitive

FIELD = "document_number"
TYPED_CHARACTERS_MAX = 64
"""More than this is refused unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One checked document.

    `number` is what the card shows, in normal form. `key` is what a blind index is over and what
    makes two cards one holder's: the kind, a bar, and the part of the number that stays when the
    card is renewed (a permit's first nine characters; a passport's number with its issuer).
    """

    kind: DocumentKind
    number: Sensitive[str]
    key: Sensitive[str]
    birth_date: Sensitive[date] | None = None
    sex: Sensitive[Sex] | None = None
    issuing_state: Sensitive[str] | None = None

    def person_key(self) -> Sensitive[str]:
        """Return `kind|number` for draws (PVL-1 §1).

        It is the key, so that a renewed card does not make its holder a second person.
        """
        return self.key


def parse_document(
    kind: DocumentKind, raw: str, *, today: date, issuing_state: str | None = None
) -> Document:
    """Check what was typed and derive what it holds. `issuing_state` is for passports only.

    Raises a refusal of `document_refusals` for the first rule broken: shape, then birth date,
    then check digit.
    """
    if len(raw) > TYPED_CHARACTERS_MAX:
        _refuse(DocumentNumberLength, kind, given=len(raw), **_shape_facts(kind))
    number = normalised(raw)
    if not number:
        _refuse(DocumentNumberMissing, kind)
    if not SHAPES[kind].pattern.fullmatch(number):
        _explain_shape(kind, number)
    if kind is DocumentKind.PASSPORT:
        return _passport(number, parse_issuing_state(issuing_state))
    return _READERS.get(kind, _plain)(kind, number, today)


def _of_18(kind: DocumentKind, number: str, today: date) -> Document:
    birth = birth_date_of_18(number, today=today)
    if not check_digit_fits(number):
        _refuse(DocumentCheckDigit, kind)
    return Document(
        kind=kind,
        number=Sensitive(number),
        key=_key(kind, number),
        birth_date=Sensitive(birth),
        sex=Sensitive(Sex.MALE if int(number[16]) % 2 else Sex.FEMALE),
    )


def _foreign_permanent(kind: DocumentKind, number: str, today: date) -> Document:
    """Read either card.

    Their numbers do not follow from each other (the old one lacks the century and two digits of
    the sequence), so the keys differ and the desk merges the two.
    """
    if len(number) != OLD_CARD_CHARACTERS:
        return _of_18(kind, number, today)
    birth = birth_date_of_15(number)
    if old_card_check_digit(number[:-1]) != number[-1]:
        _refuse(DocumentCheckDigit, kind)
    return Document(
        kind=kind,
        number=Sensitive(number),
        key=_key(kind, number),
        birth_date=Sensitive(birth),
    )


def _hk_macao_permit(kind: DocumentKind, number: str, _today: date) -> Document:
    """Letter and eight digits are the holder's for life; two more count the cards."""
    return Document(kind=kind, number=Sensitive(number), key=_key(kind, number[:9]))


def _plain(kind: DocumentKind, number: str, _today: date) -> Document:
    return Document(kind=kind, number=Sensitive(number), key=_key(kind, number))


def _passport(number: str, state: str) -> Document:
    return Document(
        kind=DocumentKind.PASSPORT,
        number=Sensitive(number),
        key=_key(DocumentKind.PASSPORT, f"{state}|{number}"),
        issuing_state=Sensitive(state),
    )


_READERS: dict[DocumentKind, Callable[[DocumentKind, str, date], Document]] = {
    DocumentKind.CITIZEN: _of_18,
    DocumentKind.RESIDENCE_PERMIT: _of_18,
    DocumentKind.FOREIGN_PERMANENT: _foreign_permanent,
    DocumentKind.HK_MACAO_PERMIT: _hk_macao_permit,
}


def _key(kind: DocumentKind, stays: str) -> Sensitive[str]:
    return Sensitive(f"{kind.value}|{stays}")


_FIRST_GENERATION = re.compile(r"[0-9]{15}")
_TAIWAN_BOOKLET = re.compile(r"[0-9]{10}\(?[A-Z]\)?")


def _explain_shape(kind: DocumentKind, number: str) -> NoReturn:
    if kind is DocumentKind.CITIZEN and _FIRST_GENERATION.fullmatch(number):
        raise FirstGenerationNumber(field=FIELD)
    if kind is DocumentKind.TAIWAN_PERMIT and _TAIWAN_BOOKLET.fullmatch(number):
        raise TaiwanBookletNumber(field=FIELD)
    for right, shape in SHAPES.items():
        if shape.telling and shape.pattern.fullmatch(number):
            _refuse(DocumentKindMistaken, kind, zh_right=right.zh, en_right=right.en)
    shape = SHAPES[kind]
    if shape.alphabet.fullmatch(number) and len(number) not in shape.lengths:
        _refuse(DocumentNumberLength, kind, given=len(number), **_shape_facts(kind))
    _refuse(DocumentNumberCharacters, kind, **_shape_facts(kind))


def _shape_facts(kind: DocumentKind) -> dict[str, str]:
    return {"zh_shape": SHAPES[kind].zh, "en_shape": SHAPES[kind].en}


def _refuse(refusal: type[Refused], kind: DocumentKind, **facts: object) -> NoReturn:
    raise refusal(field=FIELD, zh_kind=kind.zh, en_kind=kind.en, **facts)
