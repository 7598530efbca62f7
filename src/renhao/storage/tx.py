"""Transactions: one use case, one transaction, opened at the edge."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from psycopg import AsyncConnection, AsyncCursor, OperationalError
from psycopg.errors import Diagnostic
from psycopg.rows import class_row, scalar_row
from psycopg_pool import AsyncConnectionPool

Row = TypeVar("Row")
Pool = AsyncConnectionPool[AsyncConnection[Any]]

LOCK_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_SECONDS = 20
POOL_WAIT_SECONDS = 10
CONNECTIONS_MAX = 8
assert LOCK_TIMEOUT_SECONDS < STATEMENT_TIMEOUT_SECONDS  # noqa: S101 - checked at start-up

BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED;"
    f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s';"
    f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'"
)


class NotReplicatedError(Exception):
    """The commit is on this server's disk only: its synchronous standby did not answer.

    Nothing may be acknowledged; the request id resolves it on the next try.
    """


class Tx:
    """One open transaction. Made by `begin` alone; nothing below an edge commits."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self.connection = connection

    async def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Execute one statement and return how many rows it touched."""
        cursor = await self.connection.execute(sql, parameters)
        return cursor.rowcount

    async def rows(
        self, row_type: type[Row], sql: str, parameters: Sequence[object] = ()
    ) -> list[Row]:
        """Read all rows as instances of a dataclass whose fields are the columns."""
        return await (await self._typed(row_type, sql, parameters)).fetchall()

    async def row(
        self, row_type: type[Row], sql: str, parameters: Sequence[object] = ()
    ) -> Row | None:
        """Read the first row as an instance of a dataclass, or None."""
        return await (await self._typed(row_type, sql, parameters)).fetchone()

    async def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Read the first column of the first row, or None."""
        async with self.connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(sql, parameters)
            return await cursor.fetchone()

    async def values(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Read the first column of every row."""
        async with self.connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(sql, parameters)
            return await cursor.fetchall()

    async def _typed(
        self, row_type: type[Row], sql: str, parameters: Sequence[object]
    ) -> AsyncCursor[Row]:
        cursor = self.connection.cursor(row_factory=class_row(row_type))
        return await cursor.execute(sql, parameters)


@asynccontextmanager
async def begin(pool: Pool) -> AsyncIterator[Tx]:
    """Open a transaction; commit when the block ends, roll back when it raises.

    Raises NotReplicatedError when the server confirms the commit without its standby.
    """
    connection = await _begun(pool)
    try:
        try:
            yield Tx(connection)
        except BaseException:
            await connection.rollback()
            raise
        await commit(connection)
    finally:
        await pool.putconn(connection)


async def commit(connection: AsyncConnection[Any]) -> None:
    """Commit, and refuse to call it done when the server warns meanwhile.

    The one warning known there says that the standby was not awaited. Its text may be translated
    and has no code of its own, so any warning counts: asking again by request id does no harm.
    """
    warned = False

    def listen(notice: Diagnostic) -> None:
        nonlocal warned
        warned = warned or notice.severity_nonlocalized == "WARNING"

    connection.add_notice_handler(listen)
    try:
        await connection.execute("COMMIT")
    finally:
        connection.remove_notice_handler(listen)
    if warned:
        raise NotReplicatedError


async def _begun(pool: Pool) -> AsyncConnection[Any]:
    """Take a connection and begin; those that a restart of the server cut are thrown away."""
    for tried in itertools.count(1):
        connection = await pool.getconn()
        try:
            await connection.execute(BEGIN)
        except BaseException as error:
            await pool.putconn(connection)
            cut = isinstance(error, OperationalError) and connection.broken
            if not cut or tried > pool.max_size:
                raise
        else:
            return connection
    raise AssertionError("counting never ends")


def make_pool(conninfo: str, *, role: str, size: int = CONNECTIONS_MAX) -> Pool:
    """Make a closed pool whose connections act as `role`; open it at the edge."""

    async def act_as(connection: AsyncConnection[Any]) -> None:
        await connection.execute(f'SET ROLE "{role}"')

    return AsyncConnectionPool(
        conninfo,
        kwargs={"autocommit": True},
        configure=act_as,
        min_size=1,
        max_size=size,
        timeout=POOL_WAIT_SECONDS,
        open=False,
    )
