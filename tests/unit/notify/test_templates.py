"""Every message in both languages, and what none of them says."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from renhao import notify
from renhao.notify import model, templates
from renhao.notify.model import Template, Visit

pytestmark = pytest.mark.unit

VISIT = Visit(
    hospital_zh="示范医院",
    hospital_en="Sample Hospital",
    day=date(2026, 11, 24),
    starts=time(9),
    ends=time(9, 30),
    number=12,
    live=True,
)
OF_VISIT = [each for each in Template if each is not Template.LOGIN_CODE]


@pytest.mark.parametrize("template", OF_VISIT)
def test_it_names_hospital_day_window_and_number_in_chinese(template: Template) -> None:
    text = templates.of_visit(template, VISIT, language="zh")

    assert text.startswith("【示范医院】")
    assert "2026年11月24日（周二）" in text
    assert "09:00–09:30" in text
    assert "12 号" in text
    assert "我的预约" in text


@pytest.mark.parametrize("template", OF_VISIT)
def test_it_names_hospital_day_window_and_number_in_english(template: Template) -> None:
    text = templates.of_visit(template, VISIT, language="en")

    assert text.startswith("[Sample Hospital]")
    assert "Tuesday 24 November 2026" in text
    assert "09:00–09:30" in text
    assert "number 12" in text
    assert "see your appointments" in text


def test_a_visit_holds_nothing_that_reveals_why() -> None:
    assert {each.name for each in fields(Visit)} == {
        "hospital_zh", "hospital_en", "day", "starts", "ends", "number", "live",
    }  # fmt: skip


def test_a_code_is_worded_in_both_languages() -> None:
    assert "042042" in templates.login_code("042042", language="zh")
    assert "042042" in templates.login_code("042042", language="en")


def test_the_tries_grow_apart_and_end() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))

    tries = [model.next_try(attempts=each, now=now) for each in range(1, model.ATTEMPTS_MAX + 1)]

    assert tries[0] == now + timedelta(seconds=2)
    assert tries[-1] is None
    whens = [each for each in tries if each is not None]
    assert len(whens) == model.ATTEMPTS_MAX - 1
    assert whens == sorted(set(whens))


def test_the_refusal_names_a_way_out() -> None:
    assert "contact" in notify.DeadLetterOver().sentence("en")
