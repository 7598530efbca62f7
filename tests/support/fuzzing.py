"""Generated requests against a served API: what breaks its own description."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

SEED = 20261124
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)


@dataclass
class Found:
    """What a run met: the failures, and how often which status was answered by which operation."""

    failures: list[str] = field(default_factory=list)
    statuses: dict[str, set[int]] = field(default_factory=dict)
    requests: int = 0


def fuzz(
    url: str,
    *,
    examples: int,
    token: str | None = None,
    parameters: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    only: Sequence[str] = (),
) -> Found:
    """Send examples, edge cases and random requests to every operation; gather what fails."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "auth": _bearer(token) if token else {},
            "parameters": dict(parameters or {}),
            "operations": [*_left_out("include", without), *_left_out("exclude", only)],
            "cache": {"enabled": False},
            "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS},
            "generation": {
                "mode": "all",
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "allow-x00": True,
            },
            "phases": {
                "stateful": {"enabled": False},
                "coverage": {"unexpected-methods": ["PUT", "TRACE"]},
            },
        }
    )
    schema = schemathesis.openapi.from_url(url, config=config)
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _gather(event, found)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures.append(repr(event))
    return found


def _left_out(which: str, operations: Sequence[str]) -> list[dict[str, Any]]:
    return [{f"{which}-operation-id": list(operations), "enabled": False}] if operations else []


def _bearer(token: str) -> dict[str, Any]:
    return {"openapi": {"session": {"bearer": token}}}


def _gather(event: events.ScenarioFinished, found: Found) -> None:
    recorder = event.recorder
    answered = found.statuses.setdefault(recorder.label, set())
    for interaction in recorder.interactions.values():
        found.requests += 1
        if interaction.response is not None:
            answered.add(interaction.response.status_code)
    found.failures.extend(_failures(recorder))


def _failures(recorder: Any) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE:
                sent = recorder.interactions[case_id].request
                failure = check.failure_info.failure
                yield (
                    f"{recorder.label} · {check.name}: {failure.title}: {failure.message}"
                    f" · {sent.method} {sent.uri} {sent.body!r}"
                )
