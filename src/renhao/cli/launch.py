"""Starting and ending the processes that serve: the composition root says how to run each."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from renhao import settings

STOP_SECONDS_MAX = 10


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
        [sys.executable, "-m", "renhao", *command],
        env=os.environ | settings.environment(given),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a child to end, and end it when it does not within the limit."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
