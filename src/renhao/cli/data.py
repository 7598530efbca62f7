"""`renhao hospital add`, `renhao schedule import`, `renhao schedule template`."""

import asyncio
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress
from rich.table import Table

from renhao import audit, schedule, settings, storage
from renhao.cli import options
from renhao.cli.prepare import CommandError, prepared
from renhao.kernel import CampusId, HospitalId, new_id, utc_now
from renhao.storage import Pool, roles

console = Console()
hospitals = typer.Typer(help="Hospitals.", no_args_is_help=True)
clinics = typer.Typer(help="Clinics and their numbers.", no_args_is_help=True)

FirstDate = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Week table: the first day, such as 2026-11-30."),
]
Weeks = Annotated[int, typer.Option(min=1, help="Week table: for how many weeks.")]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to import, and how; the first date and the weeks are for a week table."""

    name: str
    content: bytes = field(repr=False)
    first_date: date | None
    weeks: int
    dry_run: bool = field(kw_only=True)

    def read(self, *, today: date, holidays: schedule.Holidays) -> schedule.sheets.Reading:
        """Read the rows and what is wrong with them. Raises SheetRefused."""
        week = (
            None
            if self.first_date is None
            else schedule.sheets.WeekOptions(self.first_date, self.weeks, holidays)
        )
        return schedule.sheets.read_sheet(
            self.content, filename=self.name, options=week, today=today
        )


def add(app: typer.Typer) -> None:
    """Add the commands to `renhao`."""
    app.add_typer(hospitals, name="hospital")
    app.add_typer(clinics, name="schedule")


@hospitals.callback()
def group() -> None:
    """Hospitals."""


@hospitals.command("add")
def add_hospital(
    code: Annotated[str, typer.Option(help="Short name in web addresses.")],
    name: Annotated[str, typer.Option(help="Chinese name.")],
    name_en: Annotated[str, typer.Option(help="English name.")],
    campus: Annotated[str, typer.Option(help="Chinese name of the main campus.")] = "本部",
    data: options.Data = None,
) -> None:
    """Add a hospital with the default limits, visit kinds and release rule."""
    hospital = schedule.Hospital(
        hospital_id=HospitalId(new_id()), code=code, name_zh=name, name_en=name_en
    )
    site = schedule.Campus(campus_id=CampusId(new_id()), name_zh=campus, name_en="Main campus")
    with prepared(options.read(data=data), own=False, say=options.say) as ready:
        asyncio.run(_add_hospital(_pool(ready.settings), hospital, site))
    console.print(f"{code} is ready; next: renhao staff add, renhao schedule import")


@clinics.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .csv")],
    first_date: FirstDate = None,
    weeks: Weeks = 1,
    dry_run: Annotated[  # noqa: FBT002 - Typer reads a flag this way
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
    hospital: options.Hospital = None,
    data: options.Data = None,
) -> None:
    """Import a list of clinics or a week table, all of it or nothing."""
    first = None if first_date is None else first_date.date()
    upload = Upload(file.name, file.read_bytes(), first, weeks, dry_run=dry_run)
    with prepared(options.read(data=data), own=False, say=options.say) as ready:
        done = asyncio.run(_import(_pool(ready.settings), upload, hospital))
    sys.exit(0 if done else 1)


@clinics.command()
def template(
    file: Annotated[Path, typer.Argument(help="Where to write the .xlsx template.")],
) -> None:
    """Write the template for a list of clinics."""
    file.write_bytes(schedule.sheets.make_template())
    console.print(f"written: {file}")


async def _add_hospital(pool: Pool, hospital: schedule.Hospital, campus: schedule.Campus) -> None:
    async with pool, storage.begin(pool) as tx:
        await schedule.set_up_hospital(
            tx, hospital, campus=campus, make_id=new_id, by=audit.PROGRAM, now=utc_now()
        )


async def _import(pool: Pool, upload: Upload, code: str | None) -> bool:
    """Read, plan and apply; False when the file has errors or conflicts."""
    async with pool, storage.begin(pool) as tx:
        hospital, now = await options.one_hospital(tx, code), utc_now()
        days = await schedule.holidays(tx, hospital_id=hospital.hospital_id)
        today = now.astimezone(ZoneInfo(hospital.zone)).date()
        reading = upload.read(today=today, holidays=days)
        if not _is_readable(reading):
            return False
        plan = await schedule.plan_import(
            tx, hospital_id=hospital.hospital_id, rows=reading.rows, now=now
        )
        if not _is_possible(plan):
            return False
        if upload.dry_run:
            console.print("only tried: nothing was changed")
        elif not plan.changes_nothing:
            await _apply(tx, hospital, upload, rows=reading.rows, now=now)
    return True


async def _apply(
    tx: storage.Tx,
    hospital: schedule.Hospital,
    upload: Upload,
    *,
    rows: Sequence[schedule.sheets.ClinicRow],
    now: datetime,
) -> None:
    with Progress("importing", BarColumn(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("importing", total=len(rows))
        await schedule.apply_import(
            tx,
            hospital_id=hospital.hospital_id,
            rows=rows,
            digest=hashlib.sha256(upload.content).digest(),
            file_name=upload.name,
            make_id=new_id,
            by=audit.PROGRAM,
            now=now,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _is_readable(reading: schedule.sheets.Reading) -> bool:
    for note in reading.notes:
        console.print(f"[dim]· {note.zh} {note.en}[/]", highlight=False)
    table = Table("sheet", "cell", "value", "what is allowed", title="Nothing was imported")
    for one in reading.errors:
        table.add_row(one.sheet, f"{one.column}{one.row}", one.value, f"{one.zh}\n{one.en}")
    if reading.errors:
        console.print(table)
    return not reading.errors


def _is_possible(plan: schedule.ImportPlan) -> bool:
    console.print(
        f"added {len(plan.added)}, changed {len(plan.changed)}, unchanged {len(plan.unchanged)},"
        f" conflicts {len(plan.conflicts)}"
    )
    for one in plan.conflicts:
        place = f"{one.place.sheet}!{one.place.row}"
        console.print(f"[red]{place}[/]: {one.reason.zh} {one.reason.en}", highlight=False)
    return not plan.conflicts


def _pool(full: settings.Settings) -> Pool:
    if full.database_url is None:
        raise CommandError("the database address is missing")
    return storage.make_pool(full.database_url, role=roles.SERVER)
