"""One owner per data folder: a lock that ends with the process, however it ends."""

import fcntl
import json
import os
import sys
from pathlib import Path
from typing import Self

from renhao.storage.embedded.errors import EmbeddedError

_held: set[int] = set()


class OwnerLock:
    """A held lock. Neither PostgreSQL nor a forked worker inherits it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        _held.add(handle)

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock and note who holds it. Raises when another program holds it."""
        # Python opens with O_CLOEXEC, so no program that we start keeps the lock alive.
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise EmbeddedError(
                f"{path} cannot be opened: {error.strerror}. Run renhao as the account that made"
                f" this data folder, or choose another with --data."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(handle)
            os.close(handle)
            raise EmbeddedError(
                f"{path.parent} is in use by {holder}. Stop that first, or give this one a data"
                f" folder of its own with --data."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"pid": os.getpid(), "command": _command()}).encode())
        return cls(handle)

    def release(self) -> None:
        """Let go; the file stays, since removing it could let two programs in."""
        if self._handle in _held:
            _held.discard(self._handle)
            os.ftruncate(self._handle, 0)
            os.close(self._handle)


def _command() -> str:
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) or "python"


def _holder(handle: int) -> str:
    try:
        noted = json.loads(os.pread(handle, 65536, 0))
        return f"process {noted['pid']} ({noted['command']})"
    except (ValueError, KeyError, TypeError):
        return "a program that is starting or stopping just now"


def _let_go_in_child() -> None:
    # The lock belongs to the open file, which a forked child shares: without this, a child that
    # outlives its killed parent would keep the data folder locked.
    for handle in _held:
        os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)
