from datetime import date

import pytest

from renhao.identity.document_kinds import DocumentKind
from renhao.identity.masks import mask_document, mask_name, mask_phone
from renhao.kernel import Sensitive
from tests.support import people

pytestmark = pytest.mark.unit

BORN = date(1987, 6, 5)


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("张小明", "张*明"),
        ("张明", "张*"),
        ("欧阳明", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("李一二三", "李**三"),
        ("阿依古丽·买买提", "阿*·买*"),
        ("𠮷田明", "𠮷*明"),
        ("Ada Lovelace", "A***"),
        ("'t Veld", "t***"),
        ("Ólafur", "Ó***"),
    ],
)
def test_a_masked_name_is_known_only_to_those_who_know_it(name: str, mask: str) -> None:
    assert mask_name(Sensitive(name)) == mask


@pytest.mark.parametrize(
    ("kind", "number", "mask"),
    [
        (DocumentKind.CITIZEN, "11010519491231002X", "1101**********002X"),
        (DocumentKind.RESIDENCE_PERMIT, "810000199408230021", "8100**********0021"),
        (DocumentKind.FOREIGN_PERMANENT, "911124198108030024", "9111**********0024"),
        (DocumentKind.FOREIGN_PERMANENT, "KAZ110090123105", "K************05"),
        (DocumentKind.HK_MACAO_PERMIT, "H12345678", "H*****678"),
        (DocumentKind.HK_MACAO_PERMIT, "H1234567801", "H*******801"),
        (DocumentKind.TAIWAN_PERMIT, "12345678", "1****678"),
        (DocumentKind.PASSPORT, "X1234", "X**34"),
        (DocumentKind.PASSPORT, "X12345678", "X*****678"),
        (DocumentKind.BIRTH_CERTIFICATE, "A123456789", "A******789"),
    ],
)
def test_a_masked_number_keeps_its_ends(kind: DocumentKind, number: str, mask: str) -> None:
    assert mask_document(Sensitive(number), kind=kind) == mask
    assert len(mask) == len(number)


@pytest.mark.parametrize(
    ("kind", "number", "born_at"),
    [
        (DocumentKind.CITIZEN, people.citizen_number(BORN), slice(6, 14)),
        (DocumentKind.FOREIGN_PERMANENT, people.permanent_resident_number(BORN), slice(6, 14)),
        (DocumentKind.FOREIGN_PERMANENT, people.old_permanent_resident_number(BORN), slice(7, 13)),
    ],
)
def test_no_digit_of_the_birth_date_is_shown(
    kind: DocumentKind, number: str, born_at: slice
) -> None:
    hidden = mask_document(Sensitive(number), kind=kind)[born_at]

    assert set(hidden) == {"*"}


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("+8619900001234", "199****1234"),
        ("+85291234567", "+852****4567"),
        ("+12025550123", "+1****0123"),
        ("+2905123", "+290****23"),
    ],
)
def test_a_masked_phone_keeps_its_end(number: str, mask: str) -> None:
    assert mask_phone(Sensitive(number)) == mask
