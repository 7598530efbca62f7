"""The demo's bookings: past days were attended or missed, coming days are booked."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from renhao import audit, booking, schedule, simulate
from renhao.cli.demo.hospital import Built
from renhao.cli.demo.people import Person
from renhao.cli.demo.post import Deliver
from renhao.kernel import AppointmentId, RequestId, SlotId, new_id
from renhao.storage import Pool, begin

AT_ONCE = 8
TOGETHER = 256
BOOKED_AFTER_RELEASE = timedelta(hours=2)
CANCELLED_AFTER_BOOKING = timedelta(hours=1)
CLOSED_AFTER = timedelta(hours=12)
DIGEST = b"demo"
CLERK = audit.Actor(audit.ActorKind.STAFF, new_id())

ClinicKey = tuple[str, str | None, date, schedule.HalfDay, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """One planned booking and the clinic it is for."""

    planned: simulate.PlannedBooking
    page: schedule.ClinicPage
    person: Person

    @property
    def at(self) -> datetime:
        """When it is booked."""
        return self.page.clinic.released_at + BOOKED_AFTER_RELEASE


async def play(
    pool: Pool,
    built: Built,
    bookings: Sequence[simulate.PlannedBooking],
    people: Mapping[int, Person],
    *,
    now: datetime,
    deliver: Deliver,
    on_progress: Callable[[int], None],
) -> Counter[str]:
    """Book what was released by now, cancel what is cancelled, let past patients arrive.

    `deliver` sends the messages that are due at a moment. Gives how many were booked or refused.
    """
    pages = await _pages(pool, built, now=now)
    wishes = [
        Wish(planned, page, people[planned.patient])
        for planned in bookings
        if planned.patient in people
        and (page := pages.get(_key(built.plan.clinics[planned.clinic]))) is not None
    ]
    wishes = sorted((each for each in wishes if each.at <= now), key=lambda each: each.at)
    told, left = Counter[str](), _Left()
    allocator = booking.Allocator(pool)
    for start in range(0, len(wishes), TOGETHER):
        part = wishes[start : start + TOGETHER]
        outcomes = await asyncio.gather(
            *(allocator.book(command) for wish in part if (command := left.command(wish, built)))
        )
        told.update("booked" if isinstance(one, booking.Booked) else one.code for one in outcomes)
        await _go_on(pool, built, part, outcomes, now=now)
        await deliver(part[-1].at)
        on_progress(len(part))
    await allocator.drain()
    return told


async def close_past_days(pool: Pool, built: Built, *, today: date, now: datetime) -> None:
    """Close the days before today: who was not there is a no-show."""
    for day in sorted({row.day for row in built.plan.clinics if row.day < today}):
        async with begin(pool) as tx:
            await booking.close_day(tx, hospital_id=built.hospital_id, day=day, now=now)


class _Left:
    """Chooses the first slot of a clinic that the plan has not filled."""

    def __init__(self) -> None:
        self._used: Counter[tuple[SlotId, schedule.Channel]] = Counter()

    def command(self, wish: Wish, built: Built) -> booking.BookCommand | None:
        channel = wish.planned.channel
        for slot in wish.page.slots:
            if self._used[slot.slot_id, channel] < slot.left.get(channel, 0):
                self._used[slot.slot_id, channel] += 1
                return _command(wish, slot.slot_id, built)
        return None


def _command(wish: Wish, slot_id: SlotId, built: Built) -> booking.BookCommand:
    online = wish.planned.channel is schedule.Channel.ONLINE
    account = audit.Actor(audit.ActorKind.ACCOUNT, wish.person.account_id)
    return booking.BookCommand(
        hospital_id=built.hospital_id,
        appointment_id=AppointmentId(new_id()),
        slot_id=slot_id,
        channel=wish.planned.channel,
        patient_id=wish.person.patient_id,
        identity_id=wish.person.identity_id,
        account_id=wish.person.account_id if online else None,
        by=account if online else CLERK,
        request_id=RequestId(new_id()),
        digest=DIGEST,
        at=wish.at,
    )


async def _go_on(
    pool: Pool,
    built: Built,
    wishes: Sequence[Wish],
    outcomes: Sequence[booking.Outcome],
    *,
    now: datetime,
) -> None:
    """Cancel, or arrive on a past day; who missed it is left to the closing of the day."""
    by_patient = {
        (one.patient_id, one.clinic_id): one for one in outcomes if isinstance(one, booking.Booked)
    }
    gate = asyncio.Semaphore(AT_ONCE)

    async def go(wish: Wish) -> None:
        clinic = wish.page.clinic
        made = by_patient.get((wish.person.patient_id, clinic.clinic_id))
        if made is None:
            return
        async with gate, begin(pool) as tx:
            if wish.planned.outcome is simulate.Outcome.CANCELLED:
                await booking.cancel(
                    tx,
                    hospital_id=built.hospital_id,
                    appointment_id=made.appointment_id,
                    account_id=None,
                    by=CLERK,
                    request_id=RequestId(new_id()),
                    digest=DIGEST,
                    now=wish.at + CANCELLED_AFTER_BOOKING,
                )
            elif wish.planned.outcome is simulate.Outcome.KEPT and clinic.ends_at < now:
                await booking.arrive(
                    tx,
                    hospital_id=built.hospital_id,
                    appointment_id=made.appointment_id,
                    by=CLERK,
                    now=clinic.starts_at,
                )

    await asyncio.gather(*(go(wish) for wish in wishes))


async def _pages(
    pool: Pool, built: Built, *, now: datetime
) -> dict[ClinicKey, schedule.ClinicPage]:
    pages = {}
    async with begin(pool) as tx:
        for day in sorted({row.day for row in built.plan.clinics}):
            for card in await schedule.clinics_of_day(
                tx, hospital_id=built.hospital_id, department_id=None, day=day, now=now
            ):
                if card.mode is schedule.Mode.INSTANT and card.released_at <= now:
                    key = (
                        card.department_zh,
                        card.practitioner,
                        card.day,
                        card.half_day,
                        card.visit_kind_zh,
                    )
                    pages[key] = await schedule.clinic_page(
                        tx, hospital_id=built.hospital_id, clinic_id=card.clinic_id, now=now
                    )
    return pages


def _key(row: schedule.sheets.ClinicRow) -> ClinicKey:
    return (row.department, row.practitioner, row.day, row.half_day, row.visit_kind)
