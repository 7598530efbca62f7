"""The vault: personal values are readable only through it."""

from renhao.privacy import keyring
from renhao.privacy.cipher import DataKey, VaultError
from renhao.privacy.keyring import KeyRing, KeyRingError
from renhao.privacy.retention import ACCOUNT_TRACES_KEPT, MESSAGES_KEPT, REQUESTS_KEPT
from renhao.privacy.vault import Vault, belongs, check_ring, is_bound

__all__ = [
    "ACCOUNT_TRACES_KEPT",
    "MESSAGES_KEPT",
    "REQUESTS_KEPT",
    "DataKey",
    "KeyRing",
    "KeyRingError",
    "Vault",
    "VaultError",
    "belongs",
    "check_ring",
    "is_bound",
    "keyring",
]
