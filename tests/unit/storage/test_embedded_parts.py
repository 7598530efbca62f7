"""The parts of the embedded server's supervisor that need no server."""

import os
import pwd
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from renhao.storage import embedded
from renhao.storage.embedded import account, lock, settings
from renhao.storage.embedded.files import make_folder, write_private
from renhao.storage.embedded.layout import SOCKET_PATH_BYTES_MAX, fits
from renhao.storage.embedded.postmaster import PidFile, disown, works_on

pytestmark = pytest.mark.unit
PID_FILE = "4242\n/data/cluster\n1700000000\n5432\n/data/socket\n\n  123 4\nready   \n"


def test_an_address_is_understood_by_the_driver_whatever_the_path() -> None:
    server = embedded.Server(Path("/a b/数据&x"), 5432, version=180006, passwords={"r": "p@/:%"})

    understood = conninfo_to_dict(server.url(role="r", database="d b"))

    assert understood == {
        "user": "r",
        "password": "p@/:%",
        "dbname": "d b",
        "host": "/a b/数据&x",
        "port": "5432",
    }


def test_a_server_prints_no_password() -> None:
    server = embedded.Server(Path("/s"), 5432, version=180006, passwords={"r": "secret"})

    assert "secret" not in f"{server} {server!r}"


@pytest.mark.parametrize(
    ("megabytes", "shared"), [(256, "64MB"), (4096, "512MB"), (65536, "1024MB")]
)
def test_memory_follows_the_machine_within_bounds(megabytes: int, shared: str) -> None:
    written = settings.tunable_file(memory_bytes=megabytes * settings.MEGABYTE)

    assert f"shared_buffers = '{shared}'" in written


def test_a_container_s_limit_counts_as_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited, unlimited = tmp_path / "limited", tmp_path / "unlimited"
    limited.write_text("12345678\n")
    unlimited.write_text("max\n")

    monkeypatch.setattr(settings, "CGROUP_LIMITS", (str(unlimited), str(tmp_path / "none")))
    whole = settings.machine_memory_bytes()
    monkeypatch.setattr(settings, "CGROUP_LIMITS", (str(unlimited), str(limited)))

    assert settings.machine_memory_bytes() == 12345678
    assert whole > 12345678


def test_a_socket_path_may_fill_what_the_system_allows_and_no_more() -> None:
    tail = len("/.s.PGSQL.5432")

    assert fits(Path("/" + "x" * (SOCKET_PATH_BYTES_MAX - tail - 1)))
    assert not fits(Path("/" + "x" * (SOCKET_PATH_BYTES_MAX - tail)))
    assert not fits(Path("/a,b"))


def test_a_pid_file_is_read_and_half_a_one_too(tmp_path: Path) -> None:
    assert PidFile.read(tmp_path) is None
    file = tmp_path / "postmaster.pid"

    file.write_text("")
    assert PidFile.read(tmp_path) is None
    file.write_text("4242\n/data")
    assert PidFile.read(tmp_path) == PidFile(4242, Path(), port=0, status="")
    file.write_text(PID_FILE)
    assert PidFile.read(tmp_path) == PidFile(4242, Path("/data/socket"), port=5432, status="ready")


def test_a_pid_file_is_disowned_without_losing_the_shared_memory_it_names(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(PID_FILE)

    disown(file)
    disown(tmp_path / "none")

    assert file.read_text() == PID_FILE.replace("4242", str(os.getpid()), 1)


def test_another_program_is_no_server_of_the_cluster(tmp_path: Path) -> None:
    assert not works_on(os.getpid(), cluster=tmp_path)
    assert not works_on(2**22 + 1, cluster=tmp_path)


def test_a_lock_says_who_holds_it_and_is_free_after_release(tmp_path: Path) -> None:
    held = lock.OwnerLock.take(tmp_path / "lock")
    with pytest.raises(embedded.EmbeddedError, match=f"process {os.getpid()}"):
        lock.OwnerLock.take(tmp_path / "lock")

    held.release()
    held.release()

    lock.OwnerLock.take(tmp_path / "lock").release()


def test_a_lock_whose_holder_has_not_signed_yet_is_still_a_lock(tmp_path: Path) -> None:
    held = lock.OwnerLock.take(tmp_path / "lock")
    (tmp_path / "lock").write_text("")

    with pytest.raises(embedded.EmbeddedError, match="starting or stopping just now"):
        lock.OwnerLock.take(tmp_path / "lock")

    held.release()


def test_a_lock_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()

    with pytest.raises(embedded.EmbeddedError, match="--data"):
        lock.OwnerLock.take(tmp_path / "lock")


def test_a_private_file_replaces_the_old_one_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "file", "one")
        write_private(tmp_path / "file", "two")
    finally:
        os.umask(before)

    assert (tmp_path / "file").read_text() == "two"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o775)

    make_folder(tmp_path / "there", mode=0o700)
    make_folder(tmp_path / "fresh", mode=0o711)

    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o775
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o711


def entry(name: str, number: int) -> pwd.struct_passwd:
    return pwd.struct_passwd((name, "x", number, number, "", "/", "/bin/sh"))


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the code believe that it runs as root, and can become anyone."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "_check_that_root_can_become", lambda _: None)
    return monkeypatch


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        (["root", "nobody", "postgres", "renhao"], "renhao"),
        (["root", "nobody", "postgres"], "postgres"),
        (["root", "daemon", "nobody"], "nobody"),
    ],
)
def test_root_takes_the_first_account_there_is(
    root: pytest.MonkeyPatch, tmp_path: Path, known: list[str], chosen: str
) -> None:
    root.setattr(pwd, "getpwall", lambda: [entry(name, n) for n, name in enumerate(known)])

    found = account.account_for(tmp_path / "none")

    assert (found.name, found.dropped) == (chosen, True)


def test_root_on_a_machine_without_any_account_is_told_what_to_do(
    root: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root.setattr(pwd, "getpwall", lambda: [entry("root", 0)])

    with pytest.raises(embedded.EmbeddedError, match="useradd --system renhao"):
        account.account_for(tmp_path / "none")


def test_an_ordinary_user_stays_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1)

    found = account.account_for(tmp_path)

    assert found.name == pwd.getpwuid(1).pw_name
    assert (found.user, found.group, found.extra_groups) == (None, None, None)


def test_a_root_that_cannot_become_another_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "run", refuse)

    with pytest.raises(embedded.EmbeddedError, match="RENHAO_DATABASE_URL"):
        account.account_for(tmp_path / "none")


def refuse(_account: account.Account, _command: list[str]) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_the_server_s_environment_holds_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENHAO_KEY", "secret")
    monkeypatch.setenv("PGDATA", "/elsewhere")

    kept = account.environment()

    assert not {"RENHAO_KEY", "PGDATA"} & set(kept)
    assert kept["LC_ALL"] == "C"
