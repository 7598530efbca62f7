"""Staff of one hospital: roles, sessions, and how they log in."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from renhao.audit import Actor, ActorKind
from renhao.identity import rates
from renhao.kernel import HospitalId, Kind, Refused, StaffId

LOGIN_CHARACTERS_MIN = 2
LOGIN_CHARACTERS_MAX = 60
PASSWORD_CHARACTERS_MIN = 12
PASSWORD_CHARACTERS_MAX = 200
"""More is refused unread: hashing takes time."""
SESSION_HOURS_MAX = 12
IDLE_MINUTES_MAX = 60
SEEN_MINUTES_STEP = 1
"""How stale "last seen" may be: a session is touched at most this often."""
DEVICE_CHARACTERS_MAX = 80
assert SEEN_MINUTES_STEP < IDLE_MINUTES_MAX < SESSION_HOURS_MAX * 60  # noqa: S101 - at start-up

LOGINS_PER_LOGIN = rates.Rate("staff-login/login", timedelta(minutes=15), 10)
LOGINS_PER_ADDRESS = rates.Rate("staff-login/address", timedelta(minutes=15), 100)


class Role(StrEnum):
    """What somebody may do at their hospital."""

    REGISTRAR = "registrar"
    TRIAGE_NURSE = "triage_nurse"
    PRACTITIONER = "practitioner"
    SCHEDULE_MANAGER = "schedule_manager"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"


class StaffLoginRefused(Refused):
    """Login, password or code is wrong, the code was used, or the account is closed: all alike."""

    kind = Kind.INVALID
    code = "staff-login-refused"
    zh = (
        "账号、密码或动态口令不对，或口令已用过。请核对后等下一个口令再试；忘记密码请找本院管理员。"
    )
    en = (
        "The login, password or code is wrong, or the code was used already. Please check, wait "
        "for the next code and try again; the hospital's administrator resets passwords."
    )


class StaffLoginsLimited(Refused):
    """Too many tries with this login or from this address."""

    kind = Kind.LIMITED
    code = "staff-logins-limited"
    zh = "登录尝试过于频繁，请 {minutes} 分钟后再试；着急时请找本院管理员。"
    en = (
        "There were too many tries to log in. Please wait {minutes} minutes, "
        "or ask the hospital's administrator."
    )


class StaffNotLoggedIn(Refused):
    """There is no live session."""

    kind = Kind.UNAUTHENTICATED
    code = "staff-not-logged-in"
    zh = "登录已过期或尚未登录，请用账号、密码和动态口令登录。"
    en = "You are not logged in, or no longer. Please log in with login, password and code."


class RoleMissing(Refused):
    """The member of staff has none of the roles that may do this."""

    kind = Kind.FORBIDDEN
    code = "role-missing"
    zh = "您的岗位不能办理此事，请找有相应岗位的同事，或请本院管理员调整岗位。"
    en = (
        "Your role does not allow this. Please ask a colleague who has it, "
        "or the hospital's administrator to change your roles."
    )


class LoginTaken(Refused):
    """Somebody at the hospital has that login."""

    kind = Kind.CONFLICT
    code = "login-taken"
    zh = "本院已有这个登录名，请换一个。"
    en = "Somebody at this hospital has that login. Please choose another."


class LoginShape(Refused):
    """A login is short, and of letters, digits, dots, hyphens and underscores."""

    kind = Kind.INVALID
    code = "login-shape"
    zh = "登录名应为 {min}–{max} 个字母、数字、点、连字符或下划线，请改正。"
    en = (
        "A login has {min} to {max} letters, digits, dots, hyphens or underscores. "
        "Please correct it."
    )


class PasswordLength(Refused):
    """Long passwords are what helps; no other rule is made (NIST SP 800-63B §5.1.1)."""

    kind = Kind.INVALID
    code = "password-length"
    zh = "密码应为 {min}–{max} 个字符，可用几个词组成的短句，请重新设置。"
    en = "A password has {min} to {max} characters. A few words in a row will do; please set one."


class RolesNeeded(Refused):
    """Staff have at least one role."""

    kind = Kind.INVALID
    code = "roles-needed"
    zh = "请至少选择一个岗位。"
    en = "Please choose at least one role."


class StaffUnknown(Refused):
    """No such member of staff at this hospital."""

    kind = Kind.NOT_FOUND
    code = "staff-unknown"
    zh = "本院没有这位工作人员，请在名单中选择。"
    en = "There is no such member of staff at this hospital. Please choose from the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStaff:
    """A new member of staff. `totp_secret` is made at the edge (`new_totp_secret`)."""

    hospital_id: HospitalId
    staff_id: StaffId
    login: str
    display_name: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody at the staff login typed, and where from."""

    hospital_id: HospitalId
    login: str
    password: str = field(repr=False)
    totp: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff."""

    hospital_id: HospitalId
    staff_id: StaffId
    login: str
    display_name: str
    roles: frozenset[Role]
    active: bool

    @property
    def actor(self) -> Actor:
        """Name it as the audit does."""
        return Actor(ActorKind.STAFF, self.staff_id)


@dataclass(frozen=True, slots=True)
class StaffLoggedIn:
    """A login that succeeded."""

    staff: Staff
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A live session."""

    staff: Staff
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def require(self, *roles: Role) -> Staff:
        """Return who it is if they have one of these roles. Raises RoleMissing."""
        if not self.staff.roles & set(roles):
            raise RoleMissing
        return self.staff

    def is_live(self, *, now: datetime) -> bool:
        """Whether it may still be used: not too old, not left alone for too long."""
        idle = now - self.seen_at >= timedelta(minutes=IDLE_MINUTES_MAX)
        return self.staff.active and now < self.expires_at and not idle

    def is_stale(self, *, now: datetime) -> bool:
        """Whether "last seen" is old enough to be written anew."""
        return now - self.seen_at >= timedelta(minutes=SEEN_MINUTES_STEP)


def tidy_login(login: str) -> str:
    """Bring a login to its one form: small letters, no spaces around."""
    return login.strip().casefold()


def check_new(*, login: str, password: str, roles: Collection[Role]) -> None:
    """Check what an administrator typed. Raises LoginShape, PasswordLength and RolesNeeded."""
    shape = login.isascii() and login.translate(_MARKS).isalnum()
    if not shape or not LOGIN_CHARACTERS_MIN <= len(login) <= LOGIN_CHARACTERS_MAX:
        raise LoginShape(field="login", min=LOGIN_CHARACTERS_MIN, max=LOGIN_CHARACTERS_MAX)
    check_password(password)
    if not roles:
        raise RolesNeeded(field="roles")


def check_password(password: str) -> None:
    """Check a password's length. Raises PasswordLength."""
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        raise PasswordLength(
            field="password", min=PASSWORD_CHARACTERS_MIN, max=PASSWORD_CHARACTERS_MAX
        )


_MARKS = {ord(mark): None for mark in "._-"}
