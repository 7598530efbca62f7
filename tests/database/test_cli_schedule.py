"""`renhao hospital add`, `renhao schedule import` and `renhao schedule template`."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from openpyxl import Workbook

from renhao import schedule
from renhao.kernel import utc_now
from renhao.schedule import Channel
from tests.conftest import Databases
from tests.support.booking import count
from tests.support.commands import Terminal, a_terminal, installed
from tests.support.schedules import a_row

pytestmark = pytest.mark.database

DAY = utc_now().date() + timedelta(days=3)
HOSPITAL = ("hospital", "add", "--code", "renhe", "--name", "仁和示范医院", "--name-en", "Renhe")


@pytest.fixture
def terminal(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Terminal:
    return installed(a_terminal(monkeypatch, capsys, tmp_path), databases)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "clinics.xlsx"
    rows = [a_row(day=DAY), a_row(day=DAY, practitioner="钱可欣", row=3)]
    file.write_bytes(schedule.sheets.write_list(rows))
    return file


def test_a_hospital_is_added_with_its_defaults(
    terminal: Terminal, owner: psycopg.Connection
) -> None:
    said = terminal.run(*HOSPITAL, "--campus", "东院")

    assert said.code == 0, said.err
    assert "renhe is ready; next: renhao staff add" in said.out
    assert owner.execute("SELECT code, name_zh, name_en FROM hospital").fetchall() == [
        ("renhe", "仁和示范医院", "Renhe")
    ]
    assert owner.execute("SELECT name_zh FROM campus").fetchall() == [("东院",)]
    assert owner.execute("SELECT count(*) > 0 FROM visit_kind").fetchone() == (True,)


def test_a_code_that_is_taken_is_refused_with_a_sentence(terminal: Terminal) -> None:
    terminal.run(*HOSPITAL)

    said = terminal.run(*HOSPITAL)

    assert said.code == 1
    assert said.err.startswith("renhao:")
    assert "Traceback" not in said.err


def test_a_list_is_imported_once(
    terminal: Terminal, owner: psycopg.Connection, sheet: Path
) -> None:
    terminal.run(*HOSPITAL)

    first = terminal.run("schedule", "import", sheet)
    clinics = _clinics(owner)
    again = terminal.run("schedule", "import", sheet)

    assert (first.code, again.code) == (0, 0)
    assert "added 2, changed 0, unchanged 0, conflicts 0" in first.out
    assert "added 0, changed 0, unchanged 2, conflicts 0" in again.out
    assert len(clinics) == 2
    assert _clinics(owner) == clinics
    assert count(owner, "SELECT count(*) FROM schedule_import") == 1


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    terminal: Terminal, owner: psycopg.Connection, sheet: Path
) -> None:
    terminal.run(*HOSPITAL)

    said = terminal.run("schedule", "import", sheet, "--dry-run")

    assert said.code == 0
    assert "added 2," in said.out
    assert "nothing was changed" in said.out
    assert _clinics(owner) == []


def test_errors_name_cell_value_and_rule_and_nothing_is_imported(
    terminal: Terminal, owner: psycopg.Connection, tmp_path: Path
) -> None:
    terminal.run(*HOSPITAL)
    file = tmp_path / "wrong.csv"
    file.write_text(
        "科室,医生,职称,号别,日期,午别,号源\n"
        f"心血管内科,赵安宁,主任医师,专家,{DAY},上午,20\n"
        f"心血管内科,钱可欣,主任医师,专家,{DAY},上午,许多\n",
        encoding="utf-8",
    )

    said = terminal.run("schedule", "import", file)

    assert said.code == 1
    assert "Nothing was imported" in said.out
    assert "G3" in said.out
    assert "许多" in said.out
    assert _clinics(owner) == []


def test_a_conflict_names_the_row_and_nothing_is_imported(
    terminal: Terminal, owner: psycopg.Connection, sheet: Path
) -> None:
    terminal.run(*HOSPITAL)
    terminal.run("schedule", "import", sheet)
    owner.execute("UPDATE slot_pool SET taken = 1 WHERE channel = 'online'")
    before = _clinics(owner)
    fewer = [
        a_row(day=DAY, capacity={Channel.ONLINE: 1}),
        a_row(day=DAY, practitioner="孙乐", row=3),
    ]
    sheet.write_bytes(schedule.sheets.write_list(fewer))

    said = terminal.run("schedule", "import", sheet)

    assert said.code == 1
    assert "conflicts 1" in said.out
    assert "!2:" in said.out
    assert _clinics(owner) == before


def test_a_week_table_is_repeated_from_the_first_date(
    terminal: Terminal, owner: psycopg.Connection, tmp_path: Path
) -> None:
    terminal.run(*HOSPITAL)
    file = _week_table(tmp_path / "week.xlsx")

    without = terminal.run("schedule", "import", file)
    said = terminal.run("schedule", "import", file, "--first-date", DAY, "--weeks", 2)

    assert without.code == 1
    assert "week table" in without.err
    assert said.code == 0, said.out
    days = {row[0] for row in owner.execute("SELECT day FROM clinic")}
    assert len(days) == 2
    assert {day.weekday() for day in days} == {1}
    assert all(DAY <= day < DAY + timedelta(days=14) for day in days)


def test_a_file_that_is_no_spreadsheet_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(*HOSPITAL)
    file = tmp_path / "clinics.xlsx"
    file.write_bytes(b"not a workbook")

    said = terminal.run("schedule", "import", file)

    assert said.code == 1
    assert said.err.startswith("renhao:")


def test_a_missing_file_is_a_wrong_use(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.run("schedule", "import", tmp_path / "none.xlsx").code == 2


def test_with_several_hospitals_one_must_be_named(
    terminal: Terminal, owner: psycopg.Connection, sheet: Path
) -> None:
    none = terminal.run("schedule", "import", sheet)
    terminal.run(*HOSPITAL)
    terminal.run("hospital", "add", "--code", "other", "--name", "另一", "--name-en", "Other")

    several = terminal.run("schedule", "import", sheet)
    unknown = terminal.run("schedule", "import", sheet, "--hospital", "third")
    named = terminal.run("schedule", "import", sheet, "--hospital", "other")

    assert (none.code, several.code, unknown.code, named.code) == (1, 1, 1, 0)
    assert "none yet; see `renhao hospital add`" in none.err
    assert "--hospital" in several.err
    assert "other" in several.err
    assert "renhe" in several.err
    assert _clinics_of(owner) == ["other"]


def test_the_template_can_be_imported_as_it_is_written(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(*HOSPITAL)
    file = tmp_path / "template.xlsx"

    written = terminal.run("schedule", "template", file)
    said = terminal.run("schedule", "import", file, "--dry-run")

    assert written.code == 0
    assert str(file) in written.out
    assert said.code == 0, said.out


def _week_table(file: Path) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["科室", "医生", "职称", *(f"周{day}" for day in "一二三四五六日")])
    page.append(["心血管内科", "赵安宁", "主任医师", None, "上午专家20", *[None] * 5])
    book.save(file)
    return file


def _clinics(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    return owner.execute("SELECT * FROM clinic ORDER BY clinic_id").fetchall()


def _clinics_of(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute("SELECT DISTINCT h.code FROM clinic JOIN hospital h USING (hospital_id)")
    return [row[0] for row in rows]
