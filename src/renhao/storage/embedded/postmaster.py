"""The running server as a process: is it there, is it ready, make it end."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from renhao.storage.embedded.errors import EmbeddedError

POLL_SECONDS = 0.02
FAST_STOP_SECONDS_MAX = 10
IMMEDIATE_STOP_SECONDS_MAX = 10
PID_FILE_LINES = 8
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class PidFile:
    """What a server writes about itself in `postmaster.pid`."""

    pid: int
    socket_folder: Path
    port: int
    status: str
    """`starting`, `ready` or `stopping`."""

    @classmethod
    def read(cls, cluster: Path) -> Self | None:
        """Read it; None while there is none or it is not yet whole."""
        try:
            lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return None
        if not lines[0].strip().isdigit():
            return None
        lines += [""] * (PID_FILE_LINES - len(lines))
        port = lines[3].strip()
        return cls(
            pid=int(lines[0]),
            socket_folder=Path(lines[4].strip()),
            port=int(port) if port.isdigit() else 0,
            status=lines[7].strip(),
        )


class Postmaster:
    """A server process: our child, or one that an earlier program left behind."""

    def __init__(
        self, pid: int, *, cluster: Path, child: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.pid = pid
        self._cluster = cluster
        self._child = child

    @classmethod
    def running(cls, cluster: Path) -> Self | None:
        """Find the server that works on this cluster, whoever started it."""
        noted = PidFile.read(cluster)
        if noted is None or not works_on(noted.pid, cluster=cluster):
            return None
        return cls(noted.pid, cluster=cluster)

    def alive(self) -> bool:
        """Whether it still runs."""
        if self._child is not None:
            return self._child.poll() is None
        return works_on(self.pid, cluster=self._cluster)

    def status(self) -> str | None:
        """Give what it says about itself; None until it says something."""
        noted = PidFile.read(self._cluster)
        return noted.status if noted is not None and noted.pid == self.pid else None

    def stop(self) -> None:
        """Stop it: fast, after 10 s at once (the next start then recovers). Raises if it stays."""
        for number, seconds in (
            (signal.SIGINT, FAST_STOP_SECONDS_MAX),
            (signal.SIGQUIT, IMMEDIATE_STOP_SECONDS_MAX),
        ):
            if self._ends(number, seconds=seconds):
                return
        raise EmbeddedError(
            f"PostgreSQL (process {self.pid}) does not stop. Its disk may hang: see the log beside"
            f" {self._cluster}."
        )

    def _ends(self, number: signal.Signals, *, seconds: float) -> bool:
        if self.alive():
            os.kill(self.pid, number)
        until = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_SECONDS)
        return True


def works_on(pid: int, *, cluster: Path) -> bool:
    """Whether this process is a PostgreSQL server of this cluster.

    A number alone proves nothing: after a restart of the machine or the container another
    program may have it. The command line tells, and unlike the working folder a container's root
    may read it of another account's process; the server's own children overwrite theirs.
    """
    if (PROCESSES / "self").exists():
        return f"\0-D\0{cluster}\0-c\0" in _linux_command(pid)
    return f" -D {cluster} -c " in _macos_command(pid)


def _linux_command(pid: int) -> str:
    """Give the words of a process, each ended by a zero; none if it is gone or a zombie."""
    try:
        return os.fsdecode((PROCESSES / str(pid) / "cmdline").read_bytes())
    except OSError:
        return ""


def _macos_command(pid: int) -> str:
    asked = ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 - a number


def disown(lock_file: Path) -> None:
    """Let the next server pass a lock file whose process is gone, or is something else.

    PostgreSQL refuses to start while any process of its account has the noted number, even one
    that is dead and was never waited for, as in a container. It takes its own parent's number as
    a sign of an old file, and still looks at the shared memory noted below: processes of the old
    server that have not ended yet keep the new one out.
    """
    try:
        handle = os.open(lock_file, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        rest = file.read().split("\n")[1:]
        file.seek(0)
        file.write("\n".join([str(os.getpid()), *rest]))
        file.truncate()
