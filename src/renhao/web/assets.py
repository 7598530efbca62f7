"""Addresses of static files, marked with their content so that browsers may keep them for good."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from litestar.datastructures import CacheControlHeader
from litestar.router import Router
from litestar.static_files import create_static_files_router

FOLDER = Path(__file__).parent / "static"
KEPT_SECONDS = 31_536_000


@cache
def address(name: str) -> str:
    """Give the address of a file below `static/`; it changes when the file does."""
    digest = sha256((FOLDER / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def router() -> Router:
    """Serve the files."""
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        cache_control=CacheControlHeader(max_age=KEPT_SECONDS, public=True, immutable=True),
        include_in_schema=False,
    )
