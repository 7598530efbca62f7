from collections import Counter
from datetime import date, timedelta

import pytest
from stdnum.iso7064 import mod_11_2

from renhao.schedule import department_codes
from renhao.schedule.kinds import Channel, Mode
from renhao.schedule.sheets import read_sheet, write_list
from renhao.simulate import (
    Outcome,
    SimulatedHospital,
    SimulatedPatient,
    make_hospital,
    make_patients,
    make_plan,
)
from renhao.simulate.history import suits

pytestmark = pytest.mark.unit

FIRST = date(2026, 11, 24)


@pytest.fixture(scope="module")
def hospital() -> SimulatedHospital:
    return make_hospital(7, first_day=FIRST)


@pytest.fixture(scope="module")
def patients() -> tuple[SimulatedPatient, ...]:
    return make_patients(7, today=FIRST)


def test_the_hospital_has_a_realistic_size(hospital: SimulatedHospital) -> None:
    assert len(hospital.departments) == len(set(hospital.departments)) == 40
    assert len({doctor.name for doctor in hospital.practitioners}) == 160
    assert {doctor.department for doctor in hospital.practitioners} == set(hospital.departments)
    assert {row.day for row in hospital.clinics} == {FIRST + timedelta(days=n) for n in range(14)}


def test_every_department_stands_for_one_of_the_national_list(hospital: SimulatedHospital) -> None:
    assert all(department_codes.find(name) for name in hospital.departments)


def test_every_department_has_a_chief(hospital: SimulatedHospital) -> None:
    chiefs = {each.department for each in hospital.practitioners if each.title == "主任医师"}

    assert chiefs == set(hospital.departments)


def test_some_clinics_are_scarce_and_drawn_and_most_are_easy(hospital: SimulatedHospital) -> None:
    scarce = [row for row in hospital.clinics if row.practitioner in hospital.scarce_names]
    easy = [row for row in hospital.clinics if row.mode is Mode.INSTANT]

    assert 5 <= len(hospital.scarce_names) <= 40
    assert all(row.mode is Mode.DRAW and row.total <= 10 for row in scarce)
    assert len(easy) > len(scarce) * 5
    assert all(row.total >= 30 for row in easy)


def test_it_goes_through_the_spreadsheet_path_unchanged(hospital: SimulatedHospital) -> None:
    reading = read_sheet(write_list(hospital.clinics), filename="demo.xlsx", options=None)

    assert reading.errors == ()
    assert reading.rows == hospital.clinics


def test_the_same_seed_gives_the_same_hospital() -> None:
    one = make_hospital(3, first_day=FIRST, days=3, practitioners=60)

    assert one == make_hospital(3, first_day=FIRST, days=3, practitioners=60)
    assert one.practitioners != make_hospital(4, first_day=FIRST, practitioners=60).practitioners


def test_another_day_keeps_the_people(hospital: SimulatedHospital) -> None:
    later = make_hospital(7, first_day=FIRST + timedelta(days=30))

    assert later.practitioners == hospital.practitioners


def test_there_are_2000_invented_patients(patients: tuple[SimulatedPatient, ...]) -> None:
    assert len(patients) == 2_000
    assert len({each.citizen_number for each in patients}) == 2_000
    assert [each.place for each in patients] == list(range(2_000))
    assert patients == make_patients(7, today=FIRST)


def test_citizen_numbers_are_right_and_nobodys(patients: tuple[SimulatedPatient, ...]) -> None:
    for each in patients:
        number = each.citizen_number
        mod_11_2.validate(number)
        assert number[2:6] == "0000"
        assert number[6:14] == f"{each.birth:%Y%m%d}"
        assert int(number[16]) % 2 == each.male


def test_accounts_are_families_of_at_most_five(patients: tuple[SimulatedPatient, ...]) -> None:
    sizes = Counter(each.account for each in patients)
    phones = {each.account: each.phone for each in patients}

    assert max(sizes.values()) <= 5
    assert len(set(phones.values())) == len(phones)
    assert all(phone.startswith("1990000") and len(phone) == 11 for phone in phones.values())


def test_ages_are_realistic_and_children_have_a_guardian(
    patients: tuple[SimulatedPatient, ...],
) -> None:
    ages = [each.age(FIRST) for each in patients]

    assert min(ages) == 0
    assert max(ages) <= 97
    assert 300 < sum(age < 14 for age in ages) < 700
    assert 300 < sum(age >= 60 for age in ages) < 700
    for each in patients:
        if each.age(FIRST) < 14:
            assert each.guardian is not None
            guardian = patients[each.guardian]
            assert (guardian.account, guardian.relation) == (each.account, "self")
            assert guardian.age(FIRST) >= 18


def test_too_many_patients_are_refused() -> None:
    with pytest.raises(ValueError, match="10,000"):
        make_patients(1, today=FIRST, count=10_001)


def test_few_patients_are_possible() -> None:
    assert len(make_patients(1, today=FIRST, count=3)) == 3
    assert make_patients(1, today=FIRST, count=0) == ()


def test_the_plan_keeps_capacity_and_limits(
    hospital: SimulatedHospital, patients: tuple[SimulatedPatient, ...]
) -> None:
    plan = make_plan(7, hospital=hospital, patients=patients)

    taken: Counter[tuple[int, Channel]] = Counter()
    days: dict[int, list[tuple[date, str]]] = {}
    for booking in plan.bookings:
        row = hospital.clinics[booking.clinic]
        taken[booking.clinic, booking.channel] += 1
        assert row.mode is Mode.INSTANT
        assert suits(row, patients[booking.patient])
        days.setdefault(booking.patient, []).append((row.day, row.department))
    assert len(plan.bookings) > 1_500
    assert all(count <= hospital.clinics[c].capacity[ch] for (c, ch), count in taken.items())
    for held in days.values():
        assert len(held) == len(set(held))
        assert max(Counter(day for day, _ in held).values()) <= 2
        for day, _ in held:
            assert sum(day <= other < day + timedelta(days=7) for other, _ in held) <= 3
    assert {booking.outcome for booking in plan.bookings} == set(Outcome)


def test_scarce_clinics_are_wanted_more_than_they_can_give(
    hospital: SimulatedHospital, patients: tuple[SimulatedPatient, ...]
) -> None:
    plan = make_plan(7, hospital=hospital, patients=patients)

    wanted = Counter(entry.clinic for entry in plan.entries)
    pairs = {(entry.clinic, entry.patient) for entry in plan.entries}
    rows = [hospital.clinics[clinic] for clinic in wanted]
    assert len(pairs) == len(plan.entries)
    assert all(row.mode is Mode.DRAW for row in rows)
    assert sum(count >= 2 * hospital.clinics[c].total for c, count in wanted.items()) >= 20


def test_only_suitable_clinics_are_wanted(
    hospital: SimulatedHospital, patients: tuple[SimulatedPatient, ...]
) -> None:
    plan = make_plan(7, hospital=hospital, patients=patients)

    for entry in plan.entries:
        row, patient = hospital.clinics[entry.clinic], patients[entry.patient]
        assert row.department not in {"妇科", "产科"} or not patient.male
        assert row.department not in {"儿科", "小儿外科"} or patient.age(row.day) < 14
