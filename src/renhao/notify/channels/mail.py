"""Messages by mail, for SMS gateways that take mail such as `{phone}@sms.example.org`."""

import asyncio
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from renhao.kernel import Purpose, Sensitive
from renhao.notify.ports import DeliveryError

MAIL_SECONDS_MAX = 8
PERMANENT_FROM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Sends over SMTP; `{phone}` in the recipient is the number's digits, country code first.

    With a user name the connection must be encrypted (STARTTLS) before the password is given.
    """

    host: str
    port: int
    sender: str
    recipient: str
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        """Hand the message to the mail server. Raises DeliveryError."""
        number = phone.reveal(purpose=Purpose.SEND_MESSAGE).removeprefix("+")
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = self.recipient.format(phone=number)
        mail["Message-ID"] = f"<{key}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(text.reveal(purpose=Purpose.SEND_MESSAGE), cte="base64")
        # Raised from None: smtplib's own exceptions hold the recipient's address.
        try:
            await asyncio.to_thread(self._hand_over, mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise DeliveryError(permanent=min(codes) >= PERMANENT_FROM) from None
        except smtplib.SMTPDataError as error:
            raise DeliveryError(permanent=error.smtp_code >= PERMANENT_FROM) from None
        except (smtplib.SMTPException, OSError):
            raise DeliveryError(permanent=False) from None

    def _hand_over(self, mail: EmailMessage) -> None:
        server = smtplib.SMTP(self.host, self.port, timeout=MAIL_SECONDS_MAX)
        try:
            if self.starttls or self.user:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail)
        finally:
            # A rude good-bye after the message was taken is no reason to send it again.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
