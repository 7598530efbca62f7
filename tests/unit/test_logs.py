"""Nothing personal gets through to a log line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from psycopg import errors

from renhao import logs
from renhao.kernel import Kind, Refused, Sensitive, new_id

pytestmark = pytest.mark.unit

SECRET = "11010119900307888X"


class PlantedError(Exception):
    pass


class Planted(Refused):
    kind = Kind.INVALID
    code = "planted"
    zh = "假"
    en = "planted"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure("info", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_level_time_and_request(stream: io.StringIO) -> None:
    hospital = new_id()

    with logs.bound_contextvars(request_id="r-1"):
        structlog.get_logger("web").info("booked", hospital_id=hospital, status=201)

    (line,) = lines(stream)
    assert line["event"] == "booked"
    assert line["level"] == "info"
    assert line["logger"] == "web"
    assert line["request_id"] == "r-1"
    assert line["hospital_id"] == str(hospital)
    assert line["status"] == 201
    assert line["timestamp"].endswith("Z")


def test_the_level_holds(stream: io.StringIO) -> None:
    structlog.get_logger("web").debug("booked")

    assert lines(stream) == []


def test_a_key_not_on_the_list_is_dropped_and_named(stream: io.StringIO) -> None:
    structlog.get_logger("web").info("booked", phone="name", status=1)

    (line,) = lines(stream)
    assert line["dropped"] == ["phone"]
    assert "name" not in stream.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        Sensitive(SECRET),
        [Sensitive(SECRET)],
        {"a": (Sensitive(SECRET),)},
        f"{Sensitive(SECRET)}",
        SECRET,
        f"path/{SECRET}?phone=+8619900000001",
        PlantedError(SECRET),
        SECRET.encode(),
    ],
    ids=["bare", "list", "nested", "formatted", "raw", "in-text", "exception", "bytes"],
)
def test_no_personal_value_gets_through_under_a_listed_key(
    stream: io.StringIO, value: object
) -> None:
    structlog.get_logger("web").info("booked", status=value)

    assert SECRET not in stream.getvalue()
    assert "19900000001" not in stream.getvalue()


def test_a_personal_value_as_the_event_shows_stars(stream: io.StringIO) -> None:
    structlog.get_logger("web").info(Sensitive("张三"))

    assert lines(stream)[0]["event"] == "Sensitive(***)"


@pytest.mark.parametrize("held", ["张三", Sensitive("张三")])
def test_an_exception_is_its_types_and_places_only(stream: io.StringIO, held: object) -> None:
    def fail() -> None:
        raise Planted(name=held) from PlantedError(held)

    try:
        fail()
    except Planted:
        structlog.get_logger("web").exception("unexpected")

    (line,) = lines(stream)
    assert "张三" not in stream.getvalue()
    assert [each["type"].rpartition(".")[2] for each in line["exception"]] == [
        "Planted",
        "PlantedError",
    ]
    assert line["exception"][0]["refusal"] == "planted"
    assert "test_an_exception_is_its_types_and_places_only" in line["exception"][0]["at"][0]


def test_libraries_go_through_the_same_filter(stream: io.StringIO) -> None:
    logging.getLogger("library").error(
        "call to %s", "+8619900000001", extra={"x": SECRET}, exc_info=PlantedError("张三")
    )

    (line,) = lines(stream)
    assert line["event"] == "call to ***"
    assert line["logger"] == "library"
    assert "张三" not in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_an_exception_given_by_itself_is_described(stream: io.StringIO) -> None:
    structlog.get_logger("jobs").warning("job-failed", exc_info=PlantedError("张三"))

    assert lines(stream)[0]["exception"][0]["type"].endswith("PlantedError")
    assert "张三" not in stream.getvalue()


def test_a_database_error_shows_its_class_and_not_its_words(stream: io.StringIO) -> None:
    error = errors.UniqueViolation("Key (name)=(张三) already exists")

    structlog.get_logger("web").warning("job-failed", exc_info=error)

    (line,) = lines(stream)
    assert line["exception"][0]["sqlstate"] == "23505"
    assert "张三" not in stream.getvalue()
