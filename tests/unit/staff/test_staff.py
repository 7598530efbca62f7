from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from renhao import staff
from renhao.kernel import HospitalId, StaffId, new_id
from renhao.staff import Role, factors, model
from tests.support.identities import NOW

pytestmark = pytest.mark.unit
HOSPITAL = HospitalId(new_id())
PASSWORD = "four words in a row"
SOMEBODY = staff.Staff(
    HOSPITAL, StaffId(new_id()), "li", "李文", frozenset({Role.REGISTRAR}), active=True
)
SESSION = staff.StaffSession(SOMEBODY, "Firefox", NOW, NOW, NOW + timedelta(hours=12))


@pytest.mark.parametrize("login", ["a", "x" * 61, "li wen", "李文", "li/wen", "..", ""])
def test_a_login_has_a_shape(login: str) -> None:
    with pytest.raises(staff.LoginShape):
        model.check_new(login=login, password=PASSWORD, roles=[Role.REGISTRAR])


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(staff.PasswordLength):
        model.check_new(login="li.wen", password=password, roles=[Role.REGISTRAR])


def test_somebody_has_a_role() -> None:
    model.check_new(login="li-wen_2", password=PASSWORD, roles=[Role.REGISTRAR])
    with pytest.raises(staff.RolesNeeded):
        model.check_new(login="li.wen", password=PASSWORD, roles=[])


def test_a_session_needs_somebody_active_and_present() -> None:
    closed = replace(SESSION, staff=replace(SOMEBODY, active=False))

    assert SESSION.is_live(now=NOW + timedelta(minutes=59))
    assert not SESSION.is_live(now=NOW + timedelta(minutes=60))
    assert not replace(SESSION, expires_at=NOW).is_live(now=NOW)
    assert not closed.is_live(now=NOW)
    assert SESSION.is_stale(now=NOW + timedelta(minutes=1))
    assert not SESSION.is_stale(now=NOW)


def test_a_role_opens_a_door() -> None:
    assert SESSION.require(Role.ADMINISTRATOR, Role.REGISTRAR) is SOMEBODY
    with pytest.raises(staff.RoleMissing):
        SESSION.require(Role.ADMINISTRATOR)


async def test_passwords_are_hashed_with_argon2id() -> None:
    hashed = await factors.hash_password(PASSWORD)

    assert hashed.startswith("$argon2id$")
    assert await factors.is_password(PASSWORD, hashed=hashed)
    assert not await factors.is_password("something else", hashed=hashed)
    assert not await factors.is_password(PASSWORD, hashed=None)
    assert not await factors.is_password(PASSWORD, hashed="no hash")


def test_codes_belong_to_a_step_near_now() -> None:
    secret = staff.new_totp_secret()
    present = int(NOW.timestamp()) // 30

    found = [
        factors.step_of(pyotp.TOTP(secret).generate_otp(present + apart), secret=secret, now=NOW)
        for apart in (-2, -1, 0, 1, 2)
    ]

    assert found == [None, present - 1, present, present + 1, None]
    assert factors.step_of("", secret=secret, now=NOW) is None


def test_a_token_names_its_hospital() -> None:
    token = staff.new_token(HOSPITAL)

    assert factors.hospital_of(token) == HOSPITAL
    assert factors.hospital_of("nonsense") is None
    assert token != staff.new_token(HOSPITAL)


def test_an_app_reads_the_secret_from_a_code() -> None:
    secret = staff.new_totp_secret()

    uri = staff.totp_uri(secret, login="li.wen", hospital="demo")

    assert uri.startswith(f"otpauth://totp/renhao:li.wen%40demo?secret={secret}")
