"""What pages read: hospitals, departments, days, clinics and slots with what is left.

Numbers held back are no part of what is left and are never given out here. Once a clinic has begun
nothing of it is left online, as booking has it; other channels go on until each slot ends.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from unicodedata import normalize

from renhao.kernel import ClinicId, DepartmentId, HospitalId, SlotId
from renhao.schedule import store
from renhao.schedule.kinds import HolidayKind
from renhao.schedule.model import (
    Campus,
    ClinicCard,
    ClinicPage,
    Department,
    DepartmentDay,
    HalfDayLeft,
    Holiday,
    Hospital,
    LimitRule,
    ReleaseRule,
    SlotLeft,
    VisitKind,
)
from renhao.schedule.refusals import (
    ClinicUnknown,
    DepartmentUnknown,
    HospitalUnknown,
    SlotUnknown,
)
from renhao.storage import Tx

DAYS_SHOWN = 14
SEARCH_CHARACTERS_MAX = 40

LEFT = "p.capacity - p.taken - p.held_back"

CARD = f"""
SELECT c.clinic_id, c.department_id, d.name_zh AS department_zh, d.name_en AS department_en,
  d.place_zh, d.place_en, t.name AS practitioner, t.title, k.name_zh AS visit_kind_zh,
  k.name_en AS visit_kind_en, c.day, c.half_day, c.starts_at, c.ends_at, c.mode, c.status,
  c.fee_cents, c.room, c.released_at, c.free_cancel_until,
  coalesce((SELECT sum({LEFT}) FROM slot_pool p
    WHERE p.hospital_id = c.hospital_id AND p.clinic_id = c.clinic_id AND p.channel = 'online'
    AND c.starts_at > %s), 0)::int AS left
FROM clinic c
JOIN department d ON d.hospital_id = c.hospital_id AND d.department_id = c.department_id
JOIN visit_kind k ON k.hospital_id = c.hospital_id AND k.visit_kind_id = c.visit_kind_id
LEFT JOIN practitioner t ON t.hospital_id = c.hospital_id AND t.practitioner_id = c.practitioner_id
WHERE c.hospital_id = %s
"""

DAYS = f"""
SELECT c.day, c.half_day,
  (count(*) FILTER (WHERE c.status = 'open'))::int AS clinics,
  coalesce(sum(free.left) FILTER (
    WHERE c.status = 'open' AND c.mode = 'instant' AND c.released_at <= %s), 0)::int AS left,
  (count(*) FILTER (WHERE c.status = 'open' AND c.mode = 'draw'))::int AS drawn,
  min(c.released_at) FILTER (WHERE c.status = 'open' AND c.released_at > %s) AS next_release_at,
  (count(*) FILTER (WHERE c.status = 'suspended'))::int AS suspended
FROM clinic c CROSS JOIN LATERAL (
  SELECT sum({LEFT}) AS left FROM slot_pool p
  WHERE p.hospital_id = c.hospital_id AND p.clinic_id = c.clinic_id AND p.channel = 'online'
  AND c.starts_at > %s) AS free
WHERE c.hospital_id = %s AND c.department_id = %s AND c.day >= %s AND c.day < %s
GROUP BY c.day, c.half_day
ORDER BY c.day, array_position(ARRAY['morning', 'afternoon', 'evening'], c.half_day)
"""

SLOTS = f"""
SELECT s.slot_id, s.starts_at, s.ends_at,
  (SELECT coalesce(jsonb_object_agg(p.channel,
     CASE WHEN s.ends_at <= %s OR (p.channel = 'online' AND %s) THEN 0 ELSE {LEFT} END), '{{}}')
   FROM slot_pool p WHERE p.hospital_id = s.hospital_id AND p.slot_id = s.slot_id) AS left
