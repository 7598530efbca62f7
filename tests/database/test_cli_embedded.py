"""Commands without a database address: on an embedded server that runs, or one for the while."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from renhao import settings
from renhao.cli.prepare import KEY_RING_NAME, prepared
from renhao.storage import embedded
from tests.conftest import fast_folder
from tests.support.commands import Terminal, a_terminal

pytestmark = pytest.mark.database


@pytest.fixture
def data() -> Iterator[Path]:
    """Make a short path that PostgreSQL's account may pass."""
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    yield above / "data"
    shutil.rmtree(above)


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> Terminal:
    return a_terminal(monkeypatch, capsys, data)


def test_commands_join_the_server_that_runs_and_end_one_of_their_own(
    terminal: Terminal, data: Path
) -> None:
    found = embedded.find_binaries().path
    terminal.monkeypatch.setenv("RENHAO_POSTGRES_BINARIES", str(found))
    given = settings.read({}, data=data, postgres_binaries=found)

    with prepared(given, own=True, say=print) as ready:
        assert ready.running is not None
        joined = terminal.run(
            "hospital", "add", "--code", "renhe", "--name", "仁和", "--name-en", "Renhe"
        )
        doctor = terminal.run("doctor")
        assert ready.running.alive()
    again = terminal.run("worker")

    _, handed_on = terminal.launched.asked[-1]
    assert (joined.code, doctor.code, again.code) == (0, 0, 0), joined.err + again.err
    assert ready.settings.key_ring == handed_on.key_ring == data / KEY_RING_NAME
    addresses = {
        handed_on.database_url,
        handed_on.worker_database_url,
        handed_on.owner_database_url,
        handed_on.keys_database_url,
        handed_on.worker_keys_database_url,
        handed_on.owner_keys_database_url,
    }
    assert None not in addresses
    assert len(addresses) == 6
    assert embedded.attach(data) is None


def test_a_folder_that_cannot_hold_a_server_ends_with_a_sentence(
    terminal: Terminal, data: Path
) -> None:
    data.mkdir()
    (data / "cluster").write_text("not a folder")

    said = terminal.run("serve", "--no-worker")

    assert said.code == 1
    assert "renhao:" in said.err
    assert terminal.launched.asked == []
