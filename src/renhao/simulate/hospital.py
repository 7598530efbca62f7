"""An invented hospital of realistic size: 40 departments, 160 practitioners, 14 days of clinics.

Some expert clinics are scarce (few numbers, drawn), most others easy (many numbers, instant). The
same seed and day give the same hospital everywhere; changing the day keeps its people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from renhao.schedule import kinds, sheets
from renhao.simulate.dice import Dice
from renhao.simulate.names import invented_name

DEPARTMENTS = (
    "呼吸内科", "消化内科", "神经内科", "心血管内科", "血液内科", "肾内科", "内分泌科",
    "风湿免疫科", "变态反应科", "老年医学科", "普通外科", "神经外科", "骨科",
    "泌尿外科", "胸外科", "心外科", "烧伤科", "整形外科", "妇科", "产科",
    "生殖医学科", "儿科", "小儿外科",
    "儿童保健科", "眼科", "耳鼻咽喉科", "口腔科", "皮肤科",
    "临床心理科", "精神科", "感染科", "肿瘤科", "康复医学科",
    "疼痛科", "全科医疗科", "中医内科", "针灸科", "推拿科", "中西医结合科", "核医学科",
)  # fmt: skip
BUSY = frozenset(
    {"心血管内科", "神经内科", "骨科", "消化内科", "内分泌科", "儿科", "妇科", "肿瘤科"}
)
"""Departments where experts are wanted most."""
CHIEF, ASSOCIATE, ATTENDING, RESIDENT = "主任医师", "副主任医师", "主治医师", "住院医师"
TITLES = ((CHIEF, 20), (ASSOCIATE, 30), (ATTENDING, 35), (RESIDENT, 15))
FEE_CENTS = {"特需": 30_000, "专家": 5_000, "专科": 2_500, "普通": 1_000}
CAMPUS = "本部"
MAIN_SESSIONS = (kinds.HalfDay.MORNING, kinds.HalfDay.AFTERNOON)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class SimulatedPractitioner:
    """One invented doctor."""

    name: str
    title: str
    department: str
    room: str
    scarce: bool
    """Far more people want this practitioner than there are numbers."""


@dataclass(frozen=True, slots=True)
class SimulatedHospital:
    """The invented hospital; `clinics` can be written with `schedule.sheets.write_list`."""

    name: str
    departments: tuple[str, ...]
    practitioners: tuple[SimulatedPractitioner, ...]
    clinics: tuple[sheets.ClinicRow, ...]

    @property
    def scarce_names(self) -> frozenset[str]:
        """Names of the practitioners whose clinics are scarce."""
        return frozenset(doctor.name for doctor in self.practitioners if doctor.scarce)


def make_hospital(
    seed: int, *, first_day: date, days: int = 14, practitioners: int = 160
) -> SimulatedHospital:
    """Make the hospital of a seed. Each department has at least one practitioner."""
    dice = Dice(seed, stream="hospital")
    doctors = tuple(_practitioners(dice.stream("practitioners"), practitioners))
    span = [first_day + timedelta(days=ahead) for ahead in range(days)]
    clinics = [
        clinic
        for doctor in doctors
        for clinic in _clinics(doctor, dice.stream(f"clinics/{doctor.name}"), span)
    ]
    clinics += [clinic for name in DEPARTMENTS for clinic in _general_clinics(name, span)]
    clinics.sort(key=lambda row: (row.day, row.half_day, row.department, row.practitioner or ""))
    return SimulatedHospital("示例市第一人民医院", DEPARTMENTS, doctors, tuple(clinics))


def _practitioners(dice: Dice, wanted: int) -> Iterator[SimulatedPractitioner]:
    """Give each department its share, the busy ones what remains; no two share a name."""
    busy = [name for name in DEPARTMENTS if name in BUSY]
    each = max(1, (wanted - len(busy) * 4) // len(DEPARTMENTS))
    places = [name for name in DEPARTMENTS for _ in range(each)]
    places += [busy[number % len(busy)] for number in range(max(0, wanted - len(places)))]
    taken: set[str] = set()
    headed: set[str] = set()
    for number, department in enumerate(sorted(places, key=DEPARTMENTS.index)):
        heads = department not in headed
        headed.add(department)
        yield _practitioner(dice, department, number, heads=heads, taken=taken)


def _practitioner(
    dice: Dice, department: str, number: int, *, heads: bool, taken: set[str]
) -> SimulatedPractitioner:
    names = (invented_name(dice, male=dice.chance(50)) for _ in range(10_000))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    title = CHIEF if heads else dice.weighted(TITLES)
    scarce = title == CHIEF and dice.chance(70 if department in BUSY else 25)
    return SimulatedPractitioner(
        name, title, department, f"{number // 40 + 1}{number % 40:02}", scarce
    )


def _clinics(
    doctor: SimulatedPractitioner, dice: Dice, span: list[date]
) -> Iterator[sheets.ClinicRow]:
    """Repeat one week's half-days: chiefs sit two or three times a week, others four to six."""
    senior = doctor.title in {CHIEF, ASSOCIATE}
    half_days = [(day, half) for day in range(SATURDAY) for half in MAIN_SESSIONS]
    half_days.append((SATURDAY, kinds.HalfDay.MORNING))
    wanted = dice.between(2, 3) if senior else dice.between(4, 6)
    week = set(dice.shuffled(half_days)[:wanted])
    if doctor.scarce and dice.chance(40):
        week.add((dice.choose((1, 3)), kinds.HalfDay.EVENING))
    special = dice.choose(sorted(week)) if doctor.title == CHIEF and dice.chance(30) else None
    for day in span:
        for half in kinds.HalfDay:
            if (day.weekday(), half) in week:
                kind = "特需" if (day.weekday(), half) == special else _kind(doctor)
                yield _clinic(doctor, day, half, kind, _capacity(doctor, kind))


def _kind(doctor: SimulatedPractitioner) -> str:
    if doctor.title in {CHIEF, ASSOCIATE}:
        return "专家"
    return "专科" if doctor.title == ATTENDING else "普通"


def _capacity(doctor: SimulatedPractitioner, kind: str) -> int:
    if kind == "特需":
        return 8
    if doctor.scarce:
        return 10
    return {"专家": 20, "专科": 30, "普通": 40}[kind]


def _clinic(
    doctor: SimulatedPractitioner, day: date, half: kinds.HalfDay, kind: str, total: int
) -> sheets.ClinicRow:
    starts, ends = kinds.HALF_DAY_TIMES[half]
    return sheets.ClinicRow(
        doctor.department, doctor.name, doctor.title, kind, day, half, starts, ends,
        kinds.split_capacity(total), kinds.default_mode(kind), FEE_CENTS[kind], doctor.room, CAMPUS,
    )  # fmt: skip


def _general_clinics(department: str, span: list[date]) -> Iterator[sheets.ClinicRow]:
    """Open the department's own clinic, without a named practitioner: Sunday mornings only."""
    for day in span:
        for half in MAIN_SESSIONS:
            if day.weekday() != SUNDAY or half is kinds.HalfDay.MORNING:
                starts, ends = kinds.HALF_DAY_TIMES[half]
                yield sheets.ClinicRow(
                    department, None, None, "普通", day, half, starts, ends,
                    kinds.split_capacity(60), kinds.Mode.INSTANT, FEE_CENTS["普通"], None, CAMPUS,
                )  # fmt: skip
