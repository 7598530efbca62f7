"""Ages in completed years."""

from datetime import date

CHILD_AGE_YEARS = 14
"""Younger than this a guardian answers for the person (PIPL Art 31)."""


def age_on(birth: date, day: date) -> int:
    """Count completed years: one more from each birthday on.

    Who was born on 29 February has the birthday on 1 March of a common year. The result is
    negative before birth.
    """
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - before_birthday


def is_child(birth: date, day: date) -> bool:
    """Whether the person is under 14 on that day (PIPL Art 31)."""
    return age_on(birth, day) < CHILD_AGE_YEARS
