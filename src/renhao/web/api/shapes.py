"""Shapes that several parts of the API share."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class Shape(Struct, kw_only=True, forbid_unknown_fields=True):
    """What goes in or out; a field that is not described is refused."""


class Words(Shape):
    """One text in both languages; `en` may be empty, then show `zh`."""

    zh: Annotated[str, Meta(examples=["心血管内科"])]
    en: Annotated[str, Meta(examples=["Cardiology"])]


Moment = Annotated[
    datetime,
    Meta(tz=True, description="ISO 8601 with offset.", examples=["2026-11-24T00:30:00Z"]),
]
SESSION_ID = "^[0-9a-f]{64}$"
SessionId = Annotated[
    str,
    Meta(
        pattern=SESSION_ID,
        description="Name of one session; it gives no access.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]
