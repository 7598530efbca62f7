"""Visit kinds as sheets name them, and what follows from a kind when a sheet says no more."""

import re
from unicodedata import normalize

GENERAL, EXPERT, SPECIAL, SPECIALTY, EMERGENCY = "普通", "专家", "特需", "专科", "急诊"

SYNONYMS = {
    GENERAL: "普通 普诊 普 general ordinary standard",
    EXPERT: (
        "专家 专 主任 副主任 正高 副高 主任医师 副主任医师 知名专家 名医 教授 副教授 "
        "expert consultant senior"
    ),
    SPECIAL: "特需 特诊 特 国际 国际医疗 vip special premium",
    SPECIALTY: "专科 专病 specialty specialist",
    EMERGENCY: "急诊 急 emergency",
    "简易": "简易 便民 方便 开药",
    "多学科": "多学科 mdt 联合 multidisciplinary",
}
DEFAULT_CAPACITY = {GENERAL: 40, EXPERT: 20, SPECIAL: 10, SPECIALTY: 30}
"""Numbers of a half-day when a week table only ticks it; other kinds as 专科."""
EXPERT_TITLES = re.compile(r"主任(?:中?医师)?$|教授|正高|副高|chief|professor|consultant")
TITLES = "副主任医师|主任医师|主治医师|住院医师|副教授|教授|副主任技师|主任技师"

_WORDS = {word: kind for kind, words in SYNONYMS.items() for word in words.split()}


def visit_kind(text: str, *, more: frozenset[str] = frozenset()) -> str | None:
    """Find the kind a text names: 专家, 专家号, 专家门诊 and "expert clinic" are one."""
    plain = "".join(normalize("NFKC", text).lower().split())
    if text in more:
        return text
    short = re.sub(r"(?:门诊号|门诊|诊号|号|clinic)$", "", plain)
    return _WORDS.get(plain) or _WORDS.get(short)


def default_visit_kind(title: str | None) -> str:
    """Choose the kind when a sheet does not: titles from 副主任医师 up are 专家, others 普通."""
    return EXPERT if title and EXPERT_TITLES.search(title.lower()) else GENERAL


def default_capacity(kind: str) -> int:
    """Choose how many numbers a half-day has when a week table does not say."""
    return DEFAULT_CAPACITY.get(kind, DEFAULT_CAPACITY[SPECIALTY])


def name_and_title(text: str) -> tuple[str, str | None]:
    """Part a name from a title written after it: 张三（主任医师）."""
    found = re.fullmatch(rf"(.+?)[\s(（,，/]*({TITLES})[)）]?", text)
    return (found[1].strip(), found[2]) if found else (text, None)
