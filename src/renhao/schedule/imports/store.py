"""SQL of imports: clinics as they stand, locks, and set-based writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from renhao.kernel import ClinicId, DepartmentId, HospitalId, PractitionerId, SlotId, VisitKindId
from renhao.schedule.imports.model import ClinicChange, ClinicKey, ClinicState, PoolChange
from renhao.schedule.kinds import Channel, HalfDay, Mode
from renhao.schedule.model import Clinic, ClinicStatus, Import, Pool, Slot
from renhao.storage import Tx

CLINIC = (
    "clinic_id, department_id, practitioner_id, visit_kind_id, day, half_day, starts_at, ends_at,"
    " mode, status, fee_cents, room, released_at, free_cancel_until"
)

STATES = """
SELECT c.clinic_id, s.name_zh AS campus, d.name_zh AS department,
  coalesce(t.name, '') AS practitioner, k.name_zh AS visit_kind, c.day, c.half_day, c.starts_at,
  c.ends_at, c.mode, c.status, c.fee_cents, c.room, p.capacity,
  p.is_issued OR EXISTS (SELECT FROM appointment a WHERE a.hospital_id = c.hospital_id
    AND a.day = c.day AND a.clinic_id = c.clinic_id) AS is_used,
  EXISTS (SELECT FROM suspension x WHERE x.hospital_id = c.hospital_id
    AND x.clinic_id = c.clinic_id) AS was_suspended_by_staff
FROM clinic c
JOIN department d ON d.hospital_id = c.hospital_id AND d.department_id = c.department_id
JOIN campus s ON s.hospital_id = d.hospital_id AND s.campus_id = d.campus_id
JOIN visit_kind k ON k.hospital_id = c.hospital_id AND k.visit_kind_id = c.visit_kind_id
LEFT JOIN practitioner t ON t.hospital_id = c.hospital_id AND t.practitioner_id = c.practitioner_id
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(channel, numbers) FILTER (WHERE numbers > 0), '{}') AS capacity,
    coalesce(bool_or(issued > 0), false) AS is_issued
  FROM (SELECT channel, sum(capacity) AS numbers,
      sum(taken + held_back + cardinality(reopened)) AS issued
    FROM slot_pool WHERE hospital_id = c.hospital_id AND clinic_id = c.clinic_id
    GROUP BY channel) AS by_channel) AS p
