"""A visitor of the pages of a served hospital."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from renhao import privacy, storage
from tests.support.api import Served, served
from tests.support.pages import Visitor


@pytest.fixture
async def site(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    """Serve a hospital with one clinic of two slots with three numbers each."""
    async with served(pool, vault, owner) as made:
        yield made


@pytest.fixture
def visitor(site: Served) -> Visitor:
    """Come in as a visitor who knows nobody."""
    return Visitor(site.client)
