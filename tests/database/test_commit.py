"""A commit that the server warns of is not called done; a hung upgrade is not waited for."""

import psycopg
import pytest

from renhao import jobs, storage
from renhao.jobs import queue
from renhao.storage import migrate
from tests.conftest import Databases

pytestmark = pytest.mark.database

SPEAKS_AT_COMMIT = """
CREATE TABLE said ();
GRANT INSERT ON said TO renhao_server;
CREATE FUNCTION speak() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE {level} 'en attente de la réplication synchrone'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER speak AFTER INSERT ON said DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION speak()
"""


async def test_any_warning_at_commit_in_any_language_leaves_the_outcome_open(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    owner.execute(SPEAKS_AT_COMMIT.format(level="WARNING").encode())

    with pytest.raises(storage.NotReplicatedError):
        async with storage.begin(pool) as tx:
            await tx.run("INSERT INTO said DEFAULT VALUES")


async def test_a_mere_notice_at_commit_does_not(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    owner.execute(SPEAKS_AT_COMMIT.format(level="NOTICE").encode())

    async with storage.begin(pool) as tx:
        await tx.run("INSERT INTO said DEFAULT VALUES")

    assert owner.execute("SELECT count(*) FROM said").fetchone() == (1,)


def test_an_upgrade_that_hangs_is_named_and_not_waited_for(
    databases: Databases, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TURN_SECONDS", 1)
    owner.execute("SELECT pg_advisory_lock(%s)", [migrate.MIGRATION_LOCK])

    with pytest.raises(storage.UpgradeUnderWayError, match=owner.info.dbname):
        storage.upgrade(databases.main, schema=storage.Schema.MAIN)


def test_the_queue_s_connections_wait_neither_for_locks_nor_for_statements_for_ever(
    databases: Databases,
) -> None:
    jobs.apply_schema(databases.main)

    with psycopg.connect(databases.main, options=queue.OPTIONS) as connection:
        shown = [
            connection.execute(f"SHOW {name}".encode()).fetchone()
            for name in ("search_path", "lock_timeout", "statement_timeout")
        ]

    assert shown == [
        ("jobs",),
        (f"{storage.LOCK_TIMEOUT_SECONDS}s",),
        (f"{storage.STATEMENT_TIMEOUT_SECONDS}s",),
    ]
