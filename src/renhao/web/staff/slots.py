"""Choosing a slot at the window and booking it for the person whose card lies there."""

from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from renhao import schedule, storage
from renhao.booking import BookCommand
from renhao.kernel import AppointmentId, ClinicId, Kind, Refused, RequestId, SlotId, new_id
from renhao.schedule import Channel
from renhao.services import Services
from renhao.staff import RoleMissing
from renhao.web.forms import AnyRequest, Page, as_id
from renhao.web.staff import cards, sessions
from renhao.web.staff.cards import Card
from renhao.web.staff.choices import channels_for, channels_of
from renhao.web.staff.sessions import Desk
from renhao.web.staff.shown import WINDOW_ROLES, show
from renhao.web.wishes import digest

GUARD = sessions.required(*WINDOW_ROLES)


class SlotForm(msgspec.Struct):
    """Which slot, by which channel; the request id makes sending it twice book once."""

    choice: str = ""
    request_id: str = ""


@get("/window/{note:str}/clinics/{clinic_id:uuid}", guards=[GUARD])
async def choose(
    request: AnyRequest,
    services: NamedDependency[Services],
    note: FromPath[str],
    clinic_id: FromPath[UUID],
) -> Page:
    """Show the clinic's slots with what is left in the channels of this desk."""
    desk = await sessions.current(request)
    card = cards.read(services.vault, desk, note, now=services.clock())

    return await _page(request, services, desk, card, ClinicId(clinic_id))


@post("/window/{note:str}/clinics/{clinic_id:uuid}", guards=[GUARD])
async def book(
    request: AnyRequest,
    services: NamedDependency[Services],
    note: FromPath[str],
    clinic_id: FromPath[UUID],
    data: URLEncodedBody[SlotForm],
) -> Page:
    """Book the number; sending the form twice gives the first answer again."""
    desk = await sessions.current(request)
    card = cards.read(services.vault, desk, note, now=services.clock())

    outcome = await services.allocators.book(_command(services, desk, card, data))

    if isinstance(outcome, Refused):
        return await _page(request, services, desk, card, ClinicId(clinic_id), outcome, data)
    return Redirect(f"{card.path}?booked={outcome.appointment_id}", status_code=303)


def _command(services: Services, desk: Desk, card: Card, typed: SlotForm) -> BookCommand:
    slot, _, name = typed.choice.partition("|")
    slot_id, channel = as_id(slot), _channel(name)
    if channel not in channels_of(desk):
        raise RoleMissing
    return BookCommand(
        hospital_id=desk.hospital_id,
        appointment_id=AppointmentId(new_id()),
        slot_id=SlotId(slot_id),
        channel=channel,
        patient_id=card.patient_id,
        identity_id=card.identity_id,
        account_id=None,
        by=desk.by,
        request_id=RequestId(as_id(typed.request_id)),
        digest=digest(services, "book", desk.hospital_id, slot_id, card.patient_id, channel),
        at=services.clock(),
    )


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError:
        raise NotFoundException from None


async def _page(
    request: AnyRequest,
    services: Services,
    desk: Desk,
    card: Card,
    clinic_id: ClinicId,
    refusal: Refused | None = None,
    typed: SlotForm | None = None,
) -> Page:
    async with storage.begin(services.pool) as tx:
        found = await schedule.clinic_page(
            tx, hospital_id=desk.hospital_id, clinic_id=clinic_id, now=services.clock()
        )
    offered = [
        (channel, [(slot, slot.left[channel]) for slot in found.slots if channel in slot.left])
        for channel in channels_for(desk, found, now=services.clock())
    ]
    free = [
        f"{slot.slot_id}|{channel}" for channel, slots in offered for slot, left in slots if left
    ]
    again = typed is not None and refusal is not None and refusal.kind is Kind.UNAVAILABLE
    chosen = typed.choice if typed is not None and typed.choice in free else ""
    return await show(
        request,
        "slots.html",
        refusal=refusal,
        card=card,
        clinic=found.clinic,
        offered=[each for each in offered if each[1]],
        chosen=chosen or (free[0] if free else ""),
        request_id=typed.request_id if again and typed is not None else new_id(),
    )
