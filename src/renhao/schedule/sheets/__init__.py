"""Schedule spreadsheets: read both layouts, write the list and the template."""

from renhao.schedule.sheets.model import (
    CellError,
    ClinicRow,
    Layout,
    Note,
    Place,
    Reading,
    SheetBroken,
    SheetLayoutsMixed,
    SheetNotRecognised,
    SheetRefused,
    SheetTooLarge,
    SheetWrongType,
    WeekOptions,
    WeekOptionsInvalid,
    WeekOptionsNeeded,
)
from renhao.schedule.sheets.reader import read_sheet
from renhao.schedule.sheets.writer import make_template, write_list

__all__ = [
    "CellError",
    "ClinicRow",
    "Layout",
    "Note",
    "Place",
    "Reading",
    "SheetBroken",
    "SheetLayoutsMixed",
    "SheetNotRecognised",
    "SheetRefused",
    "SheetTooLarge",
    "SheetWrongType",
    "WeekOptions",
    "WeekOptionsInvalid",
    "WeekOptionsNeeded",
    "make_template",
    "read_sheet",
    "write_list",
]
