"""The channel that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import assert_never

from renhao import notify
from renhao.kernel import Clock
from renhao.settings import Settings


@asynccontextmanager
async def opened_channel(settings: Settings, *, clock: Clock) -> AsyncIterator[notify.Channel]:
    """Open the channel for messages; its connections close with the block."""
    match settings.messages:
        case "console":
            yield notify.Console(clock=clock, file=settings.messages_file)
        case "smtp":
            yield notify.Mail(
                host=settings.smtp_host,
                port=settings.smtp_port,
                sender=settings.smtp_sender,
                recipient=settings.smtp_recipient,
            )
        case "http":
            async with notify.HttpGateway(
                settings.sms_url, secret=settings.sms_secret, clock=clock
            ) as gateway:
                yield gateway
        case other:
            assert_never(other)
