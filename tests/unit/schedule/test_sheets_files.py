import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from time import perf_counter

import pytest
from openpyxl import Workbook, load_workbook

from renhao.kernel import Refused
from renhao.schedule.kinds import Channel, HalfDay, Mode, default_mode, split_capacity
from renhao.schedule.sheets import (
    Layout,
    Reading,
    SheetBroken,
    SheetLayoutsMixed,
    SheetNotRecognised,
    SheetTooLarge,
    SheetWrongType,
    WeekOptions,
    make_template,
    read_sheet,
)

pytestmark = pytest.mark.unit

HEAD = ["科室", "日期", "午别", "号源"]
LIST = "科室,日期,午别,号源\n眼科,2026-11-24,上午,10\n"
OPTIONS = WeekOptions(date(2026, 11, 23), 1)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def book_of(*rows: Sequence[object]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return book


def with_sheet_xml(old: bytes, new: bytes) -> bytes:
    """A workbook whose first sheet's XML was tampered with."""
    source = saved(book_of(HEAD, ["眼科", "2026-11-24", "上午", 10]))
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(source)) as before, zipfile.ZipFile(stream, "w", 8) as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            after.writestr(part.filename, content)
    return stream.getvalue()


def read(content: bytes, filename: str = "a.xlsx") -> Reading:
    return read_sheet(content, filename=filename, options=OPTIONS)


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("gb18030"),
        LIST.encode("utf-16"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("gb18030"),
        LIST.replace(",", "，").encode(),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("眼科", '"眼科"').encode(),
    ],
)
def test_comma_separated_text_in_what_excel_writes(content: bytes) -> None:
    reading = read(content, "出诊.csv")

    assert (reading.layout, reading.errors) == (Layout.LIST, ())
    assert [(row.department, row.total, row.place) for row in reading.rows] == [
        ("眼科", 10, ("出诊.csv", 2, 2))
    ]


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "a", "a.xlsx.exe", ""])
def test_other_kinds_of_file_are_refused(name: str) -> None:
    with pytest.raises(SheetWrongType):
        read(LIST.encode(), name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (LIST.encode(), "a.xlsx"),
        (b"\xd0\xcf\x11\xe0 an old or locked file", "a.xlsx"),
        (b"PK\x03\x04 cut off", "a.xlsx"),
        (make_template()[:-300], "a.xlsx"),
        (make_template(), "a.csv"),
        (b"\x81\xff\xff\x00", "a.csv"),
        (b'"' + b"a" * 200_000 + b'"', "a.csv"),
        (with_sheet_xml(b"</sheetData>", b"</sheetDat>"), "a.xlsx"),
        (with_sheet_xml(b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"), "a.xlsx"),
    ],
)
def test_broken_and_mislabelled_files_are_refused(content: bytes, name: str) -> None:
    with pytest.raises(SheetBroken):
        read(content, name)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(SheetBroken):
        read(stream.getvalue())


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (80 * 1024 * 1024))
    started = perf_counter()

    with pytest.raises(SheetTooLarge) as refusal:
        read(stream.getvalue())

    assert perf_counter() - started < 1
    assert "10 MB" in refusal.value.sentence("zh")


def test_a_merged_range_over_the_whole_sheet_costs_nothing() -> None:
    bomb = b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    started = perf_counter()

    reading = read(with_sheet_xml(b"</sheetData>", bomb))

    assert perf_counter() - started < 5
    assert len(reading.rows) == 1


def test_a_cell_far_away_is_too_large() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    with pytest.raises(SheetTooLarge):
        read(with_sheet_xml(b"</sheetData>", far))


@pytest.mark.parametrize(
    "content",
    [b"a\n" * 20_001, b"," * 101 + b"x", b" " * (10 * 1024 * 1024 + 1)],
    ids=["rows", "columns", "bytes"],
)
def test_too_much_text_is_refused(content: bytes) -> None:
    with pytest.raises(SheetTooLarge):
        read(content, "a.csv")


def test_a_file_without_any_heading_is_refused() -> None:
    with pytest.raises(SheetNotRecognised):
        read("甲,乙\n1,2\n".encode(), "a.csv")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SheetNotRecognised):
        read(b"", "a.csv")


def test_a_list_and_a_week_table_in_one_file_are_refused() -> None:
    book = book_of(HEAD, ["眼科", "2026-11-24", "上午", 10])
    week = book.create_sheet("周表")
    week.append(["科室", "医生", "周一上午", "周二上午"])
    week.append(["眼科", "林知远", 1, 2])

    with pytest.raises(SheetLayoutsMixed):
        read(saved(book))


