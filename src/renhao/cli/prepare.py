"""What every command needs first: a database that answers, the newest schema, the key ring."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg

from renhao import kernel, privacy, schedule, settings, storage
from renhao.storage import embedded, roles

Say = Callable[[str], None]
KEY_RING_NAME = "key-ring.json"


class CommandError(Exception):
    """A command cannot do what was asked; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Settings with every database address filled in, and the server if this process owns it."""

    settings: settings.Settings
    running: embedded.Running | None


@contextmanager
def prepared(given: settings.Settings, *, own: bool, say: Say) -> Iterator[Prepared]:
    """Start the embedded server (or join the one that runs) unless an address is given.

    With `own` the server belongs to this process until the block ends, and schema and key ring
    are made ready. Raises EmbeddedError, KeyRingError, CommandError.
    """
    if given.database_url is not None:
        full = _with_defaults(given)
        if own:
            make_ready(full, say=say)
        yield Prepared(full, None)
        return
    data = given.data or embedded.default_data_folder()
    server = None if own else embedded.attach(data)
    if server is not None:
        yield Prepared(_with_addresses(given, data=data, server=server), None)
        return
    _choose_binaries(given)
    with embedded.start(data, on_wait=say) as running:
        full = _with_addresses(given, data=data, server=running.server)
        make_ready(full, say=say)
        yield Prepared(full, running)


def key_ring_path(given: settings.Settings) -> Path:
    """Say where the key ring lies."""
    return given.key_ring or (given.data or embedded.default_data_folder()) / KEY_RING_NAME


def make_ready(full: settings.Settings, *, say: Say) -> None:
    """Migrate both databases, fill the reference lists, bind the key ring."""
    owner, owner_keys = full.owner_database_url, full.owner_keys_database_url
    if owner is None or owner_keys is None or full.key_ring is None:
        raise CommandError("the owner's database addresses are missing")
    _check_answers(owner)
    _check_answers(owner_keys)
    say("Bringing the schema up to date")
    storage.upgrade(owner, schema=storage.Schema.MAIN)
    storage.upgrade(owner_keys, schema=storage.Schema.KEYS)
    exists = full.key_ring.exists()
    asyncio.run(_fill(owner, full.key_ring, make_ring=not exists, say=say))


def _choose_binaries(given: settings.Settings) -> None:
    if given.postgres_binaries is not None:
        os.environ["RENHAO_POSTGRES_BINARIES"] = str(given.postgres_binaries)


def _with_addresses(
    given: settings.Settings, *, data: Path, server: embedded.Server
) -> settings.Settings:
    def address(role: str, database: str) -> str:
        return server.url(role=role, database=database)

    return msgspec.structs.replace(
        given,
        data=data,
        key_ring=given.key_ring or data / KEY_RING_NAME,
        database_url=address(roles.SERVER, embedded.MAIN_DATABASE),
        worker_database_url=address(roles.WORKER, embedded.MAIN_DATABASE),
        owner_database_url=address(roles.OWNER, embedded.MAIN_DATABASE),
        keys_database_url=address(roles.SERVER, embedded.KEY_DATABASE),
        worker_keys_database_url=address(roles.WORKER, embedded.KEY_DATABASE),
        owner_keys_database_url=address(roles.OWNER, embedded.KEY_DATABASE),
    )


def _with_defaults(given: settings.Settings) -> settings.Settings:
    if given.keys_database_url is None:
        raise CommandError(
            "RENHAO_DATABASE_URL is set but RENHAO_KEYS_DATABASE_URL is not: the key store is a"
            " database of its own, apart from the main one's dumps; make one and give its address"
        )
    return msgspec.structs.replace(
        given,
        key_ring=key_ring_path(given),
        worker_database_url=given.worker_database_url or given.database_url,
        owner_database_url=given.owner_database_url or given.database_url,
        worker_keys_database_url=given.worker_keys_database_url or given.keys_database_url,
        owner_keys_database_url=given.owner_keys_database_url or given.keys_database_url,
    )


def _check_answers(conninfo: str) -> None:
    try:
        psycopg.connect(conninfo, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise CommandError(
            f"the database does not answer ({error}); check RENHAO_DATABASE_URL and that"
            " PostgreSQL runs"
        ) from error


async def _fill(owner: str, key_ring: Path, *, make_ring: bool, say: Say) -> None:
    now = kernel.utc_now()
    async with (
        storage.make_pool(owner, role=roles.OWNER, size=1) as pool,
        storage.begin(pool) as tx,
    ):
        if make_ring and not await privacy.is_bound(tx):
            say(f"Making the key ring {key_ring} (keep a copy apart from the database)")
            privacy.keyring.save(privacy.keyring.make(), key_ring)
        await privacy.check_ring(tx, privacy.keyring.load(key_ring), now=now)
        await schedule.seed_department_codes(tx)
