"""`renhao doctor`: check the set-up and say how to mend it."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from renhao import privacy, settings, storage
from renhao.cli import options
from renhao.cli.prepare import CommandError, Prepared, key_ring_path, prepared
from renhao.storage import embedded

DISK_BYTES_MIN = 2 * 1024**3
POSTGRESQL_VERSION_MIN = 150000
UNPREPARED = (OSError, RuntimeError, CommandError, embedded.EmbeddedError, privacy.KeyRingError)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `mend` says what to do when it is not well."""

    check: str
    well: bool
    found: str
    mend: str = ""


def add(app: typer.Typer) -> None:
    """Add the command to `renhao`."""

    @app.command()
    def doctor(data: options.Data = None) -> None:
        """Check the set-up and say how to mend what is wrong; exit 1 if anything is."""
        findings = list(examine(options.read(data=data)))
        table = Table("", "check", "found", "what to do", title="renhao doctor")
        for one in findings:
            mark = "[green]✓[/]" if one.well else "[red]✗[/]"
            table.add_row(mark, one.check, one.found, "" if one.well else one.mend)
        Console().print(table)
        sys.exit(0 if all(one.well for one in findings) else 1)


def examine(given: settings.Settings) -> Iterator[Finding]:
    """Make every check that can be made; a later one is left out when it cannot work."""
    data = given.data or embedded.default_data_folder()
    yield _disk(data)
    yield _checked("key ring", lambda: _key_ring(given), "put back the file from its safe copy")
    if given.database_url is None and not embedded.exists(data):
        yield Finding("database", well=True, found=f"none yet; the first start makes it in {data}")
        return
    try:
        with prepared(given, own=False, say=lambda _: None) as ready:
            yield from _databases(ready)
    except UNPREPARED as error:
        yield Finding(
            "database", well=False, found=str(error), mend="do what it says, then run doctor again"
        )


def _disk(data: Path) -> Finding:
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    return Finding(
        "disk",
        free >= DISK_BYTES_MIN,
        f"{free / 1024**3:.1f} GiB free on {there}",
        f"make room: at least {DISK_BYTES_MIN / 1024**3:.0f} GiB",
    )


def _key_ring(given: settings.Settings) -> str:
    path = key_ring_path(given)
    if not path.exists():
        return f"none yet; the first start makes {path}"
    return f"{path}, active key {privacy.keyring.load(path).active}"


def _databases(ready: Prepared) -> Iterator[Finding]:
    full = ready.settings
    mend = "start PostgreSQL; see its log"
    yield _checked("database", lambda: _answers(full.database_url or ""), mend)
    yield _checked("key store", lambda: _answers(full.keys_database_url or ""), mend)
    yield _checked("schema", lambda: _schema(full.database_url or ""), "run: renhao db upgrade")
    yield _checked(
        "key ring belongs to the database",
        lambda: asyncio.run(_bound(full)),
        "put back the key ring file that belongs to this database",
    )


def _answers(address: str) -> str:
    with psycopg.connect(address, connect_timeout=5) as connection:
        version = connection.info.server_version
        fsync = connection.execute("SHOW fsync").fetchone()
    if version < POSTGRESQL_VERSION_MIN:
        raise RuntimeError(f"PostgreSQL {version // 10000} is too old; 15 or newer is needed")
    return f"PostgreSQL {version // 10000}, fsync {fsync[0] if fsync else '?'}"


def _schema(address: str) -> str:
    with psycopg.connect(address, connect_timeout=5) as connection:
        found = storage.revision(connection)
    if found != storage.head():
        raise RuntimeError(f"revision {found}, the program needs {storage.head()}")
    return f"revision {found}"


async def _bound(full: settings.Settings) -> str:
    ring = privacy.keyring.load(key_ring_path(full))
    pool = storage.make_pool(full.database_url or "", role=storage.roles.SERVER, size=1)
    async with pool, storage.begin(pool) as tx:
        if not await privacy.belongs(tx, ring):
            raise RuntimeError("another key ring made this database")
    return "yes"


def _checked(check: str, look: Callable[[], str], mend: str) -> Finding:
    try:
        return Finding(check, well=True, found=look())
    except (OSError, RuntimeError, psycopg.Error, privacy.KeyRingError) as error:
        return Finding(check, well=False, found=str(error).strip(), mend=mend)
