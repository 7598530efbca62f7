"""Messages to people: what to say, to whom, until when it makes sense, and when to give up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from renhao.kernel import (
    PLATFORM,
    AccountId,
    AppointmentId,
    HospitalId,
    Kind,
    Language,
    Refused,
    Sensitive,
)

BACKOFF_SECONDS = (2, 5, 15, 60, 300, 900, 3600, 7200)
"""How long to wait after the first, second, … failed try."""
ATTEMPTS_MAX = len(BACKOFF_SECONDS) + 1


class Template(StrEnum):
    """The kinds of message there are."""

    LOGIN_CODE = "login-code"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    SUSPENDED = "suspended"
    REMINDER = "reminder"


NEED_A_LIVE_APPOINTMENT = frozenset({Template.BOOKED, Template.RESCHEDULED, Template.REMINDER})
"""What these say is wrong once the appointment is over or cancelled: then they are not sent."""


class Cause(StrEnum):
    """Why a message was not sent: never a gateway's own words, which may repeat the text."""

    EXPIRED = "expired"
    """It makes no sense any more."""
    OBSOLETE = "obsolete"
    """What it tells of was undone meanwhile; nothing went wrong."""
    NO_PHONE = "no-phone"
    """Nobody is there to tell: no account, or its phone number has passed to someone else."""
    NO_APPOINTMENT = "no-appointment"
    """The appointment it tells of cannot be found."""
    REFUSED = "refused"
    """The channel says that this message can never be delivered."""
    CHANNEL_FAILED = "channel-failed"
    """The channel did not take it this time."""
    FAILED = "failed"
    """It could not be filled in or handed over; the log has the place."""


class DeadLetterOver(Refused):
    """A dead letter that is not there, has expired or held a one-time code cannot be retried."""

    kind = Kind.CONFLICT
    code = "dead-letter-over"
    zh = "这条短信已过期、已发出或内容已销毁，不能重发；如仍需通知，请直接联系本人。"
    en = (
        "This message has expired, was sent, or its content has been wiped, so it cannot be sent"
        " again; if the person still needs to know, contact them directly."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message for the outbox, written in the transaction of the change it tells of.

    `cipher` is sealed by `Vault.seal_for_platform` for the place `outbox/<template>`: for a
    one-time code it holds phone and code as `phone|code|language`; appointment messages need none,
    they are filled in from the appointment when sent.
    """

    template: Template
    created_at: datetime
    expires_at: datetime
    hospital_id: HospitalId = PLATFORM
    account_id: AccountId | None = None
    appointment_id: AppointmentId | None = None
    cipher: bytes | None = None
    outbox_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that a message may say of an appointment: no department, no practitioner, no reason.

    Times are the hospital's own clock; `live` means booked or arrived.
    """

    hospital_zh: str
    hospital_en: str
    day: date
    starts: time
    ends: time
    number: int
    live: bool


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a message goes (E.164) and in which language."""

    phone: Sensitive[str]
    language: Language


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in one worker's hands until its lease ends; `attempts` counts this try."""

    hospital_id: HospitalId
    outbox_id: UUID
    template: str
    account_id: AccountId | None
    appointment_id: AppointmentId | None
    cipher: bytes | None
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up."""

    hospital_id: HospitalId
    outbox_id: UUID
    template: str
    account_id: AccountId | None
    appointment_id: AppointmentId | None
    attempts: int
    created_at: datetime
    expires_at: datetime
    dead_at: datetime
    last_error: str


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """Say when to try again after so many tries, or None to give up."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + timedelta(seconds=BACKOFF_SECONDS[max(attempts, 1) - 1])
