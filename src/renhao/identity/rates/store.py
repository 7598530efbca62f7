"""The table rate_count: one row for each bucket and window. Locks the rows it counts up."""

from datetime import datetime

from renhao.storage import Tx


async def count_up(tx: Tx, bucket: bytes, *, window_start: datetime) -> int:
    """Count one more and return how many there are; the row stays locked until the commit."""
    hits: int = await tx.value(
        "INSERT INTO rate_count (bucket, window_start, hits) VALUES (%s, %s, 1)"
        " ON CONFLICT (bucket, window_start) DO UPDATE SET hits = rate_count.hits + 1"
        " RETURNING hits",
        [bucket, window_start],
    )
    return hits


async def count(tx: Tx, bucket: bytes, *, window_start: datetime) -> int:
    """Read how many there are."""
    hits: int | None = await tx.value(
        "SELECT hits FROM rate_count WHERE bucket = %s AND window_start = %s",
        [bucket, window_start],
    )
    return hits or 0


async def delete(tx: Tx, *, before: datetime) -> int:
    """Delete the windows that began before then."""
    return await tx.run("DELETE FROM rate_count WHERE window_start < %s", [before])
