"""Week tables made and read in one go."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from renhao.schedule.sheets import Reading, WeekOptions, read_sheet

ONE_WEEK = WeekOptions(date(2026, 11, 23), 1)
FLAT = [f"周{day}{half}" for day in "一二三四五六日" for half in ("上午", "下午")]


def read_table(
    rows: list[list[Any]],
    *merged: str,
    options: WeekOptions | None = ONE_WEEK,
    title: str = "Sheet1",
) -> Reading:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    stream = BytesIO()
    book.save(stream)
    return read_sheet(stream.getvalue(), filename="周表.xlsx", options=options)


def read_cell(value: Any, options: WeekOptions = ONE_WEEK) -> Reading:
    rows = [["科室", "医生", "职称", *FLAT], ["内科", "林知远", "主任医师", value]]
    return read_table(rows, options=options)


@pytest.fixture
def read() -> Callable[..., Reading]:
    """Read a table given as rows and merged areas."""
    return read_table


@pytest.fixture
def one_cell() -> Callable[..., Reading]:
    """Read a table with one filled cell, 周一上午 of a 主任医师."""
    return read_cell
