"""Encrypting one value: AES-256-GCM with the place it belongs to as associated data."""

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from renhao.kernel import Purpose, Sensitive

SUITE_AES = b"\x01"
NONCE_BYTES = 12


class VaultError(Exception):
    """A cipher text does not open: wrong key, wrong place, or altered."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One key for one person's (or account's) values."""

    key: bytes = field(repr=False)

    def seal(self, value: Sensitive[str], *, place: str) -> bytes:
        """Encrypt a text for one place, such as `identity.name/<identity id>`."""
        return encrypt(self.key, value.reveal(purpose=Purpose.SEAL).encode(), place=place)

    def open(self, cipher: bytes, *, place: str) -> Sensitive[str]:
        """Decrypt a text sealed for that place. Raises VaultError."""
        return Sensitive(decrypt(self.key, cipher, place=place).decode())


def encrypt(key: bytes, plain: bytes, *, place: str) -> bytes:
    """Return suite byte, nonce and cipher text with its tag (NIST SP 800-38D)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return SUITE_AES + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def decrypt(key: bytes, cipher: bytes, *, place: str) -> bytes:
    """Undo `encrypt` for the same key and place. Raises VaultError."""
    if cipher[:1] != SUITE_AES:
        raise VaultError("unknown cipher suite")
    nonce, body = cipher[1 : 1 + NONCE_BYTES], cipher[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag as error:
        raise VaultError("a value does not open with its key and place") from error
