import pytest

from renhao.identity.issuing_states import issuing_states, parse_issuing_state
from renhao.kernel import Language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("usa", "USA"),
        (" KOR ", "KOR"),
        ("D", "DEU"),
        ("GBN", "GBR"),
        ("RKS", "RKS"),
        ("CHN", "CHN"),
    ],
)
def test_codes_of_the_data_page_are_taken(typed: str, code: str) -> None:
    assert parse_issuing_state(typed) == code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_issuer_listed_is_taken_and_has_a_name(language: Language) -> None:
    listed = issuing_states(language)

    assert len(listed) > 200
    assert all(parse_issuing_state(code) == code and name for code, name in listed)


def test_the_list_is_in_its_language() -> None:
    assert dict(issuing_states("zh"))["FRA"] == "法国"
    assert dict(issuing_states("en"))["UNO"] == "United Nations"
