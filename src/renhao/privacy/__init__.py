"""The vault: personal values are readable only through it."""

from renhao.privacy import keyring
from renhao.privacy.cipher import DataKey, VaultError
from renhao.privacy.keyring import KeyRing, KeyRingError
from renhao.privacy.vault import Vault, belongs, check_ring, is_bound

__all__ = [
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
