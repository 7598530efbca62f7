"""Turning planned additions and changes into rows, a few statements for many clinics."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from renhao import audit
from renhao.audit import Actor
from renhao.kernel import ClinicId, HospitalId, Interval, SlotId
from renhao.schedule.imports import store
from renhao.schedule.imports.layout import lay_out
from renhao.schedule.imports.model import ClinicChange, Wanted
from renhao.schedule.imports.names import Ids
from renhao.schedule.model import Clinic, MakeId
from renhao.storage import Tx


async def write_added(
    tx: Tx,
    hospital_id: HospitalId,
    added: Sequence[Wanted],
    *,
    ids: Ids,
    make_id: MakeId,
    by: Actor,
    now: datetime,
) -> None:
    """Add clinics with their slots and pools."""
    clinics = [_clinic(hospital_id, wanted, ClinicId(make_id()), ids) for wanted in added]
    await store.insert_clinics(tx, hospital_id, clinics)
    pairs = [(clinic.clinic_id, wanted) for clinic, wanted in zip(clinics, added, strict=True)]
    await _lay_out(tx, hospital_id, pairs, make_id)
    await audit.record(
        tx,
        *(_event("clinic.added", hospital_id, each.clinic_id, by, now) for each in clinics),
    )


async def write_changed(
    tx: Tx,
    hospital_id: HospitalId,
    changes: Sequence[ClinicChange],
    *,
    make_id: MakeId,
    by: Actor,
    now: datetime,
) -> None:
    """Change clinics whose pools are locked."""
    anew = [change for change in changes if change.is_laid_out_anew]
    await store.delete_slots(tx, hospital_id, [change.clinic_id for change in anew])
    await store.update_clinics(tx, hospital_id, changes)
    await _lay_out(tx, hospital_id, [(each.clinic_id, each.wanted) for each in anew], make_id)
    pools = [(change.clinic_id, pool) for change in changes for pool in change.pools]
    await store.resize_pools(tx, hospital_id, [pool for _, pool in pools if not pool.is_new])
    await store.insert_pools(
        tx,
        hospital_id,
        [
            store.PoolRow(
                slot_id=pool.slot_id,
                clinic_id=clinic_id,
                channel=pool.channel,
                capacity=pool.capacity,
                first_number=pool.first_number,
            )
            for clinic_id, pool in pools
            if pool.is_new
        ],
    )
    await audit.record(
        tx,
        *(
            _event("clinic.changed", hospital_id, each.clinic_id, by, now, each.fields)
            for each in changes
        ),
    )


async def _lay_out(
    tx: Tx,
    hospital_id: HospitalId,
    clinics: Iterable[tuple[ClinicId, Wanted]],
    make_id: MakeId,
) -> None:
    slots: list[store.SlotRow] = []
    pools: list[store.PoolRow] = []
    for clinic_id, wanted in clinics:
        for part in lay_out(Interval(wanted.starts_at, wanted.ends_at), wanted.capacity):
            slot_id = SlotId(make_id())
            slots.append(
                store.SlotRow(
                    slot_id=slot_id,
                    clinic_id=clinic_id,
                    starts_at=part.time.start,
                    ends_at=part.time.end,
                )
            )
            pools += [
                store.PoolRow(
                    slot_id=slot_id,
                    clinic_id=clinic_id,
                    channel=pool.channel,
                    capacity=pool.capacity,
                    first_number=pool.first_number,
                )
                for pool in part.pools
            ]
    await store.insert_slots(tx, hospital_id, slots)
    await store.insert_pools(tx, hospital_id, pools)


def _clinic(hospital_id: HospitalId, wanted: Wanted, clinic_id: ClinicId, ids: Ids) -> Clinic:
    campus, department, practitioner, visit_kind, day, half_day = wanted.key
    person = (campus, department, practitioner)
    return Clinic(
        hospital_id=hospital_id,
        clinic_id=clinic_id,
        department_id=ids.departments[campus, department],
        practitioner_id=ids.practitioners[person] if practitioner else None,
        visit_kind_id=ids.visit_kinds[visit_kind],
        day=day,
        half_day=half_day,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        mode=wanted.row.mode,
        status=wanted.status,
        fee_cents=wanted.fee_cents,
        room=wanted.room,
        released_at=wanted.released_at,
        free_cancel_until=wanted.free_cancel_until,
    )


def _event(
    action: str,
    hospital_id: HospitalId,
    clinic_id: ClinicId,
    by: Actor,
    now: datetime,
    fields: tuple[str, ...] = (),
) -> audit.Event:
    return audit.Event(
        at=now,
        action=action,
        by=by,
        hospital_id=hospital_id,
        subject_id=clinic_id,
        fields=fields,
    )
