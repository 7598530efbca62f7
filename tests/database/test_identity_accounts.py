"""Codes, logins, sessions, and numbers that come back, on a real database."""

from datetime import datetime, timedelta

import psycopg
import pytest

from renhao import identity, privacy, storage
from renhao.kernel import AccountId, Purpose, Refused, new_id
from tests.conftest import Databases
from tests.support import people
from tests.support.identities import CODE, NOW, World, adding, citizen

pytestmark = pytest.mark.database
PHONE = people.phone_number(1)


@pytest.fixture
def world(pool: storage.Pool, vault: privacy.Vault) -> World:
    return World(pool, vault)


async def session_of(world: World, token: str, *, now: datetime = NOW) -> identity.Session | None:
    async with storage.begin(world.pool) as tx:
        return await identity.session(tx, token=token, now=now)


async def test_a_code_opens_a_session_for_a_new_and_a_known_number(world: World) -> None:
    first = await world.login(PHONE)

    again = await world.login("+86 " + PHONE)

    assert again.account_id == first.account_id
    assert not again.proof_required


async def test_a_pasted_code_is_read(world: World) -> None:
    await world.code(PHONE)

    logged_in = await world.try_login(PHONE, code=" ３１４-159 ")

    assert isinstance(logged_in, identity.LoggedIn)


async def test_only_the_code_sent_last_counts_and_only_once(world: World) -> None:
    await world.code(PHONE, code="111111")
    await world.code(PHONE, code="222222", now=NOW + timedelta(seconds=1))

    answers = [await world.try_login(PHONE, code=code) for code in ("111111", "222222", "222222")]

    kinds = [type(answer) for answer in answers]
    assert kinds == [identity.LoginCodeRefused, identity.LoggedIn, identity.LoginCodeRefused]


async def test_five_wrong_tries_spend_a_code(world: World) -> None:
    await world.code(PHONE)

    for _ in range(5):
        assert isinstance(await world.try_login(PHONE, code="000000"), identity.LoginCodeRefused)

    assert isinstance(await world.try_login(PHONE), identity.LoginCodeRefused)


@pytest.mark.parametrize(("seconds", "opens"), [(299, True), (300, False)])
async def test_a_code_lasts_five_minutes(world: World, seconds: int, *, opens: bool) -> None:
    await world.code(PHONE)

    answer = await world.try_login(PHONE, now=NOW + timedelta(seconds=seconds))

    assert isinstance(answer, identity.LoggedIn) is opens


async def test_known_and_unknown_numbers_get_the_same_answers(
    world: World, owner: psycopg.Connection
) -> None:
    await world.login(PHONE)

    asked = [await world.code(number) for number in (PHONE, people.phone_number(2))]
    wrong = [
        await world.try_login(number, code="000000") for number in (PHONE, people.phone_number(2))
    ]
    never_sent = await world.try_login(people.phone_number(3), code="000000")

    assert asked == [None, None]
    answers = [answer for answer in [*wrong, never_sent] if isinstance(answer, Refused)]
    assert [(answer.code, answer.facts) for answer in answers] == [
        ("login-code-refused", {"field": "code"})
    ] * 3
    tries = owner.execute("SELECT tries FROM login_code ORDER BY created_at, tries").fetchall()
    assert tries == [(1,), (1,), (1,)]


async def test_codes_are_limited_per_number_and_per_address(world: World) -> None:
    answers = [await world.code(PHONE) for _ in range(4)]
    others = [
        await world.code(people.phone_number(index), address="2001:db8::1")
        for index in range(10, 71)
    ]
    neighbour = await world.code(people.phone_number(99), address="2001:db8::2")
    elsewhere = await world.code(people.phone_number(99), address="2001:db8:1::2")

    assert [answer is None for answer in answers] == [True, True, True, False]
    assert isinstance(answers[3], identity.CodesLimited)
    assert [answer is None for answer in others] == [True] * 60 + [False]
    assert isinstance(neighbour, identity.CodesLimited)
    assert elsewhere is None


async def test_logins_are_limited_per_number_even_over_many_codes(world: World) -> None:
    answers = [await world.try_login(PHONE, code="000000") for _ in range(21)]

    assert isinstance(answers[19], identity.LoginCodeRefused)
    assert isinstance(answers[20], identity.LoginsLimited)
    later = NOW + timedelta(hours=1)
    assert isinstance(
        await world.try_login(PHONE, code="000000", now=later), identity.LoginCodeRefused
    )


async def test_the_code_is_sent_through_the_outbox(world: World, owner: psycopg.Connection) -> None:
    await world.code(PHONE)

    [(template, cipher)] = owner.execute("SELECT template, cipher FROM outbox").fetchall()

    opened = world.vault.open_for_platform(cipher, place="outbox/login-code")
    assert template == "login-code"
    assert opened.reveal(purpose=Purpose.SEND_MESSAGE) == f"+86{PHONE}|{CODE}|zh"


