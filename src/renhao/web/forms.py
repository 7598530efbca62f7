"""Forms: what was typed, and what a refusal says beside the field it is about."""

from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from renhao.kernel import Kind, Refused
from renhao.web import preferences
from renhao.web.problems import STATUS

Page = Response[Any]
AnyRequest = Request[Any, Any, Any]


def told(
    request: AnyRequest, refusal: Refused | None, *, fields: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Put a refusal where it belongs: beside its field, or over the form when it names none."""
    if refusal is None:
        return {"errors": {}, "sentence": ""}
    sentence = refusal.sentence(preferences.of(request).language)
    if refusal.field in fields:
        return {"errors": {refusal.field: sentence}, "sentence": ""}
    return {"errors": {}, "sentence": sentence}


def status_of(refusal: Refused | None) -> int:
    """Give the status of a form shown anew."""
    return 200 if refusal is None else STATUS[refusal.kind]


def shown_in_form(refusal: Refused) -> Refused:
    """Pass a refusal that the form can show; raise one that sends the visitor elsewhere."""
    if refusal.kind in {Kind.UNAUTHENTICATED, Kind.NOT_FOUND, Kind.UNAVAILABLE}:
        raise refusal
    return refusal


def as_id(text: str) -> UUID:
    """Read an id that a form carries; one that is none was not written by our page."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundException from None
