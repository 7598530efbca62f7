"""Starting and ending the processes that serve: the composition root says how to run each."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from renhao import settings
from renhao.storage import embedded

STOP_SECONDS_MAX = 10
LOOK_SECONDS = 0.25
AFTER_FAILURE_SECONDS = 3.0


class Launch(Protocol):
    """How to run the parts that no command may import: given by the composition root."""

    def make_ready(self, given: settings.Settings) -> None:
        """Bring the job queue's own schema up to date."""

    def serve(self, given: settings.Settings) -> None:
        """Serve requests until a signal comes."""

    def work(self, given: settings.Settings) -> None:
        """Send messages and run jobs until a signal comes."""


@contextmanager
def child(*command: str, given: settings.Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `renhao` with these words as a child, with these settings, and end it with the block."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "renhao", *command, "--parent", str(os.getpid())],
        env=os.environ | settings.environment(given),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


@contextmanager
def revived(running: embedded.Running | None, *, say: Callable[[str], None]) -> Iterator[None]:
    """Start the embedded server again whenever it dies during the block."""
    if running is None:
        yield
        return
    stopping = threading.Event()
    watch = threading.Thread(target=_revive, args=(running, stopping, say), daemon=True)
    watch.start()
    try:
        yield
    finally:
        stopping.set()
        watch.join(STOP_SECONDS_MAX)


def end_with(parent: int) -> None:
    """Ask this process to end as soon as its parent is gone, even one that was killed.

    An orphan would keep the port, and the next start could not listen.
    """
    threading.Thread(target=_await_end_of, args=(parent,), daemon=True).start()


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a child to end, and end it when it does not within the limit."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_end_of(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _revive(
    running: embedded.Running, stopping: threading.Event, say: Callable[[str], None]
) -> None:
    pause = LOOK_SECONDS
    while not stopping.wait(pause):
        try:
            if running.revive(on_wait=say):
                say(f"PostgreSQL had died; it runs again as process {running.pid}")
            pause = LOOK_SECONDS
        except (embedded.EmbeddedError, OSError) as error:
            say(f"PostgreSQL died and cannot be started again yet: {error}")
            pause = AFTER_FAILURE_SECONDS
