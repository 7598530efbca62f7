"""What hospitals offer: hospitals, departments, days, clinics, slots and what is left."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from renhao import schedule
from renhao.schedule import ClinicStatus, HalfDay, Mode
from renhao.web.api.shapes import Moment, Shape, Words

Id = Annotated[UUID, Meta(examples=["01936f5e-8c00-7000-8000-000000000001"])]
Day = Annotated[date, Meta(description="Day of the hospital.", examples=["2026-11-24"])]
HOSPITAL_CODE = "^[a-z][a-z0-9-]{1,31}$"
HospitalCode = Annotated[
    str,
    Meta(
        pattern=HOSPITAL_CODE,
        description="Short name of the hospital.",
        examples=["demo"],
    ),
]
Left = Annotated[
    int, Meta(ge=0, description="Online numbers that can be booked now.", examples=[12])
]


class HospitalShown(Shape):
    """One hospital."""

    code: HospitalCode
    name: Words
    address: Words
    phone: str
    notice: Words
    zone: Annotated[str, Meta(description="IANA zone of its days.", examples=["Asia/Shanghai"])]

    @classmethod
    def of(cls, hospital: schedule.Hospital) -> Self:
        """Show a hospital."""
        return cls(
            code=hospital.code,
            name=Words(zh=hospital.name_zh, en=hospital.name_en),
            address=Words(zh=hospital.address_zh, en=hospital.address_en),
            phone=hospital.phone,
            notice=Words(zh=hospital.notice_zh, en=hospital.notice_en),
            zone=hospital.zone,
        )


class DepartmentShown(Shape):
    """One department."""

    department_id: Id
    code: Annotated[
        str | None, Meta(description="Code of the national list of departments (诊疗科目名录).")
    ]
    name: Words
    place: Words

    @classmethod
    def of(cls, department: schedule.Department) -> Self:
        """Show a department."""
        return cls(
            department_id=department.department_id,
            code=department.department_code,
            name=Words(zh=department.name_zh, en=department.name_en),
            place=Words(zh=department.place_zh, en=department.place_en),
        )


class HalfDayShown(Shape):
    """One half-day of one department."""

    half_day: HalfDay
    clinics: Annotated[int, Meta(ge=0, description="Clinics that take place.")]
    left: Left
    drawn: Annotated[int, Meta(ge=0, description="Clinics whose numbers are drawn by lot.")]
    suspended: Annotated[int, Meta(ge=0, description="Clinics called off.")]
    next_release_at: Annotated[
        Moment | None, Meta(description="When the next of them opens; null when all are open.")
    ]

    @classmethod
    def of(cls, found: schedule.HalfDayLeft) -> Self:
        """Show a half-day."""
        return cls(
            half_day=found.half_day,
            clinics=found.clinics,
            left=found.left,
            drawn=found.drawn,
            suspended=found.suspended,
            next_release_at=found.next_release_at,
        )


class DayShown(Shape):
    """One day of one department; without clinics `half_days` is empty."""

    day: Day
    left: Left
    half_days: list[HalfDayShown]

    @classmethod
    def of(cls, found: schedule.DepartmentDay) -> Self:
        """Show a day."""
        half_days = [HalfDayShown.of(each) for each in found.half_days]
        return cls(day=found.day, left=found.left, half_days=half_days)


class ClinicShown(Shape):
    """One clinic: one practitioner or department, one day, one half-day."""

    clinic_id: Id
    department_id: Id
    department: Words
    place: Words
    practitioner: Annotated[
        str | None, Meta(description="Null for a clinic of the department itself.")
    ]
    title: str | None
    visit_kind: Words
    day: Day
    half_day: HalfDay
    starts_at: Moment
    ends_at: Moment
    mode: Annotated[Mode, Meta(description="`instant`: first come, first served. `draw`: by lot.")]
    status: ClinicStatus
    fee_cents: Annotated[
        int, Meta(ge=0, description="In fen; paid at the hospital.", examples=[5000])
    ]
    room: str
    released_at: Annotated[Moment, Meta(description="When booking opens.")]
    free_cancel_until: Annotated[Moment, Meta(description="Later it counts as late.")]
    left: Left

    @classmethod
    def of(cls, card: schedule.ClinicCard) -> Self:
        """Show a clinic."""
        return cls(
            clinic_id=card.clinic_id,
            department_id=card.department_id,
            department=Words(zh=card.department_zh, en=card.department_en),
            place=Words(zh=card.place_zh, en=card.place_en),
            practitioner=card.practitioner,
            title=card.title,
            visit_kind=Words(zh=card.visit_kind_zh, en=card.visit_kind_en),
            day=card.day,
            half_day=card.half_day,
            starts_at=card.starts_at,
            ends_at=card.ends_at,
            mode=card.mode,
            status=card.status,
            fee_cents=card.fee_cents,
            room=card.room,
            released_at=card.released_at,
            free_cancel_until=card.free_cancel_until,
            left=card.left,
        )


class SlotShown(Shape):
    """One slot; what is left in it can be booked online."""

    slot_id: Id
    starts_at: Moment
    ends_at: Moment
    left: Left

    @classmethod
    def of(cls, slot: schedule.SlotLeft) -> Self:
        """Show a slot; other channels' numbers are not the caller's to book."""
        return cls(
            slot_id=slot.slot_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            left=slot.online,
        )


class ClinicWithSlots(Shape):
    """One clinic and its slots in order of time."""

    clinic: ClinicShown
    slots: list[SlotShown]

    @classmethod
    def of(cls, page: schedule.ClinicPage) -> Self:
        """Show a clinic with its slots."""
        return cls(
            clinic=ClinicShown.of(page.clinic), slots=[SlotShown.of(each) for each in page.slots]
        )


class Hospitals(Shape):
    """All hospitals."""

    items: list[HospitalShown]


class Departments(Shape):
    """Departments of one hospital."""

    items: list[DepartmentShown]


class Days(Shape):
    """The next 14 days of one department."""

    items: list[DayShown]


class Clinics(Shape):
    """The clinics of one department on one day."""

    items: list[ClinicShown]
