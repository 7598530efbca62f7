"""`renhao staff add`: what it shows once is what logs in."""

import asyncio
from pathlib import Path

import psycopg
import pyotp
import pytest

from renhao import privacy, staff, storage
from renhao.kernel import HospitalId, Refused, utc_now
from renhao.storage import roles
from tests.conftest import Databases
from tests.support.commands import Terminal, a_terminal, installed

pytestmark = pytest.mark.database

WANG = ("staff", "add", "--login", "wang", "--name", "王敏", "--role", "registrar")


@pytest.fixture
def terminal(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Terminal:
    terminal = installed(a_terminal(monkeypatch, capsys, tmp_path), databases)
    terminal.run("hospital", "add", "--code", "renhe", "--name", "仁和", "--name-en", "Renhe")
    return terminal


def test_what_is_shown_once_logs_in(
    terminal: Terminal, databases: Databases, owner: psycopg.Connection
) -> None:
    said = terminal.run(*WANG, "--role", "administrator")

    shown = {words[0]: words[1] for line in said.out.splitlines()[:3] if (words := line.split())}
    assert said.code == 0, said.err
    assert shown["login"] == "wang"
    (hospital_id,) = owner.execute("SELECT hospital_id FROM hospital").fetchone() or (None,)
    credentials = staff.Credentials(
        hospital_id=HospitalId(hospital_id),
        login=shown["login"],
        password=shown["password"],
        totp=pyotp.TOTP(shown["secret"]).now(),
        address="127.0.0.1",
    )
    answer = asyncio.run(_log_in(databases, terminal.key_ring, credentials))
    assert isinstance(answer, staff.StaffLoggedIn)
    assert answer.staff.roles == {staff.Role.REGISTRAR, staff.Role.ADMINISTRATOR}


def test_nothing_of_what_is_shown_is_stored_readably(
    terminal: Terminal, owner: psycopg.Connection
) -> None:
    said = terminal.run(*WANG)

    stored = str(owner.execute("SELECT staff FROM staff").fetchall())
    for line in said.out.splitlines()[1:3]:
        assert line.split()[1] not in stored


def test_a_login_that_is_taken_is_refused(terminal: Terminal) -> None:
    terminal.run(*WANG)

    said = terminal.run(*WANG)

    assert said.code == 1
    assert said.err.startswith("renhao:")
    assert "password" not in said.out


def test_an_unknown_role_is_a_wrong_use_that_lists_the_roles(terminal: Terminal) -> None:
    said = terminal.run(*WANG[:-1], "queen")

    assert said.code == 2
    for role in staff.Role:
        assert role.value in said.err


def test_an_unknown_hospital_is_refused(terminal: Terminal) -> None:
    said = terminal.run(*WANG, "--hospital", "other")

    assert said.code == 1
    assert said.err.startswith("renhao:")


async def _log_in(
    databases: Databases, key_ring: Path, credentials: staff.Credentials
) -> staff.StaffLoggedIn | Refused:
    pool = storage.make_pool(databases.main, role=roles.SERVER)
    key_store = storage.make_pool(databases.keys, role=roles.SERVER)
    async with pool, key_store, storage.begin(pool) as tx:
        vault = privacy.Vault(privacy.keyring.load(key_ring), key_store)
        token = "t" * 43
        return await staff.log_in(tx, vault, credentials, token=token, device="test", now=utc_now())
