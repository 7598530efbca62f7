"""The key ring file."""

import json
from pathlib import Path

import pytest

from renhao.privacy import KeyRingError, keyring

pytestmark = pytest.mark.unit


def test_it_is_written_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    ring = keyring.make()
    path = tmp_path / "ring.json"

    keyring.save(ring, path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert keyring.load(path) == ring
    assert keyring.load(path).fingerprint() == ring.fingerprint()


def test_it_is_never_overwritten(tmp_path: Path) -> None:
    keyring.save(keyring.make(), tmp_path / "ring.json")

    with pytest.raises(KeyRingError, match="never overwritten"):
        keyring.save(keyring.make(), tmp_path / "ring.json")


def test_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="cannot be read"):
        keyring.load(tmp_path / "ring.json")


def test_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    keyring.save(keyring.make(), path)
    path.chmod(0o644)

    with pytest.raises(KeyRingError, match="chmod 600"):
        keyring.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"active": "k9"},
        {"index_root": "short"},
        {"wrapping": []},
        {"index_root": "AAAA"},
    ],
)
def test_a_malformed_one_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "ring.json"
    keyring.save(keyring.make(), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(KeyRingError, match="not a key ring"):
        keyring.load(path)


def test_no_key_shows_in_its_repr() -> None:
    ring = keyring.make()

    assert "index_root" not in repr(ring)
    assert repr(ring.index_root) not in repr(ring)


def test_each_label_gives_its_own_key() -> None:
    ring = keyring.make()

    assert ring.derive("a") != ring.derive("b")
    assert ring.derive("a") == ring.derive("a")
