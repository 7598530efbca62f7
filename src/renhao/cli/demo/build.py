"""Making the demo: hospital, clinics, staff, people and their bookings, each step timed."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from renhao import privacy, settings, simulate, storage
from renhao.cli.demo import history, hospital, people, post
from renhao.cli.demo.note import Login
from renhao.cli.prepare import CommandError
from renhao.storage import roles

ZONE = ZoneInfo("Asia/Shanghai")


class Move(Protocol):
    """Moves a progress bar on by so many, of so many, or to so many."""

    def __call__(self, by: int, total: int | None = None, done: int | None = None) -> None:
        """Show it."""


@dataclass(slots=True)
class Steps:
    """Shows progress at the terminal and remembers how long each step took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Move]:
        """Time one step; the callable moves its bar on by so many, of so many."""
        started = time.perf_counter()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
        with Progress(
            *columns, MofNCompleteColumn(), console=Console(stderr=True), transient=True
        ) as bar:
            task = bar.add_task(name, total=None)

            def move(by: int, total: int | None = None, done: int | None = None) -> None:
                bar.update(task, advance=by, total=total, completed=done)

            yield move
        self.seconds[name] = round(time.perf_counter() - started, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What demo to make: its seed, how many patients, and when it is."""

    seed: int
    patients: int
    first_day: date
    now: datetime

    @property
    def today(self) -> date:
        """The present day at the hospital."""
        return self.now.astimezone(ZONE).date()

    @property
    def founded(self) -> datetime:
        """When the demo's clinics were imported and its people came: releases lie after it."""
        return self.now - timedelta(days=hospital.RELEASED_BEFORE_DAYS)

    def people(self) -> tuple[simulate.SimulatedPatient, ...]:
        """Invent the patients, with their ages of that time."""
        day = self.founded.astimezone(ZONE).date()
        return simulate.make_patients(self.seed, today=day, count=self.patients)


async def build(full: settings.Settings, wanted: Wanted, *, steps: Steps) -> list[Login]:
    """Make the hospital, its staff, patients and bookings, and deliver what they were told."""
    async with _opened(full) as (pool, vault), post.to_nobody(full, vault) as deliver:
        built = await _hospital(pool, wanted, steps)
        logins = await hospital.employ(
            pool, vault, hospital_id=built.hospital_id, now=wanted.founded
        )
        patients = wanted.people()
        with steps.step("patients") as move:
            added = await people.add_everybody(
                pool,
                vault,
                patients,
                now=wanted.founded,
                on_progress=lambda by: move(by, len(patients)),
            )
            await deliver(wanted.founded)
        plan = simulate.make_plan(wanted.seed, hospital=built.plan, patients=patients)
        with steps.step("bookings") as move:
            await history.play(
                pool,
                built,
                plan.bookings,
                added,
                now=wanted.now,
                deliver=deliver,
                on_progress=lambda by: move(by, len(plan.bookings)),
            )
            await history.close_past_days(pool, built, today=wanted.today, now=wanted.now)
            await deliver(wanted.now)
    return logins


async def extend(full: settings.Settings, wanted: Wanted, *, steps: Steps) -> None:
    """Add the clinics of the days that have come into view since the demo was made."""
    async with _opened(full) as (pool, _):
        await _hospital(pool, wanted, steps)


async def _hospital(pool: storage.Pool, wanted: Wanted, steps: Steps) -> hospital.Built:
    days = (wanted.today - wanted.first_day).days + hospital.DAYS_AFTER
    built = await hospital.build(
        pool, seed=wanted.seed, first_day=wanted.first_day, days=days, now=wanted.founded
    )
    with steps.step("clinics") as move:
        await hospital.load(
            pool,
            built,
            today=wanted.first_day,
            now=wanted.founded,
            on_progress=lambda done, total: move(0, total, done),
        )
    return built


@asynccontextmanager
async def _opened(full: settings.Settings) -> AsyncIterator[tuple[storage.Pool, privacy.Vault]]:
    if full.database_url is None or full.keys_database_url is None or full.key_ring is None:
        raise CommandError("the demo needs a main database, a key store and a key ring")
    pool = storage.make_pool(full.database_url, role=roles.SERVER)
    key_store = storage.make_pool(full.keys_database_url, role=roles.SERVER)
    async with pool, key_store:
        yield pool, privacy.Vault(privacy.keyring.load(full.key_ring), key_store)
