"""Show messages on standard error and keep the last ones in a file: for demonstrations only."""

import asyncio
import json
import os
import sys
from pathlib import Path

from renhao.kernel import Clock, Purpose, Sensitive

MESSAGES_KEPT_MAX = 100
PHONE_DIGITS_SHOWN = 4


class Console:
    """Prints each message; with a file, keeps the last ones as JSON lines (mode 0600).

    A line has `at`, `to` (the last four digits of the phone number), `text` and `key`.
    """

    def __init__(self, *, clock: Clock, file: Path | None = None) -> None:
        self._clock = clock
        self._file = file
        self._turn = asyncio.Lock()

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        """Print the message, code included."""
        to = "…" + phone.reveal(purpose=Purpose.SEND_MESSAGE)[-PHONE_DIGITS_SHOWN:]
        words = text.reveal(purpose=Purpose.SEND_MESSAGE)
        sys.stderr.write(f"→ {to} {words}\n")
        sys.stderr.flush()
        if self._file is not None:
            line = {"at": self._clock().isoformat(), "to": to, "text": words, "key": key}
            async with self._turn:
                await asyncio.to_thread(_keep, self._file, json.dumps(line, ensure_ascii=False))


def _keep(file: Path, line: str) -> None:
    kept = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    lines = [*kept, line][-MESSAGES_KEPT_MAX:]
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(f"{each}\n" for each in lines)
    fresh.replace(file)
