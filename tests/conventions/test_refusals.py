"""Every refusal has a code of its own, a sentence in both languages, and a line in the docs."""

import string
from pathlib import Path

import pytest

from renhao.kernel import Kind, Refused
from tools import reference

pytestmark = pytest.mark.conventions

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def test_each_code_is_used_once() -> None:
    codes = [one.code for one in reference.all_refusals()]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("refusal", reference.all_refusals(), ids=lambda one: one.code)
def test_it_is_complete(refusal: type[Refused]) -> None:
    assert isinstance(refusal.kind, Kind)
    assert refusal.code == refusal.code.lower().replace("_", "-")
    assert _names(refusal.zh) == _names(refusal.en)
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in _plain(refusal.en))


def test_the_reference_pages_are_up_to_date() -> None:
    assert (DOCS / "refusals.md").read_text("utf-8") == reference.refusals_page()
    assert (DOCS / "settings.md").read_text("utf-8") == reference.settings_page()


def _names(sentence: str) -> set[str]:
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return {name.removeprefix("zh_").removeprefix("en_") for name in names}


def _plain(sentence: str) -> str:
    # The names of documents stand in both languages, in brackets.
    return "".join(part.split(")")[-1] for part in sentence.split("("))
