"""The demo's hospital and staff; its clinics come through the spreadsheet path."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from renhao import audit, privacy, schedule, simulate, staff
from renhao.cli.demo.note import Login
from renhao.kernel import CampusId, HospitalId, StaffId, new_id
from renhao.storage import Pool, Tx, begin

CODE = "demo"
PASSWORD_BYTES = 12
AREAS = "ABCDEFGH"
DAYS_BEFORE = 7
DAYS_AFTER = 14
RELEASED_BEFORE_DAYS = 30
"""The first clinics are imported as if so long ago, so that their release lies in the past."""

STAFF = (
    ("registrar", "王敏", staff.Role.REGISTRAR),
    ("nurse", "李娟", staff.Role.TRIAGE_NURSE),
    ("doctor", "陈立", staff.Role.PRACTITIONER),
    ("schedule", "赵磊", staff.Role.SCHEDULE_MANAGER),
    ("privacy", "周岩", staff.Role.PRIVACY_OFFICER),
    ("admin", "孙悦", staff.Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Built:
    """The hospital, its first day, and what the simulator made of it."""

    hospital_id: HospitalId
    plan: simulate.SimulatedHospital


async def build(pool: Pool, *, seed: int, first_day: date, days: int, now: datetime) -> Built:
    """Set the hospital up, or find it, and load the clinics of its days."""
    async with begin(pool) as tx:
        found = [each for each in await schedule.hospitals(tx) if each.code == CODE]
        if found:
            hospital_id = found[0].hospital_id
        else:
            hospital_id = HospitalId(new_id())
            await schedule.set_up_hospital(
                tx,
                _hospital(hospital_id),
                campus=schedule.Campus(
                    campus_id=CampusId(new_id()), name_zh="本部", name_en="Main campus"
                ),
                make_id=new_id,
                by=audit.PROGRAM,
                now=now,
            )
    return Built(hospital_id, simulate.make_hospital(seed, first_day=first_day, days=days))


async def load(
    pool: Pool,
    built: Built,
    *,
    today: date,
    now: datetime,
    on_progress: Callable[[int, int], None],
) -> schedule.Imported:
    """Write the clinics to a spreadsheet, read it back, and import it."""
    content = schedule.sheets.write_list(built.plan.clinics)
    reading = schedule.sheets.read_sheet(content, filename="demo.xlsx", options=None, today=today)
    if reading.errors:
        raise RuntimeError(f"the demo's own sheet has errors: {reading.errors[0].sentence('en')}")
    async with begin(pool) as tx:
        imported = await schedule.apply_import(
            tx,
            hospital_id=built.hospital_id,
            rows=reading.rows,
            file_name="demo.xlsx",
            digest=hashlib.sha256(content).digest(),
            make_id=new_id,
            by=audit.PROGRAM,
            now=now,
            on_progress=on_progress,
        )
        await _furnish(tx, built.hospital_id, now=now)
        return imported


async def _furnish(tx: Tx, hospital_id: HospitalId, *, now: datetime) -> None:
    """Give every department without a place one: a floor and an area of the building."""
    for number, found in enumerate(await schedule.departments(tx, hospital_id=hospital_id)):
        floor, area = number // len(AREAS) + 1, AREAS[number % len(AREAS)]
        if not found.place_zh:
            placed = replace(
                found,
                place_zh=f"门诊楼{floor}层{area}区",
                place_en=f"Outpatient building, floor {floor}, area {area}",
            )
            await schedule.change_department(
                tx, placed, hospital_id=hospital_id, by=audit.PROGRAM, now=now
            )


async def employ(
    pool: Pool, vault: privacy.Vault, *, hospital_id: HospitalId, now: datetime
) -> list[Login]:
    """Add one member of staff for each role, with passwords and secrets made now."""
    logins = []
    async with begin(pool) as tx:
        for login, display_name, role in STAFF:
            password, secret = secrets.token_urlsafe(PASSWORD_BYTES), staff.new_totp_secret()
            command = staff.AddStaff(
                hospital_id=hospital_id,
                staff_id=StaffId(new_id()),
                login=login,
                display_name=display_name,
                password=password,
                totp_secret=secret,
                roles=frozenset({role}),
            )
            await staff.add_staff(tx, vault, command, by=audit.PROGRAM, now=now)
            logins.append(
                Login(
                    login=login,
                    display_name=display_name,
                    role=role.value,
                    password=password,
                    totp_secret=secret,
                )
            )
    return logins


def _hospital(hospital_id: HospitalId) -> schedule.Hospital:
    return schedule.Hospital(
        hospital_id=hospital_id,
        code=CODE,
        name_zh="示例市第一人民医院",
        name_en="First People's Hospital of Sample City",
        address_zh="示例市中心路1号",
        address_en="1 Centre Road, Sample City",
        phone="010-00000000",
        notice_zh="这里的人和号都是虚构的。就诊请带预约时填写的证件原件。",
        notice_en="Everybody here is invented. Bring the document that you booked with.",
    )
