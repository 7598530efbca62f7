"""Chance that can be replayed anywhere: a SHA-256 counter, not a library's generator.

The n-th block of a stream is SHA-256(seed ‖ name ‖ n). Streams with different names do not depend
on each other, so adding a patient does not change the doctors. The result is the same on every
machine and Python version, which no other generator promises for its derived draws.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from typing import TypeVar

T = TypeVar("T")

DRAW_BYTES = 8
BLOCK_BYTES = 32
HUNDRED = 100


class Dice:
    """One stream of draws from a seed."""

    def __init__(self, seed: int, *, stream: str = "") -> None:
        self._seed = seed
        self._stream = stream
        self._draws = self._make_draws()

    def stream(self, name: str) -> "Dice":
        """Open another stream of the same seed, independent of this one."""
        return Dice(self._seed, stream=f"{self._stream}/{name}")

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 to `limit - 1`, each equally likely (rejection)."""
        if limit < 1:
            raise ValueError("nothing to draw from")
        span = 1 << (8 * DRAW_BYTES)
        fair = span - span % limit
        return next(draw for draw in self._draws if draw < fair) % limit

    def between(self, lowest: int, highest: int) -> int:
        """Draw a whole number from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        """Say yes in so many of a hundred draws."""
        return self.below(HUNDRED) < percent

    def choose(self, things: Sequence[T]) -> T:
        """Draw one thing."""
        return things[self.below(len(things))]

    def weighted(self, things: Sequence[tuple[T, int]]) -> T:
        """Draw one thing, each as likely as its weight."""
        drawn = self.below(sum(weight for _, weight in things))
        for thing, weight in things:
            if drawn < weight:
                return thing
            drawn -= weight
        raise AssertionError("the weights add up to what was drawn below")

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in a random order (Fisher and Yates)."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def _make_draws(self) -> Iterator[int]:
        for number in count():
            block = sha256(f"{self._seed}|{self._stream}|{number}".encode()).digest()
            for place in range(0, BLOCK_BYTES, DRAW_BYTES):
                yield int.from_bytes(block[place : place + DRAW_BYTES])
