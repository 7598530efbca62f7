"""Rendering: templates with escaping, strict names, one environment for each language."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.template.base import csrf_token
from markupsafe import Markup

from renhao.kernel import Language, Purpose, Sensitive
from renhao.web import assets, dates, i18n, preferences, words

FOLDER = Path(__file__).parent / "templates"


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Render a page for this visitor. Nothing keeps a copy of it unless `headers` say so."""
    return Response(
        render(request, template, **context),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"cache-control": "no-store"} | (headers or {}),
    )


@dataclass(frozen=True, slots=True)
class View:
    """How a page is to look, and where it is."""

    language: Language
    elder: bool
    path: str
    here: str


def view_of(request: Request[Any, Any, Any]) -> View:
    """Say how to show this page to this visitor."""
    chosen = preferences.of(request)
    return View(chosen.language, chosen.elder, request.url.path, _here(request))


def render(request: Request[Any, Any, Any], template: str, **context: Any) -> str:
    """Render a template for this visitor; forms get their token from `csrf`."""
    csrf = partial(csrf_token, {"request": request})
    return rendered(view_of(request), template, csrf=csrf, **context)


def rendered(view: View, template: str, **context: Any) -> str:
    """Render a template to text."""
    found = environment(view.language).get_template(template)
    return found.render(
        language=view.language, elder=view.elder, path=view.path, here=view.here, **context
    )


@cache
def environment(language: Language) -> Environment:
    """Make the environment of one language, once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(  # type: ignore[attr-defined]
        i18n.translations(language), newstyle=True
    )
    made.globals |= {
        "asset": assets.address,
        "say_day": partial(dates.day, language=language),
        "say_weekday": partial(dates.weekday, language=language),
        "say_half_day": partial(dates.half_day, language=language),
        "say_window": partial(_window, language=language),
        "say_moment": partial(dates.moment, language=language),
        "say_title": partial(words.title, language=language),
        "say_times": dates.times,
        "say_clock": dates.clock,
        "own": _own,
        "for_desk": _for_desk,
        "said": partial(_said, language),
    }
    made.filters["money"] = _money
    return made


def _said(language: Language, thing: object, name: str) -> str:
    """Read `name_zh` or `name_en` of a thing; the Chinese where the English is empty."""
    return str(getattr(thing, f"{name}_{language}") or getattr(thing, f"{name}_zh"))


def _window(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> Markup:
    """Say a time window whose times never break over two lines."""
    day, _, times = dates.window(start, end, zone, language).rpartition(" ")
    return Markup('{} <span class="nowrap">{}</span>').format(day, times)


def _own(value: Sensitive[str]) -> str:
    """Show a personal value to the account that entered it."""
    return value.reveal(purpose=Purpose.OWN_PAGE)


def _for_desk(value: Sensitive[str]) -> str:
    """Show a personal value to staff who compare it with a card; reading it was audited."""
    return value.reveal(purpose=Purpose.COMPARE_AT_DESK)


def _money(cents: int) -> str:
    """Say an amount of yuan without needless cents."""
    return f"¥{cents // 100}" if cents % 100 == 0 else f"¥{cents / 100:.2f}"


def _here(request: Request[Any, Any, Any]) -> str:
    """Say where to come back to: this page when it can be asked for again, else its path."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query and request.method == "GET" else request.url.path
