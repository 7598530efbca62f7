"""The channel that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import assert_never
from urllib.parse import urlsplit

from renhao import notify
from renhao.kernel import Clock
from renhao.settings import Settings, SettingsError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@asynccontextmanager
async def opened_channel(settings: Settings, *, clock: Clock) -> AsyncIterator[notify.Channel]:
    """Open the channel for messages; its connections close with the block.

    Raises SettingsError.
    """
    match settings.messages:
        case "console":
            yield notify.Console(clock=clock, file=settings.messages_file)
        case "smtp":
            yield notify.Mail(
                host=settings.smtp_host,
                port=settings.smtp_port,
                sender=settings.smtp_sender,
                recipient=settings.smtp_recipient,
                starttls=settings.smtp_starttls,
                user=settings.smtp_user,
                password=settings.smtp_password,
            )
        case "http":
            _check_gateway(settings)
            async with notify.HttpGateway(
                settings.sms_url, secret=settings.sms_secret, clock=clock
            ) as gateway:
                yield gateway
        case other:
            assert_never(other)


def _check_gateway(settings: Settings) -> None:
    url = urlsplit(settings.sms_url)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
        raise SettingsError("RENHAO_SMS_URL must be an https:// address: messages hold codes")
    if not settings.sms_secret:
        raise SettingsError("RENHAO_SMS_SECRET is empty: the gateway could not know its sender")