WHERE c.hospital_id = %s AND c.day = ANY(%s::date[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _StateRow:
    clinic_id: ClinicId
    campus: str
    department: str
    practitioner: str
    visit_kind: str
    day: date
    half_day: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    status: str
    fee_cents: int
    room: str
    capacity: Mapping[str, int]
    is_used: bool
    was_suspended_by_staff: bool

    @property
    def key(self) -> ClinicKey:
        names = (self.campus, self.department, self.practitioner, self.visit_kind)
        return (*names, self.day, HalfDay(self.half_day))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """One slot to be added."""

    slot_id: SlotId
    clinic_id: ClinicId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """One pool to be added."""

    slot_id: SlotId
    clinic_id: ClinicId
    channel: Channel
    capacity: int
    first_number: int


@dataclass(frozen=True, slots=True)
class _Name:
    names: list[str]
    id: UUID


async def clinics(
    tx: Tx, hospital_id: HospitalId, days: Iterable[date]
) -> dict[ClinicKey, ClinicState]:
    """Read the clinics of these days as an import looks at them."""
    rows = await tx.rows(_StateRow, STATES, [hospital_id, sorted(set(days))])
    used = [row.clinic_id for row in rows if row.is_used]
    slots = await _slots(tx, hospital_id, used)
    pools = await _pools(tx, hospital_id, slots)
    return {row.key: _state(row, slots.get(row.clinic_id, ()), pools) for row in rows}


async def lock_pools(tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId]) -> None:
    """Lock all pools of these clinics in the lock order, so that no number of theirs is given out.

    `FOR UPDATE`, as pools that nobody used may be deleted.
    """
    await tx.run(
        "SELECT FROM slot_pool WHERE hospital_id = %s AND clinic_id = ANY(%s)"
        " ORDER BY slot_id, channel FOR UPDATE",
        [hospital_id, list(clinics)],
    )


async def insert_clinics(tx: Tx, hospital_id: HospitalId, clinics: Sequence[Clinic]) -> None:
    """Add clinics."""
    await tx.run(
        f"INSERT INTO clinic (hospital_id, {CLINIC})"
        " SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[],"
        " %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[], %s::int[],"
        " %s::text[], %s::timestamptz[], %s::timestamptz[])",
        [hospital_id, *([getattr(each, name) for each in clinics] for name in CLINIC.split(", "))],
    )


async def update_clinics(tx: Tx, hospital_id: HospitalId, changes: Sequence[ClinicChange]) -> None:
    """Write what a change may change; free cancelling moves only together with the time."""
    wanted = [change.wanted for change in changes]
    await tx.run(
        "UPDATE clinic SET starts_at = n.starts_at, ends_at = n.ends_at, mode = n.mode,"
        " status = n.status, fee_cents = n.fee_cents, room = n.room, free_cancel_until ="
        " CASE WHEN clinic.starts_at = n.starts_at THEN clinic.free_cancel_until"
        " ELSE n.free_cancel_until END"
        " FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[],"
        " %s::int[], %s::text[], %s::timestamptz[]) AS n (clinic_id, starts_at, ends_at, mode,"
        " status, fee_cents, room, free_cancel_until)"
        " WHERE clinic.hospital_id = %s AND clinic.clinic_id = n.clinic_id",
        [
            [change.clinic_id for change in changes],
            [each.starts_at for each in wanted],
            [each.ends_at for each in wanted],
            [each.row.mode.value for each in wanted],
            [each.status.value for each in wanted],
            [each.fee_cents for each in wanted],
            [each.room for each in wanted],
            [each.free_cancel_until for each in wanted],
            hospital_id,
        ],
    )


async def delete_slots(tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId]) -> None:
    """Take away the pools and slots of clinics no number of which was ever given out."""
    for table in ("slot_pool", "slot"):
        await tx.run(
            f"DELETE FROM {table} WHERE hospital_id = %s AND clinic_id = ANY(%s)",
            [hospital_id, list(clinics)],
        )


async def insert_slots(tx: Tx, hospital_id: HospitalId, slots: Sequence[SlotRow]) -> None:
    """Add slots."""
    await tx.run(
        "INSERT INTO slot (hospital_id, slot_id, clinic_id, starts_at, ends_at)"
        " SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])",
        [
            hospital_id,
            [slot.slot_id for slot in slots],
            [slot.clinic_id for slot in slots],
            [slot.starts_at for slot in slots],
            [slot.ends_at for slot in slots],
        ],
    )


async def insert_pools(tx: Tx, hospital_id: HospitalId, pools: Sequence[PoolRow]) -> None:
    """Add pools."""
    await tx.run(
        "INSERT INTO slot_pool (hospital_id, slot_id, clinic_id, channel, capacity, first_number)"
        " SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int[], %s::int[])",
        [
            hospital_id,
            [pool.slot_id for pool in pools],
            [pool.clinic_id for pool in pools],
            [pool.channel.value for pool in pools],
            [pool.capacity for pool in pools],
            [pool.first_number for pool in pools],
        ],
    )


async def resize_pools(tx: Tx, hospital_id: HospitalId, pools: Sequence[PoolChange]) -> None:
    """Write capacity and range of locked pools; a range moves only while nothing is issued."""
    await tx.run(
        "UPDATE slot_pool SET capacity = n.capacity, first_number = n.first_number"
        " FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[])"
        " AS n (slot_id, channel, capacity, first_number)"
        " WHERE slot_pool.hospital_id = %s AND slot_pool.slot_id = n.slot_id"
        " AND slot_pool.channel = n.channel",
        [
            [pool.slot_id for pool in pools],
            [pool.channel.value for pool in pools],
            [pool.capacity for pool in pools],
            [pool.first_number for pool in pools],
            hospital_id,
        ],
    )


