"""Who books what: a plan that the caller feeds through the real operations, in its order.

The plan keeps the default limits (one clinic of a department a day, two departments a day, three
in seven days) and the clinics' capacity, so that a refusal while it is played is a fault.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from renhao.schedule import kinds, sheets
from renhao.simulate.dice import Dice
from renhao.simulate.hospital import SimulatedHospital
from renhao.simulate.patients import SimulatedPatient

CHILD_BELOW_YEARS = 14
DEPARTMENTS_A_DAY_MAX = 2
IN_SEVEN_DAYS_MAX = 3
SEVEN = 7
TRIES = 6
SCARCE_WEIGHTS = (10, 50)
"""How many times as often as others a scarce practitioner is wanted."""
FOR_CHILDREN = frozenset({"儿科", "小儿外科", "儿童保健科"})
FOR_ANY_AGE = frozenset({"眼科", "耳鼻咽喉科", "口腔科", "皮肤科", "骨科"})
FOR_WOMEN = frozenset({"妇科", "产科"})


class Outcome(StrEnum):
    """What becomes of a booking."""

    KEPT = "kept"
    CANCELLED = "cancelled"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class PlannedBooking:
    """One booking of an instant clinic; `clinic` and `patient` are places in their lists."""

    clinic: int
    patient: int
    channel: kinds.Channel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One entry for a draw clinic."""

    clinic: int
    patient: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Bookings and entries, each in the order in which they are made."""

    bookings: tuple[PlannedBooking, ...]
    entries: tuple[PlannedEntry, ...]


def make_plan(
    seed: int, *, hospital: SimulatedHospital, patients: Sequence[SimulatedPatient]
) -> Plan:
    """Let each patient want something: mostly an ordinary clinic, often a scarce expert."""
    planner = _Planner(Dice(seed, stream="plan"), hospital, patients)
    for patient in planner.dice.shuffled(patients):
        for _ in range(planner.dice.weighted(((0, 20), (1, 45), (2, 25), (3, 10)))):
            planner.book(patient)
        for _ in range(planner.dice.weighted(((0, 35), (1, 40), (2, 25)))):
            planner.enter(patient)
    return Plan(tuple(planner.bookings), tuple(planner.entries))


def suits(clinic: sheets.ClinicRow, patient: SimulatedPatient) -> bool:
    """Whether a person would go there: by age and sex."""
    if patient.age(clinic.day) < CHILD_BELOW_YEARS:
        return clinic.department in FOR_CHILDREN | FOR_ANY_AGE
    if clinic.department in FOR_CHILDREN:
        return False
    return clinic.department not in FOR_WOMEN or not patient.male


class _Planner:
    """Keeps count of what is taken and who has what."""

    def __init__(
        self, dice: Dice, hospital: SimulatedHospital, patients: Sequence[SimulatedPatient]
    ) -> None:
        self.dice = dice
        self.bookings: list[PlannedBooking] = []
        self.entries: list[PlannedEntry] = []
        self._clinics = hospital.clinics
        self._taken: Counter[tuple[int, kinds.Channel]] = Counter()
        self._held: dict[int, list[tuple[date, str]]] = {each.place: [] for each in patients}
        self._entered: set[tuple[int, int]] = set()
        rows = list(enumerate(hospital.clinics))
        self._instant = [place for place, row in rows if row.mode is kinds.Mode.INSTANT]
        draws = [(place, row) for place, row in rows if row.mode is kinds.Mode.DRAW]
        scarce = hospital.scarce_names
        wanted = {name: dice.between(*SCARCE_WEIGHTS) for name in sorted(scarce)}
        self._drawn = [(place, wanted.get(row.practitioner or "", 1)) for place, row in draws]

    def book(self, patient: SimulatedPatient) -> None:
        """Plan one booking if a random clinic suits, has room and keeps the limits."""
        channel = self.dice.weighted(((kinds.Channel.ONLINE, 75), (kinds.Channel.WINDOW, 25)))
        for _ in range(TRIES):
            place = self.dice.choose(self._instant)
            clinic = self._clinics[place]
            free = clinic.capacity.get(channel, 0) - self._taken[place, channel]
            if free > 0 and suits(clinic, patient) and self._within_limits(clinic, patient):
                self._taken[place, channel] += 1
                self._held[patient.place].append((clinic.day, clinic.department))
                outcome = self.dice.weighted(
                    ((Outcome.KEPT, 86), (Outcome.CANCELLED, 10), (Outcome.MISSED, 4))
                )
                self.bookings.append(PlannedBooking(place, patient.place, channel, outcome))
                return

    def enter(self, patient: SimulatedPatient) -> None:
        """Plan one entry for a draw; scarce practitioners are wanted far more often."""
        for _ in range(TRIES):
            place = self.dice.weighted(self._drawn)
            if suits(self._clinics[place], patient) and (
                (place, patient.place) not in self._entered
            ):
                self._entered.add((place, patient.place))
                self.entries.append(PlannedEntry(place, patient.place))
                return

    def _within_limits(self, clinic: sheets.ClinicRow, patient: SimulatedPatient) -> bool:
        held = self._held[patient.place]
        same_day = {department for day, department in held if day == clinic.day}
        near = sum(abs((day - clinic.day).days) < SEVEN for day, _ in held)
        return (
            clinic.department not in same_day
            and len(same_day) < DEPARTMENTS_A_DAY_MAX
            and near < IN_SEVEN_DAYS_MAX
        )
