"""The messages of the demo's past: delivered at their time, to nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, time

from renhao import identity, notify, privacy, settings, storage
from renhao.cli.prepare import CommandError
from renhao.kernel import AppointmentId, HospitalId, Sensitive
from renhao.storage import Tx, roles

Deliver = Callable[[datetime], Awaitable[None]]


@asynccontextmanager
async def to_nobody(full: settings.Settings, vault: privacy.Vault) -> AsyncIterator[Deliver]:
    """Open the worker's connections; the callable delivers all that is due at a moment."""
    if full.worker_database_url is None:
        raise CommandError("the demo needs the worker's database address")
    pool = storage.make_pool(full.worker_database_url, role=roles.WORKER)
    post = notify.Post(Nobody(), SomeVisit(), identity.Phones(vault), vault)
    async with pool:

        async def deliver(at: datetime) -> None:
            while await notify.deliver_due(pool, post, clock=lambda: at):
                pass

        yield deliver


class Nobody:
    """A channel that ends nowhere."""

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        """Say nothing."""


class SomeVisit:
    """Facts for texts that nobody reads."""

    async def visit(
        self, tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId
    ) -> notify.Visit | None:
        """Give the same visit for every appointment."""
        del tx, hospital_id, appointment_id
        return notify.Visit(
            hospital_zh="",
            hospital_en="",
            day=date.min,
            starts=time.min,
            ends=time.min,
            number=0,
            live=True,
        )
