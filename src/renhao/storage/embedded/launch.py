"""Starting a server process and waiting until it answers, however long recovery takes."""

import itertools
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from renhao.storage.embedded.account import environment
from renhao.storage.embedded.binaries import Binaries
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.layout import PORT, Layout
from renhao.storage.embedded.postmaster import POLL_SECONDS, Postmaster, disown
from renhao.storage.embedded.settings import fixed_arguments

SILENCE_SECONDS_MAX = 60
"""A server that lives but has not even said that it is starting."""
LEFTOVERS_SECONDS_MAX = 60
"""Processes of a killed server end by themselves, at the latest with their statement."""
SAID_LINES_MAX = 12
PROGRESS_SECONDS = 1.0
SHARED_MEMORY_IN_USE = "is still in use"


def launch(
    layout: Layout, *, binaries: Binaries, socket_folder: Path, say: Callable[[str], None]
) -> Postmaster:
    """Start a server and wait until it is ready. Raises, with its own words, if it ends."""
    until = time.monotonic() + LEFTOVERS_SECONDS_MAX
    for attempt in itertools.count():
        disown(layout.cluster / "postmaster.pid")
        disown(socket_folder / f".s.PGSQL.{PORT}.lock")
        written = log_sizes(layout)
        postmaster = _spawn(layout, binaries=binaries, socket_folder=socket_folder)
        try:
            if wait_until_ready(postmaster, layout=layout, say=say):
                return postmaster
        except BaseException:
            postmaster.stop()
            raise
        said = last_words(layout, written=written)
        if SHARED_MEMORY_IN_USE not in said or time.monotonic() >= until:
            raise EmbeddedError(
                f"PostgreSQL {binaries.path} did not start on {layout.cluster}. It says:\n{said}"
            )
        if attempt == 0:
            say("Waiting for processes of the server that was killed to end")
        time.sleep(POLL_SECONDS * 10)
    raise AssertionError("counting never ends")


def wait_until_ready(postmaster: Postmaster, *, layout: Layout, say: Callable[[str], None]) -> bool:
    """Wait until it takes connections; False when it ended or is ending.

    There is no limit while it says that it is starting: it is replaying its log, and stopping
    it would only begin that again.
    """
    begun = told = time.monotonic()
    while postmaster.alive():
        status = postmaster.status()
        if status == "ready":
            return True
        if status == "stopping":
            return False
        now = time.monotonic()
        if not status and now - begun > SILENCE_SECONDS_MAX:
            raise EmbeddedError(
                f"PostgreSQL (process {postmaster.pid}) runs but says nothing after"
                f" {SILENCE_SECONDS_MAX} s. See {layout.start_log}."
            )
        if now - told >= PROGRESS_SECONDS:
            told = now
            say(f"PostgreSQL is starting or recovering: {now - begun:.0f} s")
        time.sleep(POLL_SECONDS)
    return False


def log_sizes(layout: Layout) -> Mapping[Path, int]:
    """Note how much stands in the daily logs."""
    return {log: log.stat().st_size for log in layout.logs.glob("*.log")}


def last_words(layout: Layout, *, written: Mapping[Path, int]) -> str:
    """Give the last lines that a server wrote before it ended, and none of an earlier one."""
    said = layout.start_log.read_bytes()
    for log in sorted(layout.logs.glob("*.log")):
        said += log.read_bytes()[written.get(log, 0) :]
    lines = said.decode("utf-8", errors="replace").splitlines()
    return "\n".join(lines[-SAID_LINES_MAX:])


def _spawn(layout: Layout, *, binaries: Binaries, socket_folder: Path) -> Postmaster:
    account = layout.account
    command = [
        str(binaries.path / "postgres"),
        *fixed_arguments(layout, socket_folder=socket_folder),
    ]
    with layout.start_log.open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - chosen by find_binaries, no shell
            command,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
            umask=0o077,
            env=environment(),
            cwd=layout.cluster,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Its own session: Ctrl-C in the terminal stops renhao, and renhao stops the server.
            start_new_session=True,
        )
    return Postmaster(child.pid, cluster=layout.cluster, child=child)
