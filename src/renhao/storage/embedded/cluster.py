"""The cluster: PostgreSQL's data folder, made whole or not at all."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from renhao.storage.embedded.account import run
from renhao.storage.embedded.binaries import Binaries
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.files import (
    PRIVATE_FOLDER,
    make_folder,
    sync_folder,
    write_private,
)
from renhao.storage.embedded.layout import Layout
from renhao.storage.embedded.names import SUPERUSER
from renhao.storage.embedded.settings import HBA, machine_memory_bytes, tunable_file


def cluster_major(cluster: Path) -> int | None:
    """Tell which PostgreSQL made the cluster; None when there is none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise EmbeddedError(
            f"{cluster} cannot be read ({error}). Run renhao as the account that made it, or"
            f" choose another folder with --data."
        ) from error
    if cluster.exists() and any(cluster.iterdir()):
        raise EmbeddedError(
            f"{cluster} holds something that is no PostgreSQL data. Choose another folder with"
            f" --data, or move that away."
        )
    return None


def make_cluster(layout: Layout, *, binaries: Binaries, passwords: Mapping[str, str]) -> None:
    """Make the cluster under another name, on the disk, then rename it.

    A program killed half-way leaves a `cluster.partial-…`, which the next start throws away.
    """
    for left in layout.data.glob("cluster.partial-*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of its own: the initdb of a killed program may still be writing to the old one.
    partial = layout.data / f"cluster.partial-{secrets.token_hex(4)}"
    make_folder(partial, mode=PRIVATE_FOLDER, account=layout.account)
    _initialise(partial, layout=layout, binaries=binaries, password=passwords[SUPERUSER])
    memory = machine_memory_bytes()
    write_private(
        partial / "postgresql.conf", tunable_file(memory_bytes=memory), account=layout.account
    )
    write_private(partial / "pg_hba.conf", HBA, account=layout.account)
    partial.replace(layout.cluster)
    sync_folder(layout.data)


def _initialise(partial: Path, *, layout: Layout, binaries: Binaries, password: str) -> None:
    password_file = layout.data / "initdb-password"
    write_private(password_file, password + "\n", account=layout.account)
    try:
        done = run(layout.account, _initdb(partial, binaries=binaries, password_file=password_file))
    finally:
        password_file.unlink()
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise EmbeddedError(
            f"The database could not be made in {layout.data}. PostgreSQL says: {said}"
        )


def _initdb(partial: Path, *, binaries: Binaries, password_file: Path) -> list[str]:
    return [
        str(binaries.path / "initdb"),
        f"--pgdata={partial}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Byte order: the same everywhere, and no index breaks when a C library changes its mind.
        "--locale=C",
        "--data-checksums",
        "--no-instructions",
    ]
