"""The moments that follow from a visit day: release, end of free cancelling, slots."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from renhao.kernel import Interval
from renhao.schedule.model import Hospital, ReleaseRule

SLOT_MINUTES_MAX = 30


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Say which moment a clock time of a visit day is."""
    return datetime.combine(day, clock, tzinfo=zone)


def released_at(day: date, rule: ReleaseRule, zone: ZoneInfo) -> datetime:
    """Say when a visit day's clinics open for booking."""
    return moment(day - timedelta(days=rule.days_ahead), rule.release_time, zone)


def free_cancel_until(
    day: date, hospital: Hospital, zone: ZoneInfo, *, starts_at: datetime
) -> datetime:
    """Say until when cancelling is free; never later than the clinic starts."""
    before = timedelta(days=hospital.free_cancel_days_before)
    return min(moment(day - before, hospital.free_cancel_time, zone), starts_at)


def cut_slots(time_of_clinic: Interval) -> tuple[Interval, ...]:
    """Cut a clinic's time into slots of 30 minutes; the last may be shorter."""
    step = timedelta(minutes=SLOT_MINUTES_MAX)
    count = -(-time_of_clinic.length // step)
    starts = [time_of_clinic.start + step * number for number in range(count)]
    return tuple(Interval(start, min(start + step, time_of_clinic.end)) for start in starts)
