"""The command line within the test's own process: the words go in, what was said comes out."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from renhao import cli, settings
from tests.conftest import Databases

LONG = 4_000


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended; tables and wrapped lines are one line each."""

    code: int
    out: str
    err: str


@dataclass
class Launched:
    """Stands where the composition root starts processes, and remembers what it was asked."""

    asked: list[tuple[str, settings.Settings]] = field(default_factory=list)

    def make_ready(self, given: settings.Settings) -> None:
        self.asked.append(("make ready", given))

    def serve(self, given: settings.Settings) -> None:
        self.asked.append(("serve", given))

    def work(self, given: settings.Settings) -> None:
        self.asked.append(("work", given))

    @property
    def steps(self) -> list[str]:
        return [step for step, _ in self.asked]


@dataclass
class Terminal:
    """Runs commands as `renhao` does, with settings in the environment."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    data: Path
    launched: Launched = field(default_factory=Launched)

    def run(self, *words: object) -> Said:
        self.monkeypatch.setattr(sys, "argv", ["renhao", *map(str, words)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.run(cli.make(self.launched))
        out, err = self.capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, out, " ".join(err.split()))

    def use(self, **values: object) -> None:
        """Set settings, or with None take them away."""
        for name, value in values.items():
            if value is None:
                self.monkeypatch.delenv(f"RENHAO_{name.upper()}", raising=False)
            else:
                self.monkeypatch.setenv(f"RENHAO_{name.upper()}", str(value))

    @property
    def key_ring(self) -> Path:
        return self.data / "key-ring.json"


def a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> Terminal:
    """Make a wide terminal without settings, but for the data folder."""
    for name in settings.environment(settings.Settings(data=data)):
        monkeypatch.delenv(name, raising=False)
    for name in ("DATABASE_URL", "KEYS_DATABASE_URL", "KEY_RING"):
        monkeypatch.delenv(f"RENHAO_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", str(LONG))
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal(monkeypatch, capsys, data)
    terminal.use(data=data)
    return terminal


def installed(terminal: Terminal, databases: Databases) -> Terminal:
    """Point a terminal at migrated databases and bind a key ring to them."""
    terminal.use(database_url=databases.main, keys_database_url=databases.keys)
    assert terminal.run("db", "upgrade").code == 0
    return terminal
