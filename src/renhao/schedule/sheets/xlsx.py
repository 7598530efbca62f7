"""Read an .xlsx file into grids, trusting none of the sizes it states.

Values come from openpyxl's streaming reader, which does not know merged ranges; those, and
formulas without a result, come from a second pass over the sheet's own XML. openpyxl's other
reader knows them but makes one object for every cell of a merged range, so that one line in a
hostile file would fill the memory.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from renhao.kernel import Refused
from renhao.schedule.sheets.grid import (
    CELLS_MAX,
    COLUMNS_MAX,
    ROWS_MAX,
    CellValue,
    Grid,
    Position,
    too_large,
)
from renhao.schedule.sheets.model import SheetBroken

PARTS_MAX = 1_000
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
MERGED_RANGES_MAX = 20_000
EXCEL_ROWS = 1_048_576
LAST_COLUMN = (len(get_column_letter(COLUMNS_MAX)), get_column_letter(COLUMNS_MAX))
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")

Range = tuple[int, int, int, int]


def read_xlsx(content: bytes) -> tuple[Grid, ...]:
    """Read the visible sheets. Raises SheetBroken, SheetTooLarge."""
    try:
        with warnings.catch_warnings(), ZipFile(BytesIO(content)) as archive:
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            _check_parts(archive)
            return tuple(_grids(content, archive))
    except Refused:
        raise
    except Exception as problem:
        raise SheetBroken from problem


def _check_parts(archive: ZipFile) -> None:
    """Bound what unpacking can cost: zipfile reads no part past its stated size."""
    parts = archive.infolist()
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
        raise too_large()
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            text = archive.read(part)
            if b"<!DOCTYPE" in text or text.startswith(UTF16_MARKS):
                raise SheetBroken


def _grids(content: bytes, archive: ZipFile) -> Iterator[Grid]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                scan = _Scan(archive.read(vars(sheet)["_worksheet_path"]))
                rows = sheet.iter_rows(max_row=EXCEL_ROWS, max_col=COLUMNS_MAX, values_only=True)
                cells = _values(rows)
                anchors = _fill(cells, scan.merged)
                broken = tuple(place for place in scan.uncomputed if place not in cells)
                yield Grid(sheet.title, cells, anchors, broken)
    finally:
        book.close()


def _values(rows: Iterable[Sequence[Any]]) -> dict[Position, CellValue]:
    cells: dict[Position, CellValue] = {}
    for row_number, row in enumerate(rows, start=1):
        if row.count(None) == len(row):
            continue
        for column, value in enumerate(row, start=1):
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if row_number > ROWS_MAX or len(cells) >= CELLS_MAX:
                raise too_large()
            cells[row_number, column] = value
    return cells


def _fill(cells: dict[Position, CellValue], merged: list[Range]) -> dict[Position, Position]:
    """Give each cell of a merged range the range's value, within the area that is in use."""
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    anchors: dict[Position, Position] = {}
    for left, top, right, bottom in merged:
        if (top, left) not in cells:
            continue
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, last_column) + 1):
                if (row, column) not in cells:
                    cells[row, column] = cells[top, left]
                    anchors[row, column] = (top, left)
        if len(cells) > CELLS_MAX:
            raise too_large()
    return anchors


class _Scan:
    """One pass over a sheet's XML: merged ranges, formulas without a result, too far columns."""

    def __init__(self, text: bytes) -> None:
        self.merged: list[Range] = []
        self.uncomputed: list[Position] = []
        self._reference = ""
        self._formula = self._value = self._inside_value = False
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(text, True)  # noqa: FBT003 - expat takes it by position only

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._reference = attributes.get("r", "")
                self._formula = self._value = False
            case "f":
                self._formula = True
            case "v" | "is":
                self._inside_value = True
            case "mergeCell":
                self._merge(attributes["ref"])

    def _characters(self, text: str) -> None:
        self._value = self._value or (self._inside_value and bool(text.strip()))

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "is":
                self._inside_value = False
            case "c" if self._reference and self._formula and not self._value:
                self.uncomputed.append(coordinate_to_tuple(self._reference))
            case "c" if self._reference and self._value:
                letters = self._reference.rstrip("0123456789")
                if (len(letters), letters) > LAST_COLUMN:
                    raise too_large()

    def _merge(self, reference: str) -> None:
        left, top, right, bottom = range_boundaries(reference)
        if None in {left, top, right, bottom} or len(self.merged) >= MERGED_RANGES_MAX:
            raise too_large()
        self.merged.append((int(left or 0), int(top or 0), int(right or 0), int(bottom or 0)))
