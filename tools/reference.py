"""Write the reference pages that the code itself knows: refusals and settings.

`python -m tools.reference` writes them; with `--check` it exits 1 when a page is not up to date.
"""

import ast
import importlib
import inspect
import pkgutil
import sys
import typing
from pathlib import Path

import msgspec

import renhao
from renhao import settings
from renhao.kernel import Refused

DOCS = Path(__file__).parents[1] / "docs" / "reference"
REFUSALS_HEAD = """# Refusals

Every no has a stable code and a sentence in both languages: the rule, and what to do instead.
This page is written from the code by `make docs`.

| code | kind | English | 中文 |
|---|---|---|---|
"""
SETTINGS_HEAD = """# Settings

Settings are read once, from the environment. Options of a command win over them.
This page is written from the code by `make docs`.
"""
LEFT_OUT = ("renhao.storage.migrations", "renhao.__main__")


def all_refusals() -> list[type[Refused]]:
    """Import every module and collect every refusal that has a code, by code."""
    for module in pkgutil.walk_packages(renhao.__path__, "renhao."):
        if not module.name.startswith(LEFT_OUT):
            importlib.import_module(module.name)
    return sorted(_below(Refused), key=lambda one: one.code)


def refusals_page() -> str:
    """Tell of each refusal: its code, its kind, and the sentence in both languages."""
    rows = [
        f"| `{one.code}` | {one.kind.value} | {_cell(one.en)} | {_cell(one.zh)} |"
        for one in all_refusals()
    ]
    return REFUSALS_HEAD + "\n".join(rows) + "\n"


def settings_page() -> str:
    """Tell of each setting: its name in the environment, type, default and meaning."""
    told = _told_fields()
    parts = [SETTINGS_HEAD]
    hints = typing.get_type_hints(settings.Settings)
    for field in msgspec.structs.fields(settings.Settings):
        name = f"{settings.PREFIX}{field.name.upper()}"
        parts.append(
            f"\n## {name}\n\n{told[field.name]}\n\nType: `{_type_name(hints[field.name])}`."
            f" Default: `{field.default}`.\n"
        )
    return "".join(parts)


def main() -> None:
    """Write the pages, or compare them."""
    pages = {DOCS / "refusals.md": refusals_page(), DOCS / "settings.md": settings_page()}
    if "--check" in sys.argv:
        old = [path.name for path, text in pages.items() if path.read_text("utf-8") != text]
        sys.exit(f"run `make docs`: not up to date: {', '.join(old)}" if old else 0)
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")


def _below(kind: type[Refused]) -> set[type[Refused]]:
    found: set[type[Refused]] = set()
    for one in kind.__subclasses__():
        if one.__module__.startswith("renhao.") and "code" in vars(one):
            found.add(one)
        found |= _below(one)
    return found


def _told_fields() -> dict[str, str]:
    """Read the string below each field of the settings."""
    tree = ast.parse(inspect.getsource(settings.Settings)).body[0]
    if not isinstance(tree, ast.ClassDef):
        raise TypeError("settings")
    told = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            told[ast.unparse(field.target)] = inspect.cleandoc(ast.literal_eval(text.value))
    return told


def _type_name(hint: object) -> str:
    return getattr(hint, "__name__", None) or str(hint).replace("typing.", "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    main()
