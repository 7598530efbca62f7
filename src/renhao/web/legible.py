"""Text that nobody types: control characters are refused before any page or the API sees them.

The database cannot keep a NUL, and the other control characters have no place in a name, a number
or a reason. Tab and the ends of lines may stand anywhere.
"""

import re
from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Receive, Scope, Send

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROL_IN_URL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|%(?:0[0-8bcef]|1[0-9a-f])", re.IGNORECASE
)
CONTROL_IN_JSON = re.compile(
    rb"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcef]|1[0-9a-f]))", re.IGNORECASE | re.ASCII
)
BODIES = {
    "application/x-www-form-urlencoded": CONTROL_IN_URL,
    "application/json": CONTROL_IN_JSON,
}


def legible(app: ASGIApp) -> ASGIApp:
    """Refuse control characters in the path, the query, a form or a JSON body.

    Raises ClientException (400), which a page shows as not found or not understood. Files that are
    uploaded may hold any byte.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            if _in_address(request) or await _in_body(request):
                raise ClientException
        await app(scope, receive, send)

    return serve


def _in_address(request: Request[Any, Any, Any]) -> bool:
    scope = request.scope
    return bool(CONTROL.search(scope["path"]) or CONTROL_IN_URL.search(scope["query_string"]))


async def _in_body(request: Request[Any, Any, Any]) -> bool:
    """Look at what was sent; the request keeps it for the handler."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = BODIES.get(media_type)
    return found is not None and bool(found.search(await request.body()))
