"""PostgreSQL: transactions, roles, migrations, and the embedded server."""

from renhao.storage import roles
from renhao.storage.arrays import array, words
from renhao.storage.errors import constraint_of
from renhao.storage.gathered import Gathered
from renhao.storage.migrate import (
    Schema,
    UpgradeUnderWayError,
    head,
    revision,
    revision_in,
    upgrade,
)
from renhao.storage.tx import (
    LOCK_TIMEOUT_SECONDS,
    STATEMENT_TIMEOUT_SECONDS,
    NotReplicatedError,
    Pool,
    Tx,
    begin,
    commit,
    make_pool,
)

__all__ = [
    "LOCK_TIMEOUT_SECONDS",
    "STATEMENT_TIMEOUT_SECONDS",
    "Gathered",
    "NotReplicatedError",
    "Pool",
    "Schema",
    "Tx",
    "UpgradeUnderWayError",
    "array",
    "begin",
    "commit",
    "constraint_of",
    "head",
    "make_pool",
    "revision",
    "revision_in",
    "roles",
    "upgrade",
    "words",
]
