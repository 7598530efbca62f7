"""The one who starts, adopts, restarts and stops the server of a data folder."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from renhao.storage.embedded import store
from renhao.storage.embedded.cluster import cluster_major, make_cluster
from renhao.storage.embedded.copies import programs
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.files import PRIVATE_FOLDER, make_folder
from renhao.storage.embedded.launch import launch, wait_until_ready
from renhao.storage.embedded.layout import (
    Layout,
    drop_socket_folder,
    locate,
    make_data_folder,
    socket_folder,
)
from renhao.storage.embedded.lock import OwnerLock
from renhao.storage.embedded.passwords import passwords
from renhao.storage.embedded.postmaster import PidFile, Postmaster
from renhao.storage.embedded.server import Server

Say = Callable[[str], None]


class Running:
    """A server that this program owns until `stop()`, or until the end of the `with` block."""

    def __init__(
        self, layout: Layout, *, lock: OwnerLock, postmaster: Postmaster, adopted: bool
    ) -> None:
        self._layout = layout
        self._lock = lock
        self._postmaster = postmaster
        self.adopted = adopted
        self.server = _server(layout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Give the number of the server's first process."""
        return self._postmaster.pid

    def alive(self) -> bool:
        """Whether the server still runs."""
        return self._postmaster.alive()

    def revive(self, *, on_wait: Say | None = None) -> bool:
        """Start the server again if it has died; whether it had."""
        if self.alive():
            return False
        self._postmaster = _launch(self._layout, say=on_wait or _silent)
        self.server = _server(self._layout)
        return True

    def stop(self) -> None:
        """Stop the server and let go of the data folder. A second call does nothing."""
        try:
            self._postmaster.stop()
            drop_socket_folder(self._layout)
        finally:
            self._lock.release()


def start(data: Path, *, on_wait: Say | None = None) -> Running:
    """Start the server of a data folder, or adopt the one that a killed program left running.

    Makes the folder, the server and its roles when they are missing. `on_wait` hears a sentence
    about each thing that takes long. Raises EmbeddedError, which says what to do.
    """
    say = on_wait or _silent
    layout = locate(data)
    make_data_folder(layout)
    lock = OwnerLock.take(layout.lock)
    try:
        return _start(layout, lock=lock, say=say)
    except BaseException:
        lock.release()
        raise


def exists(data: Path) -> bool:
    """Whether a server was ever made in this data folder; makes nothing."""
    return cluster_major(locate(data).cluster) is not None


def attach(data: Path) -> Server | None:
    """Find the server that another program owns on this data folder; None when none is ready.

    Raises when this account may not look.
    """
    layout = locate(data)
    try:
        postmaster = Postmaster.running(layout.cluster)
    except PermissionError as error:
        raise EmbeddedError(
            f"{layout.data} belongs to another account. Run renhao as the account that made it, or"
            f" choose another folder with --data."
        ) from error
    if postmaster is None or postmaster.status() != "ready":
        return None
    return _server(layout)


def _start(layout: Layout, *, lock: OwnerLock, say: Say) -> Running:
    postmaster = _adopt(layout, say=say)
    adopted = postmaster is not None
    if postmaster is None:
        postmaster = _launch(layout, say=say)
    try:
        running = Running(layout, lock=lock, postmaster=postmaster, adopted=adopted)
        store.provision(running.server)
    except BaseException:
        if not adopted:
            postmaster.stop()
        raise
    return running


def _adopt(layout: Layout, *, say: Say) -> Postmaster | None:
    postmaster = Postmaster.running(layout.cluster)
    if postmaster is None:
        return None
    say(f"Taking over PostgreSQL (process {postmaster.pid}), left by a program that was killed")
    if not wait_until_ready(postmaster, layout=layout, say=say) or not _has_socket(layout):
        # It is ending, or something removed its socket, so that nobody can reach it.
        postmaster.stop()
        return None
    return postmaster


def _has_socket(layout: Layout) -> bool:
    noted = PidFile.read(layout.cluster)
    return noted is not None and (noted.socket_folder / f".s.PGSQL.{noted.port}").exists()


def _launch(layout: Layout, *, say: Say) -> Postmaster:
    major = cluster_major(layout.cluster)
    secrets = passwords(layout)
    binaries = programs(layout, major=major, say=say)
    if major is None:
        say(f"Making the database in {layout.data} (once)")
        make_cluster(layout, binaries=binaries, passwords=secrets)
    make_folder(layout.logs, mode=PRIVATE_FOLDER, account=layout.account)
    folder = socket_folder(layout)
    return launch(layout, binaries=binaries, socket_folder=folder, say=say)


def _server(layout: Layout) -> Server:
    noted = PidFile.read(layout.cluster)
    if noted is None:
        raise EmbeddedError(f"PostgreSQL on {layout.cluster} has just stopped; start again.")
    server = Server(noted.socket_folder, noted.port, version=0, passwords=passwords(layout))
    try:
        version = store.server_version(server)
    except psycopg.OperationalError as error:
        raise EmbeddedError(
            f"PostgreSQL on {layout.cluster} runs but lets nobody in ({str(error).strip()}). If"
            f" {layout.passwords} was replaced, put the old one back."
        ) from error
    return Server(noted.socket_folder, noted.port, version=version, passwords=server.passwords)


def _silent(_: str) -> None:
    """Tell nobody."""
