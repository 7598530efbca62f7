"""Fakes for sending: a channel that remembers, facts and phones held in memory, a clock by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from renhao import notify
from renhao.kernel import AccountId, AppointmentId, HospitalId, Purpose, Sensitive
from renhao.notify import Addressee, Visit
from renhao.storage import Tx

VISIT = Visit(
    hospital_zh="示范医院",
    hospital_en="Sample Hospital",
    day=date(2026, 11, 25),
    starts=time(9),
    ends=time(9, 30),
    number=12,
    live=True,
)


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class MemoryChannel:
    """Remembers what was sent; raises what it is told to, before or after taking the message."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)

    async def send(self, phone: Sensitive[str], text: Sensitive[str], *, key: str) -> None:
        if self.before:
            raise self.before.pop()
        purpose = Purpose.SEND_MESSAGE
        self.sent.append((phone.reveal(purpose=purpose), text.reveal(purpose=purpose), key))
        if self.after:
            raise self.after.pop()


@dataclass
class MemoryAppointments:
    """Appointments' facts in memory."""

    visits: dict[UUID, Visit] = field(default_factory=dict)

    async def visit(
        self, tx: Tx, *, hospital_id: HospitalId, appointment_id: AppointmentId
    ) -> Visit | None:
        del tx, hospital_id
        return self.visits.get(appointment_id)


@dataclass
class MemoryPhones:
    """Accounts' phones in memory."""

    addressees: dict[UUID, Addressee] = field(default_factory=dict)

    async def addressee(self, tx: Tx, *, account_id: AccountId) -> Addressee | None:
        del tx
        return self.addressees.get(account_id)


@dataclass
class Sending:
    """A post office of fakes, with a real vault for seals."""

    seals: notify.Seals
    channel: MemoryChannel = field(default_factory=MemoryChannel)
    appointments: MemoryAppointments = field(default_factory=MemoryAppointments)
    phones: MemoryPhones = field(default_factory=MemoryPhones)
    clock: HandClock = field(default_factory=HandClock)

    def post(self) -> notify.Post:
        return notify.Post(self.channel, self.appointments, self.phones, self.seals)
