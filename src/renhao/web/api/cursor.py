"""Paging: an opaque cursor that names the last item of the page before."""

import base64
import binascii
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import Meta, Struct, ValidationError, json

from renhao.kernel import Kind, Refused

LIMIT_MAX = 100
LIMIT_USUAL = 20
CURSOR = "^[A-Za-z0-9_-]{1,200}$"
NextPage = Annotated[
    Annotated[str, Meta(pattern=CURSOR)] | None,
    Meta(description="Send it as `cursor`; null on the last page."),
]
Cursor = Annotated[
    str | None,
    QueryParameter(
        pattern=CURSOR, description="`next` of the page before; leave it out for the first page."
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="Most items of a page.")]


class Place(Struct, frozen=True, array_like=True):
    """Where a page ended: day and id of its last item."""

    day: date
    id: UUID


class CursorUnreadable(Refused):
    """The cursor was not made by this API."""

    kind = Kind.INVALID
    code = "cursor-unreadable"
    zh = "翻页位置无法识别，请从第一页重新开始。"
    en = "The cursor cannot be read. Start again from the first page."


def written(place: Place) -> str:
    """Write a place as an opaque cursor."""
    return base64.urlsafe_b64encode(json.encode(place)).rstrip(b"=").decode()


def read(cursor: str) -> Place:
    """Read a cursor. Raises CursorUnreadable."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return json.decode(raw, type=Place)
    except (binascii.Error, ValidationError, ValueError):
        raise CursorUnreadable(field="cursor") from None
