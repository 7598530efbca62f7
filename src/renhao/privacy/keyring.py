"""The key ring: the file that holds the secrets everything else is derived from."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
FORMAT = 1


class KeyRingError(Exception):
    """The key ring is missing, unreadable, readable by others, or not this database's."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Wrapping keys by name, the name of the active one, and the root of the blind indexes."""

    active: str
    wrapping: Mapping[str, bytes] = field(repr=False)
    index_root: bytes = field(repr=False)

    def derive(self, label: str) -> bytes:
        """Derive 32 bytes for one use from the index root (HKDF-SHA-256, RFC 5869)."""
        kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=label.encode())
        return kdf.derive(self.index_root)

    def fingerprint(self) -> bytes:
        """Say which key ring this is without telling anything about its keys."""
        mac = hmac.HMAC(self.derive("renhao fingerprint"), hashes.SHA256())
        mac.update(b"renhao key ring")
        return mac.finalize()


def make() -> KeyRing:
    """Make a key ring from the system's randomness."""
    return KeyRing("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))


def save(ring: KeyRing, path: Path) -> None:
    """Write the key ring with mode 0600; raises KeyRingError if the file exists already."""
    document = {
        "format": FORMAT,
        "active": ring.active,
        "wrapping": {name: _encode(key) for name, key in ring.wrapping.items()},
        "index_root": _encode(ring.index_root),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyRingError(f"{path} exists already; a key ring is never overwritten") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> KeyRing:
    """Read a key ring; raises KeyRingError when missing, malformed or readable by others."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise KeyRingError(
            f"the key ring {path} cannot be read ({error.strerror}); put back the file that belongs"
            " to this database: without it no name or number can be read"
        ) from error
    if mode & 0o077:
        raise KeyRingError(f"the key ring {path} is readable by others; run: chmod 600 {path}")
    return _parse(text, path)


def _parse(text: str, path: Path) -> KeyRing:
    try:
        document = json.loads(text)
        wrapping = {name: _decode(key) for name, key in document["wrapping"].items()}
        ring = KeyRing(document["active"], wrapping, _decode(document["index_root"]))
        known = document["format"] == FORMAT and ring.active in wrapping
    except (ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        raise KeyRingError(f"{path} is not a key ring; put back the right file")
    return ring


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _decode(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
