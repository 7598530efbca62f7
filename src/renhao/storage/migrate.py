"""Bring a database to the newest schema with Alembic; every revision is plain SQL."""

from enum import Enum
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from renhao.storage import roles
from renhao.storage.tx import Tx

HERE = Path(__file__).parent / "migrations"
LOCK_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 600
TURN_SECONDS = 600
"""How long one upgrade waits for another; its statements may take as long as this each."""
MIGRATION_LOCK = 7_236_426
"""Advisory lock taken while migrating, so that two starting servers take turns."""


class UpgradeUnderWayError(Exception):
    """Another program holds the upgrade's lock and does not let go."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"another program has been upgrading the database {database!r} for longer than this"
            " one waits: see whether it hangs (pg_stat_activity, pg_locks: advisory), end it, and"
            " start again"
        )


class Schema(Enum):
    """Which of the two databases: the main one, or the key store kept apart from it."""

    MAIN = "versions"
    KEYS = "keys"


def upgrade(conninfo: str, *, schema: Schema, revision: str = "head") -> None:
    """Run the missing revisions as the owner. Holds an advisory lock meanwhile.

    Raises UpgradeUnderWayError when another upgrade does not end.
    """
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: _connect(conninfo), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            config = _config(schema)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    finally:
        engine.dispose()


def head(schema: Schema = Schema.MAIN) -> str | None:
    """Name the newest revision that this program knows."""
    return ScriptDirectory.from_config(_config(schema)).get_current_head()


def revision(connection: psycopg.Connection) -> str | None:
    """Name the revision a database is at, or None for an empty one."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return None if row is None else str(row[0])


async def revision_in(tx: Tx) -> str | None:
    """Name the revision of the database that a running program works with."""
    found: str | None = await tx.value("SELECT version_num FROM alembic_version")
    return found


def _config(schema: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(HERE / schema.value))
    config.set_main_option("path_separator", "newline")
    return config


def _connect(conninfo: str) -> psycopg.Connection:
    connection = psycopg.connect(conninfo, autocommit=True)
    try:
        _take_turn(connection)
        connection.execute(f"SET ROLE {roles.OWNER}")
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
    except BaseException:
        connection.close()
        raise
    connection.autocommit = False
    return connection


def _take_turn(connection: psycopg.Connection) -> None:
    connection.execute(f"SET lock_timeout = '{TURN_SECONDS}s'")
    connection.execute(f"SET statement_timeout = '{TURN_SECONDS}s'")
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
        raise UpgradeUnderWayError(connection.info.dbname) from error
