"""An authority made of a file of test persons, for trying things out.

The file is CSV in UTF-8 with the columns `kind`, `number`, `name`; a passport's number stands as
`issuing state|number`.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from renhao.identity.authorities.port import Answer
from renhao.identity.document_checks import normalised
from renhao.identity.documents import Document
from renhao.identity.names import parse_name, same_name
from renhao.kernel import Refused, Sensitive

COLUMNS = ("kind", "number", "name")
PERSONS_MAX = 100_000


class PersonsFileError(Exception):
    """The file of test persons cannot be used; the sentence says where and why."""


class FileAuthority:
    """Answers from a file: a number it does not hold is one it cannot say anything about."""

    provider = "file"

    def __init__(self, path: Path) -> None:
        self._names = _read(path)

    async def match(self, *, name: Sensitive[str], document: Document) -> Answer | None:
        """Compare with the name in the file."""
        known = self._names.get(document.key)
        return None if known is None else Answer(self.provider, matched=same_name(known, name))


def _read(path: Path) -> Mapping[Sensitive[str], Sensitive[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise PersonsFileError(f"{path}: the columns must be {', '.join(COLUMNS)}")
            return dict(_person(path, line, row) for line, row in enumerate(reader, start=2))
    except (OSError, UnicodeDecodeError) as error:
        raise PersonsFileError(f"{path} cannot be read: {type(error).__name__}") from error


def _person(
    path: Path, line: int, row: Mapping[str, str | None]
) -> tuple[Sensitive[str], Sensitive[str]]:
    if line > PERSONS_MAX:
        raise PersonsFileError(f"{path}: more than {PERSONS_MAX} persons")
    try:
        name = parse_name(row["name"] or "")
    except Refused as refused:
        raise PersonsFileError(f"{path}, line {line}: {refused}") from refused
    return Sensitive(_key(row["kind"] or "", row["number"] or "")), name


def _key(kind: str, number: str) -> str:
    """Name a person as a document does: the part of the number that stays when it is renewed."""
    number = normalised(number)
    return f"{kind}|{_PERMIT_CARD_COUNT.sub('', number) if kind == _PERMIT else number}"


_PERMIT = "hk_macao_permit"
_PERMIT_CARD_COUNT = re.compile(r"(?<=^.{9})\d{2}$")
