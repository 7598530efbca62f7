"""The two languages of the pages: Chinese message ids, English from the catalogue beside this file.

The catalogue is read as text when the program starts, so no compiled copy is kept anywhere.
"""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from renhao.kernel import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "zh"
CATALOGUE = Path(__file__).parent / "locale/en/LC_MESSAGES/messages.po"


def known(code: str) -> Language | None:
    """Read a language code such as `en`, `en-GB` or `zh_CN`; None when it is neither of ours."""
    short = code.strip().lower().replace("_", "-").split("-")[0]
    return next((language for language in LANGUAGES if language == short), None)


def accepted(header: str) -> Language:
    """Choose the language an `Accept-Language` header likes best; Chinese when it names neither."""
    wishes = (_wish(part) for part in header.split(","))
    liked = [(weight, language) for weight, language in wishes if language is not None]
    return max(liked, key=lambda wish: wish[0], default=(0.0, DEFAULT))[1]


@cache
def translations(language: Language) -> NullTranslations:
    """Give the translations into one language; Chinese is what the message ids already are."""
    if language == DEFAULT:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return Translations(compiled)


def catalogue() -> Catalog:
    """Read the English catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _wish(part: str) -> tuple[float, Language | None]:
    code, _, weight = part.partition(";q=")
    try:
        return (float(weight) if weight else 1.0), known(code)
    except ValueError:
        return 0.0, None
