"""The patients of an account: list, add, remove."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from renhao import identity, kernel, storage
from renhao.audit import Actor, ActorKind
from renhao.identity import AddPatient
from renhao.kernel import AccountId, IdentityId, PatientId, Refused, Sensitive
from renhao.services import Services
from renhao.web import dates
from renhao.web.api.bearer import account_of, session_required
from renhao.web.api.describe import SECURED, Described, problem_responses
from renhao.web.api.patients_shapes import NewPatient, Patients, PatientShown

AnyRequest = Request[Any, Any, Any]


@get("/patients", operation_class=Described, responses=problem_responses(session=True))
async def list_patients(request: AnyRequest, services: NamedDependency[Services]) -> Patients:
    """List the patients that the account may book for."""
    async with storage.begin(services.pool) as tx:
        found = await identity.patients(
            tx,
            services.vault,
            account_id=account_of(request),
            today=dates.today(services.clock()),
        )
    return Patients(items=[PatientShown.of(each) for each in found])


@post(
    "/patients",
    status_code=201,
    operation_class=Described,
    responses=problem_responses(session=True, body=True, more=(409,)),
)
async def add_patient(
    request: AnyRequest, services: NamedDependency[Services], data: JSONBody[NewPatient]
) -> PatientShown:
    """Add a patient; a child under 14 needs a guardian."""
    account_id = account_of(request)
    command = _command(account_id, data, services)
    answer = await identity.match(
        services.pool, services.vault, services.authority, command, now=services.clock()
    )
    if isinstance(answer, Refused):
        raise answer
    command = replace(command, answer=answer)
    async with storage.begin(services.pool) as tx:
        outcome = await identity.add_patient(
            tx, services.vault, command, by=_actor(account_id), now=services.clock()
        )
    if isinstance(outcome, Refused):
        raise outcome
    return await _card(services, account_id, outcome.patient_id)


@delete(
    "/patients/{patient_id:uuid}",
    operation_class=Described,
    responses=problem_responses(session=True, more=(409,)),
)
async def remove_patient(
    request: AnyRequest, services: NamedDependency[Services], patient_id: FromPath[UUID]
) -> None:
    """Remove a patient from the account; what is booked stays booked."""
    account_id = account_of(request)
    async with storage.begin(services.pool) as tx:
        await identity.remove_patient(
            tx,
            account_id=account_id,
            patient_id=PatientId(patient_id),
            by=_actor(account_id),
            now=services.clock(),
        )


def patients_router() -> Router:
    """Give the routes of patients."""
    return Router(
        "/",
        route_handlers=[list_patients, add_patient, remove_patient],
        guards=[session_required],
        security=SECURED,
        tags=["patients"],
    )


def _command(account_id: AccountId, data: NewPatient, services: Services) -> AddPatient:
    guardian = data.guardian_patient_id
    return AddPatient(
        account_id=account_id,
        patient_id=PatientId(kernel.new_id()),
        identity_id=IdentityId(kernel.new_id()),
        name=identity.parse_name(data.name),
        document=identity.parse_document(
            data.document_kind,
            data.document_number,
            today=dates.today(services.clock()),
            issuing_state=data.issuing_state,
        ),
        relation=data.relation,
        guardian_patient_id=None if guardian is None else PatientId(guardian),
        birth_date=None if data.birth_date is None else Sensitive(data.birth_date),
    )


async def _card(services: Services, account_id: AccountId, patient_id: PatientId) -> PatientShown:
    async with storage.begin(services.pool) as tx:
        cards = await identity.patients(
            tx, services.vault, account_id=account_id, today=dates.today(services.clock())
        )
    return next(PatientShown.of(each) for each in cards if each.patient_id == patient_id)


def _actor(account_id: AccountId) -> Actor:
    return Actor(ActorKind.ACCOUNT, account_id)
