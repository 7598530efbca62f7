"""Sessions and links read for several callers at once say what single readings say."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from renhao import identity, privacy, storage
from renhao.web.noting import UseNotes
from tests.support import clinics
from tests.support.identities import NOW, World
from tests.support.people import phone_number

pytestmark = pytest.mark.database


async def test_live_sessions_are_read_together_and_noted_as_in_use(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    world, tokens = World(pool, vault), [identity.new_token() for _ in range(3)]
    accounts = [
        (await world.login(phone_number(place), token=token)).account_id
        for place, token in enumerate(tokens)
    ]
    later = NOW + timedelta(hours=3)
    async with storage.begin(pool) as tx:
        await identity.log_out(tx, token=tokens[2], now=NOW)

    async with storage.begin(pool) as tx:
        found = await identity.sessions_of(tx, tokens=[*tokens, "unknown"], now=later)
        await identity.note_use(tx, found[tokens[0]], now=later)

    assert {token: each.account_id for token, each in found.items()} == dict(
        zip(tokens[:2], accounts[:2], strict=True)
    )
    seen = owner.execute(
        "SELECT seen_at FROM account_session WHERE revoked_at IS NULL ORDER BY seen_at"
    ).fetchall()
    assert seen == [(NOW,), (later,)]


@pytest.mark.parametrize("table", ["account", "account_session"])
async def test_a_held_row_stalls_neither_the_reading_nor_the_noting(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection, table: str
) -> None:
    world, tokens = World(pool, vault), [identity.new_token() for _ in range(2)]
    for place, token in enumerate(tokens):
        await world.login(phone_number(place), token=token)
    later = NOW + timedelta(hours=3)
    notes = UseNotes(pool, lambda: later)

    async with storage.begin(pool) as holding, asyncio.timeout(10):
        held = await identity.sessions_of(holding, tokens=tokens[:1], now=later)
        await holding.run(
            f"SELECT FROM {table} WHERE account_id = %s FOR UPDATE",
            [held[tokens[0]].account_id],
        )
        async with storage.begin(pool) as tx:
            found = await identity.sessions_of(tx, tokens=tokens, now=later)
        notes.add(found.values())
        await notes.close()

    assert set(found) == set(tokens)
    rows = owner.execute("SELECT seen_at FROM account_session ORDER BY seen_at").fetchall()
    assert rows == [(NOW,), (later,)]


async def test_a_use_that_cannot_be_noted_fails_nobody(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> None:
    world, token = World(pool, vault), identity.new_token()
    await world.login(phone_number(0), token=token)
    async with storage.begin(pool) as tx:
        found = await identity.sessions_of(tx, tokens=[token], now=NOW)
    owner.execute("ALTER TABLE account RENAME TO elsewhere")
    notes = UseNotes(pool, lambda: NOW)

    notes.add(found.values())
    await notes.close()
    notes.add(found.values())
    await notes.close()

    assert set(found) == {token}


async def test_only_live_links_of_the_asked_pairs_are_found(
    pool: storage.Pool, owner: psycopg.Connection
) -> None:
    one, other = clinics.people(owner, 2)
    strange = (one.account_id, other.patient_id)
    pairs = [(each.account_id, each.patient_id) for each in (one, other)]
    owner.execute(
        "UPDATE patient_link SET removed_at = %s WHERE account_id = %s", [NOW, other.account_id]
    )

    async with storage.begin(pool) as tx:
        found = await identity.patient_links(tx, pairs=[*pairs, strange])

    assert set(found) == {pairs[0]}
    assert found[pairs[0]].identity_id == one.identity_id
