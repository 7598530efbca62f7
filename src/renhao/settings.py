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
    """Address of the main database, for the server; without it an embedded one is started."""
    owner_database_url: str | None = None
    """Address of the main database for migrations; `database_url` where none is given."""
    worker_database_url: str | None = None
    """Address of the main database for the worker; `database_url` where none is given."""
    keys_database_url: str | None = None
    """Address of the key store, a database apart from the main one's dumps."""
    worker_keys_database_url: str | None = None
    """Address of the key store for the worker; `keys_database_url` where none is given."""
    owner_keys_database_url: str | None = None
    """Address of the key store for migrations; `keys_database_url` where none is given."""
    data: Path | None = None
    """Folder of the embedded database and, unless told otherwise, of the key ring."""
    key_ring: Path | None = None
    """The key ring file, readable by its owner alone. Keep a copy apart from the database."""
    postgres_binaries: Path | None = None
    """Folder of the PostgreSQL programs to use for the embedded server."""
    base_url: str = "http://127.0.0.1:8000"
    """The address that people use; with `https` cookies travel over HTTPS only."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """Port to listen on."""
    processes: Annotated[int, Meta(ge=1, le=64)] = 1
    """How many processes serve requests."""
    proxy_headers: bool = False
    """Whether a proxy in front sets `X-Forwarded-For`; without one it must be off."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What is logged."""
    messages: Literal["console", "smtp", "http"] = "console"
    """How messages leave: to the terminal, by mail to a gateway, or to an HTTP gateway."""
    messages_file: Path | None = None
    """File that messages to the terminal are also written to, for trying things out."""
    smtp_host: str = "127.0.0.1"
    """Mail server of the gateway."""
    smtp_port: Annotated[int, Meta(ge=1, le=65535)] = 25
    """Port of the gateway's mail server."""
    smtp_sender: str = "renhao@localhost"
    """Sender of mails to the gateway."""
    smtp_recipient: str = "{phone}@localhost"
    """The gateway's address for a phone number."""
    smtp_starttls: bool = False
    """Whether to encrypt the connection to the mail server (STARTTLS)."""
    smtp_user: str = ""
    """User to log in to the mail server as; empty means without a login."""
    smtp_password: str = ""
    """Password of that user."""
    sms_url: str = ""
    """Address of the HTTP gateway for short messages."""
    sms_secret: str = ""
    """Secret that signs requests to the HTTP gateway (HMAC-SHA-256)."""
    authority: Literal["none", "file", "http"] = "none"
    """Who matches name and document number: nobody, a file of test persons, or a service."""
    authority_file: Path | None = None
    """The file of test persons."""
    authority_url: str = ""
    """Address of the matching service."""
    authority_secret: str = ""
    """Secret that signs requests to the matching service (HMAC-SHA-256)."""
    otlp_endpoint: str = ""
    """Where OpenTelemetry traces go; empty means none are made."""
    worker_metrics_port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    """Port on 127.0.0.1 where the worker shows its metrics; none are shown without it."""

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
