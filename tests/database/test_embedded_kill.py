"""Killed at any moment, on either side: nothing committed is lost and the next start works."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from renhao.storage import embedded, roles
from renhao.storage.embedded import launch, postmaster
from renhao.storage.embedded.account import account_for
from renhao.storage.embedded.postmaster import PidFile, Postmaster
from tests.conftest import fast_folder

pytestmark = pytest.mark.database
OWNER_PROGRAM = """
import sys, signal, time
from pathlib import Path
from renhao.storage import embedded
signal.signal(signal.SIGINT, signal.SIG_IGN)
running = embedded.start(Path(sys.argv[1]))
print(running.pid, running.adopted, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Make one data folder, for the tests to copy: initdb is the slowest part."""
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    embedded.start(above / "data").stop()
    yield above
    shutil.rmtree(above)


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    subprocess.run(["/bin/cp", "-a", str(made / "data"), str(above)], check=True)
    yield above / "data"
    left = Postmaster.running(above / "data" / "cluster")
    if left is not None:
        left.stop()
    shutil.rmtree(above)


@contextmanager
def owner_program(data: Path, *prefix: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    program = subprocess.Popen(
        [*prefix, sys.executable, "-c", OWNER_PROGRAM, str(data)],
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with program:
        assert program.stdout is not None
        yield program, program.stdout.readline()
        program.kill()


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def write(server: embedded.Server, note: str) -> None:
    url = server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (body text)")
        connection.execute("INSERT INTO note VALUES (%s)", [note])


def read(server: embedded.Server) -> list[str]:
    url = server.url(role=roles.SERVER, database=embedded.MAIN_DATABASE)
    with psycopg.connect(server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)) as owner:
        owner.execute(f"GRANT SELECT ON note TO {roles.SERVER}".encode())
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM note ORDER BY body")]


def test_when_the_owner_is_killed_the_next_start_adopts_the_server(data: Path) -> None:
    with owner_program(data) as (program, said):
        server = embedded.attach(data)
        assert server is not None
        write(server, "before")
        program.kill()
        program.wait()

        with embedded.start(data) as running:
            assert running.adopted
            assert said.split() == [str(running.pid), "False"]
            assert read(running.server) == ["before"]
    assert Postmaster.running(data / "cluster") is None


def test_a_root_without_the_right_to_trace_adopts_too(data: Path) -> None:
    # As in a container: such a root may not look at the working folder of another's process.
    limited = ["setpriv", "--bounding-set=-sys_ptrace"] if os.geteuid() == 0 else []
    with owner_program(data) as (program, said):
        program.kill()
        program.wait()

        with owner_program(data, *limited) as (_, said_later):
            assert said_later.split() == [said.split()[0], "True"]


def test_a_server_killed_under_its_owner_is_revived_with_its_data(data: Path) -> None:
    with embedded.start(data) as running:
        write(running.server, "before")
        killed = running.pid
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: not running.alive())

        assert running.revive()

        assert running.pid != killed
        assert read(running.server) == ["before"]
        assert not running.revive()


def test_both_killed_the_next_start_recovers_what_was_committed(data: Path) -> None:
    with owner_program(data) as (program, said):
        server = embedded.attach(data)
        assert server is not None
        write(server, "before")
        url = server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO note VALUES ('never committed')")
            os.kill(int(said.split()[0]), signal.SIGKILL)
            program.kill()
            program.wait()
            connection.close()

        assert (data / "cluster" / "postmaster.pid").exists()
        with embedded.start(data) as running:
            assert not running.adopted
            assert read(running.server) == ["before"]


def test_an_old_pid_file_that_names_another_program_is_no_obstacle(data: Path) -> None:
    with embedded.start(data):
        pid_file = data / "cluster" / "postmaster.pid"
        old = pid_file.read_text()
    account = account_for(data / "cluster")
    with subprocess.Popen(["/bin/sleep", "60"], user=account.user) as other:
        pid_file.write_text(old.replace(old.split("\n")[0], str(other.pid), 1))
        os.chown(pid_file, account.uid, account.gid)

        with embedded.start(data) as running:
            assert not running.adopted
            assert other.poll() is None
        other.kill()


def test_processes_left_by_a_killed_server_are_waited_for(data: Path) -> None:
    heard: list[str] = []
    with embedded.start(data) as running:
        url = running.server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
        with psycopg.connect(url) as connection:
            backend = connection.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            os.kill(running.pid, signal.SIGKILL)
            wait_for(lambda: not running.alive())
            wake = threading.Timer(1.5, os.kill, (backend, signal.SIGCONT))
            wake.start()

            assert running.revive(on_wait=heard.append)

            wake.join()
            connection.close()
    assert any("that was killed" in sentence for sentence in heard)


def test_recovery_has_no_limit_and_is_heard_of(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedded.start(data) as running:
        write(running.server, "before")
    settings = data / "cluster" / "postgresql.auto.conf"
    settings.write_text("restore_command = 'sleep 1; false'\n")
    (data / "cluster" / "recovery.signal").touch()
    monkeypatch.setattr(launch, "SILENCE_SECONDS_MAX", 1)
    monkeypatch.setattr(launch, "LEFTOVERS_SECONDS_MAX", 1)
    heard: list[str] = []

    with embedded.start(data, on_wait=heard.append) as running:
        assert read(running.server) == ["before"]

    assert [sentence for sentence in heard if "recovering: 2 s" in sentence]


def test_killed_while_the_cluster_is_made_the_next_start_makes_it(data: Path) -> None:
    shutil.rmtree(data)
    program = subprocess.Popen(
        [sys.executable, "-c", OWNER_PROGRAM, str(data)], stdout=subprocess.DEVNULL
    )
    with program:
        wait_for(lambda: list(data.glob("cluster.partial-*/base")))
        program.kill()
        program.wait()

    with embedded.start(data) as running:
        write(running.server, "after")

        assert read(running.server) == ["after"]
    wait_for(lambda: not list(data.glob("cluster.partial-*")))


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(data: Path) -> None:
    with owner_program(data) as (program, said):
        os.killpg(program.pid, signal.SIGINT)
        time.sleep(0.3)

        running = Postmaster.running(data / "cluster")
        assert running is not None
        assert running.pid == int(said.split()[0])
        assert running.status() == "ready"


def test_a_server_whose_socket_was_removed_is_started_anew(data: Path) -> None:
    with owner_program(data) as (program, said):
        noted = PidFile.read(data / "cluster")
        assert noted is not None
        program.kill()
        program.wait()
        (noted.socket_folder / f".s.PGSQL.{noted.port}").unlink()

        with embedded.start(data) as running:
            assert not running.adopted
            assert running.pid != int(said.split()[0])


def test_a_server_that_hangs_is_stopped_at_once_and_loses_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "FAST_STOP_SECONDS_MAX", 0.5)
    running = embedded.start(data)
    write(running.server, "before")
    url = running.server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
    with psycopg.connect(url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGSTOP)

        running.stop()

        connection.close()
    assert not running.alive()
    with embedded.start(data) as again:
        assert read(again.server) == ["before"]


def test_stopping_is_quick_while_clients_are_connected_and_may_be_repeated(data: Path) -> None:
    running = embedded.start(data)
    url = running.server.url(role=roles.OWNER, database=embedded.MAIN_DATABASE)
    with psycopg.connect(url) as connection:
        begun = time.monotonic()

        running.stop()

        assert time.monotonic() - begun < postmaster.FAST_STOP_SECONDS_MAX
        connection.close()
    running.stop()
    assert embedded.attach(data) is None
