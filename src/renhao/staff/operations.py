"""Staff log in with two factors; administrators add, change and close their logins."""

from dataclasses import replace
from datetime import datetime, timedelta

from renhao import audit
from renhao.identity import rates, token_hash
from renhao.kernel import HospitalId, Purpose, Refused, Sensitive, StaffId
from renhao.privacy import Vault
from renhao.staff import store
from renhao.staff.factors import hash_password, hospital_of, is_password, step_of
from renhao.staff.model import (
    DEVICE_CHARACTERS_MAX,
    LOGINS_PER_ADDRESS,
    LOGINS_PER_LOGIN,
    PASSWORD_CHARACTERS_MAX,
    SESSION_HOURS_MAX,
    AddStaff,
    Credentials,
    Role,
    RolesNeeded,
    Staff,
    StaffLoggedIn,
    StaffLoginRefused,
    StaffLoginsLimited,
    StaffSession,
    StaffUnknown,
    check_new,
    check_password,
    tidy_login,
)
from renhao.storage import Tx


async def add_staff(
    tx: Tx, vault: Vault, command: AddStaff, *, by: audit.Actor, now: datetime
) -> Staff:
    """Add a member of staff. Raises LoginShape, PasswordLength, RolesNeeded and LoginTaken."""
    command = replace(command, login=tidy_login(command.login))
    check_new(login=command.login, password=command.password, roles=command.roles)
    await store.insert(
        tx,
        command,
        password_hash=await hash_password(command.password),
        totp_cipher=_sealed(vault, command.staff_id, command.totp_secret),
        now=now,
    )
    staff = Staff(
        command.hospital_id,
        command.staff_id,
        command.login,
        command.display_name,
        command.roles,
        active=True,
    )
    fields = ("login", "display_name", "password", "totp", "roles")
    await audit.record(tx, _event("staff-added", staff, by=by, now=now, fields=fields))
    return staff


async def log_in(
    tx: Tx, vault: Vault, credentials: Credentials, *, token: str, device: str, now: datetime
) -> StaffLoggedIn | Refused:
    """Open a session for password and code. The token is made at the edge (`new_token`).

    Returns StaffLoginsLimited or StaffLoginRefused, which the edge raises after the commit: the
    try stays counted.
    """
    staff = await confirm(tx, vault, credentials, now=now)
    if isinstance(staff, Refused):
        return staff
    expires_at = now + timedelta(hours=SESSION_HOURS_MAX)
    await store.insert_session(
        tx,
        staff,
        session_hash=token_hash(token),
        device=device[:DEVICE_CHARACTERS_MAX],
        now=now,
        expires_at=expires_at,
    )
    await audit.record(tx, _event("staff-logged-in", staff, by=staff.actor, now=now))
    return StaffLoggedIn(staff, expires_at)


