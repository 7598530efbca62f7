"""Hospitals, clinics and patients straight into the tables, for tests that book."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import psycopg

from renhao.audit import Actor, ActorKind
from renhao.booking import BookCommand
from renhao.kernel import (
    AccountId,
    AppointmentId,
    ClinicId,
    DepartmentId,
    HospitalId,
    IdentityId,
    PatientId,
    RequestId,
    SlotId,
    new_id,
)
from renhao.schedule import Channel

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine o'clock in the morning in Shanghai, a Monday; clinics are released by then."""
DAY = date(2026, 3, 9)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient linked to an account."""

    patient_id: PatientId
    identity_id: IdentityId
    account_id: AccountId

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.ACCOUNT, self.account_id)


@dataclass(frozen=True, slots=True)
class Clinic:
    """One clinic with its slots."""

    clinic_id: ClinicId
    department_id: DepartmentId
    day: date
    starts_at: datetime
    slots: tuple[SlotId, ...]


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital with clinics, each of a department of its own unless told otherwise."""

    hospital_id: HospitalId
    visit_kind_id: UUID
    campus_id: UUID
    clinics: list[Clinic] = field(default_factory=list)


def staff() -> Actor:
    """Make a registrar."""
    return Actor(ActorKind.STAFF, new_id())


def hospital(
    owner: psycopg.Connection,
    *,
    clinics: int = 1,
    slots: int = 1,
    capacity: int = 20,
    day: date = DAY,
    mode: str = "instant",
    channels: Sequence[str] = ("online",),
) -> Hospital:
    """Insert a hospital with `clinics` clinics on one day, each in its own department."""
    made = Hospital(HospitalId(new_id()), new_id(), new_id())
    owner.execute(
        "INSERT INTO hospital (hospital_id, code, name_zh, name_en, zone, address_zh, address_en,"
        " phone, notice_zh, notice_en) VALUES (%s, %s, '样例医院', 'Sample Hospital',"
        " 'Asia/Shanghai', '', '', '', '', '')",
        [made.hospital_id, f"h{made.hospital_id.hex[-12:]}"],
    )
    owner.execute(
        "INSERT INTO campus VALUES (%s, %s, '本部', 'Main', '', '')",
        [made.hospital_id, made.campus_id],
    )
    owner.execute(
        "INSERT INTO visit_kind VALUES (%s, %s, '普通', 'General', 1000, 'instant')",
        [made.hospital_id, made.visit_kind_id],
    )
    for _ in range(clinics):
        clinic(owner, made, day=day, slots=slots, capacity=capacity, mode=mode, channels=channels)
    return made


def clinic(
    owner: psycopg.Connection,
    hospital: Hospital,
    *,
    day: date = DAY,
    slots: int = 1,
    capacity: int = 20,
    mode: str = "instant",
    channels: Sequence[str] = ("online",),
    department_id: DepartmentId | None = None,
    half_day: str = "morning",
    released_at: datetime = NOW - timedelta(days=1),
) -> Clinic:
    """Insert one morning clinic: 08:00 in Shanghai, slots of 30 minutes, one pool per channel."""
    starts_at = datetime.combine(day, time(0), tzinfo=UTC)
    made = Clinic(
        ClinicId(new_id()),
        department_id or department(owner, hospital),
        day,
        starts_at,
        tuple(SlotId(new_id()) for _ in range(slots)),
    )
    owner.execute(
        "INSERT INTO clinic (hospital_id, clinic_id, department_id, visit_kind_id, day, half_day,"
        " starts_at, ends_at, mode, fee_cents, room, released_at, free_cancel_until)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 1000, '', %s, %s)",
        [
            hospital.hospital_id,
            made.clinic_id,
            made.department_id,
            hospital.visit_kind_id,
            day,
            half_day,
            starts_at,
            starts_at + timedelta(minutes=30 * slots),
            mode,
            released_at,
            starts_at - timedelta(hours=17),
        ],
    )
    for place, slot_id in enumerate(made.slots):
        _slot(owner, hospital, made, slot_id, place, capacity, channels)
    hospital.clinics.append(made)
    return made


