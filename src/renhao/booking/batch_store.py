"""The SQL of a batch: a few set-based statements, sent together, in the one lock order.

Requests first, then patients, then pools; what is read afterwards is read under those locks by a
fresh statement, so it sees all that earlier batches committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from renhao.booking.facts import Facts, Holding, Person, Pool, SlotFacts, Taken
from renhao.booking.limits import DatedRule
from renhao.booking.model import BookCommand
from renhao.booking.refusals import Neutral
from renhao.kernel import HospitalId, Refused
from renhao.schedule import LIMIT_REACH_DAYS_MAX
from renhao.storage import Tx, array, words

TIME_OUT = "SELECT set_config('statement_timeout', %s, true)"

CLAIM = """
INSERT INTO request (hospital_id, actor_id, request_id, digest, appointment_id, created_at)
SELECT %s, actor_id, request_id, digest, appointment_id, created_at
FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::uuid[], %s::timestamptz[])
  AS claim (actor_id, request_id, digest, appointment_id, created_at)
ORDER BY actor_id, request_id
ON CONFLICT (hospital_id, actor_id, request_id) DO UPDATE SET seen = request.seen + 1
RETURNING actor_id, request_id, digest, appointment_id, refusal, facts, seen
"""

LOCK_PATIENTS = """
INSERT INTO hospital_patient (hospital_id, patient_id, first_seen_at, last_request_at)
SELECT %s, patient_id, %s, %s FROM unnest(%s::uuid[]) AS wanted (patient_id) ORDER BY patient_id
ON CONFLICT (hospital_id, patient_id) DO UPDATE SET last_request_at = EXCLUDED.last_request_at
"""

LOCK_POOLS = """
SELECT slot_id, channel, capacity, taken, held_back, first_number, reopened
FROM slot_pool WHERE hospital_id = %s AND (slot_id, channel) IN (
  SELECT slot_id, channel FROM unnest(%s::uuid[], %s::text[]) AS wanted (slot_id, channel))
ORDER BY slot_id, channel FOR NO KEY UPDATE
"""

SLOTS = """
SELECT s.slot_id, s.starts_at, s.ends_at, c.clinic_id, c.department_id, c.day, c.starts_at, c.mode,
  c.status, c.released_at
FROM slot s JOIN clinic c ON c.hospital_id = s.hospital_id AND c.clinic_id = s.clinic_id
WHERE s.hospital_id = %s AND s.slot_id = ANY(%s::uuid[])
"""

RULES = """
SELECT h.zone, r.limit_code, r.valid_from, r.valid_to, r.most, r.window_days, r.bar_days
FROM hospital h LEFT JOIN limit_rule r ON r.hospital_id = h.hospital_id WHERE h.hospital_id = %s
"""

PERSONS = """
SELECT wanted.patient_id, wanted.account_id, p.assurance, p.identity_id, l.identity_id
FROM unnest(%s::uuid[], %s::uuid[]) AS wanted (patient_id, account_id)
LEFT JOIN patient p ON p.patient_id = wanted.patient_id
LEFT JOIN patient_link l ON l.account_id = wanted.account_id
  AND l.patient_id = wanted.patient_id AND l.removed_at IS NULL
"""

MISSED_DAYS = 730
"""How far back a batch looks for what was missed: no limit reaches further (limit_rule)."""
assert MISSED_DAYS >= LIMIT_REACH_DAYS_MAX  # noqa: S101 - checked at start-up

HOLDINGS = """
SELECT patient_id, clinic_id, department_id, day, channel, account_id, assurance, status
FROM appointment WHERE hospital_id = %s AND patient_id = ANY(%s::uuid[])
  AND status IN ('booked', 'arrived')
UNION ALL
SELECT patient_id, clinic_id, department_id, day, channel, account_id, assurance, status
FROM appointment WHERE hospital_id = %s AND patient_id = ANY(%s::uuid[])
  AND (status = 'noshow' OR cancelled_late) AND day > %s::date
"""

ASKED = """
SELECT r.actor_id, count(*) FROM request r JOIN hospital h ON h.hospital_id = r.hospital_id
WHERE r.hospital_id = %s AND r.actor_id = ANY(%s::uuid[]) AND r.refusal = %s
  AND r.created_at >= date_trunc('day', %s AT TIME ZONE h.zone) AT TIME ZONE h.zone
GROUP BY r.actor_id
"""

INSERT = """
INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id, day,
  channel, number, patient_id, identity_id, account_id, booked_by, assurance, booked_at, status_at)
SELECT %s, appointment_id, clinic_id, slot_id, department_id, day, channel, number, patient_id,
  identity_id, account_id, booked_by, assurance, booked_at, booked_at
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::int[],
  %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[])
  AS taken (appointment_id, clinic_id, slot_id, department_id, day, channel, number, patient_id,
  identity_id, account_id, booked_by, assurance, booked_at)
"""

COUNT_TAKEN = """
UPDATE slot_pool SET taken = slot_pool.taken + given.added,
  reopened = slot_pool.reopened[given.reused + 1:]
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[])
  AS given (slot_id, channel, added, reused)
WHERE hospital_id = %s AND slot_pool.slot_id = given.slot_id
  AND slot_pool.channel = given.channel
"""

REFUSE = """
UPDATE request SET refusal = answer.refusal, facts = answer.facts
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::jsonb[])
  AS answer (actor_id, request_id, refusal, facts)
