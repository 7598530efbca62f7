"""Counting tries against limits; shared with `staff` and `booking`."""

from renhao.identity.rates.model import Rate, network_of, seconds_left, window_start
from renhao.identity.rates.operations import bucket, hit, peek, purge, seconds_to_wait

__all__ = [
    "Rate",
    "bucket",
    "hit",
    "network_of",
    "peek",
    "purge",
    "seconds_left",
    "seconds_to_wait",
    "window_start",
]
