"""Plan an import: a pure function of the file, the hospital's catalogue and its clinics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from renhao.kernel import DepartmentId
from renhao.schedule import defaults
from renhao.schedule.imports import reasons
from renhao.schedule.imports.compare import compare
from renhao.schedule.imports.model import (
    Catalogue,
    ClinicChange,
    ClinicKey,
    ClinicState,
    Conflict,
    DepartmentName,
    ImportPlan,
    NewNames,
    PersonName,
    Reason,
    Wanted,
)
from renhao.schedule.kinds import Mode
from renhao.schedule.model import ClinicStatus, ReleaseRule
from renhao.schedule.sheets import ClinicRow
from renhao.schedule.times import free_cancel_until, moment, released_at


def make_plan(
    rows: Sequence[ClinicRow],
    *,
    catalogue: Catalogue,
    clinics: Mapping[ClinicKey, ClinicState],
    now: datetime,
) -> ImportPlan:
    """Say what each row adds or changes, or why it cannot be applied."""
    lookup = _Lookup.of(catalogue, rows)
    seen: set[ClinicKey] = set()
    added: list[Wanted] = []
    changed: list[ClinicChange] = []
    unchanged: list[ClinicRow] = []
    conflicts: list[Conflict] = []
    for row in rows:
        key = lookup.key(row)
        found = reasons.DUPLICATE if key in seen else _judge(row, lookup, clinics.get(key), now)
        seen.add(key)
        match found:
            case Reason():
                conflicts.append(Conflict(row, found))
            case Wanted():
                added.append(found)
            case ClinicChange():
                changed.append(found)
            case _:
                unchanged.append(row)
    return ImportPlan(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        conflicts=tuple(conflicts),
        names=lookup.new_names(rows),
    )


def _judge(
    row: ClinicRow, lookup: "_Lookup", state: ClinicState | None, now: datetime
) -> Wanted | ClinicChange | Reason | None:
    wanted = lookup.wanted(row, state)
    if isinstance(wanted, Reason):
        return wanted
    if state is not None:
        return compare(state, wanted, now=now)
    return reasons.OVER if wanted.starts_at <= now else wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    """The catalogue by name, and what the file itself says of fees and modes."""

    catalogue: Catalogue
    zone: ZoneInfo
    main_campus: str
    campuses: frozenset[str]
    people: Mapping[PersonName, str]
    """Titles by practitioner."""
    fees: Mapping[str, int]
    """By visit kind: the hospital's own, else the first that the file gives."""
    rules: Mapping[DepartmentName, ReleaseRule]
    rule: ReleaseRule

    @classmethod
    def of(cls, catalogue: Catalogue, rows: Sequence[ClinicRow]) -> "_Lookup":
        campus_of = {campus.campus_id: campus.name_zh for campus in catalogue.campuses}
        names: dict[DepartmentId | None, DepartmentName] = {
            each.department_id: (campus_of[each.campus_id], each.name_zh)
            for each in catalogue.departments
        }
        rules = {rule.department_id: rule for rule in catalogue.release_rules}
        first_fees = {
            row.visit_kind: row.fee_cents for row in rows[::-1] if row.fee_cents is not None
        }
        rule = rules.get(None, defaults.RELEASE)
        return cls(
            catalogue=catalogue,
            zone=ZoneInfo(catalogue.hospital.zone),
            main_campus=catalogue.campuses[0].name_zh,
            campuses=frozenset(campus_of.values()),
            people={
                (*names[each.department_id], each.name): each.title
                for each in catalogue.practitioners
            },
            fees=first_fees | {kind.name_zh: kind.fee_cents for kind in catalogue.visit_kinds},
            rules={name: rules.get(key, rule) for key, name in names.items()},
            rule=rule,
        )

    def key(self, row: ClinicRow) -> ClinicKey:
        """Name the clinic of a row; without a campus it is the main one's."""
        return (row.campus or self.main_campus, *row.key[1:])

    def wanted(self, row: ClinicRow, state: ClinicState | None) -> Wanted | Reason:
        """Fill in what a row leaves open: from the clinic as it stands, else from its kind."""
        key = self.key(row)
        if key[0] not in self.campuses:
            return reasons.CAMPUS_UNKNOWN
        fee = state.fee_cents if state is not None else self.fees.get(row.visit_kind)
        if row.fee_cents is not None:
            fee = row.fee_cents
        if fee is None:
            return reasons.FEE_MISSING
        starts_at = moment(row.day, row.starts, self.zone)
        hospital = self.catalogue.hospital
        return Wanted(
            row=row,
            key=key,
            starts_at=starts_at,
            ends_at=moment(row.day, row.ends, self.zone),
            released_at=released_at(row.day, self.rules.get(key[:2], self.rule), self.zone),
            free_cancel_until=free_cancel_until(row.day, hospital, self.zone, starts_at=starts_at),
            fee_cents=fee,
            room=row.room or (state.room if state is not None else ""),
            status=ClinicStatus.SUSPENDED if row.suspended else ClinicStatus.OPEN,
        )

    def new_names(self, rows: Sequence[ClinicRow]) -> NewNames:
        """List what the file names and the hospital does not have, in the file's order."""
        departments: dict[DepartmentName, None] = {}
        people: dict[PersonName, str] = {}
        kinds: dict[str, Mode] = {}
        known_kinds = {kind.name_zh for kind in self.catalogue.visit_kinds}
        for row in rows:
            name = self.key(row)[:2]
            if name not in self.rules:
                departments[name] = None
            if row.practitioner:
                person = (*name, row.practitioner)
                people[person] = row.title or people.get(person) or self.people.get(person, "")
            if row.visit_kind not in known_kinds:
                kinds.setdefault(row.visit_kind, row.mode)
        return NewNames(
            departments=tuple(departments),
            practitioners=tuple(person for person in people if person not in self.people),
            visit_kinds=tuple((kind, self.fees.get(kind, 0), mode) for kind, mode in kinds.items()),
            titles={
                person: title
                for person, title in people.items()
                if self.people.get(person) != title
            },
        )
