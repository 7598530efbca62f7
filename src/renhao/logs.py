"""Logs: JSON lines on standard error, with keys from a closed list and never a personal value.

What is not on the list is dropped, its name noted under `dropped`. An exception is written as its
type and the places it passed, never its message: messages quote values. Long digit runs in any
text become stars, for the libraries whose words are not ours.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TextIO
from uuid import UUID

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from renhao.kernel import Refused, Sensitive

Level = Literal["debug", "info", "warning", "error"]

ALLOWED = frozenset(
    {
        "account_id", "actor_id", "appointment_id", "attempts", "cause", "clinic_id", "constraint",
        "count", "day", "dead", "dropped", "event", "exception", "field", "host", "hospital_id",
        "job", "kind", "level", "logger", "method", "missing", "outbox_id", "outcome", "port",
        "process", "queue", "refusal", "request_id", "retried", "role", "route", "seconds", "sent",
        "slot_id", "sqlstate", "staff_id", "status", "table", "template", "timestamp", "version",
    }
)  # fmt: skip
"""Every key that a log line may have; a new one is added here after asking what it can hold."""
TEXT_LENGTH_MAX = 500
FRAMES_MAX = 12
CAUSES_MAX = 4
LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z-])\+?\d{7,}[\dXx]?(?![0-9A-Za-z-])")
LOUD = ("httpx", "httpcore", "procrastinate", "python_multipart")

__all__ = ["ALLOWED", "bind_contextvars", "bound_contextvars", "clear_contextvars", "configure"]


def configure(level: Level = "info", *, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records through the same filter to `stream`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                describe_exception,
                keep_allowed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def describe_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into types and places."""
    del logger, name
    given = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    if isinstance(given, BaseException):
        event["exception"] = _chain(given)
    elif isinstance(given, tuple) and given[1] is not None:
        event["exception"] = _chain(given[1])
    elif given:
        current = sys.exc_info()[1]
        if current is not None:
            event["exception"] = _chain(current)
    return event


def keep_allowed(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Keep listed keys with plain values; note the names of the others."""
    del logger, name
    kept = {key: _plain(value) for key, value in event.items() if key in ALLOWED}
    dropped = sorted(key for key in event if key not in ALLOWED)
    return kept | {"dropped": dropped} if dropped else kept


def _chain(error: BaseException) -> list[dict[str, Any]]:
    chain: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < CAUSES_MAX:
        chain.append(_one(current))
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden
    return chain


def _one(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    described: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames],
    }
    if isinstance(error, Refused):
        described["refusal"] = error.code
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(sqlstate, str):
        described["sqlstate"] = sqlstate
        described["constraint"] = getattr(getattr(error, "diag", None), "constraint_name", None)
    return described


def _plain(value: object) -> object:
    value = value.value if isinstance(value, Enum) else value
    match value:
        case Sensitive() | UUID() | date():
            return str(value)
        case None | bool() | int() | float():
            return value
        case str():
            return LONG_NUMBER.sub("***", value)[:TEXT_LENGTH_MAX]
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            return type(value).__name__
