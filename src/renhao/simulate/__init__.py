"""Invented hospitals, patients and bookings, the same for the same seed everywhere."""

from renhao.simulate.dice import Dice
from renhao.simulate.history import Outcome, Plan, PlannedBooking, PlannedEntry, make_plan
from renhao.simulate.hospital import SimulatedHospital, SimulatedPractitioner, make_hospital
from renhao.simulate.names import invented_name
from renhao.simulate.patients import SimulatedPatient, make_patients

__all__ = [
    "Dice",
    "Outcome",
    "Plan",
    "PlannedBooking",
    "PlannedEntry",
    "SimulatedHospital",
    "SimulatedPatient",
    "SimulatedPractitioner",
    "invented_name",
    "make_hospital",
    "make_patients",
    "make_plan",
]
