from datetime import date
from typing import Any

import pytest

from renhao.identity.document_kinds import DocumentKind, Sex
from renhao.identity.documents import Document, parse_document
from renhao.kernel import Kind, Purpose, Refused, Sensitive
from tests.support import people

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 23)
BORN = date(1990, 2, 28)
K = DocumentKind

SAMPLES = {
    K.CITIZEN: people.citizen_number(BORN),
    K.RESIDENCE_PERMIT: people.residence_permit_number(BORN),
    K.FOREIGN_PERMANENT: people.permanent_resident_number(BORN),
    K.HK_MACAO_PERMIT: people.hk_macao_permit_number(),
    K.TAIWAN_PERMIT: people.taiwan_permit_number(),
    K.PASSPORT: people.passport_number(),
    K.BIRTH_CERTIFICATE: people.birth_certificate_number(),
}


def parse(kind: DocumentKind, raw: str, **more: Any) -> Document:
    if kind is K.PASSPORT:
        more.setdefault("issuing_state", "FRA")
    return parse_document(kind, raw, today=TODAY, **more)


def shown(value: Sensitive[Any] | None) -> Any:
    return None if value is None else value.reveal(purpose=Purpose.SEAL)


def refused(kind: DocumentKind, raw: str, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(kind, raw, **more)
    assert caught.value.kind is Kind.INVALID
    return caught.value


@pytest.mark.parametrize("kind", K)
def test_a_valid_number_of_each_kind_is_taken(kind: DocumentKind) -> None:
    document = parse(kind, SAMPLES[kind])

    assert document.kind is kind
    assert shown(document.number) == SAMPLES[kind]
    assert shown(document.key).startswith(f"{kind.value}|")
    assert document.person_key() == document.key


@pytest.mark.parametrize("kind", K)
def test_every_kind_has_a_name_in_both_languages(kind: DocumentKind) -> None:
    assert kind.label("zh") == kind.zh != kind.label("en") == kind.en


@pytest.mark.parametrize("kind", K)
def test_what_a_kind_promises_to_hold_its_documents_hold(kind: DocumentKind) -> None:
    document = parse(kind, SAMPLES[kind])

    assert (document.birth_date is not None) is kind.holds_birth_date
    assert document.sex is not None or not kind.holds_sex


def test_no_authority_matches_passports_and_birth_certificates() -> None:
    assert {kind for kind in K if not kind.matchable} == {K.PASSPORT, K.BIRTH_CERTIFICATE}


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (K.RESIDENCE_PERMIT, "810000199408230021"),
        (K.RESIDENCE_PERMIT, "830000199201300022"),
        (K.FOREIGN_PERMANENT, "911124198108030024"),
        (K.FOREIGN_PERMANENT, "KAZ110090123105"),
        (K.CITIZEN, "11010519491231002X"),
    ],
)
def test_published_samples_are_taken(kind: DocumentKind, number: str) -> None:
    assert shown(parse(kind, number).number) == number


@pytest.mark.parametrize(
    ("sequence", "sex"), [(1, Sex.MALE), (2, Sex.FEMALE), (998, Sex.FEMALE), (999, Sex.MALE)]
)
def test_birth_date_and_sex_come_from_the_number(sequence: int, sex: Sex) -> None:
    document = parse(K.CITIZEN, people.citizen_number(BORN, sequence))

    assert shown(document.birth_date) == BORN
    assert shown(document.sex) is sex


@pytest.mark.parametrize("area", ["100000", "199999", "513000", "710000", "659900"])
def test_no_area_code_is_refused(area: str) -> None:
    number = people.citizen_number(BORN, area=area)

    assert shown(parse(K.CITIZEN, number).number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u2014194912\u200b31002\N{ROMAN NUMERAL TEN}\n",
    ],
)
def test_typing_habits_do_not_matter(typed: str) -> None:
    assert shown(parse(K.CITIZEN, typed).number) == "11010519491231002X"


def test_old_and_new_permit_of_one_holder_share_the_key() -> None:
    keys = {parse(K.HK_MACAO_PERMIT, n).key for n in ("H12345678", "h1234567800", "H1234567801")}

    assert keys == {Sensitive("hk_macao_permit|H12345678")}
    assert parse(K.HK_MACAO_PERMIT, "M12345678").key not in keys


def test_a_passport_key_holds_its_issuer() -> None:
    french = parse(K.PASSPORT, "12ab34567", issuing_state="fra")
    german = parse(K.PASSPORT, "12AB34567", issuing_state="D")

    assert french.key != german.key
    assert shown(german.key) == "passport|DEU|12AB34567"
    assert shown(french.issuing_state) == "FRA"


def test_an_old_resident_card_tells_the_birth_date_but_not_the_sex() -> None:
    number = people.old_permanent_resident_number(date(2004, 2, 29))

    document = parse(K.FOREIGN_PERMANENT, number)

    assert shown(document.birth_date) == date(2004, 2, 29)
    assert document.sex is None