FROM slot s WHERE s.hospital_id = %s AND s.clinic_id = %s ORDER BY s.starts_at
"""


async def hospitals(tx: Tx) -> list[Hospital]:
    """List all hospitals by code."""
    return await store.hospitals(tx)


async def hospital_by_code(tx: Tx, *, code: str) -> Hospital:
    """Find the hospital with this code. Raises HospitalUnknown."""
    hospital = await store.hospital_by_code(tx, code)
    if hospital is None:
        raise HospitalUnknown
    return hospital


async def hospital(tx: Tx, *, hospital_id: HospitalId) -> Hospital:
    """Find a hospital by its id. Raises HospitalUnknown."""
    found = await store.hospital(tx, hospital_id)
    if found is None:
        raise HospitalUnknown
    return found


async def campuses(tx: Tx, *, hospital_id: HospitalId) -> list[Campus]:
    """List the campuses, the main one first."""
    return await store.campuses(tx, hospital_id)


async def departments(tx: Tx, *, hospital_id: HospitalId, search: str = "") -> list[Department]:
    """List departments, or those found by name, pinyin or initials, also by a practitioner's.

    What begins with the search comes before what only holds it.
    """
    wanted = "".join(letter for letter in normalize("NFKC", search).lower() if letter.isalnum())
    if not wanted:
        return [] if search.strip() else await store.departments(tx, hospital_id)
    wanted = wanted[:SEARCH_CHARACTERS_MAX]
    return await tx.rows(
        Department,
        f"SELECT {store.DEPARTMENT} FROM ("
        " SELECT d.*, (SELECT min(strpos(word, %s)) FROM unnest(d.search_words || coalesce(("
        "   SELECT array_agg(found.word) FROM practitioner t, unnest(t.search_words) AS found(word)"
        "   WHERE t.hospital_id = d.hospital_id AND t.department_id = d.department_id), '{}'))"
        "  AS word WHERE strpos(word, %s) > 0) AS place"
        " FROM department d WHERE d.hospital_id = %s) AS found WHERE place IS NOT NULL"
        " ORDER BY least(place, 2), department_id",
        [wanted, wanted, hospital_id],
    )


async def department(tx: Tx, *, hospital_id: HospitalId, department_id: DepartmentId) -> Department:
    """Find one department. Raises DepartmentUnknown."""
    found = await tx.row(
        Department,
        f"SELECT {store.DEPARTMENT} FROM department WHERE hospital_id = %s AND department_id = %s",
        [hospital_id, department_id],
    )
    if found is None:
        raise DepartmentUnknown
    return found


async def department_days(
    tx: Tx, *, hospital_id: HospitalId, department_id: DepartmentId, today: date, now: datetime
) -> tuple[DepartmentDay, ...]:
    """Say what is left of each of the next 14 visit days; days without clinics are empty."""
    rows = await tx.rows(
        HalfDayLeft,
        DAYS,
        [now, now, now, hospital_id, department_id, today, today + timedelta(days=DAYS_SHOWN)],
    )
    days = (today + timedelta(days=number) for number in range(DAYS_SHOWN))
    return tuple(DepartmentDay(day, tuple(row for row in rows if row.day == day)) for day in days)


async def clinics_of_day(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    department_id: DepartmentId | None,
    day: date,
    now: datetime,
) -> tuple[ClinicCard, ...]:
    """List the clinics of one visit day, of one department or of all."""
    cards = await tx.rows(
        ClinicCard,
        CARD
        + " AND c.day = %s AND (%s::uuid IS NULL OR c.department_id = %s)"
        + " ORDER BY c.department_id, c.starts_at, t.name NULLS FIRST, k.visit_kind_id",
        [now, hospital_id, day, department_id, department_id],
    )
    return tuple(cards)


async def clinic_page(
    tx: Tx, *, hospital_id: HospitalId, clinic_id: ClinicId, now: datetime
) -> ClinicPage:
    """Show one clinic with its slots. Raises ClinicUnknown."""
    card = await tx.row(ClinicCard, CARD + " AND c.clinic_id = %s", [now, hospital_id, clinic_id])
    if card is None:
        raise ClinicUnknown
    has_begun = card.starts_at <= now
    slots = await tx.rows(SlotLeft, SLOTS, [now, has_begun, hospital_id, clinic_id])
    return ClinicPage(card, tuple(slots))


async def clinic_of_slot(
    tx: Tx, *, hospital_id: HospitalId, slot_id: SlotId, now: datetime
) -> ClinicPage:
    """Show the clinic that a slot belongs to. Raises SlotUnknown."""
    clinic_id = await tx.value(
        "SELECT clinic_id FROM slot WHERE hospital_id = %s AND slot_id = %s",
        [hospital_id, slot_id],
    )
    if clinic_id is None:
        raise SlotUnknown
    return await clinic_page(tx, hospital_id=hospital_id, clinic_id=clinic_id, now=now)


async def holiday_table(tx: Tx, *, hospital_id: HospitalId) -> list[Holiday]:
    """List the holiday table in order of days."""
    return await store.holidays(tx, hospital_id)


async def holidays(tx: Tx, *, hospital_id: HospitalId) -> Mapping[date, HolidayKind]:
    """Give the holiday table as sheets need it."""
    return {
        each.day: HolidayKind.WORKDAY if each.is_working else HolidayKind.DAY_OFF
        for each in await store.holidays(tx, hospital_id)
    }


async def visit_kinds(tx: Tx, *, hospital_id: HospitalId) -> list[VisitKind]:
    """List the visit kinds."""
    return await store.visit_kinds(tx, hospital_id)


async def release_rules(tx: Tx, *, hospital_id: HospitalId) -> list[ReleaseRule]:
    """List the release rule of the hospital and those of departments."""
    return await store.release_rules(tx, hospital_id)


async def limits(tx: Tx, *, hospital_id: HospitalId, day: date) -> list[LimitRule]:
    """List the limits that hold on one day."""
    return await store.limit_rules(tx, hospital_id, day)
