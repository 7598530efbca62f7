"""Calling a clinic off (停诊): who is affected first, then the reason and the step itself."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from renhao import booking, identity, schedule, storage
from renhao.kernel import ClinicId, Kind, Refused, new_id
from renhao.schedule import ClinicStatus
from renhao.services import Services
from renhao.web.forms import AnyRequest, Page, shown_in_form
from renhao.web.staff import sessions
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import SCHEDULE_ROLES, show

REASON_CHARACTERS_MAX = 200
GUARD = sessions.required(*SCHEDULE_ROLES)


class ReasonNeeded(Refused):
    """A suspension states its reason."""

    kind = Kind.INVALID
    code = "suspension-reason-needed"
    zh = "请填写停诊原因（最多 {most} 个字），停诊后可查。"
    en = "Please give the reason ({most} characters at most); it is kept with the suspension."


class SuspendForm(msgspec.Struct):
    """Why the clinic does not take place."""

    reason: str = ""


@get("/suspend", guards=[GUARD])
async def list_clinics(
    request: AnyRequest,
    services: NamedDependency[Services],
    day: FromQuery[str] = "",
    suspended: FromQuery[int] = -1,
) -> Page:
    """List the clinics of a day that can be called off."""
    desk, now = await sessions.current(request), services.clock()
    shown = _day(day) or desk.today(now)
    async with storage.begin(services.pool) as tx:
        cards = await schedule.clinics_of_day(
            tx, hospital_id=desk.hospital_id, department_id=None, day=shown, now=now
        )
        counts = await booking.counts_of_day(tx, hospital_id=desk.hospital_id, day=shown)

    return await show(
        request,
        "suspend_list.html",
        day=shown,
        clinics=cards,
        open=ClinicStatus.OPEN,
        counts={each.clinic_id: each.booked for each in counts},
        suspended=suspended,
    )


@get("/suspend/{clinic_id:uuid}", guards=[GUARD])
async def plan(
    request: AnyRequest, services: NamedDependency[Services], clinic_id: FromPath[UUID]
) -> Page:
    """Show who would be affected, with masked names; nothing changes."""
    return await _page(request, services, ClinicId(clinic_id))


@post("/suspend/{clinic_id:uuid}", guards=[GUARD])
async def suspend(
    request: AnyRequest,
    services: NamedDependency[Services],
    clinic_id: FromPath[UUID],
    data: URLEncodedBody[SuspendForm],
) -> Page:
    """Cancel all its numbers at once, counted against nobody, and tell the patients."""
    desk, now = await sessions.current(request), services.clock()
    try:
        reason = _reason(data)
        async with storage.begin(services.pool) as tx:
            affected = await booking.suspend(
                tx,
                hospital_id=desk.hospital_id,
                clinic_id=ClinicId(clinic_id),
                suspension_id=new_id(),
                reason=reason,
                by=desk.by,
                now=now,
            )
    except Refused as refusal:
        shown_in_form(refusal)
        return await _page(request, services, ClinicId(clinic_id), data, refusal)

    day = await _day_of(services, desk, ClinicId(clinic_id))
    return Redirect(f"/staff/suspend?day={day}&suspended={len(affected)}", status_code=303)


async def _page(
    request: AnyRequest,
    services: Services,
    clinic_id: ClinicId,
    typed: SuspendForm | None = None,
    refusal: Refused | None = None,
) -> Page:
    desk, now = await sessions.current(request), services.clock()
    async with storage.begin(services.pool) as tx:
        found = await schedule.clinic_page(
            tx, hospital_id=desk.hospital_id, clinic_id=clinic_id, now=now
        )
        affected = await booking.suspend_plan(tx, hospital_id=desk.hospital_id, clinic_id=clinic_id)
        names = await identity.masked_names(
            tx, services.vault, identity_ids=[each.identity_id for each in affected]
        )
    return await show(
        request,
        "suspend.html",
        refusal=refusal,
        fields=("reason",),
        clinic=found.clinic,
        can_suspend=found.clinic.status is ClinicStatus.OPEN,
        affected=affected,
        unreachable=sum(not each.reachable for each in affected),
        names=names,
        reason=typed.reason if typed else "",
        most=REASON_CHARACTERS_MAX,
    )


def _reason(typed: SuspendForm) -> str:
    reason = typed.reason.strip()
    if not 0 < len(reason) <= REASON_CHARACTERS_MAX:
        raise ReasonNeeded(field="reason", most=REASON_CHARACTERS_MAX)
    return reason


async def _day_of(services: Services, desk: Desk, clinic_id: ClinicId) -> date:
    async with storage.begin(services.pool) as tx:
        found = await schedule.clinic_page(
            tx, hospital_id=desk.hospital_id, clinic_id=clinic_id, now=services.clock()
        )
    return found.clinic.day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
