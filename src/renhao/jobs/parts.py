"""What the composition root hands to the worker."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from renhao.audit import Actor
from renhao.kernel import Clock, HospitalId
from renhao.notify import Post
from renhao.storage import Pool, Tx


class CloseDay(Protocol):
    """Ends a hospital's day: who did not come is a no-show. Doing so again changes nothing."""

    async def __call__(
        self, tx: Tx, *, hospital_id: HospitalId, day: date, by: Actor, now: datetime
    ) -> object:
        """Close one day in one transaction."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An open pool of the worker's role, the address it came from, and how to send and close."""

    conninfo: str
    pool: Pool
    post: Post
    close_day: CloseDay
    clock: Clock
    metrics_port: int | None = None
