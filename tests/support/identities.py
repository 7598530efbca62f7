"""Accounts, patients and staff made through the real operations."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from renhao import audit, identity, privacy, storage
from renhao.kernel import (
    AccountId,
    HospitalId,
    IdentityId,
    PatientId,
    Refused,
    Sensitive,
    new_id,
)
from tests.support import people

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ADULT = date(1987, 6, 5)
CHILD = date(2015, 6, 5)
CODE = "314159"
ADDRESS = "192.0.2.7"


@dataclass(frozen=True, slots=True)
class World:
    """The database and the vault of one test; each call is one committed transaction."""

    pool: storage.Pool
    vault: privacy.Vault

    async def code(
        self, phone: str, *, code: str = CODE, address: str = ADDRESS, now: datetime = NOW
    ) -> Refused | None:
        async with storage.begin(self.pool) as tx:
            return await identity.request_code(
                tx,
                self.vault,
                phone=identity.parse_phone(phone),
                address=address,
                language="zh",
                code=code,
                code_id=new_id(),
                now=now,
            )

    async def try_login(
        self, phone: str, *, code: str = CODE, now: datetime = NOW, **given: str
    ) -> identity.LoggedIn | Refused:
        command = identity.LogIn(
            phone=identity.parse_phone(phone),
            code=code,
            token=given.get("token", identity.new_token()),
            previous_token=given.get("previous_token"),
            device="Safari · iPhone",
            address=given.get("address", ADDRESS),
            account_id=AccountId(new_id()),
            language="zh",
        )
        async with storage.begin(self.pool) as tx:
            return await identity.log_in(tx, self.vault, command, now=now)

    async def login(self, phone: str, *, now: datetime = NOW, **given: str) -> identity.LoggedIn:
        assert await self.code(phone, now=now) is None
        logged_in = await self.try_login(phone, now=now, **given)
        assert isinstance(logged_in, identity.LoggedIn)
        return logged_in

    async def account(self, index: int = 0, *, now: datetime = NOW) -> AccountId:
        return (await self.login(people.phone_number(index), now=now)).account_id

    async def try_add(
        self, command: identity.AddPatient, *, now: datetime = NOW
    ) -> identity.PatientLink | Refused:
        by = audit.Actor(audit.ActorKind.ACCOUNT, command.account_id)
        async with storage.begin(self.pool) as tx:
            return await identity.add_patient(tx, self.vault, command, by=by, now=now)

    async def add(
        self, command: identity.AddPatient, *, now: datetime = NOW
    ) -> identity.PatientLink:
        link = await self.try_add(command, now=now)
        assert isinstance(link, identity.PatientLink)
        return link

    async def remove(
        self, account_id: AccountId, patient_id: PatientId, *, now: datetime = NOW
    ) -> None:
        by = audit.Actor(audit.ActorKind.ACCOUNT, account_id)
        async with storage.begin(self.pool) as tx:
            await identity.remove_patient(
                tx, account_id=account_id, patient_id=patient_id, by=by, now=now
            )

    async def cards(self, account_id: AccountId) -> list[identity.PatientCard]:
        async with storage.begin(self.pool) as tx:
            return await identity.patients(tx, self.vault, account_id=account_id, today=TODAY)

    async def seen(self, link: identity.PatientLink | identity.Seen) -> None:
        async with storage.begin(self.pool) as tx:
            await identity.mark_seen(
                tx,
                hospital_id=HospitalId(new_id()),
                patient_id=link.patient_id,
                identity_id=link.identity_id,
                by=clerk(),
                now=NOW,
            )


def clerk() -> audit.Actor:
    """Name a member of staff that nobody has met."""
    return audit.Actor(audit.ActorKind.STAFF, new_id())


def citizen(index: int = 1, *, birth: date = ADULT) -> identity.Document:
    """Make an invented citizen's document."""
    number = people.citizen_number(birth, index)
    return identity.parse_document(identity.DocumentKind.CITIZEN, number, today=TODAY)


def passport(index: int = 1) -> identity.Document:
    """Make an invented passport."""
    return identity.parse_document(
        identity.DocumentKind.PASSPORT,
        people.passport_number(index),
        today=TODAY,
        issuing_state="KAZ",
    )


def adding(
    account_id: AccountId,
    document: identity.Document | None = None,
    *,
    name: str | None = None,
    relation: identity.Relation | None = None,
    guardian: PatientId | None = None,
    birth: date | None = None,
    answer: identity.Answer | None = None,
) -> identity.AddPatient:
    """Make the command that adds an invented patient."""
    return identity.AddPatient(
        account_id=account_id,
        patient_id=PatientId(new_id()),
        identity_id=IdentityId(new_id()),
        name=Sensitive(name or people.person_name(7)),
        document=document or citizen(),
        relation=relation,
        guardian_patient_id=guardian,
        birth_date=None if birth is None else Sensitive(birth),
        answer=answer,
    )
