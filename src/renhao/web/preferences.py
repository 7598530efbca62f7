"""What a visitor chose for the pages: language and elder mode, kept in two cookies."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect

from renhao.kernel import Language
from renhao.web import i18n

LANGUAGE_COOKIE = "renhao_language"
ELDER_COOKIE = "renhao_elder"
KEPT_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """How to show pages to this visitor."""

    language: Language
    elder: bool


def of(request: Request[Any, Any, Any]) -> Preferences:
    """Read them: the cookie wins, then what the browser asks for, then Chinese."""
    chosen = i18n.known(request.cookies.get(LANGUAGE_COOKIE, ""))
    language = chosen or i18n.accepted(request.headers.get("accept-language", ""))
    return Preferences(language=language, elder=request.cookies.get(ELDER_COOKIE) == "1")


def safe_path(path: str, *, fallback: str = "/") -> str:
    """Give back a path of this site; anything that could lead elsewhere becomes the fallback."""
    parts = urlsplit(path)
    own = not parts.scheme and not parts.netloc and path.startswith("/")
    return path if own and not path.startswith(("//", "/\\")) and path.isprintable() else fallback


@get("/language", include_in_schema=False)
async def choose_language(
    to: FromQuery[str] = i18n.DEFAULT, back: FromQuery[str] = "/"
) -> Redirect:
    """Keep the language and go back."""
    return _kept(LANGUAGE_COOKIE, i18n.known(to) or i18n.DEFAULT, back)


@get("/elder", include_in_schema=False)
async def choose_elder(
    on: Annotated[int, QueryParameter(ge=0, le=1)] = 1, back: FromQuery[str] = "/"
) -> Redirect:
    """Keep whether pages are large and go back."""
    return _kept(ELDER_COOKIE, str(on), back)


def _kept(name: str, value: str, back: str) -> Redirect:
    cookie = Cookie(name, value=value, max_age=KEPT_SECONDS, httponly=True, samesite="lax")
    return Redirect(safe_path(back), status_code=303, cookies=[cookie])
