"""Prometheus metrics, labelled by route template: an address itself may name a booking.

Each application has a registry of its own. Where several processes serve, set
`PROMETHEUS_MULTIPROC_DIR` to an empty folder before they start: any of them then answers for all.
"""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from renhao.booking import Allocators

__all__ = ["CONTENT_TYPE", "Metrics"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The figures of one application."""

    def __init__(self, allocators: Allocators) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "renhao_requests",
            "Requests served, by method, route and status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "renhao_request_seconds",
            "Time from a request's arrival to the end of its answer.",
            ["method", "route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self.in_progress = Gauge(
            "renhao_requests_in_progress",
            "Requests being served now.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._registry.register(_AllocatorFigures(allocators))

    def text(self) -> bytes:
        """Write all figures in Prometheus' text format."""
        if MULTIPROCESS not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class _AllocatorFigures(Collector):
    """Reads the allocators of this process when asked; mean batch size is commands by batches."""

    def __init__(self, allocators: Allocators) -> None:
        self._allocators = allocators

    def collect(self) -> Iterator[Metric]:
        batches, commands = self._allocators.served
        yield GaugeMetricFamily(
            "renhao_allocator_queue",
            "Wishes that wait for the next batch.",
            value=self._allocators.queued,
        )
        yield CounterMetricFamily(
            "renhao_allocator_batches", "Batches served by the allocators.", value=batches
        )
        outcomes = CounterMetricFamily(
            "renhao_booking_outcomes",
            "Answers to wishes for a number: `booked` or the code of the refusal.",
            labels=["outcome"],
        )
        for name, count in self._allocators.outcomes.items():
            outcomes.add_metric([name], count)
        yield outcomes
        yield CounterMetricFamily(
            "renhao_allocator_commands", "Wishes served in batches.", value=commands
        )
