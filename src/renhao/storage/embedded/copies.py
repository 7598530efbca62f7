"""Choosing programs that the server's account can run, copied beside the data if need be."""

import hashlib
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from renhao.storage.embedded.account import Account, run
from renhao.storage.embedded.binaries import (
    MAJOR_MIN,
    PROGRAMS,
    Binaries,
    Origin,
    candidates,
    find_binaries,
)
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.files import make_folder
from renhao.storage.embedded.layout import Layout

NEVER_COPIED = ("include", "pgxs", "pkgconfig", "doc", "man", "*.a")
TOO_WIDE = (Path("/"), Path("/usr"), Path("/usr/local"))
CATALOGUES = ("share/postgres.bki", "share/postgresql/postgres.bki")


def programs(layout: Layout, *, major: int | None, say: Callable[[str], None]) -> Binaries:
    """Choose what to run for this data folder. Raises when the account can run nothing."""
    for found in candidates():
        if found.major < MAJOR_MIN or major not in (None, found.major):
            continue
        if runs(layout.account, found.path):
            return found
        if found.origin is not Origin.MACHINE:
            return _copied(found, layout=layout, say=say)
    find_binaries(major=major)  # raises, better worded, where there is nothing at all
    raise _out_of_reach(layout.account)


def runs(account: Account, folder: Path) -> bool:
    """Whether the account can start the programs, with their libraries."""
    try:
        done = [run(account, [str(folder / program), "--version"]) for program in PROGRAMS]
    except OSError:
        return False
    return all(each.returncode == 0 for each in done)


def _copied(found: Binaries, *, layout: Layout, say: Callable[[str], None]) -> Binaries:
    prefix = found.path.parent
    if prefix in TOO_WIDE or not any((prefix / name).exists() for name in CATALOGUES):
        raise _out_of_reach(layout.account)
    target = layout.binaries / f"{found.version}-{_fingerprint(found.path)}"
    if not target.exists():
        say(f"Copying PostgreSQL to {target}, where {layout.account.name} can run it (once)")
        make_folder(layout.binaries, mode=0o755)
        _copy(prefix, target)
    path = target / prefix.parent.name / prefix.name / found.path.name
    if not runs(layout.account, path):
        raise _out_of_reach(layout.account)
    return replace(found, path=path)


def _copy(prefix: Path, target: Path) -> None:
    """Copy whole or not at all: under another name first."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    package = prefix.parent
    ignore = shutil.ignore_patterns(*NEVER_COPIED)
    shutil.copytree(prefix, fresh / package.name / prefix.name, symlinks=True, ignore=ignore)
    # A wheel keeps its libraries beside the package, and the programs look for them there.
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in (fresh, *fresh.rglob("*")):
        _open_to_readers(path)
    fresh.replace(target)


def _open_to_readers(path: Path) -> None:
    if path.is_symlink():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))


def _fingerprint(folder: Path) -> str:
    with (folder / "postgres").open("rb") as program:
        return hashlib.file_digest(program, "sha256").hexdigest()[:12]


def _out_of_reach(account: Account) -> EmbeddedError:
    return EmbeddedError(
        f"PostgreSQL is there, but {account.name} cannot run it. Let others read and enter its"
        f" folder, install PostgreSQL for the whole machine (apt install postgresql), or point"
        f" RENHAO_DATABASE_URL to a PostgreSQL server."
    )
