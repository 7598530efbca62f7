"""The composition root: from settings in the environment to an application that answers."""

import logging
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from renhao import app, identity, jobs, privacy, settings
from tests.conftest import Databases
from tests.support.commands import Terminal, a_terminal, installed

pytestmark = pytest.mark.database

SERVICE = {"authority_url": "http://127.0.0.1:9/match", "authority_secret": "s" * 32}


@pytest.fixture
def terminal(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Iterator[Terminal]:
    """Install, with the settings that `renhao serve` hands to its processes."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    terminal = installed(a_terminal(monkeypatch, capsys, tmp_path), databases)
    terminal.use(key_ring=terminal.key_ring)
    yield terminal
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_it_answers_and_is_ready(terminal: Terminal) -> None:
    terminal.use(log_level="error")

    assert await _answers(app.create()) == {"/": 200, "/healthz": 200, "/readyz": 200}


async def test_with_a_matching_service_it_opens_and_closes_it(terminal: Terminal) -> None:
    terminal.use(authority="http", **SERVICE)

    assert (await _answers(app.create()))["/readyz"] == 200


async def test_another_key_ring_does_not_start(terminal: Terminal) -> None:
    terminal.key_ring.unlink()
    privacy.keyring.save(privacy.keyring.make(), terminal.key_ring)

    with pytest.raises(ExceptionGroup) as stopped:
        await _answers(app.create())

    assert stopped.group_contains(privacy.KeyRingError, match="does not belong")


@pytest.mark.parametrize("name", ["database_url", "keys_database_url", "key_ring"])
def test_a_setting_that_serving_needs_is_missed(terminal: Terminal, name: str) -> None:
    terminal.use(**{name: None})

    with pytest.raises(settings.SettingsError, match="missing"):
        app.create()


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"authority": "file"}, settings.SettingsError),
        (
            {"authority": "file", "authority_file": "/nowhere/persons.csv"},
            identity.PersonsFileError,
        ),
        ({"authority": "http"}, ValueError),
        ({"authority": "oracle"}, settings.SettingsError),
    ],
)
def test_an_authority_that_cannot_be_asked_stops_the_start(
    terminal: Terminal, given: dict[str, str], refused: type[Exception]
) -> None:
    terminal.use(**given)

    with pytest.raises(refused):
        app.create()


async def test_a_file_of_test_persons_is_an_authority(terminal: Terminal, tmp_path: Path) -> None:
    persons = tmp_path / "persons.csv"
    persons.write_text("kind,number,name\ncitizen,11000019900307109X,张安\n", encoding="utf-8")
    terminal.use(authority="file", authority_file=persons)

    assert (await _answers(app.create()))["/readyz"] == 200


def test_making_ready_makes_the_queue_s_schema(
    owner: psycopg.Connection, databases: Databases
) -> None:
    given = settings.read({}, owner_database_url=databases.main)

    app.Processes().make_ready(given)
    app.Processes().make_ready(given)

    assert owner.execute(
        "SELECT to_regclass('jobs.procrastinate_jobs') IS NOT NULL"
    ).fetchone() == (True,)


async def test_the_worker_gets_its_parts(terminal: Terminal) -> None:
    terminal.run("worker")
    _, given = terminal.launched.asked[-1]

    async with app._worker_parts(given) as parts:
        assert isinstance(parts, jobs.Parts)
        assert parts.pool.closed is False

    assert parts.pool.closed


async def _answers(made: Litestar) -> dict[str, int]:
    transport = ASGITransport(made)  # type: ignore[arg-type]
    async with made.lifespan(), AsyncClient(transport=transport, base_url="http://here") as client:
        return {path: (await client.get(path)).status_code for path in ("/", "/healthz", "/readyz")}
