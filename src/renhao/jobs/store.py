"""Deleting what is past its time; the worker's role may delete from these tables and no others."""

from datetime import datetime

from renhao import privacy
from renhao.storage import Tx

RETENTION = {
    "staff_session": (
        "DELETE FROM staff_session WHERE least(expires_at, revoked_at) < %s",
        privacy.ACCOUNT_TRACES_KEPT,
    ),
    "request": (
        "DELETE FROM request WHERE created_at < %s",
        privacy.REQUESTS_KEPT,
    ),
}
"""For each table: what ends a row's time, and how long after that it is kept."""
ACCOUNT_TRACES_KEPT = privacy.ACCOUNT_TRACES_KEPT
MESSAGES_KEPT = privacy.MESSAGES_KEPT


async def delete_old(tx: Tx, table: str, *, now: datetime) -> int:
    """Delete a table's rows that are past their time; returns how many."""
    statement, kept = RETENTION[table]
    return await tx.run(statement, [now - kept])
