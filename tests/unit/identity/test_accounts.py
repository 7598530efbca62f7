from dataclasses import replace
from datetime import timedelta

import pytest

from renhao import identity
from renhao.identity.accounts import model
from renhao.kernel import AccountId, new_id
from tests.support.identities import NOW

pytestmark = pytest.mark.unit

SESSION = identity.Session(
    account_id=AccountId(new_id()),
    session_id="ab",
    device="Firefox",
    language="zh",
    proof_required=False,
    created_at=NOW,
    seen_at=NOW,
    expires_at=NOW + timedelta(days=30),
)


def test_a_session_gives_its_account_once_proved() -> None:
    assert SESSION.proved() == SESSION.account_id
    with pytest.raises(identity.ProofRequired) as refused:
        replace(SESSION, proof_required=True).proved()
    assert "90" in refused.value.sentence("en")


def test_last_seen_is_written_every_five_minutes() -> None:
    assert not SESSION.is_stale(now=NOW + timedelta(minutes=5, seconds=-1))
    assert SESSION.is_stale(now=NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("days", "patients", "needed"), [(89, True, False), (90, True, True), (90, False, False)]
)
def test_proof_is_needed_after_ninety_idle_days(days: int, *, patients: bool, needed: bool) -> None:
    now = NOW + timedelta(days=days)

    assert model.needs_proof(last_active_at=NOW, has_patients=patients, now=now) is needed


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("１２３－４５６", "123456"), ("code", "")],
)
def test_codes_are_read_as_pasted(typed: str, code: str) -> None:
    assert model.typed_code(typed) == code


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2)])
def test_waits_are_rounded_up(seconds: int, minutes: int) -> None:
    assert model.minutes(seconds) == minutes


def test_secrets_are_long_and_codes_have_six_digits() -> None:
    tokens = {identity.new_token() for _ in range(50)}
    codes = {identity.new_code() for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(identity.token_hash("a")) == 32


def test_secrets_are_not_printed() -> None:
    command = identity.StartAnew(
        token="very secret", new_token="very secret", account_id=AccountId(new_id())
    )

    assert "secret" not in repr(command)
