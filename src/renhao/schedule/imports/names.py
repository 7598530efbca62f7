"""The departments, practitioners and visit kinds that a file brings with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from renhao import audit
from renhao.audit import Actor
from renhao.kernel import CampusId, DepartmentId, HospitalId, PractitionerId, VisitKindId
from renhao.schedule import department_codes, store
from renhao.schedule.imports import store as import_store
from renhao.schedule.imports.model import Catalogue, DepartmentName, ImportPlan, PersonName
from renhao.schedule.kinds import Mode
from renhao.schedule.model import Department, MakeId, Practitioner, VisitKind
from renhao.schedule.search_words import search_words
from renhao.storage import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Ids by name, of everything that a plan's clinics name."""

    departments: Mapping[DepartmentName, DepartmentId]
    practitioners: Mapping[PersonName, PractitionerId]
    visit_kinds: Mapping[str, VisitKindId]


async def write(
    tx: Tx,
    hospital_id: HospitalId,
    plan: ImportPlan,
    catalogue: Catalogue,
    *,
    make_id: MakeId,
    by: Actor,
    now: datetime,
) -> Ids:
    """Add what is new, bring titles up to date, and return the ids of all."""
    campuses = {campus.name_zh: campus.campus_id for campus in catalogue.campuses}
    new = plan.names
    departments = [_department(name, campuses[campus], make_id) for campus, name in new.departments]
    await store.insert_departments(tx, hospital_id, departments)
    department_ids = await import_store.department_ids(tx, hospital_id)
    people = [
        _practitioner(name, department_ids, new.titles, make_id) for name in new.practitioners
    ]
    await store.insert_practitioners(tx, hospital_id, people)
    person_ids = await import_store.practitioner_ids(tx, hospital_id)
    retitled = [name for name in new.titles if name not in set(new.practitioners)]
    await store.update_titles(
        tx, hospital_id, {person_ids[name]: new.titles[name] for name in retitled}
    )
    kinds = [_visit_kind(*each, make_id) for each in new.visit_kinds]
    await store.upsert_visit_kinds(tx, hospital_id, kinds)
    subjects: list[tuple[str, UUID]] = [
        *(("department.added", each.department_id) for each in departments),
        *(("practitioner.added", each.practitioner_id) for each in people),
        *(("practitioner.retitled", person_ids[name]) for name in retitled),
        *(("visit-kind.added", each.visit_kind_id) for each in kinds),
    ]
    await audit.record(
        tx,
        *(
            audit.Event(at=now, action=action, by=by, hospital_id=hospital_id, subject_id=subject)
            for action, subject in subjects
        ),
    )
    return Ids(
        departments=department_ids,
        practitioners=person_ids,
        visit_kinds=await import_store.visit_kind_ids(tx, hospital_id),
    )


def _visit_kind(name: str, fee_cents: int, mode: Mode, make_id: MakeId) -> VisitKind:
    return VisitKind(
        visit_kind_id=VisitKindId(make_id()),
        name_zh=name,
        name_en=name,
        fee_cents=fee_cents,
        mode=mode,
    )


def _department(name: str, campus_id: CampusId, make_id: MakeId) -> Department:
    code = department_codes.find(name)
    words = {*search_words(name)}
    if code is not None:
        words |= {word for each in (code.zh, code.en, *code.also) for word in search_words(each)}
    return Department(
        department_id=DepartmentId(make_id()),
        campus_id=campus_id,
        department_code=None if code is None else code.code,
        name_zh=name,
        name_en=name if code is None else code.en,
        search_words=tuple(sorted(words)),
    )


def _practitioner(
    name: PersonName,
    departments: Mapping[DepartmentName, DepartmentId],
    titles: Mapping[PersonName, str],
    make_id: MakeId,
) -> Practitioner:
    return Practitioner(
        practitioner_id=PractitionerId(make_id()),
        department_id=departments[name[:2]],
        name=name[2],
        title=titles[name],
        search_words=search_words(name[2]),
    )
