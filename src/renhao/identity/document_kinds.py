"""The kinds of identity document a patient may show, and what each can do."""

from dataclasses import dataclass
from enum import StrEnum

from renhao.kernel import Language


class Sex(StrEnum):
    """What a document number says; never asked when booking."""

    FEMALE = "female"
    MALE = "male"


class DocumentKind(StrEnum):
    """A kind of identity document; the value is stored and is part of the draw's person key."""

    CITIZEN = "citizen"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMANENT = "foreign_permanent"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"
    BIRTH_CERTIFICATE = "birth_certificate"

    @property
    def zh(self) -> str:
        """Its official Chinese name."""
        return _TRAITS[self].zh

    @property
    def en(self) -> str:
        """Its English name."""
        return _TRAITS[self].en

    def label(self, language: Language) -> str:
        """Name it in one language."""
        return self.zh if language == "zh" else self.en

    @property
    def matchable(self) -> bool:
        """Whether an authority can match name and number."""
        return _TRAITS[self].matchable

    @property
    def holds_birth_date(self) -> bool:
        """Whether every number of the kind holds the birth date; else it is asked."""
        return _TRAITS[self].holds_birth_date

    @property
    def holds_sex(self) -> bool:
        """Whether every number of the kind holds the sex."""
        return _TRAITS[self].holds_sex


@dataclass(frozen=True, slots=True, kw_only=True)
class _Traits:
    zh: str
    en: str
    matchable: bool = True
    holds_birth_date: bool = False
    holds_sex: bool = False


_TRAITS = {
    DocumentKind.CITIZEN: _Traits(
        zh="居民身份证",
        en="resident identity card",
        holds_birth_date=True,
        holds_sex=True,
    ),
    DocumentKind.RESIDENCE_PERMIT: _Traits(
        zh="港澳台居民居住证",
        en="residence permit for Hong Kong, Macao and Taiwan residents",
        holds_birth_date=True,
        holds_sex=True,
    ),
    # The 15-digit card, valid until it runs out, holds no sex: so not every number does.
    DocumentKind.FOREIGN_PERMANENT: _Traits(
        zh="外国人永久居留身份证",
        en="foreign permanent resident card",
        holds_birth_date=True,
    ),
    DocumentKind.HK_MACAO_PERMIT: _Traits(
        zh="港澳居民来往内地通行证",
        en="mainland travel permit for Hong Kong and Macao residents",
    ),
    DocumentKind.TAIWAN_PERMIT: _Traits(
        zh="台湾居民来往大陆通行证",
        en="mainland travel permit for Taiwan residents",
    ),
    DocumentKind.PASSPORT: _Traits(zh="护照", en="passport", matchable=False),
    DocumentKind.BIRTH_CERTIFICATE: _Traits(
        zh="出生医学证明",
        en="medical certificate of birth",
        matchable=False,
    ),
}
