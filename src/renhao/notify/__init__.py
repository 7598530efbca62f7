"""The outbox: messages written with the change they tell of, sent by the worker."""

from renhao.notify.model import Message, Template
from renhao.notify.operations import enqueue

__all__ = ["Message", "Template", "enqueue"]
