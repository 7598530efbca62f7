"""Importing a schedule: send a file, read its dry run, apply it; a template to download."""

import asyncio

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from renhao import schedule, storage
from renhao.kernel import Refused, new_id
from renhao.schedule import Imported, sheets
from renhao.services import Services
from renhao.web.forms import AnyRequest, Page, shown_in_form
from renhao.web.staff import sessions, upload
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import SCHEDULE_ROLES, show
from renhao.web.staff.upload import DryRun, Sent

FIELDS = ("file", "first_date", "weeks")
UPLOAD_BYTES_MAX = 11 * 1024 * 1024
"""Ten megabytes of file, and the form around it."""
CARRIED_BYTES_MAX = 15 * 1024 * 1024
"""The same file as letters: four for three bytes."""
SHOWN_MAX = 200
GUARD = sessions.required(*SCHEDULE_ROLES)
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ApplyForm(msgspec.Struct):
    """The file as the dry-run page carried it, and the signature of what it showed."""

    content: str = ""
    file_name: str = ""
    first_date: str = ""
    weeks: str = ""
    seen: str = ""


@get("/schedule", guards=[GUARD])
async def ask_file(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Ask for a file."""
    desk = await sessions.current(request)
    return await _page(request, upload.nothing_sent(desk.today(services.clock())))


@post("/schedule", guards=[GUARD], status_code=200, request_max_body_size=UPLOAD_BYTES_MAX)
async def dry_run(request: AnyRequest, services: NamedDependency[Services]) -> Page:
    """Show what the file would do: every error with its place, or every change."""
    desk, now = await sessions.current(request), services.clock()
    sent = upload.nothing_sent(desk.today(now))
    try:
        sent = await upload.sent_file(request)
        run = await _run(services, desk, sent)
    except Refused as refusal:
        return await _page(request, sent, refusal=shown_in_form(refusal))

    return await _page(request, sent, run=run)


@post("/schedule/apply", guards=[GUARD], status_code=200, request_max_body_size=CARRIED_BYTES_MAX)
async def apply(
    request: AnyRequest, services: NamedDependency[Services], data: URLEncodedBody[ApplyForm]
) -> Page:
    """Apply the file if the outcome is the one that was shown; else show the new one."""
    desk, now = await sessions.current(request), services.clock()
    sent = upload.carried_file(data.content, data.file_name, data.first_date, data.weeks)
    try:
        run = await _run(services, desk, sent)
        if not upload.was_seen(run, data.seen):
            return await _page(request, sent, run=run, moved=True)
        async with storage.begin(services.pool) as tx:
            done = await schedule.apply_import(
                tx,
                hospital_id=desk.hospital_id,
                rows=run.reading.rows,
                digest=sent.digest,
                file_name=sent.file_name,
                make_id=new_id,
                by=desk.by,
                now=now,
            )
    except Refused as refusal:
        return await _page(request, sent, refusal=shown_in_form(refusal))

    return await _page(request, upload.nothing_sent(desk.today(now)), done=done)


@get("/schedule/template", guards=[GUARD])
async def template() -> Response[bytes]:
    """Download the template."""
    content = await asyncio.to_thread(sheets.make_template)
    name = {"content-disposition": 'attachment; filename="renhao-schedule.xlsx"'}
    return Response(content, media_type=SHEET_TYPE, headers=name | {"cache-control": "no-store"})


async def _run(services: Services, desk: Desk, sent: Sent) -> DryRun:
    async with storage.begin(services.pool) as tx:
        return await upload.run_dry(tx, services.vault, desk, sent, now=services.clock())


async def _page(
    request: AnyRequest,
    sent: Sent,
    *,
    run: DryRun | None = None,
    moved: bool = False,
    done: Imported | None = None,
    refusal: Refused | None = None,
) -> Page:
    return await show(
        request,
        "schedule.html",
        refusal=refusal,
        fields=FIELDS,
        sent=sent,
        run=run,
        moved=moved,
        done=done,
        shown_max=SHOWN_MAX,
        weeks_max=26,
    )
