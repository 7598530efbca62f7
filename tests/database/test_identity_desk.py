"""The desk: comparing cards, window patients, corrections; and what nobody can read or change."""

from dataclasses import replace

import psycopg
import pytest

from renhao import audit, identity, privacy, storage
from renhao.identity import Assurance
from renhao.kernel import HospitalId, IdentityId, PatientId, Purpose, Sensitive, new_id
from tests.support import people
from tests.support.identities import (
    ADULT,
    CODE,
    NOW,
    World,
    adding,
    citizen,
    clerk,
    passport,
)

pytestmark = pytest.mark.database
HOSPITAL = HospitalId(new_id())


@pytest.fixture
def world(pool: storage.Pool, vault: privacy.Vault) -> World:
    return World(pool, vault)


def at_window(name: str = "张小明", **given: object) -> identity.WindowPatient:
    command = identity.WindowPatient(
        hospital_id=HOSPITAL,
        patient_id=PatientId(new_id()),
        identity_id=IdentityId(new_id()),
        name=Sensitive(name),
        document=citizen(),
    )
    return replace(command, **given)  # type: ignore[arg-type]


async def window(
    world: World, command: identity.WindowPatient, *, by: audit.Actor | None = None
) -> identity.Seen:
    async with storage.begin(world.pool) as tx:
        return await identity.patient_for_window(
            tx, world.vault, command, by=by or clerk(), now=NOW
        )


def correction(old: identity.PatientLink, name: str = "张晓明") -> identity.CorrectName:
    return identity.CorrectName(
        hospital_id=HOSPITAL,
        patient_id=old.patient_id,
        identity_id=old.identity_id,
        new_identity_id=IdentityId(new_id()),
        document=citizen(),
        name=Sensitive(name),
        second=clerk(),
    )


async def correct(
    world: World, command: identity.CorrectName, *, by: audit.Actor | None = None
) -> identity.Seen:
    async with storage.begin(world.pool) as tx:
        return await identity.correct_name(tx, world.vault, command, by=by or clerk(), now=NOW)


def audited(owner: psycopg.Connection, action: str) -> list[tuple[object, ...]]:
    return owner.execute(
        "SELECT hospital_id, actor_kind, fields, purpose FROM audit_event WHERE action = %s",
        [action],
    ).fetchall()


async def test_reading_an_identity_at_the_desk_is_audited(
    world: World, owner: psycopg.Connection
) -> None:
    link = await world.add(adding(await world.account(), name="张小明"))

    async with storage.begin(world.pool) as tx:
        read = await identity.identity_of(
            tx,
            world.vault,
            hospital_id=HOSPITAL,
            patient_id=link.patient_id,
            identity_id=link.identity_id,
            purpose=Purpose.COMPARE_AT_DESK,
            by=clerk(),
            now=NOW,
        )

    assert read.name == Sensitive("张小明")
    assert read.number == citizen().number
    assert audited(owner, "identity-read") == [
        (HOSPITAL, "staff", ["name", "document", "birth_date"], "compare-at-desk")
    ]


async def test_what_does_not_exist_is_neither_read_nor_seen(world: World) -> None:
    link = await world.add(adding(await world.account()))
    strangers = identity.Seen(link.patient_id, IdentityId(new_id()))

    with pytest.raises(identity.IdentityUnknown):
        await world.seen(strangers)
    with pytest.raises(identity.IdentityUnknown):
        await correct(world, replace(correction(link), identity_id=strangers.identity_id))


async def test_a_window_patient_is_seen_at_once(world: World, owner: psycopg.Connection) -> None:
    seen = await window(world, at_window(document=passport(), birth_date=Sensitive(ADULT)))

    rows = owner.execute("SELECT patient_id, identity_id, assurance FROM patient").fetchall()
    assert rows == [(seen.patient_id, seen.identity_id, Assurance.SEEN.value)]
    assert len(audited(owner, "card-read")) == 1
    assert len(audited(owner, "patient-seen")) == 1


async def test_the_window_finds_the_person_that_an_account_declared(world: World) -> None:
    link = await world.add(adding(await world.account(), name="李大华"))

    seen = await window(world, at_window())

    assert seen.patient_id == link.patient_id
    assert seen.identity_id != link.identity_id


