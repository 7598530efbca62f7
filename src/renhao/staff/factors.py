"""The two factors: password (argon2id, RFC 9106) and time-based code (RFC 6238), and tokens."""

import asyncio
import hmac
import secrets
from datetime import datetime
from functools import cache
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from renhao.kernel import HospitalId

STEP_SECONDS = 30
STEPS_APART_MAX = 1
"""Clocks may be one step apart."""
TOKEN_BYTES = 32
ISSUER = "renhao"

_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes: the library's RFC 9106 profile


async def hash_password(password: str) -> str:
    """Hash a password, off the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_password(password: str, *, hashed: str | None) -> bool:
    """Check a password, off the event loop; without a hash it takes as long and says no."""
    right = await asyncio.to_thread(_verify, hashed, password)
    return right and hashed is not None


def step_of(code: str, *, secret: str, now: datetime) -> int | None:
    """Return the time step that a code belongs to, or None if it is none of now's."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    typed = "".join(each for each in code if each.isascii() and each.isdigit())
    found = None
    for step in range(present - STEPS_APART_MAX, present + STEPS_APART_MAX + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            found = step
    return found


def new_totp_secret() -> str:
    """Make a second factor's secret (160 bits, base32). Called at edges only."""
    return pyotp.random_base32()


def totp_uri(secret: str, *, login: str, hospital: str) -> str:
    """Write a secret as the address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=f"{login}@{hospital}", issuer_name=ISSUER)


def new_token(hospital_id: HospitalId) -> str:
    """Make a session's secret, which names its hospital. Called at edges only."""
    return f"{hospital_id.hex}.{secrets.token_urlsafe(TOKEN_BYTES)}"


def hospital_of(token: str) -> HospitalId | None:
    """Read which hospital a token is of."""
    try:
        return HospitalId(UUID(hex=token.partition(".")[0]))
    except ValueError:
        return None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(TOKEN_BYTES))


def _verify(hashed: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(hashed or _nobodys_hash(), password)
    except (Argon2Error, InvalidHashError):
        return False
