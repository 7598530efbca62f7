"""Every refusal has a code of its own, a sentence in both languages, and a line in the docs."""

import importlib
import pkgutil
import string
from pathlib import Path

import pytest

import renhao
from renhao.kernel import Kind, Refused

pytestmark = pytest.mark.conventions

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "refusals.md"


def refusals() -> list[type[Refused]]:
    for module in pkgutil.walk_packages(renhao.__path__, "renhao."):
        if not module.name.startswith(("renhao.storage.migrations", "renhao.__main__")):
            importlib.import_module(module.name)
    found: list[type[Refused]] = []
    waiting = list(Refused.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting.extend(one.__subclasses__())
        if one.__module__.startswith("renhao.") and "code" in vars(one):
            found.append(one)
    return sorted(set(found), key=lambda one: one.code)


def test_each_code_is_used_once() -> None:
    codes = [one.code for one in refusals()]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("refusal", refusals(), ids=lambda one: one.code)
def test_it_is_complete(refusal: type[Refused]) -> None:
    assert isinstance(refusal.kind, Kind)
    assert refusal.code == refusal.code.lower().replace("_", "-")
    assert _names(refusal.zh) == _names(refusal.en)
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in _plain(refusal.en))


def test_each_has_a_line_in_the_docs() -> None:
    page = DOCS.read_text(encoding="utf-8")

    assert [one.code for one in refusals() if f"`{one.code}`" not in page] == []


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _plain(sentence: str) -> str:
    # The names of documents stand in both languages, in brackets.
    return "".join(part.split(")")[-1] for part in sentence.split("("))
