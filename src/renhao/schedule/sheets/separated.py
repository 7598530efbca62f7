"""Read a .csv file into a grid, in the encodings and with the delimiters that Excel writes."""

import csv
from io import StringIO

from renhao.schedule.sheets.grid import CELLS_MAX, COLUMNS_MAX, ROWS_MAX, CellValue, Grid, too_large
from renhao.schedule.sheets.model import SheetBroken

DELIMITERS = ",;\t，；"
SAMPLE_LINES = 20


def read_csv(content: bytes, *, name: str) -> Grid:
    """Read delimited text. Raises SheetBroken, SheetTooLarge."""
    text = _decoded(content)
    cells: dict[tuple[int, int], CellValue] = {}
    try:
        for row, values in enumerate(_rows(text, _delimiter(text)), start=1):
            for column, value in enumerate(values, start=1):
                if value.strip():
                    if row > ROWS_MAX or column > COLUMNS_MAX or len(cells) >= CELLS_MAX:
                        raise too_large()
                    cells[row, column] = value.strip()
    except csv.Error as problem:
        raise SheetBroken from problem
    return Grid(name, cells)


def _decoded(content: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as GB18030 (Excel on a Chinese Windows).

    Valid UTF-8 is hardly ever GB18030 by accident, so the order decides rightly.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetBroken


def _delimiter(text: str) -> str:
    """Take the delimiter that gives the widest row near the top; comma when none does."""
    sample = "".join(text.splitlines(keepends=True)[:SAMPLE_LINES])
    return max(DELIMITERS, key=lambda mark: max(map(len, _rows(sample, mark)), default=0))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
