"""Every valid number is taken, every slip of one digit or one swap is not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from renhao.identity.document_checks import normalised
from renhao.identity.document_kinds import DocumentKind
from renhao.identity.documents import Document, parse_document
from renhao.identity.masks import mask_document, mask_name, mask_phone
from renhao.identity.names import parse_name
from renhao.identity.phones import parse_phone
from renhao.kernel import Purpose, Refused, Sensitive
from tests.support import people

pytestmark = pytest.mark.property

T = TypeVar("T")
TODAY = date(2026, 11, 23)
K = DocumentKind

births = st.dates(min_value=TODAY - timedelta(days=149 * 365), max_value=TODAY)
sequences = st.integers(min_value=0, max_value=999)
citizens = st.builds(
    people.citizen_number,
    births,
    sequences,
    st.from_regex(r"[1-7][0-9]{5}", fullmatch=True),
)
residents = st.builds(
    people.residence_permit_number,
    births,
    sequences,
    st.sampled_from(["810000", "820000", "830000"]),
)
new_cards = st.builds(
    people.permanent_resident_number,
    births,
    sequences,
    st.from_regex(r"[1-6][0-9]", fullmatch=True),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
)
old_cards = st.builds(
    people.old_permanent_resident_number,
    births,
    st.integers(min_value=0, max_value=9),
    st.from_regex(r"[A-Z]{3}", fullmatch=True),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
)
of_18 = st.one_of(
    st.tuples(st.just(K.CITIZEN), citizens),
    st.tuples(st.just(K.RESIDENCE_PERMIT), residents),
    st.tuples(st.just(K.FOREIGN_PERMANENT), new_cards),
)
checked = st.one_of(of_18, st.tuples(st.just(K.FOREIGN_PERMANENT), old_cards))
kinds = st.sampled_from(K)
names = st.one_of(
    st.text("张明欧阳〇𠮷\uf979 ", min_size=4, max_size=20),
    st.lists(st.text("阿依古丽", min_size=1, max_size=4), min_size=2, max_size=4).map("・".join),
    st.text("AbÉłŀß\u0323 ’.", min_size=6, max_size=40),
)
phones = st.one_of(
    st.from_regex(r"(\+86|0086|86|)[ -]?1[3-9][0-9] ?[0-9]{4} ?[0-9]{4}", fullmatch=True),
    st.from_regex(r"(\+|00)(852[ -]?[569]|853-?6|886 ?0?9[0-9])[0-9]{7}", fullmatch=True),
    st.from_regex(r"\+(1|44|7|49|81|82) ?[2-9][0-9]{9}", fullmatch=True),
)


def parse(kind: DocumentKind, raw: str) -> Document:
    return parse_document(kind, raw, today=TODAY, issuing_state="FRA")


def refused(kind: DocumentKind, raw: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(kind, raw)
    return caught.value


def taken(parser: Callable[[str], T], raw: str) -> T | None:
    try:
        return parser(raw)
    except Refused:
        return None


def assert_silent_about(number: str, refusal: Refused) -> None:
    told = " ".join(
        (refusal.sentence("zh"), refusal.sentence("en"), str(refusal), repr(refusal))
    ) + repr(refusal.facts)
    assert number not in told
    assert all(number[at : at + 5] not in told for at in range(len(number) - 4))


@given(checked)
def test_every_valid_number_is_taken(made: tuple[DocumentKind, str]) -> None:
    kind, number = made

    document = parse(kind, number)

    assert document.number == Sensitive(number)
    assert number not in repr(document)


@given(births, sequences)
def test_the_birth_date_comes_back(birth: date, sequence: int) -> None:
    document = parse(K.CITIZEN, people.citizen_number(birth, sequence))

    assert document.birth_date == Sensitive(birth)


@given(checked, st.data())
def test_one_wrong_digit_is_always_found(
    made: tuple[DocumentKind, str], data: st.DataObject
) -> None:
    kind, number = made
    places = [at for at, each in enumerate(number) if each.isdigit()]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != number[at]]))

    refusal = refused(kind, number[:at] + digit + number[at + 1 :])

    assert_silent_about(number, refusal)


@given(of_18, st.integers(min_value=0, max_value=16))
def test_two_swapped_neighbours_are_always_found(made: tuple[DocumentKind, str], at: int) -> None:
    kind, number = made
    assume(number[at] != number[at + 1])

    refusal = refused(kind, number[:at] + number[at + 1] + number[at] + number[at + 2 :])

    assert_silent_about(number, refusal)


@given(old_cards, st.integers(min_value=3, max_value=12))
def test_swapped_neighbours_of_an_old_card_are_found_unless_they_differ_by_five(
    number: str, at: int
) -> None:
    # The weights 7-3-1 are blind to that difference: the card's own check digit is no better.
    assume((int(number[at]) - int(number[at + 1])) % 5 != 0)

    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    assert_silent_about(number, refused(K.FOREIGN_PERMANENT, swapped))


@given(st.text(max_size=70))
def test_normalising_twice_changes_nothing(raw: str) -> None:
    assert normalised(normalised(raw)) == normalised(raw)


@given(kinds, st.one_of(st.text(max_size=70), st.from_regex(r"[0-9A-Z]{5,20}", fullmatch=True)))
def test_whatever_is_typed_is_taken_or_refused_silently(kind: DocumentKind, raw: str) -> None:
    try:
        document = parse(kind, raw)
    except Refused as refusal:
        if len(raw) >= len("12345") and sum(map(str.isdigit, raw)) > len(raw) // 2:
            assert_silent_about(raw, refusal)
    else:
        assert parse(kind, document.number.reveal(purpose=Purpose.SEAL)) == document


@given(checked)
def test_a_mask_hides_the_birth_date(made: tuple[DocumentKind, str]) -> None:
    kind, number = made

    mask = mask_document(Sensitive(number), kind=kind)

    assert set(mask[6:13]) == {"*"}
    assert len(mask) == len(number)


@given(names)
def test_a_name_taken_is_in_its_one_form_and_can_be_masked(raw: str) -> None:
    name = taken(parse_name, raw)
    if name is None:
        reject()

    assert taken(parse_name, name.reveal(purpose=Purpose.SEAL)) == name
    assert "*" in mask_name(name)


@given(phones)
def test_a_phone_taken_is_in_its_one_form_and_can_be_masked(raw: str) -> None:
    phone = taken(parse_phone, raw)
    if phone is None:
        reject()

    assert taken(parse_phone, phone.number.reveal(purpose=Purpose.SEAL)) == phone
    assert "****" in mask_phone(phone.number)


@given(st.text(max_size=210))
def test_anything_typed_is_taken_or_refused(raw: str) -> None:
    taken(parse_name, raw)
    taken(parse_phone, raw)
