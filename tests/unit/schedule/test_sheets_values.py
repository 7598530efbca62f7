from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from renhao.schedule.kinds import HalfDay, Mode
from renhao.schedule.sheets.model import Unreadable
from renhao.schedule.sheets.values import (
    as_day,
    as_fee_cents,
    as_half_day,
    as_mode,
    as_suspended,
    as_time,
    as_times,
)
from renhao.schedule.sheets.visit_kinds import default_visit_kind, name_and_title, visit_kind

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (50, 5000),
        ("50", 5000),
        ("50元", 5000),
        ("￥50.5", 5050),
        ("¥ 0.01", 1),
        ("7.00 元/次", 700),
    ],
)
def test_fees(value: Any, cents: int) -> None:
    assert as_fee_cents(value) == cents


@pytest.mark.parametrize("value", ["免费", -1, 0.001, 10_001, "1e999", "nan", True])
def test_what_is_no_fee(value: Any) -> None:
    with pytest.raises(Unreadable, match="yuan"):
        as_fee_cents(value)


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        ("摇号", Mode.DRAW),
        ("Draw", Mode.DRAW),
        ("先到先得", Mode.INSTANT),
        ("first-come", Mode.INSTANT),
    ],
)
def test_modes(value: str, mode: Mode) -> None:
    assert as_mode(value) is mode


def test_what_is_no_mode() -> None:
    with pytest.raises(Unreadable, match="draw"):
        as_mode("随缘")


@pytest.mark.parametrize(
    ("value", "suspended"), [("停诊", True), (1, True), ("否", False), (False, False)]
)
def test_suspended(value: Any, suspended: bool) -> None:  # noqa: FBT001 - one case
    assert as_suspended(value) is suspended


def test_what_is_neither_yes_nor_no() -> None:
    with pytest.raises(Unreadable, match="停诊"):
        as_suspended("也许")


@pytest.mark.parametrize(
    ("value", "half_day"),
    [("上午", HalfDay.MORNING), ("PM", HalfDay.AFTERNOON), ("夜诊", HalfDay.EVENING)],
)
def test_half_days(value: str, half_day: HalfDay) -> None:
    assert as_half_day(value) is half_day


@pytest.mark.parametrize("value", ["中午", "周一上午", 1])
def test_what_is_no_half_day(value: Any) -> None:
    with pytest.raises(Unreadable, match="morning"):
        as_half_day(value)


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 1, 1, 8, 30), time(8, 30), timedelta(minutes=510), "8:30", 8.5 / 24],  # noqa: DTZ001
)
def test_times(value: Any) -> None:
    assert as_time(value) == time(8, 30)


@pytest.mark.parametrize("value", ["24:00", "8:75", "早", 8, timedelta(days=2)])
def test_what_is_no_time(value: Any) -> None:
    with pytest.raises(Unreadable, match="08:00"):
        as_time(value)


@pytest.mark.parametrize("value", ["8:00", "8:00-9:00-10:00", "上午"])
def test_what_are_no_two_times(value: str) -> None:
    with pytest.raises(Unreadable):
        as_times(value)


def test_a_short_date_needs_to_know_when_about() -> None:
    assert as_day("2月29日", near=date(2027, 6, 1)) == date(2028, 2, 29)
    with pytest.raises(Unreadable):
        as_day("11月24日", near=None)
    with pytest.raises(Unreadable):
        as_day("2月30日", near=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("主任医师", "专家"),
        ("副主任中医师", "专家"),
        ("主任", "专家"),
        ("Professor", "专家"),
        ("主任护师", "普通"),
        ("主治医师", "普通"),
        (None, "普通"),
    ],
)
def test_the_title_decides_the_kind(title: str | None, kind: str) -> None:
    assert default_visit_kind(title) == kind


def test_kinds_have_many_names() -> None:
    assert [visit_kind(text) for text in ("专家号", "普通门诊", "VIP", "MDT", "骨科")] == [
        "专家",
        "普通",
        "特需",
        "多学科",
        None,
    ]


def test_a_title_after_a_name_is_parted_from_it() -> None:
    assert name_and_title("林知远（副主任医师）") == ("林知远", "副主任医师")
    assert name_and_title("林知远") == ("林知远", None)
