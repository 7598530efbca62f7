"""The states that issue passports, by the three letters of ICAO 9303-3 §5.

ISO 3166-1 comes from the CLDR tables of Babel, so that names exist in both languages; the codes
that only passports use are added here. Hong Kong, Macao and Taiwan are not listed: their
residents have permits of their own, and a Hong Kong or Macao passport names CHN as its issuer.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from renhao.identity.document_refusals import IssuingStateMissing, IssuingStateUnknown
from renhao.kernel import Language

_WITHDRAWN_OR_PRIVATE = frozenset(
    {"BUR", "DDR", "FXX", "QUU", "TMP", "XAA", "XKK", "YMD", "ZAR"}  # codespell:ignore zar
)
_NO_ISSUER = frozenset({"ASC", "CPT", "DGA", "HKG", "MAC", "TAA", "TWN", "ZZZ"})
_ONLY_IN_PASSPORTS: dict[str, dict[Language, str]] = {
    "EUE": {"zh": "欧洲联盟", "en": "European Union"},
    "RKS": {"zh": "科索沃", "en": "Kosovo"},
    "UNO": {"zh": "联合国", "en": "United Nations"},
    "XOM": {"zh": "马耳他骑士团", "en": "Sovereign Order of Malta"},
    "XPO": {"zh": "国际刑警组织", "en": "Interpol"},
}
_SAME_ISSUER = {
    "D": "DEU",
    "GBD": "GBR",
    "GBN": "GBR",
    "GBO": "GBR",
    "GBP": "GBR",
    "GBS": "GBR",
    "UNA": "UNO",
}
"""Codes on older or special passports of an issuer that also has the usual code."""


def parse_issuing_state(raw: str | None) -> str:
    """Return the issuer's code. Raises IssuingStateMissing, IssuingStateUnknown."""
    typed = (raw or "").strip().upper()
    if not typed:
        raise IssuingStateMissing(field="issuing_state")
    code = _SAME_ISSUER.get(typed, typed)
    if code not in _territories() and code not in _ONLY_IN_PASSPORTS:
        raise IssuingStateUnknown(field="issuing_state")
    return code


@cache
def issuing_states(language: Language) -> tuple[tuple[str, str], ...]:
    """List code and name of every issuer, by name, for a list to choose from."""
    names = Locale(language).territories
    listed = [(code, str(names[two])) for code, two in _territories().items()]
    listed += [(code, each[language]) for code, each in _ONLY_IN_PASSPORTS.items()]
    return tuple(sorted(listed, key=lambda state: state[1]))


@cache
def _territories() -> dict[str, str]:
    known = Locale("en").territories
    left_out = _WITHDRAWN_OR_PRIVATE | _NO_ISSUER
    return {
        code: two[0]
        for code, two in get_global("territory_aliases").items()
        if len(code) == len("ISO") and code.isalpha() and code not in left_out
        if len(two) == 1 and two[0] in known
    }
