import re

import pytest

from renhao.schedule import department_codes

pytestmark = pytest.mark.unit

TOP_CODES = [*range(1, 29), 30, 31, 32, 50, 51, 52]


def test_the_list_has_every_top_department_of_the_national_list() -> None:
    tops = [row.code for row in department_codes.load() if row.parent is None]

    assert tops == [f"{code:02}" for code in TOP_CODES]


def test_codes_are_sorted_well_formed_and_unique() -> None:
    codes = [row.code for row in department_codes.load()]

    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"\d\d(\.\d\d)?", code) for code in codes)


def test_every_division_hangs_under_a_listed_department() -> None:
    codes = {row.code for row in department_codes.load()}

    assert all(row.parent in codes for row in department_codes.load() if row.parent)


def test_divisions_are_numbered_without_gaps() -> None:
    rows = [row for row in department_codes.load() if row.parent]

    for parent in {row.parent for row in rows}:
        numbers = [int(row.code[-2:]) for row in rows if row.parent == parent]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("心内科", "03.04"),
        ("心血管内科专业", "03.04"),
        ("内科", "03"),
        ("重症医学科", "28"),
        (" 疼痛科 ", "27"),
        ("中医内科", "50.01"),
        ("临终关怀科", "24"),
    ],
)
def test_a_name_leads_to_its_code(name: str, code: str) -> None:
    found = department_codes.find(name)

    assert found is not None
    assert found.code == code


def test_an_unknown_name_leads_nowhere() -> None:
    assert department_codes.find("内科专业") is None
    assert department_codes.find("食堂") is None


def test_a_hospital_name_stands_for_one_entry_only() -> None:
    names = [name for row in department_codes.load() for name in row.also]

    assert len(names) == len(set(names))


def test_every_entry_has_both_languages() -> None:
    assert all(row.zh and row.en for row in department_codes.load())
