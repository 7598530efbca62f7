"""The code rules that no linter knows: each takes a parsed file and answers with what breaks it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import renhao

SOURCE = Path(renhao.__file__).parent
LINES_MAX = 400
FUNCTION_LINES_MAX = 50
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT INTO |UPDATE \w+ SET |DELETE FROM |WITH \w+ AS \()",
    re.IGNORECASE | re.DOTALL,
)
MARKERS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
PACKAGES = frozenset(path.parent.name for path in SOURCE.glob("*/__init__.py"))


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is below the package, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """Name the package below renhao, or the module itself."""
        return self.path.parts[0].removesuffix(".py")


def sources() -> Iterator[Source]:
    """Parse every file of the package, migrations left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield Source(path.relative_to(SOURCE), text, ast.parse(text))


def sql_stands_in_stores(source: Source) -> list[str]:
    """SQL stands in store.py and queries.py; migrations and the procrastinate schema aside."""
    stem = source.path.stem
    if stem.endswith(("store", "queries")) or source.package == "storage":
        return []
    return [
        f"{source.path}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]


def nobody_commits_outside_storage(source: Source) -> list[str]:
    """Only `storage` ends a transaction; the allocator uses its `commit`."""
    if source.package == "storage":
        return []
    return [
        f"{source.path}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "storage")
    ]


def packages_are_entered_by_their_door(source: Source) -> list[str]:
    """Another package is imported as `from renhao import name` or `from renhao.name import …`."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("renhao."):
            parts = (node.module or "").split(".")
            doors = 3 if parts[1] == "storage" and parts[2:3] == ["embedded"] else 2
            if len(parts) > doors and parts[1] != source.package:
                found.append(f"{source.path}:{node.lineno} {node.module}")
    return found


def files_are_small(source: Source) -> list[str]:
    """No file passes 400 lines, no function 50."""
    lines = source.text.count("\n")
    found = [f"{source.path}: {lines} lines"] if lines > LINES_MAX else []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                found.append(f"{source.path}:{node.lineno} {node.name}: {length} lines")
    return found


def nothing_is_left_over(source: Source) -> list[str]:
    """No marker of unfinished work."""
    return [f"{source.path}: {found.group()}" for found in MARKERS.finditer(source.text)]


def operations_take_the_transaction_first(source: Source) -> list[str]:
    """A public async function of an `operations.py` takes `tx` first, or a pool to open its own."""
    if source.path.stem != "operations":
        return []
    return [
        f"{source.path}:{node.lineno} {node.name}"
        for node in source.tree.body
        if isinstance(node, ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and (not node.args.args or node.args.args[0].arg not in {"tx", "pool"})
    ]


RULES = [
    sql_stands_in_stores,
    nobody_commits_outside_storage,
    packages_are_entered_by_their_door,
    files_are_small,
    nothing_is_left_over,
    operations_take_the_transaction_first,
]
