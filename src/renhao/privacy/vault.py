"""The vault: data keys by owner, blind indexes, message authentication, the ticket key."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from renhao.kernel import Purpose, Sensitive
from renhao.privacy import store
from renhao.privacy.cipher import DataKey, VaultError, decrypt, encrypt
from renhao.privacy.keyring import KEY_BYTES, KeyRing, KeyRingError
from renhao.storage import Pool, Tx, begin

CACHED_KEYS_MAX = 4096


class Vault:
    """Opens and seals personal values with one data key for each owner.

    The wrapped data keys live in the key store, apart from the main database: deleting one
    makes everything sealed with it unreadable for ever.
    """

    def __init__(self, ring: KeyRing, key_store: Pool) -> None:
        self._ring = ring
        self._key_store = key_store
        self._cache: OrderedDict[UUID, DataKey] = OrderedDict()
        self._labels: dict[str, bytes] = {}

    async def make_key(self, owner: UUID, *, now: datetime) -> DataKey:
        """Make the owner's data key and keep it wrapped; an existing key wins."""
        wrapped = encrypt(
            self._ring.wrapping[self._ring.active],
            secrets.token_bytes(KEY_BYTES),
            place=f"wrapped_key/{owner}",
        )
        async with begin(self._key_store) as tx:
            key = store.WrappedKey(owner, self._ring.active, wrapped)
            await store.insert_key(tx, key, now=now)
        return await self.key(owner)

    async def key(self, owner: UUID) -> DataKey:
        """Fetch one owner's data key. Raises VaultError when there is none (erased)."""
        keys = await self.keys([owner])
        if owner not in keys:
            raise VaultError("there is no key for this owner")
        return keys[owner]

    async def keys(self, owners: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """Fetch the data keys of several owners; erased ones are left out."""
        wanted = set(owners)
        keys = {owner: self._cache[owner] for owner in wanted if owner in self._cache}
        missing = [owner for owner in wanted if owner not in keys]
        if missing:
            async with begin(self._key_store) as tx:
                found = await store.select_keys(tx, missing)
            keys |= {wrapped.owner_id: self._unwrap(wrapped) for wrapped in found}
            self._remember(keys)
        return keys

    def blind_index(self, kind: str, value: Sensitive[str]) -> bytes:
        """Return a keyed digest for looking a value up by equality (HMAC-SHA-256)."""
        return self.mac(f"index/{kind}", value.reveal(purpose=Purpose.SEAL).encode())

    def mac(self, label: str, message: bytes) -> bytes:
        """Return HMAC-SHA-256 of a message under the key derived for this label."""
        return hmac.new(self.derived(label), message, hashlib.sha256).digest()

    def derived(self, label: str) -> bytes:
        """Derive (once) the 32-byte key of one use."""
        if label not in self._labels:
            self._labels[label] = self._ring.derive(label)
        return self._labels[label]

    def seal_for_platform(self, value: Sensitive[str], *, place: str) -> bytes:
        """Encrypt a value that belongs to nobody, such as a second factor or a message."""
        plain = value.reveal(purpose=Purpose.SEAL).encode()
        return encrypt(self.derived("platform"), plain, place=place)

    def open_for_platform(self, cipher: bytes, *, place: str) -> Sensitive[str]:
        """Undo `seal_for_platform`. Raises VaultError."""
        return Sensitive(decrypt(self.derived("platform"), cipher, place=place).decode())

    def ticket_key(self) -> Ed25519PrivateKey:
        """Return the key that signs arrival codes (Ed25519, RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.derived("ticket"))

    def _unwrap(self, wrapped: store.WrappedKey) -> DataKey:
        try:
            wrapping = self._ring.wrapping[wrapped.ring_key_id]
        except KeyError:
            raise VaultError(f"the key ring lacks the key {wrapped.ring_key_id}") from None
        place = f"wrapped_key/{wrapped.owner_id}"
        return DataKey(decrypt(wrapping, wrapped.wrapped, place=place))

    def _remember(self, keys: Mapping[UUID, DataKey]) -> None:
        self._cache.update(keys)
        while len(self._cache) > CACHED_KEYS_MAX:
            self._cache.popitem(last=False)


async def check_ring(tx: Tx, ring: KeyRing, *, now: datetime) -> None:
    """Bind an unused database to this key ring, or refuse a ring that is not its own.

    Raises KeyRingError.
    """
    await store.insert_fingerprint(tx, ring.fingerprint(), now=now)
    if not await belongs(tx, ring):
        raise KeyRingError(
            "this key ring does not belong to this database; put back the right key ring file"
        )


async def belongs(tx: Tx, ring: KeyRing) -> bool:
    """Whether this key ring is the one that the database was bound to."""
    return await store.fingerprint(tx) == ring.fingerprint()


async def is_bound(tx: Tx) -> bool:
    """Whether this database belongs to some key ring already: then none may be made anew."""
    return await store.fingerprint(tx) is not None