async def insert_import(tx: Tx, hospital_id: HospitalId, done: Import) -> None:
    """Keep which file was applied, by whom."""
    await tx.run(
        "INSERT INTO schedule_import (hospital_id, schedule_import_id, digest, file_name,"
        " imported_by, imported_at, added, changed, unchanged)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            hospital_id,
            done.schedule_import_id,
            done.digest,
            done.file_name,
            done.imported_by,
            done.imported_at,
            done.added,
            done.changed,
            done.unchanged,
        ],
    )


async def department_ids(tx: Tx, hospital_id: HospitalId) -> dict[tuple[str, str], DepartmentId]:
    """Map campus and department to the department's id."""
    rows = await tx.rows(
        _Name,
        "SELECT ARRAY[s.name_zh, d.name_zh] AS names, d.department_id AS id FROM department d"
        " JOIN campus s ON s.hospital_id = d.hospital_id AND s.campus_id = d.campus_id"
        " WHERE d.hospital_id = %s",
        [hospital_id],
    )
    return {(row.names[0], row.names[1]): DepartmentId(row.id) for row in rows}


async def practitioner_ids(
    tx: Tx, hospital_id: HospitalId
) -> dict[tuple[str, str, str], PractitionerId]:
    """Map campus, department and practitioner to the practitioner's id."""
    rows = await tx.rows(
        _Name,
        "SELECT ARRAY[s.name_zh, d.name_zh, t.name] AS names, t.practitioner_id AS id"
        " FROM practitioner t"
        " JOIN department d ON d.hospital_id = t.hospital_id AND d.department_id = t.department_id"
        " JOIN campus s ON s.hospital_id = d.hospital_id AND s.campus_id = d.campus_id"
        " WHERE t.hospital_id = %s",
        [hospital_id],
    )
    return {(row.names[0], row.names[1], row.names[2]): PractitionerId(row.id) for row in rows}


async def visit_kind_ids(tx: Tx, hospital_id: HospitalId) -> dict[str, VisitKindId]:
    """Map the name of a visit kind to its id."""
    rows = await tx.rows(
        _Name,
        "SELECT ARRAY[name_zh] AS names, visit_kind_id AS id FROM visit_kind"
        " WHERE hospital_id = %s",
        [hospital_id],
    )
    return {row.names[0]: VisitKindId(row.id) for row in rows}


async def _slots(
    tx: Tx, hospital_id: HospitalId, clinics: Sequence[ClinicId]
) -> dict[ClinicId, list[Slot]]:
    rows = await tx.rows(
        Slot,
        "SELECT slot_id, clinic_id, starts_at, ends_at FROM slot"
        " WHERE hospital_id = %s AND clinic_id = ANY(%s) ORDER BY clinic_id, starts_at",
        [hospital_id, list(clinics)],
    )
    found: dict[ClinicId, list[Slot]] = {}
    for row in rows:
        found.setdefault(row.clinic_id, []).append(row)
    return found


async def _pools(
    tx: Tx, hospital_id: HospitalId, slots: Mapping[ClinicId, Sequence[Slot]]
) -> dict[SlotId, list[Pool]]:
    rows = await tx.rows(
        Pool,
        "SELECT slot_id, channel, capacity, first_number, taken, held_back, reopened"
        " FROM slot_pool WHERE hospital_id = %s AND clinic_id = ANY(%s) ORDER BY first_number",
        [hospital_id, list(slots)],
    )
    found: dict[SlotId, list[Pool]] = {}
    for row in rows:
        found.setdefault(row.slot_id, []).append(row)
    return found


def _state(
    row: _StateRow, slots: Sequence[Slot], pools: Mapping[SlotId, Sequence[Pool]]
) -> ClinicState:
    return ClinicState(
        key=row.key,
        clinic_id=row.clinic_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        mode=Mode(row.mode),
        status=ClinicStatus(row.status),
        fee_cents=row.fee_cents,
        room=row.room,
        is_used=row.is_used,
        was_suspended_by_staff=row.was_suspended_by_staff,
        capacity={Channel(name): count for name, count in row.capacity.items()},
        slots=tuple(slots),
        pools=tuple(pool for slot in slots for pool in pools.get(slot.slot_id, ())),
    )
