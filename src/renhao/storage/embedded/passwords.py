"""The password of every role: random, made once, in a file of mode 0600."""

import json
import secrets
from collections.abc import Mapping

from renhao.storage import roles
from renhao.storage.embedded.errors import EmbeddedError
from renhao.storage.embedded.files import write_private
from renhao.storage.embedded.layout import Layout
from renhao.storage.embedded.names import SUPERUSER

PASSWORD_BYTES = 32


def passwords(layout: Layout) -> Mapping[str, str]:
    """Read the passwords; make them when there is no cluster yet. Raises when they are lost."""
    try:
        known: dict[str, str] = dict(json.loads(layout.passwords.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if layout.cluster.exists():
            raise EmbeddedError(
                f"{layout.passwords} is missing, so nobody can log in to the database beside it."
                f" Put it back from a copy, restore the whole data folder from a backup, or start"
                f" afresh in another folder with --data."
            ) from None
        known = {}
    except (OSError, ValueError, TypeError) as error:
        raise EmbeddedError(
            f"{layout.passwords} cannot be read ({error}). Run renhao as the account that made it,"
            f" or put it back from a copy."
        ) from error
    wanted = (SUPERUSER, *roles.ALL)
    missing = [role for role in wanted if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(PASSWORD_BYTES) for role in missing}
        write_private(layout.passwords, json.dumps(known, indent=1) + "\n")
    return known
