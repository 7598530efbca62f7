from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from renhao.schedule.kinds import Channel, HalfDay, HolidayKind, Mode
from renhao.schedule.sheets import (
    ClinicRow,
    Layout,
    Reading,
    WeekOptions,
    read_sheet,
)

pytestmark = pytest.mark.unit

Read = Callable[..., Reading]
MONDAY = date(2026, 11, 23)
ONE_WEEK = WeekOptions(MONDAY, 1)
ENGLISH_DAYS = ["Monday", "Tue", "Wed.", "THU", "Friday", "Sat", "Sun"]
DAYS = "一二三四五六日"
FLAT = [f"周{day}{half}" for day in DAYS for half in ("上午", "下午")]
NAMES = ["林知远", "主任医师"]


def when(reading: Reading) -> list[tuple[int, HalfDay]]:
    assert reading.errors == ()
    return [(row.day.weekday(), row.half_day) for row in reading.rows]


def test_a_cell_is_a_clinic_of_its_half_day(read: Read) -> None:
    reading = read([["科室", "医生", "职称", *FLAT], ["内科", *NAMES, None, None, None, "专家30"]])

    assert reading.layout is Layout.WEEK
    assert reading.errors == ()
    assert reading.rows == (
        ClinicRow(
            department="内科",
            practitioner="林知远",
            title="主任医师",
            visit_kind="专家",
            day=MONDAY + timedelta(days=1),
            half_day=HalfDay.AFTERNOON,
            starts=time(13, 30),
            ends=time(17, 30),
            capacity={Channel.ONLINE: 21, Channel.WINDOW: 6, Channel.FOLLOWUP: 3},
            mode=Mode.DRAW,
        ),
    )
    assert reading.rows[0].place == ("Sheet1", 2, 7)


@pytest.mark.parametrize(
    "headings",
    [
        [f"星期{day}（{half}）" for day in DAYS for half in ("上午", "下午")],
        [f"礼拜{day} {half}" for day in "一二三四五六天" for half in ("上午", "下午")],
        [f"周{day}\n{half}" for day in DAYS for half in ("AM", "PM")],
        [f"{day} {half}" for day in ENGLISH_DAYS for half in ("am", "pm")],
        [f"11月{n}日 周{d}{h}" for n, d in enumerate(DAYS, 23) for h in ("上午", "下午")],
    ],
)
def test_headings_in_one_row(read: Read, headings: list[str]) -> None:
    reading = read([["科室", "医生", *headings], ["内科", "林知远", *[10] * 14]])

    assert when(reading) == [
        (day, half) for day in range(7) for half in (HalfDay.MORNING, HalfDay.AFTERNOON)
    ]


def test_headings_in_two_rows_with_merged_cells_below_a_title(read: Read) -> None:
    reading = read(
        [
            ["人民医院门诊出诊表（第一周一览）"],
            ["科室", "医生", "职称", "周一", None, "周二", None, None, "周日"],
            [None, None, None, "上午", "下午", "上午", "下午", "夜诊", "上午"],
            ["内科", *NAMES, 1, 2, 3, 4, 5, 6],
            [None, "苏望", None, None, 7],
        ],
        "A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "A4:A5",
    )  # fmt: skip

    assert when(reading) == [
        (0, HalfDay.MORNING),
        (0, HalfDay.AFTERNOON),
        (1, HalfDay.MORNING),
        (1, HalfDay.AFTERNOON),
        (1, HalfDay.EVENING),
        (6, HalfDay.MORNING),
        (0, HalfDay.AFTERNOON),
    ]
    assert [row.total for row in reading.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert {row.department for row in reading.rows} == {"内科"}


def test_half_days_above_weekdays(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "上午", None, "下午", None],
            [None, None, "周一", "周二", "周一", "周二"],
            ["内科", "林知远", 1, 2, 3, 4],
        ],
        "C1:D1", "E1:F1", "A1:A2", "B1:B2",
    )  # fmt: skip

    assert [(row.day.weekday(), row.half_day, row.total) for row in reading.rows] == [
        (0, HalfDay.MORNING, 1),
        (1, HalfDay.MORNING, 2),
        (0, HalfDay.AFTERNOON, 3),
        (1, HalfDay.AFTERNOON, 4),
    ]


def test_half_days_in_a_column_of_their_own(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "午别", "周一", "周二"],
            ["内科", "林知远", "上午", "√", None],
            [None, None, "下午", None, "√"],
        ],
        "A2:A3", "B2:B3",
    )  # fmt: skip

    assert when(reading) == [(0, HalfDay.MORNING), (1, HalfDay.AFTERNOON)]


