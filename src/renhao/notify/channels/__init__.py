"""Ways to a phone: the console (demonstration), mail, an SMS gateway over HTTP."""

from renhao.notify.channels.console import Console
from renhao.notify.channels.gateway import HttpGateway, signature
from renhao.notify.channels.mail import Mail

__all__ = ["Console", "HttpGateway", "Mail", "signature"]
