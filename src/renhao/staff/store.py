"""Staff and their sessions. Locks one staff row."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import errors

from renhao.kernel import HospitalId, StaffId
from renhao.staff.model import AddStaff, LoginTaken, Role, Staff, StaffSession
from renhao.storage import Tx, constraint_of

COLUMNS = "staff_id, login, display_name, password_hash, totp_cipher, totp_last_step, roles, active"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff as stored."""

    hospital_id: HospitalId
    staff_id: StaffId
    login: str
    display_name: str
    password_hash: str
    totp_cipher: bytes
    totp_last_step: int
    roles: list[str]
    active: bool

    def staff(self) -> Staff:
        """Leave the secrets out."""
        roles = frozenset(map(Role, self.roles))
        return Staff(
            self.hospital_id, self.staff_id, self.login, self.display_name, roles, self.active
        )


async def insert(
    tx: Tx, command: AddStaff, *, password_hash: str, totp_cipher: bytes, now: datetime
) -> None:
    """Add a member of staff. Raises LoginTaken."""
    try:
        await tx.run(
            "INSERT INTO staff (hospital_id, staff_id, login, display_name, password_hash,"
            " totp_cipher, roles, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                command.hospital_id,
                command.staff_id,
                command.login,
                command.display_name,
                password_hash,
                totp_cipher,
                sorted(command.roles),
                now,
            ],
        )
    except errors.UniqueViolation as error:
        if constraint_of(error) == "staff_login_once":
            raise LoginTaken(field="login") from None
        raise


async def lock_by_login(tx: Tx, *, hospital_id: HospitalId, login: str) -> StaffRow | None:
    """Read and lock a member of staff by login."""
    return await tx.row(
        StaffRow,
        f"SELECT hospital_id, {COLUMNS} FROM staff WHERE hospital_id = %s AND login = %s"
        " FOR NO KEY UPDATE",
        [hospital_id, login],
    )


async def spend_step(tx: Tx, staff: StaffRow, *, step: int) -> bool:
    """Spend a time step; False if it, or a later one, was spent before."""
    spent = await tx.run(
        "UPDATE staff SET totp_last_step = %s"
        " WHERE hospital_id = %s AND staff_id = %s AND totp_last_step < %s",
        [step, staff.hospital_id, staff.staff_id, step],
    )
    return spent == 1


async def set_roles(
    tx: Tx, *, hospital_id: HospitalId, staff_id: StaffId, roles: frozenset[Role]
) -> bool:
    """Change what somebody may do; False if there is nobody."""
    changed = await tx.run(
        "UPDATE staff SET roles = %s WHERE hospital_id = %s AND staff_id = %s",
        [sorted(roles), hospital_id, staff_id],
    )
    return changed == 1


async def set_active(tx: Tx, *, hospital_id: HospitalId, staff_id: StaffId, active: bool) -> bool:
    """Open or close somebody's login; False if there is nobody."""
    changed = await tx.run(
        "UPDATE staff SET active = %s WHERE hospital_id = %s AND staff_id = %s",
        [active, hospital_id, staff_id],
    )
    return changed == 1


async def set_factors(
    tx: Tx, *, hospital_id: HospitalId, staff_id: StaffId, password_hash: str, totp_cipher: bytes
) -> bool:
    """Give somebody new factors; False if there is nobody."""
    changed = await tx.run(
        "UPDATE staff SET password_hash = %s, totp_cipher = %s, totp_last_step = 0"
        " WHERE hospital_id = %s AND staff_id = %s",
        [password_hash, totp_cipher, hospital_id, staff_id],
    )
    return changed == 1


async def insert_session(
    tx: Tx, staff: Staff, *, session_hash: bytes, device: str, now: datetime, expires_at: datetime
) -> None:
    """Open a session."""
    await tx.run(
        "INSERT INTO staff_session (hospital_id, session_hash, staff_id, device, created_at,"
        " seen_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [staff.hospital_id, session_hash, staff.staff_id, device, now, now, expires_at],
    )


@dataclass(frozen=True, slots=True)
class _SessionRow:
    hospital_id: HospitalId
    staff_id: StaffId
    login: str
    display_name: str
    roles: list[str]
    active: bool
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


async def session(tx: Tx, *, hospital_id: HospitalId, session_hash: bytes) -> StaffSession | None:
    """Read a session that is not revoked."""
    row = await tx.row(
        _SessionRow,
        "SELECT hospital_id, staff_id, login, display_name, roles, active, device,"
        " n.created_at, seen_at, expires_at FROM staff_session n"
        " JOIN staff USING (hospital_id, staff_id)"
        " WHERE hospital_id = %s AND session_hash = %s AND revoked_at IS NULL",
        [hospital_id, session_hash],
    )
    if row is None:
        return None
    roles = frozenset(map(Role, row.roles))
    staff = Staff(row.hospital_id, row.staff_id, row.login, row.display_name, roles, row.active)
    return StaffSession(staff, row.device, row.created_at, row.seen_at, row.expires_at)


async def touch_session(
    tx: Tx, *, hospital_id: HospitalId, session_hash: bytes, now: datetime
) -> None:
    """Note that it was used."""
    await tx.run(
        "UPDATE staff_session SET seen_at = %s"
        " WHERE hospital_id = %s AND session_hash = %s AND seen_at < %s",
        [now, hospital_id, session_hash, now],
    )


async def revoke_session(
    tx: Tx, *, hospital_id: HospitalId, session_hash: bytes, now: datetime
) -> StaffId | None:
    """End a session; return whose it was."""
    owner: StaffId | None = await tx.value(
        "UPDATE staff_session SET revoked_at = %s WHERE hospital_id = %s AND session_hash = %s"
        " AND revoked_at IS NULL RETURNING staff_id",
        [now, hospital_id, session_hash],
    )
    return owner


async def revoke_sessions(
    tx: Tx, *, hospital_id: HospitalId, staff_id: StaffId, now: datetime
) -> None:
    """End all of somebody's sessions."""
    await tx.run(
        "UPDATE staff_session SET revoked_at = %s"
        " WHERE hospital_id = %s AND staff_id = %s AND revoked_at IS NULL",
        [now, hospital_id, staff_id],
    )


async def delete_sessions(tx: Tx, *, hospital_id: HospitalId, before: datetime) -> int:
    """Delete a hospital's sessions that ended before then; needs the worker's role."""
    return await tx.run(
        "DELETE FROM staff_session WHERE hospital_id = %s AND least(expires_at, revoked_at) < %s",
        [hospital_id, before],
    )
