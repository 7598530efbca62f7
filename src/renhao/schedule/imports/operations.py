"""Planning and applying a schedule file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from renhao import audit
from renhao.audit import Actor
from renhao.kernel import HospitalId
from renhao.schedule import store as catalogue_store
from renhao.schedule.imports import names, store
from renhao.schedule.imports.model import Catalogue, Imported, ImportPlan
from renhao.schedule.imports.plan import make_plan
from renhao.schedule.imports.write import write_added, write_changed
from renhao.schedule.model import Import, MakeId
from renhao.schedule.refusals import HospitalUnknown, ImportConflicts, ImportTooLarge
from renhao.schedule.sheets import ClinicRow
from renhao.storage import Tx

ROWS_MAX = 20_000
CHUNK_CLINICS = 250

OnProgress = Callable[[int, int], None]
"""Told how many clinics are written, of how many."""


async def plan_import(
    tx: Tx, *, hospital_id: HospitalId, rows: Sequence[ClinicRow], now: datetime
) -> ImportPlan:
    """Say what applying these rows would do; writes and locks nothing (dry run).

    Raises HospitalUnknown, ImportTooLarge.
    """
    if len(rows) > ROWS_MAX:
        raise ImportTooLarge(rows_max=ROWS_MAX, field="file")
    catalogue = await _catalogue(tx, hospital_id)
    clinics = await store.clinics(tx, hospital_id, (row.day for row in rows))
    return make_plan(rows, catalogue=catalogue, clinics=clinics, now=now)


async def apply_import(  # noqa: PLR0913 - a file is named by its digest and its name
    tx: Tx,
    *,
    hospital_id: HospitalId,
    rows: Sequence[ClinicRow],
    digest: bytes,
    file_name: str,
    make_id: MakeId,
    by: Actor,
    now: datetime,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Imported:
    """Apply a whole file or nothing of it; the same file again changes nothing.

    Locks the hospital, then all pools of the clinics that change, and plans anew under these locks.
    Raises HospitalUnknown, ImportTooLarge, ImportConflicts.
    """
    await catalogue_store.lock_hospital(tx, hospital_id)
    plan = await plan_import(tx, hospital_id=hospital_id, rows=rows, now=now)
    if plan.changed:
        await store.lock_pools(tx, hospital_id, [change.clinic_id for change in plan.changed])
        plan = await plan_import(tx, hospital_id=hospital_id, rows=rows, now=now)
    if plan.conflicts:
        raise ImportConflicts(conflicts=len(plan.conflicts))
    if not plan.changes_nothing:
        await _write(tx, hospital_id, plan, make_id=make_id, by=by, now=now, tell=on_progress)
        done = _import(plan, make_id(), digest, file_name, by, now)
        await store.insert_import(tx, hospital_id, done)
        await audit.record(
            tx,
            audit.Event(
                at=now,
                action="schedule.imported",
                by=by,
                hospital_id=hospital_id,
                subject_id=done.schedule_import_id,
            ),
        )
    return Imported(
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
        new_departments=len(plan.names.departments),
        new_practitioners=len(plan.names.practitioners),
    )


async def _write(
    tx: Tx,
    hospital_id: HospitalId,
    plan: ImportPlan,
    *,
    make_id: MakeId,
    by: Actor,
    now: datetime,
    tell: OnProgress,
) -> None:
    ids = await names.write(
        tx, hospital_id, plan, await _catalogue(tx, hospital_id), make_id=make_id, by=by, now=now
    )
    total = len(plan.added) + len(plan.changed)
    for start in range(0, len(plan.added), CHUNK_CLINICS):
        chunk = plan.added[start : start + CHUNK_CLINICS]
        await write_added(tx, hospital_id, chunk, ids=ids, make_id=make_id, by=by, now=now)
        tell(start + len(chunk), total)
    for start in range(0, len(plan.changed), CHUNK_CLINICS):
        changes = plan.changed[start : start + CHUNK_CLINICS]
        await write_changed(tx, hospital_id, changes, make_id=make_id, by=by, now=now)
        tell(len(plan.added) + start + len(changes), total)


async def _catalogue(tx: Tx, hospital_id: HospitalId) -> Catalogue:
    hospital = await catalogue_store.hospital(tx, hospital_id)
    if hospital is None:
        raise HospitalUnknown
    return Catalogue(
        hospital=hospital,
        campuses=tuple(await catalogue_store.campuses(tx, hospital_id)),
        departments=tuple(await catalogue_store.departments(tx, hospital_id)),
        practitioners=tuple(await catalogue_store.practitioners(tx, hospital_id)),
        visit_kinds=tuple(await catalogue_store.visit_kinds(tx, hospital_id)),
        release_rules=tuple(await catalogue_store.release_rules(tx, hospital_id)),
    )


def _import(
    plan: ImportPlan, import_id: UUID, digest: bytes, file_name: str, by: Actor, now: datetime
) -> Import:
    return Import(
        schedule_import_id=import_id,
        digest=digest,
        file_name=file_name,
        imported_by=by.id or UUID(int=0),
        imported_at=now,
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
    )
