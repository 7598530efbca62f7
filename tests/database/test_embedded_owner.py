"""One owner per data folder: the second is told who the first is."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from renhao.storage import embedded
from renhao.storage.embedded.postmaster import Postmaster
from tests.conftest import fast_folder

pytestmark = pytest.mark.database
SECOND_PROGRAM = """
import sys
from pathlib import Path
from renhao.storage import embedded
try:
    embedded.start(Path(sys.argv[1]))
except embedded.EmbeddedError as error:
    print(error)
"""
FORKING_PROGRAM = """
import os, sys, time
from pathlib import Path
from renhao.storage import embedded
running = embedded.start(Path(sys.argv[1]))
child = os.fork()
if child:
    print(child, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    embedded.start(above / "data").stop()
    yield above / "data"
    assert Postmaster.running(above / "data" / "cluster") is None
    shutil.rmtree(above)


def test_a_second_program_is_told_what_holds_the_folder(data: Path) -> None:
    with embedded.start(data) as running:
        said = subprocess.run(
            [sys.executable, "-c", SECOND_PROGRAM, str(data)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

        assert f"{data} is in use by process {os.getpid()} ({Path(sys.argv[0]).name}" in said
        assert "--data" in said
        assert running.alive()


def test_the_same_program_may_not_start_twice_either(data: Path) -> None:
    with embedded.start(data) as running:
        with pytest.raises(embedded.EmbeddedError, match="in use by process"):
            embedded.start(data)

        assert running.alive()
    with embedded.start(data) as again:
        assert again.alive()


def test_others_find_the_server_of_its_owner_while_it_runs(data: Path) -> None:
    with embedded.start(data) as running:
        found = embedded.attach(data)

        assert found == running.server
    assert embedded.attach(data) is None


def test_a_forked_child_that_outlives_its_parent_does_not_hold_the_folder(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKING_PROGRAM, str(data)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        program.kill()
        program.wait()

        with embedded.start(data) as running:
            assert running.adopted
        os.kill(child, 9)


def test_lost_passwords_are_said_and_nothing_is_left_running(data: Path) -> None:
    kept = (data / "passwords.json").rename(data / "kept")

    with pytest.raises(embedded.EmbeddedError, match=r"passwords\.json is missing"):
        embedded.start(data)

    assert Postmaster.running(data / "cluster") is None
    kept.rename(data / "passwords.json")
    with embedded.start(data) as running:
        assert running.alive()


def test_data_of_a_version_that_is_not_here_names_that_version(data: Path) -> None:
    version = data / "cluster" / "PG_VERSION"
    major = version.read_text()
    version.write_text("99\n")

    with pytest.raises(embedded.EmbeddedError, match="No PostgreSQL 99 was found"):
        embedded.start(data)

    version.write_text(major)


def test_a_server_that_cannot_start_is_quoted(data: Path) -> None:
    settings = data / "cluster" / "postgresql.auto.conf"
    settings.write_text("no_such_setting = 1\n")

    with pytest.raises(embedded.EmbeddedError, match="no_such_setting"):
        embedded.start(data)

    settings.write_text("")
    with embedded.start(data) as running:
        assert running.alive()
