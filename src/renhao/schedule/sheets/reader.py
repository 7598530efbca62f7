"""Read a schedule spreadsheet of either layout: the door of this package."""

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from renhao.schedule.sheets.grid import CONTENT_MEGABYTES_MAX, Grid, too_large
from renhao.schedule.sheets.listed import list_heading, read_list
from renhao.schedule.sheets.model import (
    CellError,
    ClinicRow,
    Layout,
    Note,
    Reading,
    SheetBroken,
    SheetLayoutsMixed,
    SheetNotRecognised,
    SheetWrongType,
    Unreadable,
    WeekOptions,
    WeekOptionsNeeded,
)
from renhao.schedule.sheets.rows import FORMULA, Findings
from renhao.schedule.sheets.separated import read_csv
from renhao.schedule.sheets.week import holiday_notes, read_week
from renhao.schedule.sheets.week_heading import weekday_row
from renhao.schedule.sheets.xlsx import read_xlsx

ERRORS_MAX = 2_000
"""Nobody reads more; a note says that there are more."""
ZIP_MARK = b"PK\x03\x04"
SHEETS_NOT_READ = ("示例", "说明", "example", "readme", "how to")


def read_sheet(
    content: bytes, *, filename: str, options: WeekOptions | None, today: date | None = None
) -> Reading:
    """Read a file and say everything that is wrong with it at once.

    `options` is needed for a week table and unused for a list; `today` decides the year of dates
    written without one (else `options.first_date` does). Raises SheetWrongType, SheetBroken,
    SheetTooLarge, SheetNotRecognised, SheetLayoutsMixed, WeekOptionsNeeded.
    """
    grids = _grids(content, filename)
    if today is None and options is not None:
        today = options.first_date
    findings = [Findings(grid) for grid in grids]
    clinics: list[ClinicRow] = []
    layouts: set[Layout] = set()
    for found in findings:
        layout, rows = _read_grid(found, options=options, today=today)
        clinics += rows
        layouts |= {layout} if layout else set()
    if not layouts:
        raise SheetNotRecognised
    if len(layouts) > 1:
        raise SheetLayoutsMixed
    return _reading(layouts.pop(), clinics, findings, options)


def _grids(content: bytes, filename: str) -> tuple[Grid, ...]:
    if len(content) > CONTENT_MEGABYTES_MAX * 1024 * 1024:
        raise too_large()
    match PurePath(filename).suffix.lower():
        case ".xlsx" if content.startswith(ZIP_MARK):
            return read_xlsx(content)
        case ".csv" if not content.startswith(ZIP_MARK):
            return (read_csv(content, name=PurePath(filename).name),)
        case ".xlsx" | ".csv":
            raise SheetBroken
        case _:
            raise SheetWrongType


def _read_grid(
    findings: Findings, *, options: WeekOptions | None, today: date | None
) -> tuple[Layout | None, list[ClinicRow]]:
    grid, rows = findings.grid, findings.grid.by_row()
    if grid.name.lower().startswith(SHEETS_NOT_READ):
        findings.notes.append(_not_read(grid))
        return None, []
    heading = list_heading(grid, rows)
    if heading is not None:
        _refuse_formulas(findings, heading)
        clinics = read_list(grid, rows, heading=heading, today=today, findings=findings)
        return Layout.LIST, clinics
    weekdays = weekday_row(grid, rows)
    if weekdays is not None:
        if options is None:
            raise WeekOptionsNeeded(field="first_date")
        _refuse_formulas(findings, weekdays)
        clinics = read_week(grid, rows, heading_row=weekdays, options=options, findings=findings)
        return Layout.WEEK, clinics
    if rows:
        findings.notes.append(_not_read(grid))
    return None, []


def _refuse_formulas(findings: Findings, heading: int) -> None:
    for row, column in findings.grid.broken:
        if row > heading:
            findings.wrong(row, column, FORMULA)


def _reading(
    layout: Layout,
    clinics: list[ClinicRow],
    findings: Iterable[Findings],
    options: WeekOptions | None,
) -> Reading:
    errors = [error for found in findings for error in found.errors]
    notes = [note for found in findings for note in found.notes]
    if layout is Layout.WEEK and options is not None:
        notes += holiday_notes(options)
    grids = {found.grid.name: found.grid for found in findings}
    kept, doubles = _without_doubles(clinics, grids)
    errors += doubles
    if len(errors) > ERRORS_MAX:
        more = len(errors) - ERRORS_MAX
        notes.append(Note(f"另有 {more} 处错误没有列出", f"{more} more errors are not listed"))
    return Reading(layout, tuple(kept), tuple(errors[:ERRORS_MAX]), tuple(notes))


def _without_doubles(
    clinics: list[ClinicRow], grids: dict[str, Grid]
) -> tuple[list[ClinicRow], list[CellError]]:
    """Keep the first of each clinic; a cell that repeats one is one error, however many weeks."""
    first: dict[object, ClinicRow] = {}
    doubles: dict[object, CellError] = {}
    for clinic in clinics:
        known = first.setdefault(clinic.key, clinic)
        if known is not clinic and clinic.place not in doubles:
            findings = Findings(grids[clinic.place.sheet])
            findings.wrong(clinic.place.row, clinic.place.column, _same_as(known))
            doubles[clinic.place] = findings.errors[0]
    return list(first.values()), list(doubles.values())


def _same_as(known: ClinicRow) -> Unreadable:
    where = f"{known.place.sheet} {known.place.row}"
    return Unreadable(
        f"与 {where} 行是同一次出诊（同科室、医生、号别、日期、午别）：只留一行",
        f"the same clinic (department, practitioner, kind, date, half-day) as in row {where}",
    )


def _not_read(grid: Grid) -> Note:
    return Note(f"没有读取工作表“{grid.name}”", f'The sheet "{grid.name}" was not read')
