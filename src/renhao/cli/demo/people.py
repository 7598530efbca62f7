"""The demo's patients: each account logs in and adds its family, as people do."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from renhao import audit, identity, privacy, simulate
from renhao.kernel import AccountId, IdentityId, PatientId, Refused, new_id
from renhao.storage import Pool, Tx, begin

AT_ONCE = 8
ADDRESSES = 250


@dataclass(frozen=True, slots=True)
class Person:
    """A patient of the demo, and the account that added them."""

    account_id: AccountId
    patient_id: PatientId
    identity_id: IdentityId


async def add_everybody(
    pool: Pool,
    vault: privacy.Vault,
    patients: Iterable[simulate.SimulatedPatient],
    *,
    now: datetime,
    on_progress: Callable[[int], None],
) -> Mapping[int, Person]:
    """Make the accounts and their patients; give the persons by their place in the plan."""
    gate, people = asyncio.Semaphore(AT_ONCE), dict[int, Person]()

    async def add(account: int, family: list[simulate.SimulatedPatient]) -> None:
        async with gate, begin(pool) as tx:
            account_id = await _log_in(tx, vault, account, family[0].phone, now=now)
            for member in family:
                people[member.place] = await _add(
                    tx, vault, member, account_id=account_id, people=people, now=now
                )
        on_progress(len(family))

    families = groupby(patients, key=lambda patient: patient.account)
    await asyncio.gather(*(add(account, list(family)) for account, family in families))
    return people


async def _log_in(
    tx: Tx, vault: privacy.Vault, account: int, phone: str, *, now: datetime
) -> AccountId:
    """Ask for a code and log in with it, from an address of its own."""
    parsed, code, token = identity.parse_phone(phone), identity.new_code(), identity.new_token()
    address = f"10.{account // ADDRESSES}.{account % ADDRESSES}.1"
    await identity.request_code(
        tx,
        vault,
        phone=parsed,
        address=address,
        language="zh",
        code=code,
        code_id=new_id(),
        now=now,
    )
    command = identity.LogIn(
        phone=parsed,
        code=code,
        token=token,
        device="demo",
        address=address,
        account_id=AccountId(new_id()),
        language="zh",
    )
    answer = await identity.log_in(tx, vault, command, now=now)
    if isinstance(answer, Refused):
        raise answer
    await identity.log_out(tx, token=token, now=now)
    return answer.account_id


async def _add(
    tx: Tx,
    vault: privacy.Vault,
    member: simulate.SimulatedPatient,
    *,
    account_id: AccountId,
    people: Mapping[int, Person],
    now: datetime,
) -> Person:
    guardian = None if member.guardian is None else people[member.guardian].patient_id
    kind = identity.DocumentKind.CITIZEN
    command = identity.AddPatient(
        account_id=account_id,
        patient_id=PatientId(new_id()),
        identity_id=IdentityId(new_id()),
        name=identity.parse_name(member.name),
        document=identity.parse_document(
            kind, member.citizen_number, today=identity.local_day(now)
        ),
        relation=identity.Relation(member.relation),
        guardian_patient_id=guardian,
    )
    by = audit.Actor(audit.ActorKind.ACCOUNT, account_id)
    link = await identity.add_patient(tx, vault, command, by=by, now=now)
    if isinstance(link, Refused):
        raise link
    return Person(account_id, link.patient_id, link.identity_id)
