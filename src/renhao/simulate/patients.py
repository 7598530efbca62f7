"""Invented patients: families under one account, with numbers that pass every check.

Nobody real can be meant: citizen numbers use province-level area codes (110000, 310000 …), which
are given to no person, and phone numbers lie in 1990000xxxx.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.iso7064 import mod_11_2

from renhao.simulate.dice import Dice
from renhao.simulate.names import invented_name

AREAS = (("110000", 60), ("130000", 10), ("120000", 6), ("310000", 4), ("370000", 4), ("410000", 4),
         ("440000", 4), ("510000", 4), ("610000", 4))  # fmt: skip
PHONES = 10_000
PATIENTS_MAX = PHONES
NUMBER_TRIES_MAX = 1_000
ADULT_AGES = (((18, 29), 18), ((30, 39), 24), ((40, 49), 18), ((50, 59), 18), ((60, 84), 22))
GUARDED_BELOW_YEARS = 14
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """One invented person; places are indexes into the list of patients."""

    place: int
    account: int
    """Which account added the person; its phone number is `phone`."""
    relation: str
    """`self` 本人, `child` 子女, `parent` 父母 or `spouse` 配偶, seen from the account."""
    name: str
    citizen_number: str
    birth: date
    male: bool
    phone: str
    guardian: int | None
    """For a child under 14: the place of the account's own patient (本人)."""

    def age(self, day: date) -> int:
        """Full years on a day."""
        had_birthday = (day.month, day.day) >= (self.birth.month, self.birth.day)
        return day.year - self.birth.year - (0 if had_birthday else 1)


def make_patients(seed: int, *, today: date, count: int = 2_000) -> tuple[SimulatedPatient, ...]:
    """Make so many patients, family by family, ages as of `today`. At most 10,000."""
    if not 0 <= count <= PATIENTS_MAX:
        raise ValueError("there are at most 10,000 invented phone numbers")
    family = _Families(Dice(seed, stream="patients"), today)
    patients: list[SimulatedPatient] = []
    for account in range(count):
        if len(patients) >= count:
            break
        patients += family.members(account, len(patients))
    return tuple(patients[:count])


class _Families:
    """Makes one account's patients after the other; no number comes twice."""

    def __init__(self, dice: Dice, today: date) -> None:
        self._dice = dice
        self._today = today
        self._numbers: set[str] = set()

    def members(self, account: int, first: int) -> Iterator[SimulatedPatient]:
        """Yield the holder, then perhaps a spouse, children and a parent: five at most."""
        dice = self._dice
        ages = dice.weighted(ADULT_AGES)
        holder = self._person(account, first, "self", ages=ages)
        yield holder
        age, place = holder.age(self._today), first + 1
        relations: list[tuple[str, tuple[int, int]]] = []
        if dice.chance(25):
            relations.append(("spouse", (max(20, age - 4), max(22, age + 4))))
        if age >= 24 and dice.chance(45):  # noqa: PLR2004 - ages of life, not settings
            oldest = min(17, age - 22)
            relations += [("child", (0, oldest))] * dice.between(1, 2)
        if age < 62 and dice.chance(25):  # noqa: PLR2004 - as above
            relations.append(("parent", (age + 23, min(age + 35, 96))))
        for relation, span in relations:
            yield self._person(account, place, relation, ages=span, holder=holder)
            place += 1

    def _person(
        self,
        account: int,
        place: int,
        relation: str,
        *,
        ages: tuple[int, int],
        holder: SimulatedPatient | None = None,
    ) -> SimulatedPatient:
        dice = self._dice
        male = dice.chance(48)
        surname = holder.name[:1] if holder and relation == "child" and dice.chance(70) else None
        name = invented_name(dice, male=male, surname=surname)
        days_old = dice.between(ages[0], ages[1]) * DAYS_A_YEAR + dice.between(30, 300)
        birth = self._today - timedelta(days=days_old)
        guarded = days_old < GUARDED_BELOW_YEARS * DAYS_A_YEAR + GUARDED_BELOW_YEARS
        guardian = holder.place if holder and relation == "child" and guarded else None
        phone = f"1990000{account:04}"
        number = self._citizen_number(birth, male=male)
        return SimulatedPatient(
            place, account, relation, name, number, birth, male, phone, guardian
        )

    def _citizen_number(self, birth: date, *, male: bool) -> str:
        """Make a number of GB 11643: area, birth date, sequence (odd for men), check digit."""
        for _ in range(NUMBER_TRIES_MAX):
            sequence = self._dice.below(500) * 2 + (1 if male else 0)
            head = f"{self._dice.weighted(AREAS)}{birth:%Y%m%d}{sequence:03}"
            number = head + mod_11_2.calc_check_digit(head)
            if number not in self._numbers:
                self._numbers.add(number)
                return number
        raise RuntimeError("no citizen number is left for this birth date")
