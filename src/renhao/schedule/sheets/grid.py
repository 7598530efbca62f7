"""A sheet as a grid of values, however it was stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from openpyxl.utils import get_column_letter

from renhao.schedule.sheets.model import (
    VALUE_CHARACTERS_SHOWN_MAX,
    CellError,
    Place,
    SheetTooLarge,
    Unreadable,
)

CellValue = str | int | float | bool | datetime | date | time | timedelta | None
Position = tuple[int, int]

CONTENT_MEGABYTES_MAX = 10
ROWS_MAX = 20_000
COLUMNS_MAX = 100
CELLS_MAX = 500_000
CLINICS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Values by (row, column) from 1; blank cells are absent, merged cells all hold the value."""

    name: str
    cells: Mapping[Position, CellValue]
    anchors: Mapping[Position, Position] = field(default_factory=dict)
    """For a cell filled from a merged range: the cell that holds the value."""
    broken: tuple[Position, ...] = ()
    """Cells with a formula that nobody has computed."""

    def at(self, row: int, column: int) -> CellValue:
        """Value of one cell, None when blank."""
        return self.cells.get((row, column))

    def text(self, row: int, column: int) -> str:
        """Value of one cell as text, blank when there is none."""
        value = self.at(row, column)
        return "" if value is None else str(value).strip()

    def anchor(self, row: int, column: int) -> Position:
        """Give the cell that really holds this cell's value."""
        return self.anchors.get((row, column), (row, column))

    def by_row(self) -> dict[int, dict[int, CellValue]]:
        """Values of each row that holds something of its own, in order."""
        rows: dict[int, dict[int, CellValue]] = {}
        own = {row for row, column in self.cells if (row, column) not in self.anchors}
        for (row, column), value in sorted(self.cells.items(), key=lambda item: item[0]):
            if row in own:
                rows.setdefault(row, {})[column] = value
        return rows

    def place(self, row: int, column: int) -> Place:
        """Say where a cell is."""
        return Place(self.name, row, column)


def cell_error(grid: Grid, row: int, column: int, allowed: Unreadable) -> CellError:
    """Tell what is wrong with one cell; a long value is cut."""
    value = " ".join(grid.text(row, column).split())
    if len(value) > VALUE_CHARACTERS_SHOWN_MAX:
        value = value[: VALUE_CHARACTERS_SHOWN_MAX - 1] + "…"
    return CellError(grid.name, row, get_column_letter(column), value, allowed.zh, allowed.en)


def too_large() -> SheetTooLarge:
    """Make the refusal that names every limit."""
    return SheetTooLarge(
        megabytes=CONTENT_MEGABYTES_MAX, rows=ROWS_MAX, columns=COLUMNS_MAX, clinics=CLINICS_MAX
    )
