"""The worker's process: sends what the outbox holds and runs the jobs of the day."""

from renhao.jobs.channels import opened_channel
from renhao.jobs.parts import CloseDay, Parts
from renhao.jobs.queries import BookedVisits
from renhao.jobs.schema import apply_schema
from renhao.jobs.worker import run_worker, work

__all__ = [
    "BookedVisits",
    "CloseDay",
    "Parts",
    "apply_schema",
    "opened_channel",
    "run_worker",
    "work",
]