WHERE hospital_id = %s AND request.actor_id = answer.actor_id
  AND request.request_id = answer.request_id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A request row after this batch claimed it; `seen` is 1 when it is new."""

    actor_id: UUID
    request_id: UUID
    digest: bytes
    appointment_id: UUID
    refusal: str | None
    facts: dict[str, Any] | None
    seen: int


async def read(
    tx: Tx, commands: Sequence[BookCommand], *, statement_seconds: float
) -> tuple[dict[tuple[UUID, UUID], Claim], Facts]:
    """Claim the requests, lock patients and pools, then read what the decision needs.

    All statements travel in one pipeline: none needs the answer of another.
    """
    hospital, at = commands[0].hospital_id, min(each.at for each in commands)
    patients = array(sorted({each.patient_id for each in commands}))
    wanted = {(each.patient_id, each.account_id) for each in commands}
    places = {(each.slot_id, each.channel.value) for each in commands}
    accounts = array({each.account_id for each in commands if each.account_id == each.by.id})
    since = at.date() - timedelta(days=MISSED_DAYS)
    async with tx.connection.pipeline():
        await _send(tx, TIME_OUT, f"{int(statement_seconds * 1000)}ms")
        claims = await _claim(tx, hospital, commands)
        await _send(tx, LOCK_PATIENTS, hospital, at, at, patients)
        pools = await _send(
            tx,
            LOCK_POOLS,
            hospital,
            array(each[0] for each in places),
            words(each[1] for each in places),
        )
        slots = await _send(tx, SLOTS, hospital, array(each[0] for each in places))
        rules = await _send(tx, RULES, hospital)
        persons = await _send(
            tx, PERSONS, array(each[0] for each in wanted), array(each[1] for each in wanted)
        )
        holdings = await _send(tx, HOLDINGS, hospital, patients, hospital, patients, since)
        asked = await _send(tx, ASKED, hospital, accounts, Neutral.code, at)
    claimed = [Claim(*row) for row in await claims.fetchall()]
    facts = await _facts(pools, slots, rules, persons, holdings, asked)
    return {(each.actor_id, each.request_id): each for each in claimed}, facts


async def write(
    tx: Tx,
    hospital: HospitalId,
    taken: Sequence[Taken],
    pools: Sequence[Pool],
    refused: Sequence[tuple[BookCommand, Refused]],
) -> None:
    """Insert the appointments, count them in their pools, and keep the refusals."""
    if taken:
        await _insert(tx, hospital, taken)
        await _send(
            tx,
            COUNT_TAKEN,
            array(each.slot_id for each in pools),
            words(each.channel for each in pools),
            array(each.added for each in pools),
            array(each.reused for each in pools),
            hospital,
        )
    if refused:
        await _send(
            tx,
            REFUSE,
            array(command.actor_id for command, _ in refused),
            array(command.request_id for command, _ in refused),
            words(refusal.code for _, refusal in refused),
            [Jsonb(refusal.facts) for _, refusal in refused],
            hospital,
        )


async def _send(tx: Tx, sql: str, *parameters: object) -> AsyncCursor[TupleRow]:
    return await tx.connection.execute(sql, parameters)


async def _claim(
    tx: Tx, hospital: HospitalId, commands: Sequence[BookCommand]
) -> AsyncCursor[TupleRow]:
    return await _send(
        tx,
        CLAIM,
        hospital,
        array(each.actor_id for each in commands),
        array(each.request_id for each in commands),
        array(each.digest for each in commands),
        array(each.appointment_id for each in commands),
        array(each.at for each in commands),
    )


async def _insert(tx: Tx, hospital: HospitalId, taken: Sequence[Taken]) -> None:
    await _send(
        tx,
        INSERT,
        hospital,
        array(each.command.appointment_id for each in taken),
        array(each.slot.clinic_id for each in taken),
        array(each.slot.slot_id for each in taken),
        array(each.slot.department_id for each in taken),
        array(each.slot.day for each in taken),
        words(each.command.channel.value for each in taken),
        array(each.number for each in taken),
        array(each.command.patient_id for each in taken),
        array(each.command.identity_id for each in taken),
        array(each.command.account_id for each in taken),
        array(each.command.actor_id for each in taken),
        words(each.assurance for each in taken),
        array(each.command.at for each in taken),
    )


async def _facts(
    pools: AsyncCursor[TupleRow],
    slots: AsyncCursor[TupleRow],
    rules: AsyncCursor[TupleRow],
    persons: AsyncCursor[TupleRow],
    holdings: AsyncCursor[TupleRow],
    asked: AsyncCursor[TupleRow],
) -> Facts:
    of_hospital = await rules.fetchall()
    held: dict[UUID, list[Holding]] = {}
    for row in await holdings.fetchall():
        held.setdefault(row[0], []).append(Holding(*row))
    return Facts(
        zone=of_hospital[0][0] if of_hospital else "Asia/Shanghai",
        rules=[_rule(row) for row in of_hospital if row[1] is not None],
        slots={row[0]: SlotFacts(*row) for row in await slots.fetchall()},
        pools={(row[0], row[1]): Pool(*row) for row in await pools.fetchall()},
        persons={(row[0], row[1]): Person(*row) for row in await persons.fetchall()},
        holdings=held,
        asked=dict(await asked.fetchall()),
    )


def _rule(row: TupleRow) -> DatedRule:
    return DatedRule(
        limit_code=row[1],
        valid_from=row[2],
        valid_to=row[3],
        most=row[4],
        window_days=row[5],
        bar_days=row[6],
    )
