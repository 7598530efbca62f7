"""Append-only record of what was done, by whom, to whom."""

from renhao.audit.model import PROGRAM, VISITOR, Actor, ActorKind, Event
from renhao.audit.operations import record

__all__ = ["PROGRAM", "VISITOR", "Actor", "ActorKind", "Event", "record"]
