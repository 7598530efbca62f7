"""The national list of clinical departments (医疗机构诊疗科目名录) as typed rows."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class DepartmentCode:
    """One entry of the list; `parent` is the code of the department it is a division of."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    """What hospitals write on their doors for it: 心内科 for 心血管内科专业."""

    @property
    def parent(self) -> str | None:
        """Code of the department above, for a division such as 03.04."""
        head, dot, _ = self.code.partition(".")
        return head if dot else None


@cache
def load() -> tuple[DepartmentCode, ...]:
    """Read the list that ships with the program, in the order of its codes."""
    text = files("renhao.schedule").joinpath("departments.toml").read_text(encoding="utf-8")
    return tuple(_row(entry) for entry in tomllib.loads(text)["department"])


def find(name: str) -> DepartmentCode | None:
    """Find the entry a hospital's department name stands for, or nothing when it is unsure.

    The list's own names come first, then the names hospitals use.
    """
    return _by_name().get(name.strip())


@cache
def _by_name() -> dict[str, DepartmentCode]:
    names: dict[str, DepartmentCode] = {}
    for row in load():
        if row.parent != "50":  # 内科专业 under 中医科 would claim what 内科 means
            names.setdefault(row.zh, row)
    for row in load():
        for other in row.also:
            names.setdefault(other, row)
    return names


def _row(entry: dict[str, Any]) -> DepartmentCode:
    return DepartmentCode(
        code=entry["code"], zh=entry["zh"], en=entry["en"], also=tuple(entry.get("also", ()))
    )
