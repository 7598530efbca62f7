"""What the database says when a named constraint refuses a row."""

import re

from psycopg import errors

SHARD_SUFFIX = re.compile(r"_\d{5,}$")
QUOTED = re.compile(r'constraint "([^"]+)"')


def constraint_of(error: errors.IntegrityError) -> str | None:
    """Name the violated constraint, without the shard suffix of a distributed table.

    A distributed PostgreSQL may give the name in the message text only.
    """
    name = error.diag.constraint_name
    if name is None:
        found = QUOTED.search(error.diag.message_primary or "")
        name = found.group(1) if found else None
    return None if name is None else SHARD_SUFFIX.sub("", name)