def department(owner: psycopg.Connection, hospital: Hospital) -> DepartmentId:
    """Insert a department."""
    department_id = DepartmentId(new_id())
    owner.execute(
        "INSERT INTO department VALUES (%s, %s, %s, NULL, %s, 'Department', '', '', '{}')",
        [hospital.hospital_id, department_id, hospital.campus_id, f"科{department_id.hex}"],
    )
    return department_id


def people(owner: psycopg.Connection, many: int, *, assurance: str = "declared") -> list[Person]:
    """Insert patients, each with an account of their own and a link to it."""
    made = [
        Person(PatientId(new_id()), IdentityId(new_id()), AccountId(new_id())) for _ in range(many)
    ]
    compared = [None if assurance == "declared" else each.identity_id for each in made]
    owner.execute(
        "INSERT INTO patient SELECT p, %s, %s, i, %s"
        " FROM unnest(%s::uuid[], %s::uuid[]) AS x(p, i)",
        [assurance, NOW, NOW, [each.patient_id for each in made], compared],
    )
    owner.execute(
        "INSERT INTO account SELECT a, '\\x00', 'zh', %s, %s FROM unnest(%s::uuid[]) AS x(a)",
        [NOW, NOW, [each.account_id for each in made]],
    )
    owner.execute(
        "INSERT INTO patient_link SELECT a, p, i, NULL, NULL, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS x(a, p, i)",
        [
            NOW,
            [each.account_id for each in made],
            [each.patient_id for each in made],
            [each.identity_id for each in made],
        ],
    )
    return made


def also_linked(owner: psycopg.Connection, person: Person) -> Person:
    """Link the patient to a second account too."""
    account_id = AccountId(new_id())
    owner.execute("INSERT INTO account VALUES (%s, '\\x00', 'zh', %s, %s)", [account_id, NOW, NOW])
    owner.execute(
        "INSERT INTO patient_link VALUES (%s, %s, %s, NULL, NULL, %s)",
        [account_id, person.patient_id, person.identity_id, NOW],
    )
    return Person(person.patient_id, person.identity_id, account_id)


def command(
    hospital: Hospital,
    person: Person,
    slot_id: SlotId,
    *,
    request_id: RequestId | None = None,
    digest: bytes = b"digest",
    at: datetime = NOW,
    channel: Channel = Channel.ONLINE,
    by: Actor | None = None,
) -> BookCommand:
    """Make a command: online by the person's account, every other channel by staff."""
    online = channel is Channel.ONLINE
    return BookCommand(
        hospital_id=hospital.hospital_id,
        appointment_id=AppointmentId(new_id()),
        slot_id=slot_id,
        channel=channel,
        patient_id=person.patient_id,
        identity_id=person.identity_id,
        account_id=person.account_id if online else None,
        by=by or (person.actor if online else staff()),
        request_id=request_id or RequestId(new_id()),
        digest=digest,
        at=at,
    )


def _slot(
    owner: psycopg.Connection,
    hospital: Hospital,
    clinic: Clinic,
    slot_id: SlotId,
    place: int,
    capacity: int,
    channels: Sequence[str],
) -> None:
    starts_at = clinic.starts_at + timedelta(minutes=30 * place)
    owner.execute(
        "INSERT INTO slot VALUES (%s, %s, %s, %s, %s)",
        [
            hospital.hospital_id,
            slot_id,
            clinic.clinic_id,
            starts_at,
            starts_at + timedelta(minutes=30),
        ],
    )
    for index, channel in enumerate(channels):
        first = 1 + (place * len(channels) + index) * capacity
        owner.execute(
            "INSERT INTO slot_pool (hospital_id, slot_id, channel, clinic_id, capacity,"
            " first_number) VALUES (%s, %s, %s, %s, %s, %s)",
            [hospital.hospital_id, slot_id, channel, clinic.clinic_id, capacity, first],
        )