def test_blanks_repeat_the_row_above_when_half_days_stand_beside(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "午别", "周一", "周二"],
            ["内科", "林知远", "上午", 1, None],
            [None, None, "下午", None, 2],
        ]
    )

    assert when(reading) == [(0, HalfDay.MORNING), (1, HalfDay.AFTERNOON)]
    assert {row.practitioner for row in reading.rows} == {"林知远"}


def test_a_row_of_nobody_is_an_error(read: Read) -> None:
    reading = read([["科室", "医生", *FLAT], ["内科", "林知远", 1], [None, None, 2]])

    (error,) = reading.errors
    assert (error.row, error.column) == (3, "B")


def test_half_days_in_the_cells(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "周一", "周二", "周三"],
            ["内科", "林知远", "上午", "全天", "下午专家12"],
        ]
    )

    assert when(reading) == [
        (0, HalfDay.MORNING),
        (1, HalfDay.MORNING),
        (1, HalfDay.AFTERNOON),
        (2, HalfDay.AFTERNOON),
    ]


def test_a_cell_without_any_half_day_is_an_error(read: Read) -> None:
    (error,) = read([["科室", "医生", "周一", "周二"], ["内科", "林知远", "√", None]]).errors

    assert (error.column, error.row) == ("C", 2)


def test_a_comma_separated_table_with_blanks_for_merged_cells() -> None:
    text = (
        "门诊表,,,,,\n科室,医生,周一,,周二,\n,,上午,下午,上午,下午\n"
        "内科,林知远,10,,20,\n,苏望,,30,,停诊\n"
    )

    reading = read_sheet(text.encode("gb18030"), filename="周表.CSV", options=ONE_WEEK)

    assert when(reading) == [
        (0, HalfDay.MORNING),
        (1, HalfDay.MORNING),
        (0, HalfDay.AFTERNOON),
        (1, HalfDay.AFTERNOON),
    ]
    assert {row.department for row in reading.rows} == {"内科"}


def test_a_clinic_merged_over_several_days_holds_on_each(read: Read) -> None:
    reading = read(
        [["科室", "医生", *FLAT], ["内科", "林知远", "普通30"]], "C2:E2"
    )  # 周一上午 to 周二上午

    assert when(reading) == [(0, HalfDay.MORNING), (0, HalfDay.AFTERNOON), (1, HalfDay.MORNING)]


def test_a_cell_merged_over_two_rows_of_one_practitioner_is_one_clinic(read: Read) -> None:
    reading = read(
        [["科室", "医生", *FLAT], ["内科", "林知远", "专家"], [None, None, None, "普通"]],
        "A2:A3", "B2:B3", "C2:C3",
    )  # fmt: skip

    assert [row.visit_kind for row in reading.rows] == ["专家", "普通"]


def test_a_lone_heading_names_the_department_when_no_column_does(read: Read) -> None:
    reading = read(
        [
            ["医生", *FLAT],
            ["心血管内科"],
            ["林知远 主任医师", "√"],
            ["神经内科"],
            ["苏望（主治医师）", "√"],
            ["注：国家法定假日不出诊"],
        ],
        "A2:O2", "A4:O4", "A6:O6",
    )  # fmt: skip

    assert reading.errors == ()
    assert [(r.department, r.practitioner, r.title, r.visit_kind) for r in reading.rows] == [
        ("心血管内科", "林知远", "主任医师", "专家"),
        ("神经内科", "苏望", "主治医师", "普通"),
    ]
    assert any("法定假日" in note.zh for note in reading.notes)


def test_a_sheet_named_after_its_department(read: Read) -> None:
    (row,) = read([["医生", *FLAT], ["林知远", "√"]], title="骨科").rows

    assert row.department == "骨科"


def test_a_row_without_any_department_is_an_error(read: Read) -> None:
    (error,) = read([["医生", *FLAT], ["林知远", "√"]]).errors

    assert error.row == 2


def test_a_general_clinic_has_no_practitioner(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", *FLAT],
            ["内科", "普通门诊", 50],
            ["外科", None, "√"],
            ["眼科", "特需门诊", 5],
        ]
    )

    assert [(row.practitioner, row.visit_kind, row.total) for row in reading.rows] == [
        (None, "普通", 50),
        (None, "普通", 40),
        (None, "特需", 5),
    ]


