"""Problem documents (RFC 9457): every no of the API, in the caller's language, with a stable code.

Nothing a caller sent is ever repeated in one: what was sent may be a name or a number.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from msgspec import UNSET, Meta, Struct, UnsetType

from renhao.kernel import Kind, Language, Refused
from renhao.web import i18n
from renhao.web.api.sentences import SENTENCES, TITLES, Say
from renhao.web.problems import BUSY, RETRY_SECONDS, STATUS

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/problems/"
AnyRequest = Request[Any, Any, Any]
Fact = str | int | bool
FIELD = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}")
"""What the name of a declared field looks like."""


class Problem(Struct, frozen=True, kw_only=True):
    """Why a request was not served, and what to do instead (RFC 9457)."""

    type: Annotated[
        str, Meta(description="Where the code is explained.", examples=["/problems/slot-full"])
    ]
    title: Annotated[str, Meta(description="What sort of no it is.")]
    status: Annotated[int, Meta(ge=400, le=599, description="The HTTP status again.")]
    detail: Annotated[
        str, Meta(description="The rule, and what to do instead, for the person to read.")
    ]
    code: Annotated[str, Meta(description="Stable; programs decide by it.", pattern="^[a-z0-9-]+$")]
    field: Annotated[
        str | UnsetType, Meta(description="The field of the request at fault, if one is.")
    ] = UNSET
    facts: Annotated[
        dict[str, Fact] | UnsetType,
        Meta(description="Figures, days and ids that the sentence speaks of; never personal."),
    ] = UNSET


def language_of(request: AnyRequest) -> Language:
    """Choose the language that `Accept-Language` asks for; Chinese when it names neither."""
    return i18n.accepted(request.headers.get("accept-language", ""))


def answer(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Answer any exception with a problem document."""
    if isinstance(error, Refused):
        return _refused(request, error)
    if isinstance(error, HTTPException):
        return _of_framework(request, error)
    if isinstance(error, BUSY):
        return _plain(request, SENTENCES[503])
    structlog.get_logger("renhao.web.api").error("unexpected", exc_info=error)
    return _plain(request, SENTENCES[500])


def _refused(request: AnyRequest, refusal: Refused) -> Response[Problem]:
    language, status = language_of(request), STATUS[refusal.kind]
    facts = {name: _fact(value) for name, value in refusal.facts.items() if _is_plain(value)}
    problem = Problem(
        type=TYPE_PREFIX + refusal.code,
        title=TITLES[refusal.kind].to(language),
        status=status,
        detail=refusal.sentence(language),
        code=refusal.code,
        field=refusal.field or UNSET,
        facts=facts or UNSET,
    )
    return _response(problem, language, _headers_of(status, refusal.facts))


def _of_framework(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    status = 401 if isinstance(error, NotAuthorizedException) else error.status_code
    headers = {name: text for name, text in (error.headers or {}).items() if name == "allow"}
    say = SENTENCES.get(status) or SENTENCES[400 if status < 500 else 500]  # noqa: PLR2004
    return _plain(request, say, field=_field(error), headers=headers)


def _plain(
    request: AnyRequest,
    say: Say,
    *,
    field: str | UnsetType = UNSET,
    headers: Mapping[str, str] | None = None,
) -> Response[Problem]:
    language = language_of(request)
    problem = Problem(
        type=TYPE_PREFIX + say.code,
        title=say.title.to(language),
        status=say.status,
        detail=say.detail.to(language),
        code=say.code,
        field=field,
    )
    return _response(problem, language, {**_headers_of(say.status, {}), **(headers or {})})


def _response(problem: Problem, language: Language, headers: dict[str, str]) -> Response[Problem]:
    headers |= {
        "cache-control": "no-store",
        "content-language": "zh-CN" if language == "zh" else "en",
    }
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _headers_of(status: int, facts: Mapping[str, object]) -> dict[str, str]:
    """Say when to come back, and how to log in."""
    if status == STATUS[Kind.UNAUTHENTICATED]:
        return {"www-authenticate": "Bearer"}
    seconds = _wait_seconds(status, facts)
    return {} if seconds is None else {"retry-after": str(seconds)}


def _wait_seconds(status: int, facts: Mapping[str, object]) -> int | None:
    """Say how long to wait, where waiting helps: a limit of five patients has no such time."""
    match facts:
        case {"retry_after_seconds": int(seconds)}:
            return seconds
        case {"minutes": int(minutes)}:
            return minutes * 60
        case _:
            return RETRY_SECONDS if status == STATUS[Kind.UNAVAILABLE] else None


def _field(error: HTTPException) -> str | UnsetType:
    """Name the field the framework found at fault; only names that the schema declares."""
    extra = error.extra
    first = extra[0] if isinstance(extra, list) and extra else None
    key = first.get("key") if isinstance(first, dict) else None
    return key if isinstance(key, str) and FIELD.fullmatch(key) else UNSET


def _is_plain(value: object) -> bool:
    """Whether a fact goes out by itself: free text stands in the sentence alone."""
    return isinstance(value, int | date | time | timedelta | UUID | Enum)


def _fact(value: object) -> Fact:
    match value:
        case Enum():
            return str(value.value)
        case timedelta():
            return int(value.total_seconds())
        case datetime() | date() | time():
            return value.isoformat()
        case bool() | int():
            return value
        case _:
            return str(value)
