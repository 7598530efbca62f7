from collections import Counter

import pytest

from renhao.simulate import Dice

pytestmark = pytest.mark.unit


def test_the_same_seed_gives_the_same_draws_everywhere() -> None:
    dice = Dice(7, stream="a")

    assert [dice.below(1000) for _ in range(6)] == [757, 890, 50, 904, 542, 244]


def test_streams_do_not_depend_on_each_other() -> None:
    one, other = Dice(7), Dice(7)
    one.below(5)

    assert one.stream("x").below(10**9) == other.stream("x").below(10**9)
    assert Dice(7).stream("x").below(10**9) != Dice(7).stream("y").below(10**9)
    assert Dice(7).below(10**9) != Dice(8).below(10**9)


def test_draws_are_even() -> None:
    dice = Dice(1)

    counts = Counter(dice.below(6) for _ in range(6_000))

    assert set(counts) == set(range(6))
    assert all(850 < count < 1_150 for count in counts.values())


def test_weights_count() -> None:
    dice = Dice(2)

    counts = Counter(dice.weighted((("a", 3), ("b", 1), ("c", 0))) for _ in range(4_000))

    assert set(counts) == {"a", "b"}
    assert 2_800 < counts["a"] < 3_200


def test_shuffling_keeps_everything() -> None:
    mixed = Dice(3).shuffled(range(50))

    assert sorted(mixed) == list(range(50))
    assert mixed != list(range(50))


def test_chance_and_bounds() -> None:
    dice = Dice(4)

    assert not any(dice.chance(0) for _ in range(50))
    assert all(dice.chance(100) for _ in range(50))
    assert {dice.between(2, 4) for _ in range(100)} == {2, 3, 4}
    with pytest.raises(ValueError, match="nothing to draw"):
        dice.below(0)