async def test_the_window_does_not_rename_who_was_confirmed(world: World) -> None:
    await window(world, at_window())

    with pytest.raises(identity.NameNeedsCorrection):
        await window(world, at_window("李大华"))
    await window(world, at_window("张 小明"))


async def test_the_window_is_staffed(world: World) -> None:
    with pytest.raises(ValueError, match="only staff"):
        await window(world, at_window(), by=audit.PROGRAM)


async def test_a_mistyped_name_is_corrected_by_two_with_the_same_document(
    world: World, owner: psycopg.Connection
) -> None:
    account_id = await world.account()
    link = await world.add(adding(account_id, name="张小明"))

    seen = await correct(world, correction(link))

    [card] = await world.cards(account_id)
    assert (card.name, card.identity_id) == (Sensitive("张晓明"), seen.identity_id)
    assert card.assurance is Assurance.SEEN
    assert owner.execute("SELECT count(*) FROM identity").fetchone() == (2,)
    assert audited(owner, "name-corrected") == [(HOSPITAL, "staff", ["name"], "correction")] * 2


async def test_a_correction_keeps_the_birth_date_that_was_asked(world: World) -> None:
    account_id = await world.account()
    link = await world.add(adding(account_id, passport(), name="Ada Exampel", birth=ADULT))

    await correct(world, replace(correction(link, "Ada Example"), document=passport()))

    [card] = await world.cards(account_id)
    assert (card.name, card.birth_date) == (Sensitive("Ada Example"), Sensitive(ADULT))


async def test_a_correction_is_refused(world: World) -> None:
    link = await world.add(adding(await world.account(), name="张小明"))
    await world.add(adding(await world.account(2), citizen(2)))
    command = correction(link)

    with pytest.raises(identity.SecondPersonNeeded):
        await correct(world, command, by=command.second)
    with pytest.raises(identity.SecondPersonNeeded):
        await correct(world, replace(command, second=audit.PROGRAM))
    for document in (citizen(2), citizen(3)):
        with pytest.raises(identity.DocumentIsAnothers):
            await correct(world, replace(command, document=document))
    with pytest.raises(identity.NameUnchanged):
        await correct(world, correction(link, "张小明"))


async def fill(world: World) -> None:
    account_id = await world.account(1)
    link = await world.add(adding(account_id, citizen(1), name="张小明"))
    await world.add(adding(account_id, passport(7), name="Ada Example", birth=ADULT))
    await correct(world, correction(link))
    await window(world, at_window("欧阳思", document=citizen(9)))


async def test_no_name_number_or_phone_is_readable_in_any_table(
    world: World, owner: psycopg.Connection
) -> None:
    await fill(world)
    secrets = [
        "张小明",
        "张晓明",
        "欧阳思",
        "Ada Example",
        citizen(1).number.reveal(purpose=Purpose.SEAL),
        citizen(9).number.reveal(purpose=Purpose.SEAL),
        people.passport_number(7),
        people.phone_number(1),
        f",{CODE}",  # six digits alone also occur in ciphers written as hex
        f"{ADULT}",
    ]

    dumps = {
        table: "\n".join(str(row[0]) for row in owner.execute(f'SELECT t::text FROM "{table}" t'))
        for (table,) in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    }

    assert dumps["identity"].count("\n") == 3
    needles = [form for secret in secrets for form in (secret, secret.encode().hex())]
    found = [(table, one) for table, text in dumps.items() for one in needles if one in text]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity SET name_cipher = ''",
        "UPDATE identity SET document_cipher = ''",
        "UPDATE identity SET birth_cipher = ''",
        "UPDATE identity SET patient_id = patient_id",
        "UPDATE identity SET made_by = made_by",
        "DELETE FROM identity",
        "UPDATE document_index SET patient_id = patient_id",
        "DELETE FROM document_index",
        "DELETE FROM patient",
        "DELETE FROM patient_link",
        "UPDATE patient_link SET account_id = account_id",
        "UPDATE account SET account_id = account_id",
        "UPDATE login_code SET code_mac = ''",
        "UPDATE account_session SET expires_at = expires_at",
    ],
)
async def test_the_server_cannot_change_what_must_stay(world: World, statement: str) -> None:
    await fill(world)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with storage.begin(world.pool) as tx:
            await tx.run(statement)