async def test_a_login_revokes_the_session_the_browser_came_with(world: World) -> None:
    await world.login(PHONE, token="old")

    await world.login(PHONE, token="new", previous_token="old")

    assert await session_of(world, "old") is None
    assert await session_of(world, "new") is not None


async def test_sessions_are_listed_and_revoked_by_their_own_account_only(world: World) -> None:
    mine = await world.login(PHONE, token="mine")
    other = await world.account(2)
    async with storage.begin(world.pool) as tx:
        [listed] = await identity.sessions(tx, account_id=mine.account_id, now=NOW)

    async with storage.begin(world.pool) as tx:
        for account_id, session_id in ((other, listed.session_id), (mine.account_id, "zz")):
            with pytest.raises(identity.SessionUnknown):
                await identity.revoke_session(
                    tx, account_id=account_id, session_id=session_id, now=NOW
                )
        await identity.revoke_session(
            tx, account_id=mine.account_id, session_id=listed.session_id, now=NOW
        )

    assert listed.device == "Safari · iPhone"
    assert await session_of(world, "mine") is None


async def test_logging_out_ends_the_session_once(world: World, owner: psycopg.Connection) -> None:
    await world.login(PHONE, token="mine")

    for _ in range(2):
        async with storage.begin(world.pool) as tx:
            await identity.log_out(tx, token="mine", now=NOW)

    assert await session_of(world, "mine") is None
    count = owner.execute("SELECT count(*) FROM audit_event WHERE action = 'logged-out'")
    assert count.fetchone() == (1,)


async def test_a_session_ends_after_thirty_days(world: World) -> None:
    await world.login(PHONE, token="mine")

    last = await session_of(world, "mine", now=NOW + timedelta(days=30, seconds=-1))
    over = await session_of(world, "mine", now=NOW + timedelta(days=30))

    assert last is not None
    assert over is None


async def with_patient(world: World) -> AccountId:
    account_id = (await world.login(PHONE)).account_id
    await world.add(adding(account_id, citizen(1)))
    return account_id


@pytest.mark.parametrize(("days", "proof"), [(89, False), (90, True)])
async def test_after_ninety_idle_days_a_number_needs_proof(
    world: World, days: int, *, proof: bool
) -> None:
    await with_patient(world)

    logged_in = await world.login(PHONE, now=NOW + timedelta(days=days))

    assert logged_in.proof_required is proof


async def test_using_a_session_counts_as_use(world: World) -> None:
    account_id = await with_patient(world)
    await world.login(PHONE, token="mine")
    await session_of(world, "mine", now=NOW + timedelta(days=20))

    logged_in = await world.login(PHONE, now=NOW + timedelta(days=100))

    assert logged_in == identity.LoggedIn(
        account_id, proof_required=False, expires_at=NOW + timedelta(days=130)
    )


async def test_an_idle_number_without_patients_needs_no_proof(world: World) -> None:
    await world.login(PHONE)

    assert not (await world.login(PHONE, now=NOW + timedelta(days=400))).proof_required


LATER = NOW + timedelta(days=200)


async def test_trying_again_does_not_make_an_idle_number_fresh(world: World) -> None:
    await with_patient(world)
    await world.login(PHONE, now=LATER, token="t")
    await session_of(world, "t", now=LATER + timedelta(hours=1))

    again = await world.login(PHONE, now=LATER + timedelta(days=1))

    assert again.proof_required


async def prove(world: World, token: str, document: identity.Document) -> Refused | None:
    command = identity.ProveDocument(token=token, document=document)
    async with storage.begin(world.pool) as tx:
        return await identity.prove_document(tx, world.vault, command, now=LATER)


async def test_the_document_of_one_patient_opens_what_is_old(world: World) -> None:
    account_id = await with_patient(world)
    await world.login(PHONE, now=LATER, token="t")

    refused = await prove(world, "t", citizen(2))
    closed = await session_of(world, "t", now=LATER)
    proved = await prove(world, "t", citizen(1))
    opened = await session_of(world, "t", now=LATER)

    assert isinstance(refused, identity.ProofRefused)
    assert closed is not None
    with pytest.raises(identity.ProofRequired):
        closed.proved()
    assert proved is None
    assert opened is not None
    assert opened.proved() == account_id
    assert not (await world.login(PHONE, now=LATER)).proof_required


async def test_documents_may_be_tried_five_times_a_day(world: World) -> None:
    await with_patient(world)
    await world.login(PHONE, now=LATER, token="t")

    answers = [await prove(world, "t", citizen(index)) for index in range(2, 8)]
    right = await prove(world, "t", citizen(1))

    assert [type(answer) for answer in answers] == [identity.ProofRefused] * 5 + [
        identity.ProofsLimited
    ]
    assert isinstance(right, identity.ProofsLimited)


