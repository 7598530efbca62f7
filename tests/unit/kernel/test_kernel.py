"""Ids, refusals, intervals and personal values."""

import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest

from renhao.kernel import PLATFORM, Interval, Kind, Purpose, Refused, Sensitive, new_id, utc_now

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Full(Refused):
    """It is full."""

    kind = Kind.CONFLICT
    code = "full"
    zh = "{clinic} 已满"
    en = "{clinic} is full"


def test_ids_are_uuid7_and_rise() -> None:
    ids = [new_id() for _ in range(100)]

    assert {one.version for one in ids} == {7}
    assert ids == sorted(ids)
    assert PLATFORM not in ids


def test_the_clock_is_aware() -> None:
    assert utc_now().tzinfo is UTC


def test_a_refusal_speaks_both_languages() -> None:
    refusal = Full(clinic="A", field="slot")

    assert refusal.sentence("zh") == "A 已满"
    assert refusal.sentence("en") == "A is full"
    assert refusal.field == "slot"
    assert str(refusal) == "full: A is full"
    assert Full(clinic="A").field is None


def test_an_interval_is_half_open() -> None:
    hour = Interval(NOON, NOON + timedelta(hours=1))

    assert NOON in hour
    assert NOON + timedelta(hours=1) not in hour
    assert hour.length == timedelta(hours=1)
    assert not hour.overlaps(Interval(hour.end, hour.end + timedelta(hours=1)))
    assert hour.overlaps(Interval(NOON - timedelta(hours=1), NOON + timedelta(seconds=1)))


def test_an_interval_refuses_naive_and_reversed_times() -> None:
    with pytest.raises(ValueError, match="aware"):
        Interval(NOON.replace(tzinfo=None), NOON)
    with pytest.raises(ValueError, match="aware"):
        Interval(NOON, NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="end before"):
        Interval(NOON, NOON - timedelta(seconds=1))


def test_a_personal_value_shows_itself_only_for_a_purpose() -> None:
    name = Sensitive("张三")

    assert "张" not in f"{name} {name!r} {name:>20} {[name]} {Exception(name)}"
    assert name.reveal(purpose=Purpose.OWN_PAGE) == "张三"
    assert name.map(len).reveal(purpose=Purpose.OWN_PAGE) == 2
    assert name == Sensitive("张三")
    assert name != Sensitive("李四")
    assert name != "张三"
    assert len({name, Sensitive("张三")}) == 1


def test_a_personal_value_cannot_leave_by_accident() -> None:
    name = Sensitive("张三")

    with pytest.raises(TypeError):
        pickle.dumps(name)
    with pytest.raises(TypeError):
        json.dumps(name)
