"""`renhao demo` on a tiny hospital: it is made once, remembered, and moved on day by day."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pyotp
import pytest

from renhao import simulate
from renhao.cli.demo import build as building
from renhao.cli.demo import hospital, note
from renhao.kernel import utc_now
from tests.conftest import Databases
from tests.support.booking import count
from tests.support.commands import Terminal, a_terminal, installed

pytestmark = pytest.mark.database

DEPARTMENTS = ("心血管内科", "儿科")
LOGIN = note.Login(
    login="registrar",
    display_name="王敏",
    role="registrar",
    password="p",
    totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
)


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    return a_terminal(monkeypatch, capsys, tmp_path)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave two departments of the simulated hospital."""
    whole = simulate.make_hospital

    def some(seed: int, *, first_day: object, days: int) -> simulate.SimulatedHospital:
        made = whole(seed, first_day=first_day, days=days)  # type: ignore[arg-type]
        clinics = tuple(row for row in made.clinics if row.department in DEPARTMENTS)
        return replace(made, departments=DEPARTMENTS, clinics=clinics)

    monkeypatch.setattr(simulate, "make_hospital", some)


@pytest.mark.usefixtures("tiny")
def test_a_demo_is_made_through_the_real_operations_and_extended(
    bare: Terminal, databases: Databases, owner: psycopg.Connection
) -> None:
    terminal = installed(bare, databases)
    terminal.run("worker")
    _, given = terminal.launched.asked[-1]
    now, steps = utc_now(), building.Steps()
    first_day = now.date() - timedelta(days=hospital.DAYS_BEFORE)
    wanted = building.Wanted(seed=7, patients=30, first_day=first_day, now=now)

    logins = asyncio.run(building.build(given, wanted, steps=steps))
    made = _counts(owner)
    asyncio.run(building.extend(given, wanted, steps=steps))
    same = _counts(owner)
    later = replace(wanted, now=now + timedelta(days=2))
    asyncio.run(building.extend(given, later, steps=steps))

    assert {each.role for each in logins} == {role.value for _, _, role in hospital.STAFF}
    assert made["patient"] == 30
    assert made["appointment"] > 0
    assert made["staff"] == len(logins)
    assert same == made
    assert _counts(owner)["clinic"] > made["clinic"]
    assert _counts(owner)["patient"] == 30
    assert set(steps.seconds) == {"clinics", "patients", "bookings"}
    waiting = (
        "SELECT count(*) FROM appointment JOIN clinic USING (hospital_id, clinic_id)"
        f" WHERE clinic.day < '{wanted.today}' AND appointment.status = 'booked'"
    )
    assert count(owner, waiting) == 0


@pytest.mark.usefixtures("tiny")
def test_the_command_makes_serves_and_remembers(
    bare: Terminal, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = installed(bare, databases)
    monkeypatch.setattr(hospital, "DAYS_BEFORE", 1)
    monkeypatch.setattr(hospital, "DAYS_AFTER", 2)
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("renhao.cli.demo.command.child", _child(started))
    words = ("demo", "--data", terminal.data, "--patients", 3)

    first = terminal.run(*words, "--port", 8123)
    kept = note.read(terminal.data)
    again = terminal.run(*words, "--port", 8124)
    found = note.read(terminal.data)

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert kept is not None
    assert found == note.moved(kept, "http://127.0.0.1:8124")
    assert (terminal.data / note.NAME).stat().st_mode & 0o777 == 0o600
    assert kept.logins[0].password in first.out
    assert kept.patient_phone in first.out
    assert "http://127.0.0.1:8123/staff/login" in first.out
    assert started == [("worker",), ("worker",)]
    assert terminal.launched.steps[-2:] == ["make ready", "serve"]


def test_a_note_is_read_back_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    written = _a_note()

    note.write(tmp_path, written)
    note.write(tmp_path, note.moved(written, "http://127.0.0.1:1"))

    found = note.read(tmp_path)
    assert found is not None
    assert found.base_url == "http://127.0.0.1:1"
    assert found.logins == [LOGIN]
    assert [path.name for path in tmp_path.iterdir()] == [note.NAME]
    assert (tmp_path / note.NAME).stat().st_mode & 0o777 == 0o600


def test_a_present_code_is_shown(bare: Terminal) -> None:
    note.write(bare.data, _a_note())
    totp = pyotp.TOTP(LOGIN.totp_secret)
    before = totp.now()

    said = bare.run("demo", "--data", bare.data, "--code", "registrar")

    assert said.code == 0
    assert said.out.strip() in {before, totp.now()}


def test_a_login_that_the_demo_does_not_have_is_refused(bare: Terminal) -> None:
    without = bare.run("demo", "--data", bare.data, "--code", "registrar")
    note.write(bare.data, _a_note())
    unknown = bare.run("demo", "--data", bare.data, "--code", "queen")

    assert (without.code, unknown.code) == (1, 1)
    assert "there are: none" in without.err
    assert "there are: registrar" in unknown.err


@pytest.mark.parametrize("patients", [0, 10_001])
def test_so_many_patients_cannot_be_invented(bare: Terminal, patients: int) -> None:
    assert bare.run("demo", "--data", bare.data, "--patients", patients).code == 2


def _a_note() -> note.Note:
    return note.Note(
        seed=1,
        first_day=utc_now().date(),
        hospital_code="demo",
        base_url="http://127.0.0.1:8000",
        logins=[LOGIN],
        patient_phone="19900000000",
    )


def _child(started: list[tuple[str, ...]]) -> Callable[..., AbstractContextManager[None]]:
    """Note what would be started beside the server."""

    @contextmanager
    def child(*command: str, given: object) -> Iterator[None]:
        del given
        started.append(command)
        yield

    return child


def _counts(owner: psycopg.Connection) -> dict[str, int]:
    tables = ("clinic", "slot", "patient", "staff", "appointment")
    return {table: count(owner, f"SELECT count(*) FROM {table}") for table in tables}
