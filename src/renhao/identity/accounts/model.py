"""Accounts: one-time codes, sessions, and phone numbers that come back to somebody else."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from renhao.identity.documents import Document
from renhao.identity.phones import Phone
from renhao.identity.rates import Rate
from renhao.kernel import AccountId, Kind, Language, Refused

CODE_DIGITS = 6
CODE_CHARACTERS_READ_MAX = 20
CODE_TRIES_MAX = 5
CODE_MINUTES_MAX = 5
SESSION_DAYS_MAX = 30
SEEN_MINUTES_STEP = 5
"""How stale "last seen" may be: a session is touched at most this often."""
IDLE_DAYS_MAX = 90
"""After this long unused, operators may have given the number to somebody else (二次放号)."""
DEVICE_CHARACTERS_MAX = 80
SESSIONS_LISTED_MAX = 50
assert IDLE_DAYS_MAX > SESSION_DAYS_MAX  # noqa: S101 - else a session outlives its number

CODES_PER_NUMBER = (
    Rate("code/number", timedelta(minutes=10), 3),
    Rate("code/number", timedelta(days=1), 10),
)
CODES_PER_ADDRESS = (
    Rate("code/address", timedelta(minutes=10), 60),
    Rate("code/address", timedelta(days=1), 600),
)
LOGINS_PER_NUMBER = Rate("login/number", timedelta(hours=1), 20)
LOGINS_PER_ADDRESS = Rate("login/address", timedelta(minutes=10), 200)
PROOFS_PER_ACCOUNT = Rate("proof/account", timedelta(days=1), 5)


class CodesLimited(Refused):
    """Too many one-time codes were asked for with this number or from this address."""

    kind = Kind.LIMITED
    code = "codes-limited"
    zh = "获取验证码过于频繁，请 {minutes} 分钟后再试，或直接使用最近一条短信里的验证码。"
    en = (
        "Too many codes were requested. Please wait {minutes} minutes, or use the code in the "
        "latest message."
    )


class LoginsLimited(Refused):
    """Too many tries to log in with this number or from this address."""

    kind = Kind.LIMITED
    code = "logins-limited"
    zh = "登录尝试过于频繁，请 {minutes} 分钟后再试；急需挂号可到医院窗口办理。"
    en = (
        "There were too many tries to log in. Please wait {minutes} minutes; "
        "the hospital's window can book for you meanwhile."
    )


class LoginCodeRefused(Refused):
    """The code is wrong, used, expired, tried too often, or was never sent: all look alike."""

    kind = Kind.INVALID
    code = "login-code-refused"
    zh = "验证码不对或已失效。请核对最近一条短信里的 6 位数字；验证码 5 分钟内有效，输错 5 次请重新获取。"  # noqa: E501 - one sentence
    en = (
        "The code is wrong or no longer valid. Please check the six digits in the latest message; "
        "a code lasts five minutes and five tries, then request a new one."
    )


class NotLoggedIn(Refused):
    """There is no live session."""

    kind = Kind.UNAUTHENTICATED
    code = "not-logged-in"
    zh = "登录已过期或尚未登录，请用手机号和验证码登录。"
    en = "You are not logged in, or no longer. Please log in with your phone number and a code."


class ProofRequired(Refused):
    """The number was unused for long: it may have passed to somebody else."""

    kind = Kind.FORBIDDEN
    code = "proof-required"
    zh = "这个号码超过 {days} 天未使用，为保护原有信息，请先填写其中一位就诊人的证件号码；新机主请选择“重新开始”。"  # noqa: E501 - one sentence
    en = (
        "This number was not used for {days} days. To protect what is stored, please type the "
        "document number of one of its patients; a new holder of the number chooses “start anew”."
    )


class ProofRefused(Refused):
    """The document is no patient's of this account."""

    kind = Kind.INVALID
    code = "proof-refused"
    zh = "这个证件号码与账号里的就诊人不符，请核对后重填；如果您是新机主，请选择“重新开始”。"
    en = (
        "This document number is not that of a patient of this account. Please check and type it "
        "again; if the phone number is newly yours, choose “start anew”."
    )


class ProofsLimited(Refused):
    """Too many documents were tried today."""

    kind = Kind.LIMITED
    code = "proofs-limited"
    zh = "今天核对证件的次数已用完，请明天再试，或带证件到医院窗口办理。"
    en = (
        "All of today's tries to prove a document are used. Please try again tomorrow, "
        "or bring the document to a hospital's window."
    )


class NothingToProve(Refused):
    """The session needs no proof, so there is nothing to prove or to start anew."""

    kind = Kind.CONFLICT
    code = "nothing-to-prove"
    zh = "这次登录不需要核对证件，请直接使用。"
    en = "This login needs no document. Please go on."


class SessionUnknown(Refused):
    """No live session of this account has that id."""

    kind = Kind.NOT_FOUND
    code = "session-unknown"
    zh = "这个登录已经退出，请刷新登录设备列表。"
    en = "That device is logged out already. Please reload the list of devices."


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """What a login needs.

    `token` is the new session's secret, made at the edge by `new_token`; `previous_token` is the
    one the browser came with, which is revoked (rotation). `account_id` is used if the number is
    new. `device` is shown to the holder in the list of sessions.
    """

    phone: Phone
    code: str = field(repr=False)
    token: str = field(repr=False)
    previous_token: str | None = field(default=None, repr=False)
    device: str
    address: str
    account_id: AccountId
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveDocument:
    """The document that shows that the phone number still has its old holder."""

    token: str = field(repr=False)
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnew:
    """A new holder of the number leaves the old account behind. Both ids are made at the edge."""

    token: str = field(repr=False)
    new_token: str = field(repr=False)
    account_id: AccountId


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A login that succeeded; with `proof_required` nothing old is open yet."""

    account_id: AccountId
    proof_required: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A live session. Use `proved()` to get at the account for anything but proving."""

    account_id: AccountId
    session_id: str
    device: str
    language: Language
    proof_required: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def proved(self) -> AccountId:
        """Return the account. Raises ProofRequired while the document is still to be proved."""
        if self.proof_required:
            raise ProofRequired(days=IDLE_DAYS_MAX)
        return self.account_id

    def is_stale(self, *, now: datetime) -> bool:
        """Whether "last seen" is old enough to be written anew."""
        return now - self.seen_at >= timedelta(minutes=SEEN_MINUTES_STEP)


def needs_proof(*, last_active_at: datetime, has_patients: bool, now: datetime) -> bool:
    """Whether the number may have passed to somebody else, and something old is there to see."""
    return has_patients and now - last_active_at >= timedelta(days=IDLE_DAYS_MAX)


def minutes(seconds: int) -> int:
    """Round a wait up to whole minutes."""
    return -(-seconds // 60)


def typed_code(raw: str) -> str:
    """Read a pasted or typed code: full-width digits count, spaces and hyphens do not."""
    text = unicodedata.normalize("NFKC", raw[:CODE_CHARACTERS_READ_MAX])
    return "".join(each for each in text if each.isdecimal())