def test_days_off_have_no_clinic_and_worked_weekends_their_own_columns(read: Read) -> None:
    holidays = {
        date(2026, 10, 5): HolidayKind.DAY_OFF,
        date(2026, 10, 10): HolidayKind.WORKDAY,
    }
    rows = [["科室", "医生", "周一上午", "周六上午"], ["内科", "林知远", "专家", "普通"]]

    reading = read(rows, options=WeekOptions(date(2026, 10, 5), 2, holidays=holidays.get))

    assert sorted((row.day.day, row.visit_kind) for row in reading.rows) == [
        (10, "普通"),
        (12, "专家"),
        (17, "普通"),
    ]
    assert any("2026-10-05" in note.zh for note in reading.notes)
    assert any("2026-10-10" in note.en for note in reading.notes)


def test_a_worked_weekend_may_stand_for_another_weekday(read: Read) -> None:
    options = WeekOptions(
        date(2026, 10, 5),
        1,
        holidays={date(2026, 10, 10): HolidayKind.WORKDAY},
        works_as={date(2026, 10, 10): 0},
    )

    reading = read(
        [["科室", "医生", "周一上午", "周六上午"], ["内科", "林知远", "专家", "普通"]],
        options=options,
    )

    assert [(row.day.day, row.visit_kind) for row in reading.rows] == [(5, "专家"), (10, "专家")]


def test_the_same_half_day_twice_is_an_error(read: Read) -> None:
    reading = read(
        [["科室", "医生", "周一上午", "周一 上午", "周二上午"], ["内科", "林知远", 1, 2, 3]]
    )

    assert (reading.errors[0].row, reading.errors[0].column) == (1, "D")


def test_a_table_without_names_is_an_error(read: Read) -> None:
    (error,) = read([["甲", *FLAT], ["x", "√"]]).errors

    assert error.row == 1


def test_one_weekday_is_enough_beside_names(read: Read) -> None:
    reading = read(
        [["序号", "科室", "医生", "周六上午", "备注"], [1, "内科", "林知远", "专家", "提前到"]]
    )

    assert when(reading) == [(5, HalfDay.MORNING)]


def test_a_row_of_dates_between_weekdays_and_half_days(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "周一", None, "周二", None],
            [None, None, "11.23", None, date(2026, 11, 24), None],
            [None, None, "上午", "下午", "上午", "下午"],
            ["内科", "林知远", "√", None, None, "√"],
        ],
        "A1:A3", "B1:B3", "C1:D1", "E1:F1", "C2:D2", "E2:F2",
    )  # fmt: skip

    assert when(reading) == [(0, HalfDay.MORNING), (1, HalfDay.AFTERNOON)]


def test_a_row_of_dates_below_the_heading(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "周一上午", "周二上午"],
            [None, None, "11月23日", "11/24"],
            ["内科", "林知远", 1, 2],
        ]
    )

    assert when(reading) == [(0, HalfDay.MORNING), (1, HalfDay.MORNING)]


def test_a_second_table_below_is_read_too(read: Read) -> None:
    head = [["科室", "医生", "周一", None], [None, None, "上午", "下午"]]

    reading = read([*head, ["内科", "林知远", 1, 2], *head, ["外科", "苏望", 3, 4]])

    assert [(row.department, row.total) for row in reading.rows] == [
        ("内科", 1),
        ("内科", 2),
        ("外科", 3),
        ("外科", 4),
    ]
    assert reading.errors == ()


def test_half_days_in_a_column_called_time(read: Read) -> None:
    reading = read(
        [
            ["科室", "医生", "时间", "周一", "周二"],
            ["内科", "苏望", "上午", 1, None],
            ["内科", "苏望", "下午", "√", 2],
        ]
    )

    assert when(reading) == [
        (0, HalfDay.MORNING),
        (0, HalfDay.AFTERNOON),
        (1, HalfDay.AFTERNOON),
    ]


def test_a_column_that_is_not_understood_is_noted(read: Read) -> None:
    reading = read(
        [["科室", "医生", "周一上午", "周一中午", "周二上午"], ["内科", "苏望", 1, 2, 3]]
    )

    assert any("周一中午" in note.zh for note in reading.notes)


def test_a_practitioner_without_clinics_is_no_department(read: Read) -> None:
    reading = read([["医生", *FLAT], ["骨科"], ["林知远", 1], ["苏望"], ["许言", 2]])

    assert [(row.department, row.practitioner) for row in reading.rows] == [
        ("骨科", "林知远"),
        ("骨科", "许言"),
    ]


def test_a_department_on_a_line_of_its_own_rules_the_rows_below(read: Read) -> None:
    rows = [["科室", "医生", *FLAT], ["内科"], [None, "林知远", 1], ["骨科"], [None, "苏望", 2]]

    reading = read([*rows, [None, "普通门诊", 3]])

    assert [(row.department, row.practitioner, row.total) for row in reading.rows] == [
        ("内科", "林知远", 1),
        ("骨科", "苏望", 2),
        ("骨科", None, 3),
    ]
