"""Invented people: valid numbers, names and phones of nobody.

The check digits are computed here by themselves, so that tests do not lean on what they test.
"""

from datetime import date

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "安宁和平乐康文清明远思齐若水长青"
_LATIN_NAMES = ("Ada Example", "Ben Sample-Jones", "Chloé d'Exemple", "Dmitri Instanz")


def citizen_number(birth: date, sequence: int = 1, area: str = "110000") -> str:
    """Make a 居民身份证 number; an odd sequence (1-999) is a man's."""
    return _with_check_digit(f"{area}{birth:%Y%m%d}{sequence:03d}")


def residence_permit_number(birth: date, sequence: int = 1, area: str = "810000") -> str:
    """Make a 港澳台居民居住证 number: area 810000, 820000 or 830000."""
    return citizen_number(birth, sequence, area)


def permanent_resident_number(
    birth: date, sequence: int = 1, province: str = "11", country: str = "840"
) -> str:
    """Make an 18-digit 外国人永久居留身份证 number, as issued since December 2023."""
    return citizen_number(birth, sequence, f"9{province}{country}")


def old_permanent_resident_number(
    birth: date, sequence: int = 1, nationality: str = "KAZ", area: str = "1100"
) -> str:
    """Make a 15-character 外国人永久居留身份证 number; the sequence has one digit."""
    first_14 = f"{nationality}{area}{birth:%y%m%d}{sequence}"
    values = [ord(each) - 55 if each.isalpha() else int(each) for each in first_14]
    total = sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values))
    return f"{first_14}{total % 10}"


def hk_macao_permit_number(holder: int = 1, letter: str = "H", card: int | None = None) -> str:
    """Make a 港澳居民来往内地通行证 number, with the count of cards if one is given."""
    return f"{letter}{holder:08d}" + ("" if card is None else f"{card:02d}")


def taiwan_permit_number(holder: int = 1) -> str:
    """Make a 台湾居民来往大陆通行证 number."""
    return f"{holder:08d}"


def passport_number(holder: int = 1) -> str:
    """Make a passport number of nine characters."""
    return f"X{holder:08d}"


def birth_certificate_number(holder: int = 1) -> str:
    """Make a 出生医学证明 number."""
    return f"A{holder:09d}"


def person_name(index: int = 0) -> str:
    """Make a Chinese name; the first 4,096 are all different."""
    surname = _SURNAMES[index % 16]
    return surname + _GIVEN[index // 16 % 16] + _GIVEN[(index // 256 + 5) % 16]


def latin_name(index: int = 0) -> str:
    """Make a name in Latin letters."""
    return _LATIN_NAMES[index % len(_LATIN_NAMES)]


def phone_number(index: int = 0) -> str:
    """Make a mainland mobile number: 1990000xxxx for the first ten thousand."""
    return f"199{index:08d}"


def _with_check_digit(first_17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first_17, weights, strict=True))
    return first_17 + "10X98765432"[total % 11]
