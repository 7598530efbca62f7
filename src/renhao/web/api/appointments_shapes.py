"""Appointments: what is sent and answered."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from litestar.params import HeaderParameter
from msgspec import Meta

from renhao import booking
from renhao.booking import AppointmentView, CancelReason, Status
from renhao.kernel import Purpose, Sensitive
from renhao.schedule import HalfDay
from renhao.web.api.cursor import NextPage
from renhao.web.api.schedule_shapes import Day, HospitalCode, Id
from renhao.web.api.shapes import Moment, Shape, Words

IdempotencyKey = Annotated[
    UUID,
    HeaderParameter(
        name="Idempotency-Key",
        description="A UUID made by the client for this wish. The same key with the same body"
        " gets the first answer again; with another body it is refused.",
    ),
]


class Book(Shape):
    """A wish for one number."""

    hospital: HospitalCode
    slot_id: Id
    patient_id: Id


class Move(Shape):
    """A wish for another slot of the same clinic."""

    slot_id: Id


class AppointmentShown(Shape):
    """One appointment."""

    appointment_id: Id
    hospital: HospitalCode
    hospital_name: Words
    clinic_id: Id
    slot_id: Id
    department_id: Id
    department: Words
    place: Words
    room: str
    practitioner: str | None
    title: str | None
    visit_kind: Words
    fee_cents: Annotated[int, Meta(ge=0, description="In fen; paid at the hospital.")]
    day: Day
    half_day: HalfDay
    starts_at: Annotated[Moment, Meta(description="The time window opens.")]
    ends_at: Annotated[Moment, Meta(description="The time window closes.")]
    number: Annotated[
        int, Meta(ge=1, description="Place in the clinic; never changes.", examples=[17])
    ]
    patient_id: Annotated[
        Id, Meta(description="See `GET /api/v1/patients`; it may have been removed since.")
    ]
    patient_name: Annotated[
        str | None, Meta(description="As this account typed it; null once erased.")
    ]
    status: Status
    cancel_reason: CancelReason | None
    cancelled_late: bool
    may_cancel: bool
    may_reschedule: bool
    free_cancel_until: Annotated[Moment, Meta(description="Later it counts as late.")]
    booked_at: Moment

    @classmethod
    def of(cls, view: AppointmentView, name: Sensitive[str] | None, *, now: datetime) -> Self:
        """Show an appointment to the account that made it."""
        return cls(
            appointment_id=view.appointment_id,
            hospital=view.hospital_code,
            hospital_name=Words(zh=view.hospital_zh, en=view.hospital_en),
            clinic_id=view.clinic_id,
            slot_id=view.slot_id,
            department_id=view.department_id,
            department=Words(zh=view.department_zh, en=view.department_en),
            place=Words(zh=view.place_zh, en=view.place_en),
            room=view.room,
            practitioner=view.practitioner,
            title=view.practitioner_title,
            visit_kind=Words(zh=view.visit_kind_zh, en=view.visit_kind_en),
            fee_cents=view.fee_cents,
            day=view.day,
            half_day=view.half_day,
            starts_at=view.starts_at,
            ends_at=view.ends_at,
            number=view.number,
            patient_id=view.patient_id,
            patient_name=None if name is None else name.reveal(purpose=Purpose.OWN_PAGE),
            status=view.status,
            cancel_reason=view.cancel_reason,
            cancelled_late=view.cancelled_late,
            may_cancel=view.may_cancel(now),
            may_reschedule=view.may_reschedule(now),
            free_cancel_until=view.free_cancel_until,
            booked_at=view.booked_at,
        )


class AppointmentPage(Shape):
    """Some appointments, latest visit day first."""

    items: list[AppointmentShown]
    next: NextPage


class CancelledShown(Shape):
    """The number was given up; it goes to nobody by racing."""

    appointment_id: Id
    late: Annotated[bool, Meta(description="Whether it counts as late by the hospital's rule.")]

    @classmethod
    def of(cls, cancelled: booking.Cancelled) -> Self:
        """Show a cancellation."""
        return cls(appointment_id=cancelled.appointment_id, late=cancelled.late)


class Ticket(Shape):
    """What the desk scans on the day of the visit; it holds the appointment's id and day only."""

    ticket: Annotated[
        str, Meta(description="Show it as a QR code as it stands.", examples=["abc.def"])
    ]
    day: Day
