"""The job queue's own schema `jobs`: procrastinate's tables as they come, brought up to date.

They are no part of the program's schema: its rules (named constraints, no triggers) do not hold
there. The schema's comment says which of procrastinate's migrations it has.
"""

from pathlib import Path
from typing import LiteralString, cast

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from renhao.storage import roles

SCHEMA_LOCK = 7_236_427
"""Advisory lock taken meanwhile, so that two starting workers take turns."""
LOCK_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 120

GRANTS: LiteralString = """
GRANT USAGE ON SCHEMA jobs TO {worker};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {worker};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {worker};
"""


def apply_schema(conninfo: str) -> None:
    """Make or update the queue's schema as the owner, in one transaction."""
    with psycopg.connect(conninfo) as connection:
        _set_up(connection)
        applied = _applied(connection)
        steps = _migrations()
        if applied is None:
            connection.execute(SchemaManager.get_schema())
        else:
            for step in steps:
                if step.name > applied:
                    connection.execute(_text(step))
        newest = sql.Literal(steps[-1].name)
        connection.execute(sql.SQL("COMMENT ON SCHEMA jobs IS {}").format(newest))
        connection.execute(sql.SQL(GRANTS).format(worker=sql.Identifier(roles.WORKER)))


def _set_up(connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.OWNER)))
    connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
    connection.execute(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
    connection.execute("CREATE SCHEMA IF NOT EXISTS jobs")
    connection.execute("SET LOCAL search_path = jobs")


def _applied(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "SELECT obj_description('jobs'::regnamespace, 'pg_namespace')"
    ).fetchone()
    return None if row is None else cast("str | None", row[0])


def _migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _text(step: Path) -> LiteralString:  # the library's own file, as safe as its code
    return step.read_text(encoding="utf-8")