def test_hidden_sheets_and_other_sheets_are_not_read() -> None:
    book = book_of(HEAD, ["眼科", "2026-11-24", "上午", 10])
    hidden = book.create_sheet("旧")
    hidden.append(HEAD)
    hidden.append(["外科", "2026-11-24", "上午", 10])
    hidden.sheet_state = "hidden"
    book.create_sheet("电话").append(["总机", "100"])

    reading = read(saved(book))

    assert [row.department for row in reading.rows] == ["眼科"]
    assert [note.en for note in reading.notes] == ['The sheet "电话" was not read']


def test_several_sheets_are_read_and_a_clinic_on_two_is_an_error() -> None:
    book = book_of(HEAD, ["眼科", "2026-11-24", "上午", 10])
    other = book.create_sheet("二")
    other.append(HEAD)
    other.append(["眼科", "2026-11-24", "上午", 10])
    other.append(["眼科", "2026-11-24", "下午", 10])

    reading = read(saved(book))

    assert len(reading.rows) == 2
    assert [(error.sheet, error.row) for error in reading.errors] == [("二", 2)]


def test_a_formula_that_was_never_computed_is_an_error() -> None:
    reading = read(saved(book_of(HEAD, ["眼科", "2026-11-24", "上午", "=5+5"])))

    assert ("D", 2) in {(error.column, error.row) for error in reading.errors}
    assert any("公式" in error.zh for error in reading.errors)


def test_five_thousand_rows_are_read() -> None:
    rows = [
        [f"科室{number % 40}", f"{date(2026, 12, 1 + number // 200)}", "上午", 10, f"甲{number}"]
        for number in range(5_000)
    ]

    reading = read(saved(book_of([*HEAD, "医生"], *rows)))

    assert len(reading.rows) == 5_000
    assert reading.errors == ()


def test_a_long_list_of_errors_is_cut_and_says_so() -> None:
    text = "科室,日期,午别,号源\n" + "眼科,x,x,x\n" * 1_000

    reading = read(text.encode(), "a.csv")

    assert len(reading.errors) == 2_000
    assert "1000" in reading.notes[-1].zh


def test_too_many_clinics_are_refused() -> None:
    head = "科室,医生," + ",".join(f"周{day}上午" for day in "一二三四五六日") + "\n"
    text = head + "".join(f"眼科,甲{n},1,1,1,1,1,1,1\n" for n in range(300))

    with pytest.raises(SheetTooLarge):
        read_sheet(text.encode(), filename="a.csv", options=WeekOptions(date(2026, 11, 23), 26))


def test_the_template_has_choices_and_both_examples() -> None:
    book = load_workbook(BytesIO(make_template()))

    assert book.sheetnames == ["出诊 clinics", "示例 list", "示例 week", "说明 guide"]
    assert len(book["出诊 clinics"].data_validations.dataValidation) == 11


def test_the_templates_week_example_reads_as_a_week_table() -> None:
    book = load_workbook(BytesIO(make_template()))
    for name in ("出诊 clinics", "示例 list", "说明 guide"):
        del book[name]
    book["示例 week"].title = "出诊"

    reading = read(saved(book))

    assert (reading.layout, reading.errors) == (Layout.WEEK, ())
    assert [(row.day.weekday(), row.half_day, row.total) for row in reading.rows] == [
        (0, HalfDay.MORNING, 20),
        (1, HalfDay.AFTERNOON, 20),
        (3, HalfDay.MORNING, 10),
        (0, HalfDay.MORNING, 40),
        (0, HalfDay.AFTERNOON, 40),
        (1, HalfDay.MORNING, 40),
        (2, HalfDay.MORNING, 30),
        (2, HalfDay.AFTERNOON, 0),
    ]


def test_the_templates_list_example_reads_as_a_list() -> None:
    book = load_workbook(BytesIO(make_template()))
    for name in ("出诊 clinics", "示例 week", "说明 guide"):
        del book[name]
    book["示例 list"].title = "出诊"

    reading = read(saved(book))

    assert reading.errors == ()
    assert [(row.total, row.mode, row.suspended) for row in reading.rows] == [
        (20, Mode.DRAW, False),
        (20, Mode.DRAW, True),
        (60, Mode.INSTANT, False),
    ]


@pytest.mark.parametrize("total", range(101))
def test_a_split_adds_up(total: int) -> None:
    parts = split_capacity(total)

    assert sum(parts.values()) == total
    assert all(parts.values())
    assert parts.get(Channel.WINDOW, 0) == total * 20 // 100
    assert parts.get(Channel.FOLLOWUP, 0) == total * 10 // 100


def test_modes_follow_the_kind() -> None:
    assert [default_mode(kind) for kind in ("专家", "特需", "普通", "专科")] == [
        Mode.DRAW,
        Mode.DRAW,
        Mode.INSTANT,
        Mode.INSTANT,
    ]


def test_every_refusal_says_it_in_both_languages() -> None:
    refusals: list[Refused] = [SheetWrongType(), SheetBroken(), SheetNotRecognised()]

    assert all(each.sentence("zh") and each.sentence("en") for each in refusals)
    assert {each.field for each in refusals} == {"file"}
