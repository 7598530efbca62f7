"""Setting up a hospital and its rules."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from renhao import audit
from renhao.audit import Actor
from renhao.kernel import HospitalId, VisitKindId
from renhao.schedule import defaults, department_codes, store
from renhao.schedule.model import (
    DAYS_AHEAD_MAX,
    FREE_CANCEL_DAYS_BEFORE_MAX,
    LIMIT_REACH_DAYS_MAX,
    Campus,
    Department,
    Holiday,
    Hospital,
    LimitRule,
    MakeId,
    ReleaseRule,
    VisitKind,
)
from renhao.schedule.refusals import (
    CancelRuleInvalid,
    DepartmentUnknown,
    FeeInvalid,
    HospitalCodeInvalid,
    HospitalCodeTaken,
    HospitalUnknown,
    LimitDayTaken,
    LimitReachTooLong,
    ReleaseRuleInvalid,
    ZoneUnknown,
)
from renhao.schedule.sheets.model import FEE_CENTS_MAX
from renhao.storage import Tx

CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")


async def seed_department_codes(tx: Tx) -> int:
    """Bring the national list of clinical departments up to date; the owner's role runs it."""
    return await store.insert_department_codes(tx, department_codes.load())


async def set_up_hospital(
    tx: Tx,
    hospital: Hospital,
    *,
    campus: Campus,
    release: ReleaseRule = defaults.RELEASE,
    make_id: MakeId,
    by: Actor,
    now: datetime,
) -> None:
    """Add a hospital with its main campus, default limits, visit kinds, release rule, holidays.

    Locks the choice of hospital codes. Raises HospitalCodeInvalid, HospitalCodeTaken, ZoneUnknown,
    CancelRuleInvalid, ReleaseRuleInvalid.
    """
    if hospital.zone not in available_timezones():
        raise ZoneUnknown(zone=hospital.zone, field="zone")
    await _check_hospital(tx, hospital)
    key = hospital.hospital_id
    await store.insert_hospital(tx, hospital)
    await store.insert_campus(tx, key, campus)
    _check_release(release)
    await store.upsert_release_rule(tx, key, release, rule_id=make_id())
    today = now.astimezone(ZoneInfo(hospital.zone)).date()
    await store.insert_limit_rules(tx, key, defaults.LIMITS, valid_from=today)
    kinds = [
        VisitKind(
            visit_kind_id=VisitKindId(make_id()), name_zh=zh, name_en=en, fee_cents=fee, mode=mode
        )
        for zh, en, fee, mode in defaults.VISIT_KINDS
    ]
    await store.upsert_visit_kinds(tx, key, kinds)
    await store.upsert_holidays(tx, key, list(defaults.holidays()))
    await _record(tx, key, "hospital.set-up", by=by, now=now, subject_id=key)


async def change_hospital(tx: Tx, hospital: Hospital, *, by: Actor, now: datetime) -> None:
    """Change a hospital's names, notice, code and cancel rule; its zone stays.

    The cancel rule holds for clinics that are not released yet. Locks the hospital. Raises
    HospitalUnknown, HospitalCodeInvalid, HospitalCodeTaken, CancelRuleInvalid.
    """
    before = await _locked(tx, hospital.hospital_id)
    await _check_hospital(tx, hospital)
    await store.update_hospital(tx, hospital)
    await store.update_free_cancels(tx, hospital, now=now)
    names = (name for name in store.HOSPITAL.split(", ") if name != "zone")
    fields = tuple(name for name in names if getattr(before, name) != getattr(hospital, name))
    await _record(
        tx,
        hospital.hospital_id,
        "hospital.changed",
        by=by,
        now=now,
        subject_id=hospital.hospital_id,
        fields=fields,
    )


async def add_campus(
    tx: Tx, campus: Campus, *, hospital_id: HospitalId, by: Actor, now: datetime
) -> None:
    """Add a campus. Raises CampusNameTaken."""
    await store.insert_campus(tx, hospital_id, campus)
    await _record(tx, hospital_id, "campus.added", by=by, now=now, subject_id=campus.campus_id)


async def change_department(
    tx: Tx, department: Department, *, hospital_id: HospitalId, by: Actor, now: datetime
) -> None:
    """Change a department's names, place and search words. Raises DepartmentUnknown."""
    if not await store.update_department(tx, hospital_id, department):
        raise DepartmentUnknown
    await _record(
        tx, hospital_id, "department.changed", by=by, now=now, subject_id=department.department_id
    )


