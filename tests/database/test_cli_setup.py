"""What every command needs first; `serve`, `worker`, `db upgrade`, `keys show` and `doctor`."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from renhao import privacy
from tests.conftest import Databases
from tests.support.commands import Terminal, a_terminal, installed

pytestmark = pytest.mark.database

CLOSED = "host=127.0.0.1 port=1 dbname=nothing connect_timeout=2"


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    return a_terminal(monkeypatch, capsys, tmp_path)


@pytest.fixture
def terminal(bare: Terminal, databases: Databases) -> Terminal:
    return installed(bare, databases)


def test_upgrading_makes_schema_reference_lists_and_key_ring(
    terminal: Terminal, owner: psycopg.Connection
) -> None:
    assert terminal.launched.steps == ["make ready"]
    assert terminal.key_ring.stat().st_mode & 0o777 == 0o600
    assert owner.execute("SELECT count(*) > 100 FROM department_code").fetchone() == (True,)
    assert owner.execute("SELECT fingerprint FROM vault_check").fetchall() == [
        (privacy.keyring.load(terminal.key_ring).fingerprint(),)
    ]


def test_upgrading_again_leaves_the_key_ring(terminal: Terminal) -> None:
    before = terminal.key_ring.read_bytes()

    said = terminal.run("db", "upgrade")

    assert said.code == 0
    assert "The schema is up to date" in said.err
    assert terminal.key_ring.read_bytes() == before


def test_a_lost_key_ring_is_never_made_anew(terminal: Terminal) -> None:
    terminal.key_ring.unlink()

    said = terminal.run("serve", "--no-worker")

    assert said.code == 1
    assert "put back the file" in said.err
    assert not terminal.key_ring.exists()
    assert "serve" not in terminal.launched.steps


def test_serving_migrates_first_and_hands_on_every_address(terminal: Terminal) -> None:
    said = terminal.run("serve", "--no-worker", "--port", 8123, "--processes", 2)

    step, given = terminal.launched.asked[-1]
    assert said.code == 0
    assert terminal.launched.steps == ["make ready", "make ready", "serve"]
    assert step == "serve"
    assert (given.port, given.processes) == (8123, 2)
    assert given.owner_database_url == given.worker_database_url == given.database_url
    assert given.owner_keys_database_url == given.keys_database_url
    assert given.worker_keys_database_url == given.keys_database_url
    assert given.key_ring == terminal.key_ring


def test_addresses_of_other_roles_are_kept(terminal: Terminal, databases: Databases) -> None:
    own = make_conninfo(databases.main, application_name="worker")
    terminal.use(worker_database_url=own)

    terminal.run("worker")

    step, given = terminal.launched.asked[-1]
    assert step == "work"
    assert given.worker_database_url == own
    assert given.owner_database_url == databases.main


def test_without_a_key_store_nothing_starts(bare: Terminal, databases: Databases) -> None:
    bare.use(database_url=databases.main)

    said = bare.run("serve", "--no-worker")

    assert said.code == 1
    assert "RENHAO_KEYS_DATABASE_URL" in said.err
    assert bare.launched.asked == []


@pytest.mark.parametrize("which", ["database_url", "keys_database_url"])
def test_a_database_that_does_not_answer_is_said(terminal: Terminal, which: str) -> None:
    terminal.use(**{which: CLOSED})

    said = terminal.run("serve", "--no-worker")

    assert said.code == 1
    assert "the database does not answer" in said.err
    assert "check RENHAO_DATABASE_URL" in said.err


def test_a_command_on_a_database_that_does_not_answer_ends_with_a_sentence(
    terminal: Terminal,
) -> None:
    terminal.use(database_url=CLOSED)

    said = terminal.run("hospital", "add", "--code", "renhe", "--name", "甲", "--name-en", "A")

    assert said.code == 1
    assert "renhao doctor" in said.err


def test_a_command_on_an_empty_database_ends_with_a_sentence(
    bare: Terminal, databases: Databases
) -> None:
    bare.use(database_url=make_conninfo(databases.main, dbname="postgres"))
    bare.use(keys_database_url=databases.keys)

    said = bare.run("hospital", "add", "--code", "renhe", "--name", "甲", "--name-en", "A")

    assert said.code == 1
    assert "renhao doctor" in said.err


def test_a_wrong_setting_is_named(bare: Terminal) -> None:
    bare.use(port="eighty")

    said = bare.run("doctor")

    assert said.code == 1
    assert "port" in said.err


def test_a_wrong_word_is_a_wrong_use(bare: Terminal) -> None:
    assert bare.run("srve").code == 2
    assert "doctor" in bare.run("--help").out


def test_keys_show_names_keys_and_shows_none(terminal: Terminal) -> None:
    ring = json.loads(terminal.key_ring.read_text())

    said = terminal.run("keys", "show")

    assert said.code == 0
    assert str(terminal.key_ring) in said.out
    assert privacy.keyring.load(terminal.key_ring).fingerprint().hex()[:16] in said.out
    assert ring["index_root"] not in said.out
    assert not any(key in said.out for key in ring["wrapping"].values())


def test_keys_show_without_a_ring_is_refused(bare: Terminal) -> None:
    assert bare.run("keys", "show").code == 1


def test_doctor_before_the_first_start_finds_nothing_wrong(bare: Terminal) -> None:
    said = bare.run("doctor")

    assert said.code == 0, said.out
    assert "none yet; the first start makes" in said.out
    assert not bare.key_ring.exists()


def test_doctor_finds_an_installation_well(terminal: Terminal) -> None:
    said = terminal.run("doctor")

    assert said.code == 0, said.out
    assert "✗" not in said.out
    for check in ("disk", "key ring", "database", "key store", "schema"):
        assert f" {check} " in said.out


def test_doctor_notices_another_key_ring(terminal: Terminal) -> None:
    terminal.key_ring.unlink()
    privacy.keyring.save(privacy.keyring.make(), terminal.key_ring)

    said = terminal.run("doctor")

    assert said.code == 1
    assert "another key ring made this database" in said.out
    assert "put back the key ring file" in said.out


def test_doctor_notices_a_key_ring_that_others_may_read(terminal: Terminal) -> None:
    terminal.key_ring.chmod(0o644)

    said = terminal.run("doctor")

    assert said.code == 1
    assert f"chmod 600 {terminal.key_ring}" in said.out


def test_doctor_notices_an_old_schema(terminal: Terminal, owner: psycopg.Connection) -> None:
    owner.execute("UPDATE alembic_version SET version_num = '0000'")

    said = terminal.run("doctor")

    assert said.code == 1
    assert "revision 0000, the program needs" in said.out
    assert "run: renhao db upgrade" in said.out


def test_doctor_says_when_databases_do_not_answer_and_makes_nothing(bare: Terminal) -> None:
    bare.use(database_url=CLOSED, keys_database_url=CLOSED)

    said = bare.run("doctor")

    assert said.code == 1
    assert said.out.count("✗") == 4
    assert "start PostgreSQL" in said.out
    assert not bare.key_ring.exists()


def test_doctor_says_which_setting_is_missing(bare: Terminal) -> None:
    bare.use(database_url=CLOSED)

    said = bare.run("doctor")

    assert said.code == 1
    assert "RENHAO_KEYS_DATABASE_URL is not" in said.out
