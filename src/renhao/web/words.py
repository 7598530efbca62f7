"""Words of the hospital's own data that English pages say in English."""

from renhao.kernel import Language

TITLES_EN = {
    "主任医师": "chief physician",
    "副主任医师": "associate chief physician",
    "主治医师": "attending physician",
    "住院医师": "resident physician",
    "主任中医师": "chief physician of Chinese medicine",
    "副主任中医师": "associate chief physician of Chinese medicine",
    "教授": "professor",
    "副教授": "associate professor",
}


def title(said: str, language: Language) -> str:
    """Say a practitioner's title; one that is not in the list stays as the hospital wrote it."""
    return said if language == "zh" else TITLES_EN.get(said, said)
