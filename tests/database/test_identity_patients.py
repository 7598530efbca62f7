"""Adding and removing patients, on a real database: what one account does tells another nothing."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from renhao import identity, privacy, storage
from renhao.identity import Answer, Assurance, Relation
from renhao.kernel import AccountId, PatientId, Purpose, Refused, Sensitive, new_id
from tests.conftest import Databases
from tests.support import people
from tests.support.identities import ADULT, CHILD, NOW, World, adding, citizen, passport

pytestmark = pytest.mark.database
YES = Answer("file", matched=True)
NO = Answer("file", matched=False)


@pytest.fixture
def world(pool: storage.Pool, vault: privacy.Vault) -> World:
    return World(pool, vault)


async def test_a_patient_is_shown_on_the_accounts_own_page(world: World) -> None:
    account_id = await world.account()

    link = await world.add(adding(account_id, citizen(3), name="张 小明", relation=Relation.SELF))

    [card] = await world.cards(account_id)
    assert (card.patient_id, card.identity_id) == (link.patient_id, link.identity_id)
    assert card.name.reveal(purpose=Purpose.OWN_PAGE) == "张 小明"
    assert card.masked_number == "1100**********" + people.citizen_number(ADULT, 3)[-4:]
    assert (card.relation, card.assurance, card.confirmed) == ("self", "declared", None)
    assert card.age_group is identity.AgeGroup.ADULT
    assert card.birth_date == Sensitive(ADULT)
    assert card.sex == Sensitive(identity.Sex.MALE)


async def test_a_number_without_birth_date_asks_for_it(world: World) -> None:
    account_id = await world.account()

    with pytest.raises(identity.BirthDateMissing):
        await world.add(adding(account_id, passport()))
    with pytest.raises(identity.BirthDateNotAsked):
        await world.add(adding(account_id, citizen(), birth=ADULT))
    with pytest.raises(identity.BirthDateImpossible):
        await world.add(adding(account_id, passport(), birth=NOW.date() + timedelta(days=2)))
    await world.add(adding(account_id, passport(), name="Ada Example", birth=ADULT))

    [card] = await world.cards(account_id)
    assert (card.birth_date, card.sex) == (Sensitive(ADULT), None)
    assert card.masked_number == "X*****001"


async def test_five_patients_and_no_more(world: World) -> None:
    account_id = await world.account()
    for index in range(1, 4):
        await world.add(adding(account_id, citizen(index)))

    late = [world.try_add(adding(account_id, citizen(index))) for index in range(4, 10)]
    answers = await asyncio.gather(*late, return_exceptions=True)

    added = [answer for answer in answers if isinstance(answer, identity.PatientLink)]
    refused = [answer for answer in answers if isinstance(answer, identity.PatientsFull)]
    assert (len(added), len(refused)) == (2, 4)
    await world.remove(account_id, added[0].patient_id)
    await world.add(adding(account_id, citizen(20)))


async def test_a_removed_patient_may_come_back_after_thirty_days(world: World) -> None:
    account_id = await world.account()
    link = await world.add(adding(account_id))
    with pytest.raises(identity.PatientAddedAlready):
        await world.add(adding(account_id))
    await world.remove(account_id, link.patient_id)

    with pytest.raises(identity.PatientCoolingDown):
        await world.add(adding(account_id), now=NOW + timedelta(days=30, seconds=-1))
    again = await world.add(adding(account_id), now=NOW + timedelta(days=30))

    assert again.patient_id == link.patient_id
    assert len(await world.cards(account_id)) == 1


async def test_what_is_not_there_cannot_be_removed(world: World) -> None:
    account_id = await world.account()
    link = await world.add(adding(await world.account(2)))

    with pytest.raises(identity.PatientUnknown):
        await world.remove(account_id, link.patient_id)


async def test_without_an_account_nothing_is_added(world: World) -> None:
    with pytest.raises(identity.NotLoggedIn):
        await world.add(adding(AccountId(new_id())))


async def test_only_one_patient_is_the_holder(world: World) -> None:
    account_id = await world.account()
    await world.add(adding(account_id, citizen(1), relation=Relation.SELF))

    with pytest.raises(identity.SelfTaken):
        await world.add(adding(account_id, citizen(2), relation=Relation.SELF))


async def test_a_child_needs_a_grown_guardian_of_the_same_account(world: World) -> None:
    account_id = await world.account()
    child = citizen(5, birth=CHILD)
    holder = await world.add(adding(account_id, citizen(1), relation=Relation.SELF))
    friend = await world.add(adding(account_id, citizen(2), relation=Relation.FRIEND))

    with pytest.raises(identity.RelationNeeded):
        await world.add(adding(account_id, child, guardian=holder.patient_id))
    for guardian in (None, friend.patient_id, PatientId(new_id())):
        with pytest.raises(identity.GuardianNeeded):
            await world.add(adding(account_id, child, relation=Relation.CHILD, guardian=guardian))
    link = await world.add(
        adding(account_id, child, relation=Relation.CHILD, guardian=holder.patient_id)
    )

    assert link.guardian_patient_id == holder.patient_id
    with pytest.raises(identity.GuardianInUse):
        await world.remove(account_id, holder.patient_id)
    await world.remove(account_id, link.patient_id)
    await world.remove(account_id, holder.patient_id)


async def test_a_guardian_is_of_age(world: World) -> None:
    account_id = await world.account()
    born = NOW.date().replace(year=NOW.year - 17)
    young = await world.add(adding(account_id, citizen(1, birth=born), relation=Relation.SELF))

    with pytest.raises(identity.GuardianTooYoung):
        await world.add(
            adding(
                account_id,
                citizen(5, birth=CHILD),
                relation=Relation.CHILD,
                guardian=young.patient_id,
            )
        )


async def test_two_accounts_share_one_person_and_learn_nothing(world: World) -> None:
    one, two = await world.account(1), await world.account(2)
    first = await world.add(
        adding(one, passport(), name="Ada Example", birth=ADULT, relation=Relation.SELF)
    )
    await world.seen(first)

    second = await world.add(adding(two, passport(), name="ADA EXAMPLE", birth=CHILD.replace(2001)))

    assert second.patient_id == first.patient_id
    assert second.identity_id != first.identity_id
    [card] = await world.cards(two)
    assert card.name == Sensitive("ADA EXAMPLE")
    assert card.birth_date == Sensitive(CHILD.replace(2001))
    assert (card.relation, card.assurance) == (None, Assurance.DECLARED)
    [own] = await world.cards(one)
    assert own.assurance is Assurance.SEEN


async def test_another_name_for_a_declared_person_is_a_claim_of_its_own(world: World) -> None:
    one, two = await world.account(1), await world.account(2)
    first = await world.add(adding(one, name="张小明"))

    second = await world.add(adding(two, name="李大华"))

    assert second.patient_id == first.patient_id
    assert [card.name for card in await world.cards(one)] == [Sensitive("张小明")]
    assert [card.name for card in await world.cards(two)] == [Sensitive("李大华")]


async def test_another_name_for_a_confirmed_person_gets_the_neutral_refusal(
    world: World, owner: psycopg.Connection
) -> None:
    one, two = await world.account(1), await world.account(2)
    await world.add(adding(one, name="张小明", answer=YES))

    answers = [await world.try_add(adding(two, name="李大华")) for _ in range(3)]
    with pytest.raises(identity.NeutralRefusalsUsedUp):
        await world.try_add(adding(two, name="张小明"))

    assert [type(answer) for answer in answers] == [identity.AskAtWindowOrOwnAccount] * 3
    assert all(isinstance(answer, Refused) and answer.facts == {} for answer in answers)
    assert await world.cards(two) == []
    assert owner.execute("SELECT count(*) FROM identity").fetchone() == (1,)
    tomorrow = NOW + timedelta(days=1)
    assert await world.add(adding(two, name="张小明"), now=tomorrow)


async def test_the_neutral_refusal_is_counted_to_three(world: World) -> None:
    account_id = await world.account()
    async with storage.begin(world.pool) as tx:
        answers = [
            await identity.refuse_neutrally(tx, world.vault, account_id=account_id, now=NOW)
            for _ in range(4)
        ]

    assert [type(answer) for answer in answers] == [identity.AskAtWindowOrOwnAccount] * 3 + [
        identity.NeutralRefusalsUsedUp
    ]


async def test_the_authoritys_answer_raises_or_keeps_the_assurance(
    world: World, owner: psycopg.Connection
) -> None:
    one, two = await world.account(1), await world.account(2)
    await world.add(adding(one, citizen(1), answer=NO))
    await world.add(adding(one, citizen(2), answer=YES))
    seen = await world.add(adding(one, citizen(4)))
    await world.seen(seen)
    await world.add(adding(two, citizen(4), name="李大华", answer=YES))

    cards = await world.cards(one)

    assert [(card.assurance.value, card.confirmed) for card in cards] == [
        ("declared", False),
        ("matched", True),
        ("seen", None),
    ]
    assert [card.assurance.value for card in await world.cards(two)] == ["matched"]
    kept = owner.execute(
        "SELECT assurance, identity_id FROM patient ORDER BY created_at, assurance"
    )
    assert ("seen", seen.identity_id) in kept.fetchall()


class Counting:
    """An authority that counts how often it is asked."""

    provider = "file"

    def __init__(self) -> None:
        self.asked = 0

    async def match(self, *, name: Sensitive[str], document: identity.Document) -> Answer | None:
        del name, document
        self.asked += 1
        return YES


async def test_an_account_asks_the_authority_once_for_a_name(world: World) -> None:
    one, two = await world.account(1), await world.account(2)
    authority = Counting()

    async def ask(command: identity.AddPatient) -> Answer | Refused | None:
        return await identity.match(world.pool, world.vault, authority, command, now=NOW)

    answer = await ask(adding(one))
    assert isinstance(answer, Answer)
    await world.add(adding(one, answer=answer))
    again = await ask(adding(one))
    other_name = await ask(adding(one, name="李大华"))
    by_another = await ask(adding(two))

    assert [answer, again, other_name, by_another] == [YES] * 4
    assert authority.asked == 3


async def test_the_authority_is_asked_ten_times_a_day_and_never_for_passports(
    world: World,
) -> None:
    account_id = await world.account()
    authority = Counting()
    commands = [adding(account_id, citizen(index)) for index in range(1, 12)]

    answers = [
        await identity.match(world.pool, world.vault, authority, command, now=NOW)
        for command in commands
    ]
    for nobody, command in (
        (authority, adding(account_id, passport(), birth=ADULT)),
        (identity.NoAuthority(), adding(account_id)),
    ):
        assert await identity.match(world.pool, world.vault, nobody, command, now=NOW) is None

    assert answers[:10] == [YES] * 10
    assert isinstance(answers[10], identity.MatchesLimited)
    assert authority.asked == 10


async def test_links_names_and_masks_are_read_for_pages(world: World, databases: Databases) -> None:
    account_id = await world.account()
    link = await world.add(adding(account_id, name="张小明"))
    async with storage.begin(world.pool) as tx:
        found = await identity.patient_link(tx, account_id=account_id, patient_id=link.patient_id)
        none = await identity.patient_link(
            tx, account_id=account_id, patient_id=PatientId(new_id())
        )
        masks = await identity.masked_names(tx, world.vault, identity_ids=[link.identity_id])
        person = await identity.find_by_document(tx, world.vault, document=citizen())
        nobody = await identity.find_by_document(tx, world.vault, document=citizen(2))

    assert (found, none) == (link, None)
    assert masks == {link.identity_id: "张*明"}
    assert (person, nobody) == (link.patient_id, None)
    with psycopg.connect(databases.keys, autocommit=True) as keys:
        keys.execute("DELETE FROM wrapped_key")
    forgetful = privacy.Vault(world.vault._ring, world.vault._key_store)
    async with storage.begin(world.pool) as tx:
        assert await identity.own_names(tx, forgetful, identity_ids=[link.identity_id]) == {}
        assert await identity.patients(tx, forgetful, account_id=account_id, today=NOW.date()) == []


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("patient_pk", "INSERT INTO patient SELECT * FROM patient"),
        ("patient_assurance_known", "UPDATE patient SET assurance = 'sure'"),
        ("identity_pk", "INSERT INTO identity SELECT * FROM identity"),
        ("identity_of_patient", "UPDATE identity SET patient_id = gen_random_uuid()"),
        ("identity_document_kind_known", "UPDATE identity SET document_kind = 'card'"),
        ("identity_source_known", "UPDATE identity SET source = 'web'"),
        ("document_index_pk", "INSERT INTO document_index SELECT * FROM document_index"),
        ("document_kind_pk", "INSERT INTO document_kind VALUES ('citizen')"),
        ("patient_link_pk", "INSERT INTO patient_link SELECT * FROM patient_link"),
        ("patient_link_of_account", "UPDATE patient_link SET account_id = gen_random_uuid()"),
        ("patient_link_relation_known", "UPDATE patient_link SET relation = 'boss'"),
        (
            "patient_link_guardian_is_another",
            "UPDATE patient_link SET guardian_patient_id = patient_id",
        ),
        ("patient_link_one_self", "UPDATE patient_link SET relation = 'self'"),
        ("authority_answer_pk", "INSERT INTO authority_answer SELECT * FROM authority_answer"),
    ],
)
async def test_the_database_has_the_last_word(
    world: World, owner: psycopg.Connection, constraint: str, statement: str
) -> None:
    account_id = await world.account()
    await world.add(adding(account_id, citizen(1), answer=YES))
    await world.add(adding(account_id, citizen(2)))

    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        owner.execute(statement)

    assert storage.constraint_of(refused.value) == constraint
