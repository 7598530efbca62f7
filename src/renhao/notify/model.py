"""Messages to people: what to say, to whom, until when it makes sense."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from renhao.kernel import PLATFORM, AccountId, AppointmentId, HospitalId


class Template(StrEnum):
    """The kinds of message there are."""

    LOGIN_CODE = "login-code"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    SUSPENDED = "suspended"
    REMINDER = "reminder"


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
