"""Which account of the machine the server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from renhao.storage.embedded.errors import EmbeddedError

CANDIDATES = ("renhao", "postgres", "_postgres", "nobody")
"""Taken in this order by root; none is ever created. An administrator who wants an account of its
own for the data makes one named `renhao`; `nobody` serves throw-away machines and containers."""


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account. `dropped` when root must become it, else it is the present one."""

    name: str
    uid: int
    gid: int
    dropped: bool

    @property
    def user(self) -> int | None:
        """Give what `subprocess` wants to hear as `user`."""
        return self.uid if self.dropped else None

    @property
    def group(self) -> int | None:
        """Give what `subprocess` wants to hear as `group`."""
        return self.gid if self.dropped else None

    @property
    def extra_groups(self) -> list[int] | None:
        """Give what `subprocess` wants to hear as `extra_groups`: none of root's."""
        return [] if self.dropped else None

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can pass through every folder above, and this one."""
        return run(self, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0


def account_for(cluster: Path) -> Account:
    """Choose the account: the caller, or for root the data's owner, or the first candidate."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()), dropped=False)
    entry = _owner(cluster) or _first_candidate()
    account = _account(entry, dropped=True)
    _check_that_root_can_become(account)
    return account


def run(account: Account, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as the account, wait for it, and give what it said."""
    return subprocess.run(  # noqa: S603 - our own commands, no shell
        command,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
        umask=0o077,
        env=environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def environment() -> dict[str, str]:
    """Give a small environment: none of our secrets, no `PG…` variable, English messages."""
    kept = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _account(entry: pwd.struct_passwd, *, dropped: bool) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, dropped=dropped)


def _owner(cluster: Path) -> pwd.struct_passwd | None:
    try:
        uid = cluster.stat().st_uid
    except FileNotFoundError:
        return None
    if uid == 0:
        raise EmbeddedError(
            f"{cluster} belongs to root, and PostgreSQL refuses to run as root. Give it to the"
            f" account that made it (chown -R), or choose another folder with --data."
        )
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"{cluster} belongs to user number {uid}, which this machine does not know. Create"
            f" that account, give the folder to another one (chown -R), or choose another folder"
            f" with --data."
        ) from None


def _first_candidate() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in CANDIDATES:
        if name in known:
            return known[name]
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and this machine has no account for it. Create one"
        " (useradd --system renhao), run renhao as an ordinary user, or point RENHAO_DATABASE_URL"
        " to a PostgreSQL server."
    )


def _check_that_root_can_become(account: Account) -> None:
    try:
        run(account, ["/bin/sh", "-c", ":"])
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and root cannot become {account.name} here"
            f" ({error}). Run renhao as an ordinary user, or point RENHAO_DATABASE_URL to a"
            f" PostgreSQL server."
        ) from error
