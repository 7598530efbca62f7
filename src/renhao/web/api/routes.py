"""All routes of the API, and what answers when one fails."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from renhao.kernel import Refused
from renhao.web.api.account import account_router
from renhao.web.api.appointments import appointments_router
from renhao.web.api.bearer import Connection
from renhao.web.api.catalogue import catalogue_router
from renhao.web.api.describe import PATH
from renhao.web.api.patients import patients_router
from renhao.web.api.privacy import privacy_router
from renhao.web.api.problems import answer

JSON = "application/json"
NO_BODY = frozenset({"", "0"})
Handlers = Mapping[type[Exception] | int, Any]


def api_router() -> Router:
    """Give the API; every exception inside it is answered with a problem document."""
    return Router(
        PATH,
        route_handlers=[
            account_router(),
            catalogue_router(),
            patients_router(),
            appointments_router(),
            privacy_router(),
        ],
        guards=[json_only],
        include_in_schema=True,
        exception_handlers={Refused: answer, HTTPException: answer, Exception: answer},
    )


def problems_of(pages: Handlers) -> dict[type[Exception] | int, Any]:
    """Wrap the handlers of pages: addresses of the API get problem documents.

    An unknown address or method belongs to no router, so the application's own handlers see it.
    """
    return {kind: _either(page) for kind, page in pages.items()}


async def json_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a body that does not say it is JSON. Raises HTTPException (415)."""
    if "data" not in handler.parsed_fn_signature.parameters:
        return
    headers = connection.headers
    has_body = headers.get("content-length", "") not in NO_BODY or "transfer-encoding" in headers
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and media_type != JSON:
        raise HTTPException(status_code=415)


def _either(page: Any) -> Any:
    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        path = request.scope["path"]
        is_api = path == PATH or path.startswith(f"{PATH}/")
        response: Response[Any] = answer(request, error) if is_api else page(request, error)
        return response

    return handle
