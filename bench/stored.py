"""Part 3: booking with millions of stored appointments against an empty table."""

import asyncio
import os

import psycopg

from bench import places
from bench.allocator import CONTENDERS, rate_of
from bench.parts import Result, alternate
from renhao import storage
from renhao.booking import Allocator
from tests.support import clinics

STORED = int(os.environ.get("BENCH_STORED", "5000000"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "12000"))
PER_PATIENT = 10
CLINICS = 500
ROUNDS = 3
WANTED = 0.8

FILL = """
INSERT INTO appointment (hospital_id, appointment_id, clinic_id, slot_id, department_id, day,
  channel, number, patient_id, identity_id, booked_by, assurance, booked_at, status, status_at)
SELECT %s, gen_random_uuid(), clinic.clinic_id, clinic.slot_id, clinic.department_id,
  date '2025-01-01' + (n / %s)::int, 'online', n, patient, patient, patient, 'declared', %s,
  'fulfilled', %s
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) WITH ORDINALITY
  AS clinic (clinic_id, slot_id, department_id, place),
LATERAL (SELECT n, md5(((clinic.place * %s + n) / %s)::text)::uuid AS patient
  FROM generate_series(1, %s) AS n) AS old
"""


def run() -> list[Result]:
    """Fill one database, leave another empty, and book in turn."""
    return [asyncio.run(_compare())]


async def _compare() -> Result:
    with places.database() as (full, full_at), places.database() as (empty, empty_at):
        fill(full)
        async with _pool(full_at) as with_rows, _pool(empty_at) as without:
            ours, theirs = await alternate(
                lambda: _rate(full, with_rows), lambda: _rate(empty, without), rounds=ROUNDS
            )
    return Result(
        f"booking with {STORED:,} stored / empty",
        ours / theirs,
        WANTED,
        {"stored_per_second": round(ours), "empty_per_second": round(theirs)},
    )


def fill(owner: psycopg.Connection) -> None:
    """Store ended appointments over two years, ten to a patient."""
    hospital = clinics.hospital(owner, clinics=CLINICS, capacity=1)
    each = STORED // CLINICS
    owner.execute(
        FILL,
        [
            hospital.hospital_id,
            max(1, each // 400),
            clinics.NOW,
            clinics.NOW,
            [clinic.clinic_id for clinic in hospital.clinics],
            [clinic.slots[0] for clinic in hospital.clinics],
            [clinic.department_id for clinic in hospital.clinics],
            each,
            PER_PATIENT,
            each,
        ],
    )
    owner.execute("VACUUM (ANALYZE)")


def _pool(address: str) -> storage.Pool:
    return storage.make_pool(address, role=storage.roles.SERVER, size=4)


async def _rate(owner: psycopg.Connection, pool: storage.Pool) -> float:
    allocator = Allocator(pool, queue_max=CONTENDERS)
    wishes = places.wishes(owner, many=REQUESTS, over=1)
    rate = await rate_of(allocator.book, wishes, contenders=CONTENDERS, waits=[])
    await allocator.drain()
    return rate
