"""The code keeps its rules, and each rule notices code that breaks it."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conventions import code_rules
from tests.conventions.code_rules import Source

pytestmark = pytest.mark.conventions

PLANTED = {
    "sql_stands_in_stores": ("booking/operations.py", 'X = "SELECT a FROM appointment"'),
    "nobody_commits_outside_storage": ("booking/model.py", "connection.commit()"),
    "packages_are_entered_by_their_door": (
        "web/pages.py",
        "from renhao.booking.store import insert",
    ),
    "files_are_small": ("booking/model.py", "x = 1\n" * 401),
    "nothing_is_left_over": ("booking/model.py", "# TO" + "DO later"),
    "operations_take_the_transaction_first": (
        "booking/operations.py",
        "async def cancel(booking): ...",
    ),
}


@pytest.mark.parametrize("rule", code_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Callable[[Source], list[str]]) -> None:
    broken = [place for source in code_rules.sources() for place in rule(source)]

    assert broken == []


@pytest.mark.parametrize("rule", code_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_notices_what_breaks_it(rule: Callable[[Source], list[str]]) -> None:
    path, text = PLANTED[rule.__name__]

    assert rule(Source(Path(path), text, ast.parse(text)))
