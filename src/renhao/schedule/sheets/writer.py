"""Write spreadsheets: the list layout from clinic rows, and the template to download."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from renhao.schedule.kinds import Channel, HalfDay, Mode
from renhao.schedule.sheets.grid import CellValue
from renhao.schedule.sheets.model import CAPACITY_MAX, ClinicRow

HEADINGS = (
    "院区 campus", "科室 department", "医生 practitioner", "职称 title", "号别 visit kind",
    "日期 date", "午别 half-day", "开始 start", "结束 end",
    "线上 online", "现场 window", "复诊 followup", "转诊 referral", "应急 urgent",
    "费用 fee", "方式 mode", "诊室 room", "停诊 suspended",
)  # fmt: skip
TOTAL_HEADING = "号源 capacity total"
HALF_DAY_WORDS = {HalfDay.MORNING: "上午", HalfDay.AFTERNOON: "下午", HalfDay.EVENING: "晚上"}
MODE_WORDS = {Mode.INSTANT: "先到先得", Mode.DRAW: "摇号"}
TEMPLATE_ROWS = 5_000
WEEK_HEADINGS = tuple(f"周{day}" for day in "一二三四五六日")

EXAMPLE_DAY = date(2026, 11, 24)
LIST_EXAMPLES: tuple[tuple[CellValue, ...], ...] = (
    ("", "心血管内科", "示例甲", "主任医师", "专家", EXAMPLE_DAY, "上午", time(8), time(12), 20,
     None, None, None, None, None, 50, "摇号", "门诊楼 301", None),
    ("", "心血管内科", "示例甲", "主任医师", "专家", EXAMPLE_DAY, "下午", None, None, None,
     14, 4, 2, None, None, 50, None, None, "停诊"),
    ("", "全科医疗科", None, None, "普通", EXAMPLE_DAY, "上午", None, None, 60,
     None, None, None, None, None, 10, None, None, None),
)  # fmt: skip
WEEK_EXAMPLES: tuple[tuple[CellValue, ...], ...] = (
    ("心血管内科", "示例甲", "主任医师", "专家20", None, None, "专家20", None, None, "特需10"),
    (None, "示例乙", "主治医师", "普通40", "√", "普通40", None, "30", "停诊"),
)
GUIDE = (
    "在第一张表里逐行填写出诊；带“示例”“说明”的工作表不会导入。",
    "Fill in one clinic a row on the first sheet; the sheets 示例 and 说明 are not imported.",
    "号源：只填总数时按 线上 70 %、现场 20 %、复诊 10 % 分配（向下取整，余数归线上）。",
    "Capacity: a total alone is split online 70 %, window 20 %, followup 10 % (rest online).",
    "开始、结束可不填：上午 08:00–12:00，下午 13:30–17:30，晚上 18:00–21:00。",
    "Start and end may be left out: the usual times of the half-day are taken.",
    "方式可不填：专家、特需为摇号，其余先到先得。",
    "Mode may be left out: 专家 and 特需 are drawn, others are first come, first served.",
    "也可以直接上传周表（见“示例 week”），上传时再填起始日期和周数。",
    "A week table (see 示例 week) can be sent as it is, with a first date and a number of weeks.",
)
HEADING_FILL = PatternFill("solid", fgColor="DCE9F5")


def write_list(rows: Iterable[ClinicRow]) -> bytes:
    """Write clinics as a list-layout .xlsx that reads back to the same rows."""
    book = Workbook()
    sheet = _sheet(book, "出诊 clinics", HEADINGS)
    for number, row in enumerate(rows, start=2):
        _write_row(sheet, number, _values(row))
    return _content(book)


def make_template() -> bytes:
    """Make the .xlsx to download: an empty list with choices, examples of both layouts, a guide."""
    book = Workbook()
    headings = [*HEADINGS[:9], TOTAL_HEADING, *HEADINGS[9:]]
    _add_choices(_sheet(book, "出诊 clinics", headings), headings)
    example = _sheet(book, "示例 list", headings)
    for number, values in enumerate(LIST_EXAMPLES, start=2):
        _write_row(example, number, values)
    _add_week_example(book)
    guide = book.create_sheet("说明 guide")
    for line in GUIDE:
        guide.append([line])
    guide.column_dimensions["A"].width = 100
    return _content(book)


def _values(row: ClinicRow) -> tuple[CellValue, ...]:
    return (
        row.campus, row.department, row.practitioner, row.title, row.visit_kind,
        row.day, HALF_DAY_WORDS[row.half_day], row.starts, row.ends,
        *(row.capacity.get(channel) for channel in Channel),
        None if row.fee_cents is None else float(Decimal(row.fee_cents) / 100),
        MODE_WORDS[row.mode], row.room, "停诊" if row.suspended else None,
    )  # fmt: skip


def _sheet(book: Workbook, title: str, headings: Sequence[str]) -> Worksheet:
    sheet = book.active if book.sheetnames == ["Sheet"] else book.create_sheet()
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook opens on a worksheet")
    sheet.title = title
    sheet.append(list(headings))
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.fill = HEADING_FILL
        sheet.column_dimensions[get_column_letter(number)].width = 16
    sheet.freeze_panes = "A2"
    return sheet


def _write_row(sheet: Worksheet, row: int, values: Sequence[CellValue]) -> None:
    """Write one row; a text stays a text, so that a name cannot become a formula."""
    for number, value in enumerate(values, start=1):
        if value not in {None, ""}:
            cell = sheet.cell(row, number, value)
            if isinstance(cell, Cell) and isinstance(value, str):
                cell.data_type = "s"


def _add_choices(sheet: Worksheet, headings: Sequence[str]) -> None:
    choices = {
        "号别": "普通,专家,特需,专科,急诊,简易",
        "午别": ",".join(HALF_DAY_WORDS.values()),
        "方式": ",".join(MODE_WORDS.values()),
        "停诊": "停诊",
    }
    for number, heading in enumerate(headings, start=1):
        area = f"{get_column_letter(number)}2:{get_column_letter(number)}{TEMPLATE_ROWS + 1}"
        word = heading.split(" ", maxsplit=1)[0]
        if word in choices:
            strict = word != "号别"  # a hospital may have kinds of its own
            rule = DataValidation("list", f'"{choices[word]}"', showErrorMessage=strict)
        elif word in {"号源", "线上", "现场", "复诊", "转诊", "应急"}:
            rule = DataValidation("whole", "0", str(CAPACITY_MAX), operator="between")
        elif word == "日期":
            rule = DataValidation("date", "36526", operator="greaterThanOrEqual")
        else:
            continue
        rule.allow_blank = True
        rule.add(area)
        sheet.add_data_validation(rule)


def _add_week_example(book: Workbook) -> None:
    sheet = book.create_sheet("示例 week")
    sheet.append(["门诊医生出诊周表（示例）"])
    sheet.append(["科室", "医生", "职称", *(day for day in WEEK_HEADINGS for _ in range(2))])
    sheet.append([None, None, None, *("上午", "下午") * 7])
    for values in WEEK_EXAMPLES:
        sheet.append(list(values))
    for area in ("A1:Q1", "A2:A3", "B2:B3", "C2:C3", "A4:A5"):
        sheet.merge_cells(area)
    for first in range(4, 18, 2):
        sheet.merge_cells(start_row=2, end_row=2, start_column=first, end_column=first + 1)
    for row in sheet.iter_rows(min_row=1, max_row=3):
        for cell in row:
            cell.alignment = Alignment(horizontal="center")


def _content(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
