"""What the worker counts, and the page it can be read from."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, start_http_server

from renhao.notify import Outcome

HEARTBEAT = Gauge(
    "renhao_worker_heartbeat_timestamp_seconds", "When the worker last went through the outbox"
)
MESSAGES = Counter("renhao_messages", "Tries to send a message", ["template", "outcome"])
JOBS = Counter("renhao_jobs", "Runs of a periodic job", ["job", "outcome"])


def beat(tally: Tally[Outcome]) -> None:
    """Note one pass over the outbox."""
    HEARTBEAT.set_to_current_time()
    for (template, outcome), count in tally.items():
        MESSAGES.labels(template, outcome).inc(count)


@contextmanager
def served(port: int | None) -> Iterator[None]:
    """Serve the figures on this port of the machine itself, if one is given."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port, addr="127.0.0.1")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
