import pytest

from renhao.identity.phones import parse_phone
from renhao.kernel import Kind, Purpose, Refused, Sensitive
from tests.support import people

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "typed",
    [
        "19900001234",
        "+8619900001234",
        "0086 199 0000 1234",
        "86 19900001234",
        "+86 (199) 0000-1234",
        "＋８６　１９９００００１２３４",
        "\u202d199\u201300001234\u202c",
    ],
)
def test_a_mainland_number_has_one_form(typed: str) -> None:
    phone = parse_phone(typed)

    assert phone.number == Sensitive("+8619900001234")
    assert phone.region == "CN"
    assert "0000" not in repr(phone)


@pytest.mark.parametrize("start", ["13", "14", "15", "16", "17", "18", "19"])
def test_every_mainland_mobile_range_is_taken(start: str) -> None:
    assert parse_phone(f"{start}900001234").number == Sensitive(f"+86{start}900001234")


@pytest.mark.parametrize("index", [0, 9999, 123456])
def test_invented_people_have_phones_that_are_taken(index: int) -> None:
    assert parse_phone(people.phone_number(index)).region == "CN"


@pytest.mark.parametrize(
    ("typed", "number", "region"),
    [
        ("+852 9123 4567", "+85291234567", "HK"),
        ("00852-91234567", "+85291234567", "HK"),
        ("+853 6612 3456", "+85366123456", "MO"),
        ("+886 0912 345 678", "+886912345678", "TW"),
        ("+44 (0)7400 123456", "+447400123456", "GB"),
        ("+1 202-555-0123", "+12025550123", "US"),
    ],
)
def test_numbers_from_elsewhere_are_taken(typed: str, number: str, region: str) -> None:
    phone = parse_phone(typed)

    assert phone.number.reveal(purpose=Purpose.SEAL) == number
    assert phone.region == region


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "phone-missing"),
        (" - ", "phone-missing"),
        ("abc", "phone-characters"),
        ("+", "phone-characters"),
        ("1990000123x", "phone-characters"),
        ("199+00001234", "phone-characters"),
        ("١٩٩٠٠٠٠١٢٣٤", "phone-characters"),
        ("1990000123", "phone-too-short"),
        ("+861990000123", "phone-too-short"),
        ("12345", "phone-too-short"),
        ("199000012345", "phone-too-long"),
        ("1" * 41, "phone-too-long"),
        ("+852 9123 45678", "phone-too-long"),
        ("+" + "8" * 30, "phone-too-long"),
        ("+4474001234567890123", "phone-too-long"),
        ("12100001234", "phone-not-mobile"),
        ("21990000123", "phone-not-mobile"),
        ("01012345678", "phone-landline"),
        ("+86 755 1234 5678", "phone-landline"),
        ("0755-12345678", "phone-landline"),
        ("95588", "phone-landline"),
        ("+86 10 1234 5678", "phone-landline"),
        ("400-123-4567", "phone-landline"),
        ("+852 2123 4567", "phone-landline"),
        ("+886 2 2345 6789", "phone-landline"),
        ("+800 1234 5678", "phone-landline"),
        ("91234567", "phone-needs-country-code"),
        ("66123456", "phone-needs-country-code"),
        ("0912345678", "phone-needs-country-code"),
        ("85291234567", "phone-needs-country-code"),
        ("886912345678", "phone-needs-country-code"),
        ("+999 123456", "phone-country-code-unknown"),
        ("+852 9000", "phone-too-short"),
        ("+44 1", "phone-too-short"),
    ],
)
def test_each_broken_rule_is_named(raw: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_phone(raw)

    refusal = caught.value
    assert (refusal.code, refusal.kind, refusal.field) == (code, Kind.INVALID, "phone")
    assert refusal.sentence("zh") != refusal.sentence("en")
