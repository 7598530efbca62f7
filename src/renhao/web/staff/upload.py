"""A schedule file between its dry run and its application.

Nothing of it is kept on the server: the dry-run page carries the file back in a hidden field,
together with a signature over the file, the options and what the dry run showed. Applying reads
and plans it anew; when the schedule has moved meanwhile the plan differs, the signature does not
fit, and the new dry run is shown instead of applying what nobody has seen.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from renhao import schedule
from renhao.privacy import Vault
from renhao.schedule import ImportPlan, sheets
from renhao.storage import Tx
from renhao.web.staff.sessions import Desk

LABEL = "schedule-dry-run"
WEEKS_USUAL = 4
FILE_NAME_CHARACTERS_MAX = 120


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent, with the options of a week table as they were typed."""

    content: bytes
    file_name: str
    first_date: str
    weeks: str

    @property
    def carried(self) -> str:
        """Write the content so that a form can carry it back."""
        return base64.urlsafe_b64encode(self.content).decode()

    @property
    def digest(self) -> bytes:
        """Tell files apart."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file says and what applying it would do; without a plan it has errors."""

    sent: Sent
    reading: sheets.Reading
    plan: ImportPlan | None
    seen: str


def nothing_sent(today: date) -> Sent:
    """Begin a form: next Monday, for four weeks."""
    monday = today + timedelta(days=7 - today.weekday())
    return Sent(b"", "", monday.isoformat(), str(WEEKS_USUAL))


async def sent_file(request: Request[Any, Any, Any]) -> Sent:
    """Read the form of the first step. Raises SheetWrongType where no file was chosen."""
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise sheets.SheetWrongType
    return Sent(
        await file.read(),
        file.filename[:FILE_NAME_CHARACTERS_MAX],
        str(form.get("first_date", "")),
        str(form.get("weeks", "")),
    )


def carried_file(content: str, file_name: str, first_date: str, weeks: str) -> Sent:
    """Read the file that the dry-run page carried back. Raises SheetBroken."""
    try:
        return Sent(base64.urlsafe_b64decode(content), file_name, first_date, weeks)
    except (binascii.Error, ValueError):
        raise sheets.SheetBroken from None


async def run_dry(tx: Tx, vault: Vault, desk: Desk, sent: Sent, *, now: datetime) -> DryRun:
    """Read and plan a file; writes nothing. Raises the refusals of sheets and ImportTooLarge."""
    options = await _options(tx, desk, sent)
    reading = await asyncio.to_thread(
        sheets.read_sheet,
        sent.content,
        filename=sent.file_name,
        options=options,
        today=desk.today(now),
    )
    if reading.errors:
        return DryRun(sent, reading, None, "")
    plan = await schedule.plan_import(tx, hospital_id=desk.hospital_id, rows=reading.rows, now=now)
    return DryRun(sent, reading, plan, _signature(vault, desk, sent, plan))


def was_seen(run: DryRun, signature: str) -> bool:
    """Whether this very outcome is what the page showed before."""
    shown = signature.encode()
    return bool(run.seen) and hmac.compare_digest(run.seen.encode(), shown)


async def _options(tx: Tx, desk: Desk, sent: Sent) -> sheets.WeekOptions | None:
    try:
        first, weeks = date.fromisoformat(sent.first_date), int(sent.weeks)
    except ValueError:
        return None
    kinds = await schedule.visit_kinds(tx, hospital_id=desk.hospital_id)
    return sheets.WeekOptions(
        first_date=first,
        weeks=weeks,
        holidays=await schedule.holidays(tx, hospital_id=desk.hospital_id),
        visit_kinds=frozenset(each.name_zh for each in kinds),
    )


def _signature(vault: Vault, desk: Desk, sent: Sent, plan: ImportPlan) -> str:
    outcome = (
        sorted(repr(each.key) for each in plan.added),
        sorted((str(each.clinic_id), each.fields) for each in plan.changed),
        len(plan.unchanged),
        sorted((each.place, each.reason.code) for each in plan.conflicts),
    )
    whose = desk.hospital_id.bytes + desk.staff.staff_id.bytes + sent.digest
    options = f"{sent.file_name}|{sent.first_date}|{sent.weeks}|{outcome}"
    return vault.mac(LABEL, whose + options.encode()).hex()
