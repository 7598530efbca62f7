"""What sending needs from outside: a channel, and facts that packages above this one know."""

from dataclasses import dataclass
from typing import Protocol

from renhao.kernel import AccountId, AppointmentId, HospitalId, Sensitive
from renhao.notify.model import Addressee, Visit
from renhao.storage import Tx


class DeliveryError(Exception):
    """A channel did not deliver; `permanent` when no later try of this message can.

    It carries no words of the gateway, which may repeat phone or text.
    """

    def __init__(self, *, permanent: bool) -> None:
        super().__init__("permanent" if permanent else "temporary")
        self.permanent = permanent


class Channel(Protocol):
    """A way to a phone."""

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        """Hand over one message to an E.164 number. Raises DeliveryError.

        `key` is the same each time one message is tried, so that a gateway can drop a repeat.
        """


class AppointmentFacts(Protocol):
    """Reads what a message says of an appointment."""

    async def visit(
        self, tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId
    ) -> Visit | None:
        """Read one appointment's facts, or None when there is no such appointment."""


class Phones(Protocol):
    """Reads where an account's messages go."""

    async def addressee(self, tx: Tx, *, account_id: AccountId) -> Addressee | None:
        """Read phone and language, or None when the number is the account's no more."""


class Seals(Protocol):
    """Opens what was sealed for the outbox; the vault is one."""

    def open_for_platform(self, cipher: bytes, *, place: str) -> Sensitive[str]:
        """Open a value sealed for this place."""


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that sending needs, put together by the composition root."""

    channel: Channel
    appointments: AppointmentFacts
    phones: Phones
    seals: Seals
