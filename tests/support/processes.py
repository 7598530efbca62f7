"""The real `renhao serve` as a process of its own, and a hospital in its database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from renhao.storage import embedded, roles
from renhao.storage.embedded.postmaster import Postmaster
from tests.conftest import fast_folder

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10
PAUSE_SECONDS = 0.05


def renhao(*words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    more = [] if data is None else ["--data", str(data)]
    command = [sys.executable, "-m", "renhao", *words, *more]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment(), timeout=60
    )


def environment(**more: str) -> dict[str, str]:
    """Give this process's environment without settings of renhao's, and wide terminals."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("RENHAO_")}
    return own | {"COLUMNS": "400", "NO_COLOR": "1"} | more


@dataclass
class Serving:
    """A server on a data folder; its output goes to a file beside the folder."""

    data: Path
    port: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    module: str = "renhao"
    command: str = "serve"
    more: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> "Serving":
        """Start it and wait until it says that it is ready."""
        self.port = self.port or free_port()
        self.spawn()
        wait_for(self.is_ready, seconds=START_SECONDS_MAX)
        return self

    def spawn(self) -> None:
        """Start it without waiting."""
        words = [self.command, "--data", str(self.data), "--port", str(self.port), *self.more]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, *words],
                env=environment(**self.settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end as an administrator does; give its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(START_SECONDS_MAX)

    def kill(self) -> None:
        """End its process and those it forked, without a word."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def postmaster(self) -> Postmaster:
        found = Postmaster.running(self.data.resolve() / "cluster")
        assert found is not None
        return found

    @contextmanager
    def owner(self, database: str = embedded.MAIN_DATABASE) -> Iterator[psycopg.Connection]:
        """Connect as the owner of the tables."""
        server = embedded.attach(self.data)
        assert server is not None
        url = server.url(role=roles.OWNER, database=database)
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def clear(self) -> None:
        """Leave nothing running."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        left = Postmaster.running(self.data.resolve() / "cluster")
        if left is not None:
            left.stop()


@contextmanager
def made_data() -> Iterator[Path]:
    """Make a data folder with its schema and key ring, for tests to copy."""
    with short_folder() as above:
        done = renhao("db", "upgrade", data=above / "data")
        assert done.returncode == 0, done.stderr
        yield above / "data"


@contextmanager
def copied(made: Path) -> Iterator[Serving]:
    """Copy a data folder and clear away what a test leaves running on it."""
    with short_folder() as above:
        subprocess.run(["/bin/cp", "-a", str(made), str(above)], check=True)
        serving = Serving(above / made.name)
        try:
            yield serving
        finally:
            serving.clear()


@contextmanager
def short_folder() -> Iterator[Path]:
    """Make a folder with a path short enough for sockets, which PostgreSQL's account may pass."""
    above = Path(tempfile.mkdtemp(prefix="rh-", dir=fast_folder()))
    above.chmod(0o711)
    try:
        yield above
    finally:
        shutil.rmtree(above)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(what: Callable[[], object], *, seconds: float = 30) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(PAUSE_SECONDS)
