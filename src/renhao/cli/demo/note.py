"""What a demo remembers between starts: its staff's logins, readable by its owner alone."""

import os
from datetime import date
from pathlib import Path

import msgspec

NAME = "demo.json"
FILE_MODE = 0o600


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """One invented member of staff."""

    login: str
    display_name: str
    role: str
    password: str
    totp_secret: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """The demo in one data folder."""

    seed: int
    first_day: date
    hospital_code: str
    base_url: str
    logins: list[Login]
    patient_phone: str


def read(data: Path) -> Note | None:
    """Read the note of a data folder, or None when no demo was finished there."""
    path = data / NAME
    if not path.exists():
        return None
    return msgspec.json.decode(path.read_bytes(), type=Note)


def write(data: Path, note: Note) -> None:
    """Write the note; a reader sees the old one or the new one whole."""
    new = data / f"{NAME}.new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(note)))
    new.replace(data / NAME)


def moved(note: Note, base_url: str) -> Note:
    """Give the same demo at another address."""
    return msgspec.structs.replace(note, base_url=base_url)
