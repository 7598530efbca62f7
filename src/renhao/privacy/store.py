"""The key store (a database of its own) and the key ring's fingerprint in the main one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from renhao.storage import Tx


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key encrypted with a wrapping key of the ring."""

    owner_id: UUID
    ring_key_id: str
    wrapped: bytes


async def insert_key(tx: Tx, key: WrappedKey, *, now: datetime) -> None:
    """Keep a wrapped key, unless its owner has one already."""
    await tx.run(
        "INSERT INTO wrapped_key (owner_id, ring_key_id, wrapped, created_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT (owner_id) DO NOTHING",
        [key.owner_id, key.ring_key_id, key.wrapped, now],
    )


async def select_keys(tx: Tx, owners: Sequence[UUID]) -> list[WrappedKey]:
    """Read the wrapped keys of these owners; those without a key are left out."""
    return await tx.rows(
        WrappedKey,
        "SELECT owner_id, ring_key_id, wrapped FROM wrapped_key WHERE owner_id = ANY(%s)",
        [list(owners)],
    )


async def fingerprint(tx: Tx) -> bytes | None:
    """Read the fingerprint of the key ring that this database belongs to."""
    value: bytes | None = await tx.value("SELECT fingerprint FROM vault_check")
    return value


async def insert_fingerprint(tx: Tx, value: bytes, *, now: datetime) -> None:
    """Bind this database to a key ring, once."""
    await tx.run(
        "INSERT INTO vault_check (key_ring_id, fingerprint, created_at) VALUES ('ring', %s, %s)"
        " ON CONFLICT (key_ring_id) DO NOTHING",
        [value, now],
    )
