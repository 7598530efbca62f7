"""Rendering of staff pages: who is logged in, and the pages that their roles open."""

from dataclasses import dataclass
from typing import Any

from renhao.kernel import Refused
from renhao.staff import Role
from renhao.web.forms import AnyRequest, Page, status_of, told
from renhao.web.pages import page
from renhao.web.problems import retry_after
from renhao.web.staff import sessions

DESK_ROLES = (Role.REGISTRAR, Role.TRIAGE_NURSE)
WINDOW_ROLES = (Role.REGISTRAR, Role.TRIAGE_NURSE, Role.PRACTITIONER)
SCHEDULE_ROLES = (Role.SCHEDULE_MANAGER, Role.ADMINISTRATOR)
NAME_ROLES = (Role.REGISTRAR,)


@dataclass(frozen=True, slots=True)
class Area:
    """One of the staff pages, by its address and the roles that may open it."""

    path: str
    roles: tuple[Role, ...]


AREAS = (
    Area("/staff", tuple(Role)),
    Area("/staff/arrival", DESK_ROLES),
    Area("/staff/window", WINDOW_ROLES),
    Area("/staff/name", NAME_ROLES),
    Area("/staff/schedule", SCHEDULE_ROLES),
    Area("/staff/suspend", SCHEDULE_ROLES),
)


async def show(
    request: AnyRequest,
    template: str,
    *,
    refusal: Refused | None = None,
    fields: tuple[str, ...] = (),
    **context: Any,
) -> Page:
    """Render a page for the member of staff; a refusal stands beside its field or on top."""
    desk = await sessions.current(request)
    return page(
        request,
        f"staff/{template}",
        status=status_of(refusal),
        headers=retry_after(refusal),
        desk=desk,
        areas=[area.path for area in AREAS if desk.may(*area.roles)],
        zone=desk.zone,
        **told(request, refusal, fields=fields),
        **context,
    )
