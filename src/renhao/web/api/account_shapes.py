"""Logging in: what is sent and answered."""

from typing import Annotated, Literal

from msgspec import Meta

from renhao.identity import DocumentKind
from renhao.web.api.shapes import Moment, SessionId, Shape

Phone = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        description="Mobile number; mainland numbers with or without +86, others with their code.",
        examples=["19900000001", "+85291234567"],
    ),
]
Token = Annotated[
    str,
    Meta(
        min_length=40,
        max_length=64,
        description="Secret of the session; send it as `Authorization: Bearer <token>`.",
        examples=["Zm9yLWV4YW1wbGUtb25seS1mb3ItZXhhbXBsZS1vbmx5"],
    ),
]
DocumentNumber = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="As on the document; spaces and full-width digits are read too.",
        examples=["11000019900101001X"],
    ),
]
IssuingState = Annotated[
    str | None,
    Meta(description="Three letters of the state that issued a passport (ICAO 9303)."),
]


class CodeWanted(Shape):
    """Ask for a one-time code."""

    phone: Phone
    language: Annotated[
        Literal["zh", "en"], Meta(description="Language of the message.", examples=["zh"])
    ] = "zh"


class CodeSent(Shape):
    """A code is on its way, if the number takes messages; known and unknown numbers look alike."""

    minutes_valid: Annotated[int, Meta(ge=1, examples=[5])]


class Login(Shape):
    """Log in with the code that was sent."""

    phone: Phone
    code: Annotated[
        str, Meta(min_length=1, max_length=20, description="Six digits.", examples=["042137"])
    ]
    device: Annotated[
        str,
        Meta(
            max_length=80,
            description="Shown to the account holder in the list of sessions.",
            examples=["微信小程序"],
        ),
    ] = ""
    language: Annotated[
        Literal["zh", "en"], Meta(description="Language of messages to a new account.")
    ] = "zh"


class LoggedIn(Shape):
    """A session."""

    token: Token
    expires_at: Moment
    proof_required: Annotated[
        bool,
        Meta(
            description="The number was unused for 90 days: nothing old opens before"
            " `POST /api/v1/proof`, or `POST /api/v1/proof/anew` for a new holder of the number."
        ),
    ]


class Proof(Shape):
    """The document of one patient of the account."""

    document_kind: DocumentKind
    document_number: DocumentNumber
    issuing_state: IssuingState = None


class SessionShown(Shape):
    """One live session of the account."""

    session_id: SessionId
    device: str
    is_this: Annotated[bool, Meta(description="Whether it is the one that asks.")]
    created_at: Moment
    seen_at: Annotated[Moment, Meta(description="Last use, to five minutes.")]
    expires_at: Moment


class Sessions(Shape):
    """The live sessions of the account, the one used last first."""

    items: list[SessionShown]
