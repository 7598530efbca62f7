"""Settings, read once from the environment: `RENHAO_` and the field's name in capitals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PREFIX = "RENHAO_"


class SettingsError(Exception):
    """A setting has a value that is not allowed; the sentence names it and says what is."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How this installation runs; `docs/reference/settings.md` tells of each."""

    database_url: str | None = None
    owner_database_url: str | None = None
    worker_database_url: str | None = None
    keys_database_url: str | None = None
    owner_keys_database_url: str | None = None
    data: Path | None = None
    key_ring: Path | None = None
    postgres_binaries: Path | None = None
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    processes: Annotated[int, Meta(ge=1, le=64)] = 1
    proxy_headers: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    messages: Literal["console", "smtp", "http"] = "console"
    messages_file: Path | None = None
    smtp_host: str = "127.0.0.1"
    smtp_port: Annotated[int, Meta(ge=1, le=65535)] = 25
    smtp_sender: str = "renhao@localhost"
    smtp_recipient: str = "{phone}@localhost"
    sms_url: str = ""
    sms_secret: str = ""
    authority: Literal["none", "file", "http"] = "none"
    authority_file: Path | None = None
    authority_url: str = ""
    authority_secret: str = ""
    otlp_endpoint: str = ""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS only: they do unless the base URL is plain HTTP."""
        return self.base_url.startswith("https://")


def read(environment: Mapping[str, str], **given: object) -> Settings:
    """Read the settings; those given (from the command line) win over the environment.

    Raises SettingsError for an unknown name or a value that is not allowed.
    """
    found: dict[str, object] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_")
    }
    found |= {name: value for name, value in given.items() if value is not None}
    try:
        return msgspec.convert(found, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"a setting ({PREFIX}…) is not allowed: {error}") from error


def environment(settings: Settings) -> dict[str, str]:
    """Write settings as environment variables, for the processes this one starts."""
    values = msgspec.structs.asdict(settings)
    return {
        f"{PREFIX}{name.upper()}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }


def _path(expected: type, value: object) -> object:
    if expected is Path:
        return Path(str(value))
    raise TypeError(expected)
