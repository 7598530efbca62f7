"""The vault on a real key store."""

import pytest

from renhao import privacy, storage
from renhao.kernel import Purpose, Sensitive, new_id, utc_now

pytestmark = pytest.mark.database


async def test_a_sealed_value_opens_only_with_its_key_and_place(vault: privacy.Vault) -> None:
    key = await vault.make_key(new_id(), now=utc_now())
    other = await vault.make_key(new_id(), now=utc_now())

    cipher = key.seal(Sensitive("张三"), place="identity.name/1")

    assert "张三".encode() not in cipher
    assert key.open(cipher, place="identity.name/1").reveal(purpose=Purpose.OWN_PAGE) == "张三"
    with pytest.raises(privacy.VaultError):
        key.open(cipher, place="identity.name/2")
    with pytest.raises(privacy.VaultError):
        other.open(cipher, place="identity.name/1")


async def test_a_data_key_survives_a_new_vault_with_the_same_ring(vault: privacy.Vault) -> None:
    owner = new_id()
    first = await vault.make_key(owner, now=utc_now())

    again = await privacy.Vault(vault._ring, vault._key_store).key(owner)

    assert again == first


async def test_a_second_key_for_the_same_owner_is_the_first(vault: privacy.Vault) -> None:
    owner = new_id()

    first = await vault.make_key(owner, now=utc_now())
    second = await privacy.Vault(vault._ring, vault._key_store).make_key(owner, now=utc_now())

    assert first == second


async def test_a_wrong_ring_opens_nothing_and_is_refused(
    vault: privacy.Vault, tx: storage.Tx
) -> None:
    owner = new_id()
    await vault.make_key(owner, now=utc_now())
    await privacy.check_ring(tx, vault._ring, now=utc_now())
    wrong = privacy.keyring.make()

    with pytest.raises(privacy.VaultError):
        await privacy.Vault(wrong, vault._key_store).key(owner)
    with pytest.raises(privacy.KeyRingError, match="does not belong"):
        await privacy.check_ring(tx, wrong, now=utc_now())
