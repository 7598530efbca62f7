"""Noting in the background that sessions are in use, so that no request waits for it."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from renhao import identity, storage
from renhao.identity import Session
from renhao.storage import Pool

WAITING_MAX = 1000
"""Beyond it a use is not noted; the next request of that session notes it."""
CLOSE_SECONDS = 2

log = structlog.get_logger("sessions")


class UseNotes:
    """Notes one session after the other, each in a transaction of its own; one task at most."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock
        self._waiting: dict[str, Session] = {}
        self._noting: asyncio.Task[None] | None = None

    def add(self, sessions: Iterable[Session]) -> None:
        """Take sessions to be noted; never waits and never fails."""
        for each in sessions:
            if len(self._waiting) < WAITING_MAX:
                self._waiting[each.session_id] = each
        if self._waiting and self._noting is None:
            self._noting = asyncio.create_task(self._note_all())

    async def close(self) -> None:
        """Give what is under way a moment to end."""
        if self._noting is not None:
            await asyncio.wait({self._noting}, timeout=CLOSE_SECONDS)

    async def _note_all(self) -> None:
        try:
            while self._waiting:
                _, session = self._waiting.popitem()
                await self._note(session)
        finally:
            self._noting = None

    async def _note(self, session: Session) -> None:
        try:
            async with storage.begin(self._pool) as tx:
                await identity.note_use(tx, session, now=self._clock())
        except Exception:  # the request it belongs to was answered
            log.warning("session-use-not-noted", exc_info=True)