@pytest.mark.parametrize(
    ("born", "read"),
    [
        (date(2023, 11, 30), date(2023, 11, 30)),
        (date(2023, 12, 1), date(1923, 12, 1)),
        (date(1924, 1, 1), date(1924, 1, 1)),
        (date(1999, 12, 31), date(1999, 12, 31)),
    ],
)
def test_an_old_resident_card_means_the_latest_year_of_issue(born: date, read: date) -> None:
    document = parse(K.FOREIGN_PERMANENT, people.old_permanent_resident_number(born))

    assert shown(document.birth_date) == read


FIRST_17 = "11010519491231002"


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (K.CITIZEN, "", "document-number-missing"),
        (K.CITIZEN, " - ", "document-number-missing"),
        (K.CITIZEN, FIRST_17, "document-number-length"),
        (K.CITIZEN, FIRST_17 + "X1", "document-number-length"),
        (K.CITIZEN, FIRST_17 + "X" + " " * 60, "document-number-length"),
        (K.CITIZEN, "11O105194912310021", "document-number-characters"),
        (K.CITIZEN, "1101051949X2310021", "document-number-characters"),
        (K.CITIZEN, "010105194912310021", "document-number-characters"),
        (K.CITIZEN, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢١", "document-number-characters"),
        (K.CITIZEN, "\ud800", "document-number-characters"),
        (K.CITIZEN, FIRST_17 + "1", "document-check-digit"),
        (K.CITIZEN, "110105194913310021", "document-birth-date-impossible"),
        (K.CITIZEN, "110105190002290021", "document-birth-date-impossible"),
        (K.CITIZEN, "110105000001010021", "document-birth-date-impossible"),
        (K.CITIZEN, people.citizen_number(date(2026, 11, 24)), "document-birth-date-future"),
        (K.CITIZEN, people.citizen_number(date(1875, 11, 23)), "document-birth-date-too-old"),
        (K.CITIZEN, "110105491231002", "first-generation-number"),
        (K.CITIZEN, "810000199408230021", "document-kind-mistaken"),
        (K.CITIZEN, "911124198108030024", "document-kind-mistaken"),
        (K.CITIZEN, "KAZ110090123105", "document-kind-mistaken"),
        (K.CITIZEN, "H12345678", "document-kind-mistaken"),
        (K.RESIDENCE_PERMIT, FIRST_17 + "X", "document-kind-mistaken"),
        (K.RESIDENCE_PERMIT, "810000199408230012", "document-check-digit"),
        (K.FOREIGN_PERMANENT, FIRST_17 + "X", "document-kind-mistaken"),
        (K.FOREIGN_PERMANENT, "KAZ110090123106", "document-check-digit"),
        (K.FOREIGN_PERMANENT, "KAZ110090023105", "document-birth-date-impossible"),
        (K.FOREIGN_PERMANENT, "KAZ11009012310", "document-number-length"),
        (K.FOREIGN_PERMANENT, "KA1110090123105", "document-number-characters"),
        (K.HK_MACAO_PERMIT, "12345678", "document-number-length"),
        (K.HK_MACAO_PERMIT, "A12345678", "document-number-characters"),
        (K.HK_MACAO_PERMIT, "123456789", "document-number-characters"),
        (K.HK_MACAO_PERMIT, "H123456789", "document-kind-mistaken"),
        (K.TAIWAN_PERMIT, "1234567", "document-number-length"),
        (K.TAIWAN_PERMIT, "0012345678(B)", "taiwan-booklet-number"),
        (K.TAIWAN_PERMIT, "0012345678B", "taiwan-booklet-number"),
        (K.PASSPORT, "1234", "document-number-length"),
        (K.PASSPORT, "ABCDEFG", "document-number-characters"),
        (K.PASSPORT, FIRST_17 + "X", "document-kind-mistaken"),
        (K.BIRTH_CERTIFICATE, "A12345678", "document-number-length"),
        (K.BIRTH_CERTIFICATE, "1234567890", "document-number-characters"),
    ],
)
def test_each_broken_rule_is_named(kind: DocumentKind, raw: str, code: str) -> None:
    refusal = refused(kind, raw)

    assert refusal.code == code
    assert refusal.field == "document_number"
    assert refusal.sentence("zh") != refusal.sentence("en")


def test_a_mistaken_kind_is_told_by_name() -> None:
    refusal = refused(K.CITIZEN, "810000199408230021")

    assert "“港澳台居民居住证”" in refusal.sentence("zh")
    assert "residence permit" in refusal.sentence("en")


def test_the_oldest_and_the_youngest_possible_holder_are_taken() -> None:
    for born in (date(1875, 11, 24), TODAY):
        document = parse(K.CITIZEN, people.citizen_number(born))

        assert shown(document.birth_date) == born


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (None, "issuing-state-missing"),
        ("  ", "issuing-state-missing"),
        ("UKK", "issuing-state-unknown"),
        ("SUN", "issuing-state-unknown"),
        ("TWN", "issuing-state-unknown"),
    ],
)
def test_a_passport_needs_a_real_issuer(state: str | None, code: str) -> None:
    refusal = refused(K.PASSPORT, "X1234567", issuing_state=state)

    assert (refusal.code, refusal.field) == (code, "issuing_state")


def test_a_document_prints_nothing_personal() -> None:
    document = parse(K.PASSPORT, "X1234567", issuing_state="KAZ")

    assert "X1234567" not in repr(document)
    assert "KAZ" not in repr(document)
