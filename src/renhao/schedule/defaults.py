"""What a new hospital starts with; it changes all of it as it likes."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from renhao.schedule.kinds import Mode
from renhao.schedule.model import Holiday, LimitCode, LimitRule, ReleaseRule

RELEASE = ReleaseRule(days_ahead=7, release_time=time(8))

LIMITS = (
    LimitRule(limit_code=LimitCode.DEPARTMENTS_PER_DAY, most=2, window_days=1),
    LimitRule(limit_code=LimitCode.APPOINTMENTS_PER_WEEK, most=3, window_days=7),
    LimitRule(limit_code=LimitCode.NO_SHOWS, most=3, window_days=365, bar_days=90),
    LimitRule(limit_code=LimitCode.LATE_CANCELS, most=5, window_days=30, bar_days=30),
)

VISIT_KINDS = (
    ("普通", "General", 2_000, Mode.INSTANT),
    ("专科", "Specialty", 3_000, Mode.INSTANT),
    ("专家", "Expert", 6_000, Mode.DRAW),
    ("特需", "Premium", 30_000, Mode.DRAW),
    ("急诊", "Emergency", 4_000, Mode.INSTANT),
)
"""Name in both languages, fee in cents, mode. Fees differ by hospital: to be confirmed by it."""

_DAYS_OFF = (
    # 2026: the State Council's announced days, weekends within them included.
    (date(2026, 1, 1), 3, "元旦", "New Year"),
    (date(2026, 2, 15), 9, "春节", "Spring Festival"),
    (date(2026, 4, 4), 3, "清明节", "Tomb-Sweeping Day"),
    (date(2026, 5, 1), 5, "劳动节", "Labour Day"),
    (date(2026, 6, 19), 3, "端午节", "Dragon Boat Festival"),
    (date(2026, 9, 25), 3, "中秋节", "Mid-Autumn Festival"),
    (date(2026, 10, 1), 7, "国庆节", "National Day"),
    # 2027: only the statutory days of 《全国年节及纪念日放假办法》 (2024); the days moved around
    # them are announced towards the end of the year before.
    (date(2027, 1, 1), 1, "元旦", "New Year"),
    (date(2027, 2, 5), 4, "春节", "Spring Festival"),
    (date(2027, 4, 5), 1, "清明节", "Tomb-Sweeping Day"),
    (date(2027, 5, 1), 2, "劳动节", "Labour Day"),
    (date(2027, 6, 9), 1, "端午节", "Dragon Boat Festival"),
    (date(2027, 9, 15), 1, "中秋节", "Mid-Autumn Festival"),
    (date(2027, 10, 1), 3, "国庆节", "National Day"),
)
_WORKED = (
    (date(2026, 1, 4), "元旦", "New Year"),
    (date(2026, 2, 14), "春节", "Spring Festival"),
    (date(2026, 2, 28), "春节", "Spring Festival"),
    (date(2026, 5, 9), "劳动节", "Labour Day"),
    (date(2026, 9, 20), "国庆节", "National Day"),
    (date(2026, 10, 10), "国庆节", "National Day"),
)


def holidays() -> Iterator[Holiday]:
    """List the public holidays of 2026 and 2027, each to be confirmed by the hospital."""
    for first, days, zh, en in _DAYS_OFF:
        for number in range(days):
            yield Holiday(
                day=first + timedelta(days=number),
                is_working=False,
                name_zh=zh,
                name_en=en,
                is_confirmed=False,
            )
    for day, zh, en in _WORKED:
        yield Holiday(
            day=day,
            is_working=True,
            name_zh=f"{zh}调休上班",
            name_en=f"Worked for {en}",
            is_confirmed=False,
        )
