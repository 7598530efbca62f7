"""Secrets that edges make and hand down: session tokens and one-time codes."""

import hashlib
import secrets

from renhao.identity.accounts.model import CODE_DIGITS

TOKEN_BYTES = 32


def new_token() -> str:
    """Make a session's secret: 32 random bytes as text. Called at edges only."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Make a one-time code of six digits. Called at edges only."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def token_hash(token: str) -> bytes:
    """Return what is stored of a token: it has 256 bits of chance, so a plain digest will do."""
    return hashlib.sha256(token.encode()).digest()
