"""The clinics the window can choose from: found by department or practitioner, on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from renhao import schedule
from renhao.schedule import Channel, ClinicPage, Mode
from renhao.staff import Role
from renhao.storage import Tx
from renhao.web.staff.sessions import Desk

DEPARTMENTS_MAX = 8
CLINICS_MAX = 24
DAYS_SHOWN_MAX = 90
CHANNELS: Mapping[Role, tuple[Channel, ...]] = {
    Role.REGISTRAR: (Channel.WINDOW, Channel.FOLLOWUP, Channel.REFERRAL),
    Role.TRIAGE_NURSE: (Channel.URGENT, Channel.WINDOW),
    Role.PRACTITIONER: (Channel.FOLLOWUP, Channel.REFERRAL),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What was searched for, and the clinics found; each with what is left for this desk."""

    q: str
    day: date
    last_day: date
    clinics: tuple[tuple[ClinicPage, int], ...]
    more: bool


def channels_of(desk: Desk) -> tuple[Channel, ...]:
    """List the channels this member of staff may book by."""
    allowed = {each for role in desk.staff.roles for each in CHANNELS.get(role, ())}
    return tuple(each for each in Channel if each in allowed)


def channels_for(desk: Desk, page: ClinicPage, *, now: datetime) -> tuple[Channel, ...]:
    """List those that this clinic is open to: its window opens as online does, and no draw has."""
    clinic = page.clinic
    is_open = clinic.mode is Mode.INSTANT and clinic.released_at <= now
    return tuple(each for each in channels_of(desk) if is_open or each is not Channel.WINDOW)


async def choices_of(tx: Tx, desk: Desk, *, q: str, day: str, now: datetime) -> Choices:
    """Find clinics that take place on a day; none are listed before something is searched."""
    today = desk.today(now)
    wanted = max(_day(day) or today, today)
    last = today + timedelta(days=DAYS_SHOWN_MAX)
    departments = []
    if q.strip():
        departments = await schedule.departments(tx, hospital_id=desk.hospital_id, search=q)
    found: list[tuple[ClinicPage, int]] = []
    for department in departments[:DEPARTMENTS_MAX]:
        cards = await schedule.clinics_of_day(
            tx,
            hospital_id=desk.hospital_id,
            department_id=department.department_id,
            day=wanted,
            now=now,
        )
        for card in cards:
            if len(found) < CLINICS_MAX and card.status == "open" and now < card.ends_at:
                page = await schedule.clinic_page(
                    tx, hospital_id=desk.hospital_id, clinic_id=card.clinic_id, now=now
                )
                found.append((page, left_for(page, channels_for(desk, page, now=now))))
    more = len(departments) > DEPARTMENTS_MAX or len(found) == CLINICS_MAX
    full_last = sorted(found, key=lambda each: not each[1])
    return Choices(q, wanted, last, tuple(full_last), more)


def left_for(page: ClinicPage, channels: tuple[Channel, ...]) -> int:
    """Count what is left of a clinic in these channels."""
    return sum(slot.left.get(channel, 0) for slot in page.slots for channel in channels)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