async def set_release_rule(
    tx: Tx,
    rule: ReleaseRule,
    *,
    hospital_id: HospitalId,
    make_id: MakeId,
    by: Actor,
    now: datetime,
) -> None:
    """Set when clinics open, of the hospital or of one department.

    Clinics that are not released yet follow the new rule. Locks the hospital. Raises
    HospitalUnknown, ReleaseRuleInvalid.
    """
    await _locked(tx, hospital_id)
    _check_release(rule)
    await store.upsert_release_rule(tx, hospital_id, rule, rule_id=make_id())
    await store.update_releases(tx, hospital_id, now=now)
    await _record(
        tx, hospital_id, "release-rule.set", by=by, now=now, subject_id=rule.department_id
    )


async def set_visit_kind(
    tx: Tx, kind: VisitKind, *, hospital_id: HospitalId, by: Actor, now: datetime
) -> None:
    """Add a visit kind, or change the English name, fee and mode of the one of this name.

    Clinics that exist keep their fee and mode. Raises FeeInvalid.
    """
    if not 0 <= kind.fee_cents <= FEE_CENTS_MAX:
        raise FeeInvalid(yuan_max=FEE_CENTS_MAX // 100, field="fee")
    await store.upsert_visit_kinds(tx, hospital_id, [kind])
    await _record(tx, hospital_id, "visit-kind.set", by=by, now=now)


async def set_holiday(
    tx: Tx, holiday: Holiday, *, hospital_id: HospitalId, by: Actor, now: datetime
) -> None:
    """Set one day of the holiday table; clinics that exist are not touched."""
    await store.upsert_holidays(tx, hospital_id, [holiday])
    await _record(tx, hospital_id, "holiday.set", by=by, now=now)


async def remove_holiday(
    tx: Tx, day: date, *, hospital_id: HospitalId, by: Actor, now: datetime
) -> None:
    """Take one day out of the holiday table: it follows its weekday again."""
    if await store.delete_holiday(tx, hospital_id, day):
        await _record(tx, hospital_id, "holiday.removed", by=by, now=now)


async def set_limits(
    tx: Tx,
    rules: Sequence[LimitRule],
    *,
    hospital_id: HospitalId,
    valid_from: date,
    by: Actor,
    now: datetime,
) -> None:
    """Set limits from a day on; those of the same codes end there.

    Locks the hospital. Raises HospitalUnknown, LimitDayTaken, LimitReachTooLong.
    """
    if any(rule.window_days + rule.bar_days > LIMIT_REACH_DAYS_MAX for rule in rules):
        raise LimitReachTooLong(field="window_days", days_max=LIMIT_REACH_DAYS_MAX)
    await _locked(tx, hospital_id)
    codes = [rule.limit_code.value for rule in rules]
    if await store.has_later_limit(tx, hospital_id, codes, day=valid_from):
        raise LimitDayTaken(field="valid_from")
    await store.end_limit_rules(tx, hospital_id, codes, valid_to=valid_from)
    await store.insert_limit_rules(tx, hospital_id, rules, valid_from=valid_from)
    await _record(tx, hospital_id, "limits.set", by=by, now=now, fields=tuple(codes))


async def _locked(tx: Tx, hospital_id: HospitalId) -> Hospital:
    await store.lock_hospital(tx, hospital_id)
    hospital = await store.hospital(tx, hospital_id)
    if hospital is None:
        raise HospitalUnknown
    return hospital


async def _check_hospital(tx: Tx, hospital: Hospital) -> None:
    if not CODE.fullmatch(hospital.code):
        raise HospitalCodeInvalid(field="code")
    if not 0 <= hospital.free_cancel_days_before <= FREE_CANCEL_DAYS_BEFORE_MAX:
        raise CancelRuleInvalid(days_max=FREE_CANCEL_DAYS_BEFORE_MAX, field="days_before")
    await store.lock_hospital_codes(tx)
    other = await store.hospital_by_code(tx, hospital.code)
    if other is not None and other.hospital_id != hospital.hospital_id:
        raise HospitalCodeTaken(hospital=hospital.code, field="code")


def _check_release(rule: ReleaseRule) -> None:
    if not 0 <= rule.days_ahead <= DAYS_AHEAD_MAX:
        raise ReleaseRuleInvalid(days_max=DAYS_AHEAD_MAX, field="days_ahead")


async def _record(
    tx: Tx,
    hospital_id: HospitalId,
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject_id: UUID | None = None,
    fields: tuple[str, ...] = (),
) -> None:
    event = audit.Event(
        at=now, action=action, by=by, hospital_id=hospital_id, subject_id=subject_id, fields=fields
    )
    await audit.record(tx, event)
