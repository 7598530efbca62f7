"""The databases that every installation has, and who may enter them."""

from typing import Final

from renhao.storage import roles

SUPERUSER: Final = "postgres"
"""Makes roles and databases, nothing else; the program never works as this role."""

MAIN_DATABASE: Final = "renhao"
"""Everything but the keys."""
KEY_DATABASE: Final = "renhao_keys"
"""The wrapped keys, outside the main database's dumps."""

VISITORS: Final = {
    MAIN_DATABASE: (roles.SERVER, roles.WORKER, roles.OFFICER),
    KEY_DATABASE: (roles.SERVER, roles.WORKER),
}
"""Who may connect besides the owner. The officer reads the log of accesses and needs no key."""
