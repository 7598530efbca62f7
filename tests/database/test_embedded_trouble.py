"""When it cannot work it says why and what to do, and leaves nothing running or locked."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from renhao.storage import embedded
from renhao.storage.embedded import launch, postmaster
from renhao.storage.embedded.account import account_for
from renhao.storage.embedded.binaries import FORCED_BY, candidates
from renhao.storage.embedded.postmaster import Postmaster
from tests.conftest import fast_folder

pytestmark = pytest.mark.database


@pytest.fixture
def data() -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    yield above / "data"
    assert Postmaster.running(above / "data" / "cluster") is None
    shutil.rmtree(above)


def interrupt(sentence: str) -> None:
    """Press Ctrl-C when the server has been starting for a second."""
    if "recovering" in sentence:
        raise KeyboardInterrupt


def test_ctrl_c_while_it_recovers_leaves_nothing_running_or_locked(data: Path) -> None:
    embedded.start(data).stop()
    settings = data / "cluster" / "postgresql.auto.conf"
    settings.write_text("restore_command = 'sleep 1; false'\n")
    (data / "cluster" / "recovery.signal").touch()

    with pytest.raises(KeyboardInterrupt):
        embedded.start(data, on_wait=interrupt)

    assert Postmaster.running(data / "cluster") is None
    with embedded.start(data) as running:
        assert running.alive()


def test_replaced_passwords_are_said_and_the_server_is_stopped(data: Path) -> None:
    embedded.start(data).stop()
    kept = (data / "passwords.json").rename(data / "kept")
    (data / "passwords.json").write_text('{"postgres": "another"}')

    with pytest.raises(embedded.EmbeddedError, match="put the old one back"):
        embedded.start(data)

    assert Postmaster.running(data / "cluster") is None
    kept.replace(data / "passwords.json")
    with embedded.start(data) as running:
        assert running.alive()


@pytest.mark.parametrize("written", ["{", "[1]"])
def test_spoilt_passwords_are_said(data: Path, written: str) -> None:
    data.mkdir(mode=0o711)
    (data / "passwords.json").write_text(written)

    with pytest.raises(embedded.EmbeddedError, match=r"passwords\.json cannot be read"):
        embedded.start(data)


def test_a_cluster_folder_with_something_else_in_it_is_left_alone(data: Path) -> None:
    (data / "cluster").mkdir(parents=True)
    (data / "cluster" / "photo").touch()
    account = account_for(Path("/nonexistent"))
    os.chown(data / "cluster", account.uid, account.gid)

    with pytest.raises(embedded.EmbeddedError, match="no PostgreSQL data"):
        embedded.start(data)

    assert (data / "cluster" / "photo").exists()


def test_data_that_belongs_to_root_is_refused_and_left_alone(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(embedded.EmbeddedError, match="refuses to run as root"):
        account_for(Path("/etc"))

    assert not data.exists()


def test_a_failing_initdb_is_quoted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = data.parent / "bin"
    broken.mkdir()
    whole = next(candidates()).path
    (broken / "postgres").symlink_to(whole / "postgres")
    (broken / "initdb").write_text(
        f'#!/bin/sh\ncase "$1" in --version) exec {whole}/initdb --version;; esac\n'
        "echo 'no space left' >&2; exit 1\n"
    )
    (broken / "initdb").chmod(0o755)
    monkeypatch.setenv(FORCED_BY, str(broken))

    with pytest.raises(embedded.EmbeddedError, match="no space left"):
        embedded.start(data)

    assert not (data / "cluster").exists()
    assert not (data / "initdb-password").exists()


def test_programs_that_cannot_be_copied_are_said(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = data.parent / "closed"
    closed.mkdir()
    for name in ("postgres", "initdb"):
        (closed / name).write_text("#!/bin/sh\necho 'x (PostgreSQL) 17.1'\n[ $(id -u) = 0 ]\n")
        (closed / name).chmod(0o755)
    monkeypatch.setenv(FORCED_BY, str(closed))

    with pytest.raises(embedded.EmbeddedError, match=r"cannot run it|no PostgreSQL 15"):
        embedded.start(data)


def test_a_server_that_says_nothing_is_not_waited_for_without_end(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "SILENCE_SECONDS_MAX", 0.2)
    monkeypatch.setattr(Postmaster, "status", lambda _: None)

    with pytest.raises(embedded.EmbeddedError, match="says nothing"):
        embedded.start(data)


def test_a_server_that_cannot_be_stopped_is_said_and_the_folder_let_go(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = embedded.start(data)
    with monkeypatch.context() as patch:
        patch.setattr(postmaster, "FAST_STOP_SECONDS_MAX", 0)
        patch.setattr(postmaster, "IMMEDIATE_STOP_SECONDS_MAX", 0)
        patch.setattr(os, "kill", ignore)
        with pytest.raises(embedded.EmbeddedError, match="does not stop"):
            running.stop()

    with embedded.start(data) as again:
        assert again.adopted
    assert not running.alive()


def ignore(_pid: int, _number: int) -> None:
    """Let a signal have no effect."""


def test_a_data_folder_that_cannot_be_made_is_said() -> None:
    with pytest.raises(embedded.EmbeddedError, match="cannot be made"):
        embedded.start(Path("/proc/renhao"))


def never(_: str) -> NoReturn:
    """Fail if anything is said."""
    raise AssertionError


def test_a_warm_start_has_nothing_to_wait_for(data: Path) -> None:
    embedded.start(data).stop()

    with embedded.start(data, on_wait=never) as running:
        assert running.alive()
