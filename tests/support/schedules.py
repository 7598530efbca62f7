"""Hospitals and clinics for tests: set up and imported as the program does it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from renhao import schedule, storage
from renhao.audit import Actor, ActorKind
from renhao.kernel import CampusId, HospitalId, new_id
from renhao.schedule import Campus, Channel, HalfDay, Hospital, Mode
from renhao.schedule.sheets import ClinicRow, Place

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""09:00 in the hospital."""
DAY = date(2026, 11, 24)
STAFF = Actor(ActorKind.STAFF, new_id())


def a_row(
    *,
    department: str = "心血管内科",
    practitioner: str | None = "赵安宁",
    title: str | None = "主任医师",
    visit_kind: str = "专家",
    day: date = DAY,
    half_day: HalfDay = HalfDay.MORNING,
    starts: time = time(8),
    ends: time = time(12),
    capacity: Mapping[Channel, int] | None = None,
    mode: Mode = Mode.INSTANT,
    fee_cents: int | None = None,
    room: str | None = None,
    campus: str | None = None,
    suspended: bool = False,
    row: int = 2,
) -> ClinicRow:
    """Make one row of a schedule file."""
    return ClinicRow(
        department=department,
        practitioner=practitioner,
        title=title,
        visit_kind=visit_kind,
        day=day,
        half_day=half_day,
        starts=starts,
        ends=ends,
        capacity={Channel.ONLINE: 20, Channel.WINDOW: 4} if capacity is None else capacity,
        mode=mode,
        fee_cents=fee_cents,
        room=room,
        campus=campus,
        suspended=suspended,
        place=Place("Sheet1", row, 1),
    )


def a_hospital(code: str = "renhe") -> Hospital:
    """Make an invented hospital."""
    return Hospital(
        hospital_id=HospitalId(new_id()), code=code, name_zh="仁和示范医院", name_en="Renhe Example"
    )


async def set_up(tx: storage.Tx, *, code: str = "renhe", now: datetime = NOW) -> HospitalId:
    """Set up an invented hospital with one campus."""
    hospital = a_hospital(code)
    campus = Campus(campus_id=CampusId(new_id()), name_zh="本部", name_en="Main")
    await schedule.set_up_hospital(tx, hospital, campus=campus, make_id=new_id, by=STAFF, now=now)
    return hospital.hospital_id


async def import_rows(
    tx: storage.Tx, hospital_id: HospitalId, rows: Sequence[ClinicRow], *, now: datetime = NOW
) -> schedule.Imported:
    """Apply rows as a file."""
    return await schedule.apply_import(
        tx,
        hospital_id=hospital_id,
        rows=rows,
        digest=b"digest",
        file_name="week.xlsx",
        make_id=new_id,
        by=STAFF,
        now=now,
    )
