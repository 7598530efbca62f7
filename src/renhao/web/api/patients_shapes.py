"""Patients: what is sent and answered."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from renhao.identity import (
    AgeGroup,
    Assurance,
    DocumentKind,
    PatientCard,
    Relation,
    Sex,
)
from renhao.kernel import Purpose
from renhao.web.api.account_shapes import DocumentNumber, IssuingState
from renhao.web.api.schedule_shapes import Id
from renhao.web.api.shapes import Moment, Shape


class NewPatient(Shape):
    """Whom to add: three fields, and more only where the number does not say enough."""

    document_kind: DocumentKind
    document_number: DocumentNumber
    name: Annotated[
        str,
        Meta(min_length=1, max_length=200, description="As on the document.", examples=["赵若水"]),
    ]
    issuing_state: IssuingState = None
    relation: Annotated[
        Relation | None, Meta(description="Asked for under 14 only, otherwise optional.")
    ] = None
    guardian_patient_id: Annotated[
        UUID | None,
        Meta(description="Under 14: the patient of this account who is its holder (`self`)."),
    ] = None
    birth_date: Annotated[
        date | None, Meta(description="Only for documents whose number does not hold it.")
    ] = None


class PatientShown(Shape):
    """One patient of the account."""

    patient_id: Id
    name: Annotated[str, Meta(examples=["赵若水"])]
    document_kind: DocumentKind
    masked_number: Annotated[str, Meta(examples=["1100**********001X"])]
    relation: Relation | None
    guardian_patient_id: UUID | None
    assurance: Annotated[
        Assurance,
        Meta(description="How sure the platform is of what this account typed."),
    ]
    confirmed: Annotated[
        bool | None, Meta(description="The authority's answer; null where none was given.")
    ]
    age_group: AgeGroup
    birth_date: date
    sex: Sex | None
    linked_at: Moment

    @classmethod
    def of(cls, card: PatientCard) -> Self:
        """Show a patient to the account that added it."""
        return cls(
            patient_id=card.patient_id,
            name=card.name.reveal(purpose=Purpose.OWN_PAGE),
            document_kind=card.kind,
            masked_number=card.masked_number,
            relation=card.relation,
            guardian_patient_id=card.guardian_patient_id,
            assurance=card.assurance,
            confirmed=card.confirmed,
            age_group=card.age_group,
            birth_date=card.birth_date.reveal(purpose=Purpose.OWN_PAGE),
            sex=None if card.sex is None else card.sex.reveal(purpose=Purpose.OWN_PAGE),
            linked_at=card.linked_at,
        )


class Patients(Shape):
    """The patients that the account may book for."""

    items: list[PatientShown]
