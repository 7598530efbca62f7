"""How the API is described: OpenAPI 3.1, every answer documented, problems included."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from litestar import Request, Router
from litestar.datastructures import ResponseHeader
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    License,
    OpenAPIHeader,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Schema,
    SecurityScheme,
    Tag,
)
from litestar.routes import BaseRoute

from renhao.web.api.completed import completed
from renhao.web.api.problems import MEDIA_TYPE, TYPE_PREFIX, Problem
from renhao.web.api.sentences import SENTENCES, TITLES, Both
from renhao.web.problems import STATUS

PATH = "/api/v1"
SCHEME = "session"
SECURED: list[dict[str, list[str]]] = [{SCHEME: []}]
ALWAYS = (400, 404, 405, 429, 503)
WITH_SESSION = (401, 403)
WITH_BODY = (413, 415, 422)
TITLE_OF = {STATUS[kind]: title for kind, title in TITLES.items()} | {
    say.status: say.title for say in SENTENCES.values()
}
NAMES_OF_TAGS = {
    "account": "Log in with a phone number and a code; sessions · 登录与会话",
    "schedule": "Hospitals, departments, clinics and what is left · 医院、科室、出诊与余号",
    "patients": "Whom the account may book for · 就诊人",
    "appointments": "Book, see, cancel, move · 预约",
    "privacy": "What is held and why · 隐私",
}
ETAG = ResponseHeader(
    name="ETag",
    description="Send it as `If-None-Match` to be told 304 when nothing changed.",
    documentation_only=True,
)
DESCRIPTION = """Everything a patient can do, for mini-programs and other clients.

* Log in with `POST /api/v1/login/code` and `POST /api/v1/login`; send the token as
  `Authorization: Bearer <token>`. Cookies are never read.
* Every no is a problem document (RFC 9457); decide by its `code`, show its `detail`, which is in
  the language of `Accept-Language` (`zh` or `en`).
* A request that makes or moves an appointment carries `Idempotency-Key`, a UUID made by the
  client. Send it again unchanged after a time-out or a 503: the first answer comes back and
  nothing is booked twice. With another body it is refused.
* Times are ISO 8601 with their offset; days are days of the hospital.
"""


def problem_responses(
    *, session: bool = False, body: bool = False, more: tuple[int, ...] = ()
) -> dict[int, ResponseSpec]:
    """Document the problems that an operation can answer with."""
    wanted = {*ALWAYS, *more}
    wanted |= set(WITH_SESSION) if session else set()
    wanted |= set(WITH_BODY) if body else set()
    return {status: _problem(status) for status in sorted(wanted)}


def unchanged() -> dict[int, ResponseSpec]:
    """Document the answer to those who hold it already."""
    return {304: ResponseSpec(None, description="What you hold is still so.")}


def config() -> OpenAPIConfig:
    """Describe the API at `/api/v1/openapi.json`; pages are left out by their routers."""
    return OpenAPIConfig(
        title="renhao",
        version=version("renhao"),
        summary="Hospital registration: the right number for the right person",
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=[Tag(name=name, description=text) for name, text in NAMES_OF_TAGS.items()],
        components=Components(security_schemes={SCHEME: _scheme()}),
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        render_plugins=[_Completed(path="/openapi.json")],
        openapi_router=_SchemaRouter(PATH, route_handlers=[], include_in_schema=False),
    )


@dataclass
class Described(Operation):
    """An operation whose problem answers tell of the headers that they carry."""

    def __post_init__(self) -> None:
        self.summary = (self.description or "").partition("\n")[0].partition(";")[0].rstrip(".")
        for status, (name, text) in _HEADERS.items():
            response = (self.responses or {}).get(status)
            if isinstance(response, OpenAPIResponse):
                header = OpenAPIHeader(description=text, schema=Schema(type=OpenAPIType.STRING))
                response.headers = {name: header}


class _SchemaRouter(Router):
    """Serves the description; the framework's catch-all page would hide unknown API addresses."""

    def register(self, value: Any) -> list[BaseRoute]:
        if isinstance(value, BaseRouteHandler) and "/{path:str}" in value.paths:
            return []
        return super().register(value)


class _Completed(JsonRenderPlugin):
    """Adds what the framework leaves out."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return super().render(request, completed(openapi_schema))


_HEADERS = {
    "401": ("WWW-Authenticate", "How to log in: `Bearer`."),
    "405": ("Allow", "The methods of this address."),
    "429": ("Retry-After", "Seconds to wait, where waiting helps."),
    "503": ("Retry-After", "Seconds to wait."),
}


def _scheme() -> SecurityScheme:
    return SecurityScheme(
        type="http", scheme="bearer", description="The token that `POST /api/v1/login` gave."
    )


def _problem(status: int) -> ResponseSpec:
    title = TITLE_OF[status]
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description=f"{title.en} · {title.zh}",
        media_type=MEDIA_TYPE,
        examples=[Example(summary=title.en, value=_example(status, title))],
    )


def _example(status: int, title: Both) -> dict[str, object]:
    say = SENTENCES.get(status)
    if say is None:
        return _REFUSED[status]
    return {
        "type": TYPE_PREFIX + say.code,
        "title": title.zh,
        "status": status,
        "detail": say.detail.zh,
        "code": say.code,
    }


_REFUSED: dict[int, dict[str, object]] = {
    409: {
        "type": "/problems/slot-full",
        "title": TITLE_OF[409].zh,
        "status": 409,
        "detail": "这个时段的号已经挂完。请选择其他时段、其他医生或其他日期。",
        "code": "slot-full",
    },
    422: {
        "type": "/problems/document-check-digit",
        "title": TITLE_OF[422].zh,
        "status": 422,
        "detail": "居民身份证号码的校验码不符,多半有一位填错或两位颠倒,请对照证件逐位核对。",
        "code": "document-check-digit",
        "field": "document_number",
    },
}
