"""A database with clinics and patients to book, for the parts that measure booking."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from renhao import storage
from renhao.booking import BookCommand
from renhao.kernel import new_id
from renhao.storage import embedded
from tests.support import clinics

SLOTS = 8


@contextmanager
def server() -> Iterator[str]:
    """Give a superuser's address: RENHAO_TEST_DATABASE_URL, or an embedded server of our own."""
    given = os.environ.get("RENHAO_TEST_DATABASE_URL")
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="rh") as folder:
        Path(folder).chmod(0o755)
        with embedded.start(Path(folder) / "data") as running:
            yield running.server.url(role="postgres", database="postgres")


@contextmanager
def database() -> Iterator[tuple[psycopg.Connection, str]]:
    """Make a migrated database for one part; yield its owner's connection and its address."""
    name = f"bench_{new_id().hex}"
    with server() as address, psycopg.connect(address, autocommit=True) as above:
        for role in storage.roles.ALL:
            above.execute(
                f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN END $$"
            )
        above.execute(f"CREATE DATABASE {name} OWNER {storage.roles.OWNER}")
        own = make_conninfo(address, dbname=name)
        storage.upgrade(own, schema=storage.Schema.MAIN)
        with psycopg.connect(own, autocommit=True) as owner:
            yield owner, own
        above.execute(f"DROP DATABASE {name} WITH (FORCE)")


def wishes(owner: psycopg.Connection, *, many: int, over: int) -> list[BookCommand]:
    """Make clinics with room for all, and one wish for each of `many` new patients."""
    hospital = clinics.hospital(
        owner, clinics=over, slots=SLOTS, capacity=-(-many // (over * SLOTS))
    )
    slots = [slot for clinic in hospital.clinics for slot in clinic.slots]
    persons = clinics.people(owner, many)
    owner.execute("VACUUM (ANALYZE)")
    return [
        clinics.command(hospital, person, slots[place % len(slots)])
        for place, person in enumerate(persons)
    ]
