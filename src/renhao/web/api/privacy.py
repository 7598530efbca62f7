"""What is held about an account and its patients, and why."""

from typing import Annotated

from litestar import Router, get
from msgspec import Meta

from renhao.web.api.describe import Described, problem_responses
from renhao.web.api.held import FACES, HELD, NEVER_ASKED, RIGHTS
from renhao.web.api.shapes import Shape, Words

Keep = Annotated[Words, Meta(description="How long it is kept.")]


class HeldShown(Shape):
    """One thing that is held."""

    what: Words
    why: Words
    kept: Keep


class Privacy(Shape):
    """What is held and why, what is never asked, and what a person can do."""

    faces: Annotated[Words, Meta(description="The promise about faces.")]
    held: list[HeldShown]
    never_asked: Words
    rights: Words


SHOWN = Privacy(
    faces=Words(zh=FACES.zh, en=FACES.en),
    held=[
        HeldShown(
            what=Words(zh=each.what.zh, en=each.what.en),
            why=Words(zh=each.why.zh, en=each.why.en),
            kept=Words(zh=each.kept.zh, en=each.kept.en),
        )
        for each in HELD
    ],
    never_asked=Words(zh=NEVER_ASKED.zh, en=NEVER_ASKED.en),
    rights=Words(zh=RIGHTS.zh, en=RIGHTS.en),
)


@get("/privacy", operation_class=Described, responses=problem_responses())
async def privacy() -> Privacy:
    """Say what is held and why."""
    return SHOWN


def privacy_router() -> Router:
    """Give the routes about privacy."""
    return Router("/", route_handlers=[privacy], tags=["privacy"])