async def test_there_is_nothing_to_prove_without_a_session_or_need(world: World) -> None:
    await world.login(PHONE, token="t", now=LATER)

    with pytest.raises(identity.NothingToProve):
        await prove(world, "t", citizen(1))
    with pytest.raises(identity.NotLoggedIn):
        await prove(world, "nobody's", citizen(1))


async def anew(world: World, token: str) -> identity.LoggedIn:
    command = identity.StartAnew(token=token, new_token="new", account_id=AccountId(new_id()))
    async with storage.begin(world.pool) as tx:
        return await identity.start_anew(tx, world.vault, command, now=LATER)


async def test_a_new_holder_leaves_the_old_account_behind(
    world: World, owner: psycopg.Connection
) -> None:
    old = await with_patient(world)
    await world.login(PHONE, now=LATER, token="t")

    new = await anew(world, "t")

    assert new.account_id != old
    assert await world.cards(new.account_id) == []
    assert await session_of(world, "t", now=LATER) is None
    assert (await session_of(world, "new", now=LATER)) is not None
    assert (await world.login(PHONE, now=LATER)).account_id == new.account_id
    rows = owner.execute(
        "SELECT phone_cipher IS NULL, phone_released_at FROM account WHERE account_id = %s", [old]
    ).fetchall()
    assert rows == [(True, LATER)]
    async with storage.begin(world.pool) as tx:
        phones = identity.Phones(world.vault)
        assert await phones.addressee(tx, account_id=old) is None
        addressee = await phones.addressee(tx, account_id=new.account_id)
    assert addressee is not None
    assert addressee.phone.reveal(purpose=Purpose.SEND_MESSAGE) == f"+86{PHONE}"


async def test_nobody_starts_anew_once_the_old_holder_has_proved(world: World) -> None:
    await with_patient(world)
    await world.login(PHONE, now=LATER, token="t")
    await world.login(PHONE, now=LATER, token="other")
    await prove(world, "other", citizen(1))

    with pytest.raises(identity.NotLoggedIn):
        await anew(world, "t")


async def test_messages_follow_the_chosen_language(world: World) -> None:
    account_id = await world.account()
    async with storage.begin(world.pool) as tx:
        await identity.set_language(tx, account_id=account_id, language="en", now=NOW)
        addressee = await identity.Phones(world.vault).addressee(tx, account_id=account_id)
        nobody = await identity.Phones(world.vault).addressee(tx, account_id=AccountId(new_id()))

    assert addressee is not None
    assert addressee.language == "en"
    assert nobody is None


async def test_an_erased_account_has_no_phone(world: World, databases: Databases) -> None:
    account_id = await world.account()
    with psycopg.connect(databases.keys, autocommit=True) as keys:
        keys.execute("DELETE FROM wrapped_key")
    forgetful = privacy.Vault(world.vault._ring, world.vault._key_store)

    async with storage.begin(world.pool) as tx:
        assert await identity.Phones(forgetful).addressee(tx, account_id=account_id) is None


async def test_the_worker_purges_what_is_over(world: World, databases: Databases) -> None:
    await world.login(PHONE, token="t")
    worker = storage.make_pool(databases.main, role=storage.roles.WORKER)

    async with worker, storage.begin(worker) as tx:
        deleted = await identity.purge(tx, before=NOW + timedelta(days=31))

    assert deleted >= 3
    assert await session_of(world, "t") is None


async def test_a_session_that_was_ended_is_purged_before_it_would_run_out(
    world: World, databases: Databases, owner: psycopg.Connection
) -> None:
    for place, token in enumerate(("ended", "live")):
        await world.login(people.phone_number(place), token=token)
    async with storage.begin(world.pool) as tx:
        await identity.log_out(tx, token="ended", now=NOW)
    worker = storage.make_pool(databases.main, role=storage.roles.WORKER)

    async with worker, storage.begin(worker) as tx:
        await identity.purge(tx, before=NOW + timedelta(days=1))

    assert owner.execute("SELECT revoked_at FROM account_session").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("account_pk", "INSERT INTO account SELECT * FROM account"),
        ("account_language_known", "UPDATE account SET language = 'fr'"),
        ("account_phone_until_released", "UPDATE account SET phone_cipher = NULL"),
        ("account_phone_until_released", "UPDATE account SET phone_released_at = now()"),
        ("phone_index_pk", "INSERT INTO phone_index SELECT * FROM phone_index"),
        ("login_code_pk", "INSERT INTO login_code SELECT * FROM login_code"),
        ("login_code_tries_limited", "UPDATE login_code SET tries = 6"),
        ("rate_count_pk", "INSERT INTO rate_count SELECT * FROM rate_count"),
        ("rate_count_positive", "UPDATE rate_count SET hits = 0"),
        ("account_session_pk", "INSERT INTO account_session SELECT * FROM account_session"),
    ],
)
async def test_the_database_has_the_last_word(
    world: World, owner: psycopg.Connection, constraint: str, statement: str
) -> None:
    await world.login(PHONE)

    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        owner.execute(statement)

    assert storage.constraint_of(refused.value) == constraint
