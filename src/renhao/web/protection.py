"""Protection against forged forms, and limits on what is read from a request."""

from litestar.config.csrf import CSRFConfig

CSRF_COOKIE = "renhao_form"
BODY_BYTES_MAX = 64 * 1024


def csrf(*, secret: str, secure: bool) -> CSRFConfig:
    """Ask every form for the token of its cookie; the API takes no cookies and needs none."""
    return CSRFConfig(
        secret=secret,
        cookie_name=CSRF_COOKIE,
        cookie_secure=secure,
        cookie_httponly=True,
        cookie_samesite="lax",
        exclude=["^/api/"],
    )
