"""Where everything lies: one data folder, and a socket folder with a short enough path."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from renhao.storage.embedded.account import Account, account_for
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.files import (
    PRIVATE_FOLDER,
    check_private,
    make_folder,
    make_parents,
    write_private,
)

PORT = 5432
"""Names the socket file only; no TCP port is opened."""
SOCKET_PATH_BYTES_MAX = 103 if sys.platform == "darwin" else 107
"""What `sun_path` holds, less the closing zero."""
ROOTS_DATA = Path("/var/lib/renhao")
SHORT_FOLDERS = ("/run", "/tmp", "/var/tmp")  # noqa: S108 - mkdtemp makes a 0700 folder inside
PASSED_THROUGH = 0o711
"""Root's data folder: the server's account passes to its own folder and reads nothing else."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The names inside one data folder, and the account that owns the server's part."""

    data: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data."""
        return self.data / "cluster"

    @property
    def logs(self) -> Path:
        """One log file for each day of the week, written over after seven days."""
        return self.data / "log"

    @property
    def start_log(self) -> Path:
        """What the server says before its log opens; anew at every start."""
        return self.data / "start.log"

    @property
    def lock(self) -> Path:
        """Held by the program that owns the server."""
        return self.data / "owner.lock"

    @property
    def passwords(self) -> Path:
        """The password of every role."""
        return self.data / "passwords.json"

    @property
    def binaries(self) -> Path:
        """Copies of programs that the account could not reach elsewhere."""
        return self.data / "binaries"

    @property
    def socket_note(self) -> Path:
        """Which short folder holds the socket, when this one's path is too long."""
        return self.data / "socket-folder"


def default_data_folder() -> Path:
    """Give the folder used without `--data`: /var/lib/renhao for root, else the user's own."""
    if os.geteuid() == 0:
        return ROOTS_DATA
    return Path(platformdirs.user_data_dir("renhao", appauthor=False))


def locate(data: Path) -> Layout:
    """Name everything in the data folder; makes nothing."""
    data = data.expanduser().resolve()
    return Layout(data=data, account=account_for(data / "cluster"))


def make_data_folder(layout: Layout) -> None:
    """Make the data folder if it is missing. Raises when the server's account cannot enter it."""
    try:
        make_parents(layout.data)
        make_folder(layout.data, mode=PASSED_THROUGH if layout.account.dropped else PRIVATE_FOLDER)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {layout.data} cannot be made: {error.strerror}."
            f" Choose another with --data."
        ) from error
    if not layout.account.may_enter(layout.data):
        raise EmbeddedError(
            f"PostgreSQL runs as {layout.account.name}, which cannot enter {layout.data}. Choose"
            f" another folder with --data, such as {ROOTS_DATA}, or let others pass through each"
            f" folder above it and through it (chmod o+x)."
        )


def socket_folder(layout: Layout) -> Path:
    """Give a folder for the socket, 0700: in the data folder if its path is short enough."""
    inside = layout.data / "socket"
    if fits(inside):
        make_folder(inside, mode=PRIVATE_FOLDER, account=layout.account)
        check_private(inside, account=layout.account)
        return inside
    return _noted_folder(layout) or _new_short_folder(layout)


def drop_socket_folder(layout: Layout) -> None:
    """Remove the short folder, if there is one: nothing stays behind in /tmp."""
    folder = _noted_folder(layout)
    if folder is not None and not any(folder.iterdir()):
        folder.rmdir()
        layout.socket_note.unlink()


def fits(folder: Path) -> bool:
    """Whether a socket in this folder has a path that the system and PostgreSQL accept."""
    path = os.fsencode(folder / f".s.PGSQL.{PORT}")
    # PostgreSQL reads a comma or a quote in the setting as the mark of a list.
    return len(path) <= SOCKET_PATH_BYTES_MAX and not set(path) & set(b',"\n')


def _noted_folder(layout: Layout) -> Path | None:
    try:
        folder = Path(layout.socket_note.read_text(encoding="utf-8"))
        check_private(folder, account=layout.account)
    except (FileNotFoundError, EmbeddedError):
        return None
    return folder


def _new_short_folder(layout: Layout) -> Path:
    for above in (*SHORT_FOLDERS, tempfile.gettempdir()):
        try:
            folder = Path(tempfile.mkdtemp(prefix="renhao-", dir=above))
        except OSError:
            continue
        if layout.account.dropped:
            os.chown(folder, layout.account.uid, layout.account.gid)
        if fits(folder):
            write_private(layout.socket_note, str(folder))
            return folder
        folder.rmdir()
    raise EmbeddedError(
        f"The path of {layout.data} is too long for a socket ({SOCKET_PATH_BYTES_MAX} bytes), and"
        f" no folder can be made in /tmp. Choose a shorter path with --data."
    )
