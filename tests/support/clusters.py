"""A PostgreSQL of a test's own that may be killed, and a synchronous standby of it."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from renhao import storage
from renhao.storage import embedded

START_SECONDS_MAX = 30
ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; as root the tests drop to this account."""


@dataclass(slots=True)
class Cluster:
    """One server: its data folder holds the socket too, and the port only names it."""

    folder: Path
    programs: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"host={self.folder} port=5432 user=postgres dbname=postgres"

    def make(self, *settings: str) -> None:
        """Create the data folder and note settings."""
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "--no-sync")
        self.note("listen_addresses = ''", f"unix_socket_directories = '{self.folder}'", *settings)

    def note(self, *settings: str) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *settings, ""]))

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", str(self.data)], user=_user(), stderr=log
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError((self.folder / "log").read_text()[-2_000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT for a fast stop, SIGKILL for a crash of every process of it."""
        if self.process is None:
            return
        if how is signal.SIGKILL:
            for child in _children(self.process.pid):
                os.kill(child, how)
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        self.process = None

    def standby(self, folder: Path) -> "Cluster":
        """Copy it while it runs and start the copy as its standby."""
        other = Cluster(folder, self.programs)
        self.run(
            "pg_basebackup", "-D", str(other.data), "-R", "-X", "stream", "-c", "fast",
            "-d", f"{self.address} application_name=standby",
        )  # fmt: skip
        other.note(f"unix_socket_directories = '{folder}'")
        other.start()
        return other

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], user=_user(), check=True, capture_output=True
        )

    @property
    def data(self) -> Path:
        return self.folder / "data"


def cluster(folder: Path, *settings: str) -> Cluster:
    """Make and start a migrated server in a folder that the account may reach."""
    made = Cluster(_own(folder), embedded.find_binaries().path)
    made.make(*settings)
    made.start()
    with psycopg.connect(made.address, autocommit=True) as connection:
        for role in storage.roles.ALL:
            connection.execute(f"CREATE ROLE {role}")
        connection.execute(f"GRANT ALL ON SCHEMA public TO {storage.roles.OWNER}")
    storage.upgrade(made.address, schema=storage.Schema.MAIN)
    return made


def _own(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if _user() is not None:
        shutil.chown(folder, ACCOUNT)
    return folder


def own(folder: Path) -> Path:
    """Make a folder that the account owns."""
    return _own(folder)


def _user() -> str | None:
    return ACCOUNT if os.geteuid() == 0 else None


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(each) for each in found.split()]
