"""What every part of the bench answers with."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Result:
    """One ratio, what is wanted of it, and the figures behind it."""

    name: str
    ratio: float
    wanted: float
    detail: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether the ratio is what is wanted."""
        return self.ratio >= self.wanted


Part = Callable[[], list[Result]]


async def alternate(
    first: Callable[[], Awaitable[float]], second: Callable[[], Awaitable[float]], *, rounds: int
) -> tuple[float, float]:
    """Measure two rates in turn, so that both meet the same weather; return the medians."""
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        rates[0].append(await first())
        rates[1].append(await second())
    return statistics.median(rates[0]), statistics.median(rates[1])
