"""The outbox: messages written with the change they tell of, sent by the worker."""

from renhao.notify.channels import Console, HttpGateway, Mail, signature
from renhao.notify.delivery import Outcome, deliver_due
from renhao.notify.model import (
    Addressee,
    Cause,
    DeadLetter,
    DeadLetterOver,
    Message,
    Template,
    Visit,
)
from renhao.notify.operations import dead_letters, enqueue, purge, retry_dead
from renhao.notify.ports import AppointmentFacts, Channel, DeliveryError, Phones, Post, Seals

__all__ = [
    "Addressee",
    "AppointmentFacts",
    "Cause",
    "Channel",
    "Console",
    "DeadLetter",
    "DeadLetterOver",
    "DeliveryError",
    "HttpGateway",
    "Mail",
    "Message",
    "Outcome",
    "Phones",
    "Post",
    "Seals",
    "Template",
    "Visit",
    "dead_letters",
    "deliver_due",
    "enqueue",
    "purge",
    "retry_dead",
    "signature",
]