async def confirm(
    tx: Tx, vault: Vault, credentials: Credentials, *, now: datetime
) -> Staff | Refused:
    """Check both factors without opening a session: a second person's signature.

    Locks the staff row; a code is spent once. Takes as long for a login that nobody has. Returns
    StaffLoginsLimited or StaffLoginRefused, which the edge raises after the commit.
    """
    login = tidy_login(credentials.login)
    tries = [
        (LOGINS_PER_LOGIN, f"{credentials.hospital_id}|{login}"),
        (LOGINS_PER_ADDRESS, rates.network_of(credentials.address)),
    ]
    wait = await rates.seconds_to_wait(tx, vault, tries, now=now)
    if wait is not None:
        return StaffLoginsLimited(minutes=-(-wait // 60))
    row = await store.lock_by_login(tx, hospital_id=credentials.hospital_id, login=login)
    if row is not None and await _both_right(tx, vault, credentials, row=row, now=now):
        return row.staff()
    if row is None:
        await is_password(credentials.password[:PASSWORD_CHARACTERS_MAX], hashed=None)
    event = audit.Event(
        at=now,
        action="staff-login-refused",
        by=audit.VISITOR,
        hospital_id=credentials.hospital_id,
        subject_id=None if row is None else row.staff_id,
    )
    await audit.record(tx, event)
    return StaffLoginRefused(field="password")


async def session(tx: Tx, *, token: str, now: datetime) -> StaffSession | None:
    """Read the live session of a token, and note now and then that it is in use."""
    hospital_id = hospital_of(token)
    if hospital_id is None:
        return None
    session_hash = token_hash(token)
    found = await store.session(tx, hospital_id=hospital_id, session_hash=session_hash)
    if found is None or not found.is_live(now=now):
        return None
    if found.is_stale(now=now):
        await store.touch_session(tx, hospital_id=hospital_id, session_hash=session_hash, now=now)
    return found


async def log_out(tx: Tx, *, token: str, now: datetime) -> None:
    """End the session of a token; a dead one stays dead."""
    hospital_id = hospital_of(token)
    if hospital_id is None:
        return
    staff_id = await store.revoke_session(
        tx, hospital_id=hospital_id, session_hash=token_hash(token), now=now
    )
    if staff_id is not None:
        by = audit.Actor(audit.ActorKind.STAFF, staff_id)
        event = audit.Event(
            at=now,
            action="staff-logged-out",
            by=by,
            hospital_id=hospital_id,
            subject_id=staff_id,
        )
        await audit.record(tx, event)


async def set_roles(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    staff_id: StaffId,
    roles: frozenset[Role],
    by: audit.Actor,
    now: datetime,
) -> None:
    """Change what somebody may do, at once. Raises RolesNeeded and StaffUnknown."""
    if not roles:
        raise RolesNeeded(field="roles")
    if not await store.set_roles(tx, hospital_id=hospital_id, staff_id=staff_id, roles=roles):
        raise StaffUnknown
    event = audit.Event(
        at=now,
        action="staff-roles-set",
        by=by,
        hospital_id=hospital_id,
        subject_id=staff_id,
        fields=("roles",),
    )
    await audit.record(tx, event)


async def set_active(
    tx: Tx,
    *,
    hospital_id: HospitalId,
    staff_id: StaffId,
    active: bool,
    by: audit.Actor,
    now: datetime,
) -> None:
    """Open or close somebody's login; closing ends their sessions. Raises StaffUnknown."""
    if not await store.set_active(tx, hospital_id=hospital_id, staff_id=staff_id, active=active):
        raise StaffUnknown
    if not active:
        await store.revoke_sessions(tx, hospital_id=hospital_id, staff_id=staff_id, now=now)
    event = audit.Event(
        at=now,
        action="staff-opened" if active else "staff-closed",
        by=by,
        hospital_id=hospital_id,
        subject_id=staff_id,
        fields=("active",),
    )
    await audit.record(tx, event)


async def set_factors(
    tx: Tx,
    vault: Vault,
    *,
    hospital_id: HospitalId,
    staff_id: StaffId,
    factors: tuple[str, str],
    by: audit.Actor,
    now: datetime,
) -> None:
    """Give somebody a new password and a new secret for codes; ends their sessions.

    `factors` are the two, in that order. Raises PasswordLength and StaffUnknown.
    """
    password, totp_secret = factors
    check_password(password)
    found = await store.set_factors(
        tx,
        hospital_id=hospital_id,
        staff_id=staff_id,
        password_hash=await hash_password(password),
        totp_cipher=_sealed(vault, staff_id, totp_secret),
    )
    if not found:
        raise StaffUnknown
    await store.revoke_sessions(tx, hospital_id=hospital_id, staff_id=staff_id, now=now)
    event = audit.Event(
        at=now,
        action="staff-factors-set",
        by=by,
        hospital_id=hospital_id,
        subject_id=staff_id,
        fields=("password", "totp"),
    )
    await audit.record(tx, event)


async def purge(tx: Tx, *, hospital_id: HospitalId, before: datetime) -> int:
    """Delete a hospital's sessions that ended before then; needs the worker's role."""
    return await store.delete_sessions(tx, hospital_id=hospital_id, before=before)


async def _both_right(
    tx: Tx, vault: Vault, credentials: Credentials, *, row: store.StaffRow, now: datetime
) -> bool:
    """Check password and code, both always; a right code is spent, with a wrong password too."""
    typed = credentials.password[:PASSWORD_CHARACTERS_MAX]
    right = await is_password(typed, hashed=row.password_hash)
    secret = _opened(vault, row.staff_id, row.totp_cipher)
    step = step_of(credentials.totp, secret=secret, now=now)
    fresh = step is not None and await store.spend_step(tx, row, step=step)
    return right and fresh and row.active


def _sealed(vault: Vault, staff_id: StaffId, secret: str) -> bytes:
    return vault.seal_for_platform(Sensitive(secret), place=_place(staff_id))


def _opened(vault: Vault, staff_id: StaffId, cipher: bytes) -> str:
    return vault.open_for_platform(cipher, place=_place(staff_id)).reveal(purpose=Purpose.SEAL)


def _place(staff_id: StaffId) -> str:
    return f"staff.totp/{staff_id}"


def _event(
    action: str,
    staff: Staff,
    *,
    by: audit.Actor,
    now: datetime,
    fields: tuple[str, ...] = (),
) -> audit.Event:
    return audit.Event(
        at=now,
        action=action,
        by=by,
        hospital_id=staff.hospital_id,
        subject_id=staff.staff_id,
        fields=fields,
    )
