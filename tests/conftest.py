"""Real PostgreSQL for every test that needs one: a server for the run, a database for each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from renhao import privacy, storage
from renhao.kernel import new_id


@dataclass(frozen=True, slots=True)
class Databases:
    """Connection strings of one test's main database and key store, with every right."""

    main: str
    keys: str


MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made inside
MEMORY_BYTES_MIN = 4 * 1024**3


def fast_folder() -> Path:
    """Give a folder in memory where there is room: a test's copies of databases flush a lot."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN:
        return MEMORY
    return Path("/tmp")  # noqa: S108 - as above


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give a superuser's connection string: RENHAO_TEST_DATABASE_URL, or an embedded server."""
    given = os.environ.get("RENHAO_TEST_DATABASE_URL")
    with ExitStack() as stack:
        if given is None:
            from renhao.storage import embedded  # noqa: PLC0415 - only where it is needed

            above = tempfile.TemporaryDirectory(prefix="rh", dir=fast_folder())
            folder = Path(stack.enter_context(above))
            folder.chmod(0o755)
            running = stack.enter_context(embedded.start(folder / "data"))
            given = running.server.url(role="postgres", database="postgres")
        yield given


@pytest.fixture(scope="session")
def templates(server: str) -> Iterator[Databases]:
    """Make the roles and two migrated databases that each test's own are copied from."""
    names = Databases(*(f"renhao_{kind}_{new_id().hex}" for kind in ("main", "keys")))
    with psycopg.connect(server, autocommit=True) as connection:
        for role in storage.roles.ALL:
            connection.execute(
                f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN END $$"
            )
        for name in (names.main, names.keys):
            connection.execute(f"CREATE DATABASE {name} OWNER {storage.roles.OWNER}")
    storage.upgrade(make_conninfo(server, dbname=names.main), schema=storage.Schema.MAIN)
    storage.upgrade(make_conninfo(server, dbname=names.keys), schema=storage.Schema.KEYS)
    yield names
    with psycopg.connect(server, autocommit=True) as connection:
        for name in (names.main, names.keys):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def databases(server: str, templates: Databases) -> Iterator[Databases]:
    """Copy both databases for one test."""
    with psycopg.connect(server, autocommit=True) as connection:
        names = Databases(f"t_{new_id().hex}", f"t_{new_id().hex}")
        for name, template in ((names.main, templates.main), (names.keys, templates.keys)):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER renhao_owner")
        yield Databases(
            make_conninfo(server, dbname=names.main), make_conninfo(server, dbname=names.keys)
        )
        for name in (names.main, names.keys):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def pool(databases: Databases) -> AsyncIterator[storage.Pool]:
    """Connections that act as the server's role."""
    pool = storage.make_pool(databases.main, role=storage.roles.SERVER)
    async with pool:
        yield pool


@pytest.fixture
async def tx(pool: storage.Pool) -> AsyncIterator[storage.Tx]:
    """Open one transaction of the server's role, committed at the end of the test."""
    async with storage.begin(pool) as tx:
        yield tx


@pytest.fixture
async def vault(databases: Databases) -> AsyncIterator[privacy.Vault]:
    """Open a vault with a fresh key ring and the test's own key store."""
    pool = storage.make_pool(databases.keys, role=storage.roles.SERVER)
    async with pool:
        yield privacy.Vault(privacy.keyring.make(), pool)


@pytest.fixture
def owner(databases: Databases) -> Iterator[psycopg.Connection]:
    """Connect with every right, to look at rows or to tamper with them."""
    with psycopg.connect(databases.main, autocommit=True) as connection:
        yield connection
