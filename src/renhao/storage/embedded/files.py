"""Folders and files that only their owner may open."""

import os
import stat
from pathlib import Path

from renhao.storage.embedded.account import Account
from renhao.storage.embedded.errors import EmbeddedError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def make_parents(folder: Path) -> None:
    """Make the folders above that are missing, open to pass through; leave the others alone."""
    for missing in [above for above in reversed(folder.parents) if not above.exists()]:
        missing.mkdir()
        missing.chmod(0o755)


def make_folder(folder: Path, *, mode: int, account: Account | None = None) -> None:
    """Make a folder with exactly this mode, for the account; one that is there stays as it is."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        return
    if account is not None and account.dropped:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(mode)


def check_private(folder: Path, *, account: Account) -> None:
    """Raise unless this is a real folder of the account that nobody else may open."""
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077:
        return
    raise EmbeddedError(
        f"{folder} must be a folder that belongs to {account.name} and that nobody else may open."
        f" Its mode is left alone: mend it (chown {account.name}, chmod 700), move it away, or"
        f" choose another folder with --data."
    )


def write_private(path: Path, text: str, *, account: Account | None = None) -> None:
    """Replace a file at once and for good: mode 0600, for the account, on the disk on return."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE_FILE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, PRIVATE_FILE)
        if account is not None and account.dropped:
            os.fchown(handle, account.uid, account.gid)
        file.write(text)
        file.flush()
        os.fsync(handle)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, so that a renaming lasts."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
