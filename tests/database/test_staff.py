"""Staff on a real database: both factors, replays, limits, roles, second persons."""

from datetime import datetime, timedelta

import psycopg
import pyotp
import pytest

from renhao import audit, privacy, staff, storage
from renhao.kernel import HospitalId, Refused, StaffId, new_id
from renhao.staff import Role
from tests.conftest import Databases
from tests.support.identities import ADDRESS, NOW, clerk

pytestmark = pytest.mark.database
PASSWORD = "four words in a row"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Ward:
    """One hospital with one registrar, `li.wen`."""

    def __init__(self, pool: storage.Pool, vault: privacy.Vault, hospital_id: HospitalId) -> None:
        self.pool = pool
        self.vault = vault
        self.hospital_id = hospital_id
        self.token = staff.new_token(hospital_id)

    def command(self, login: str = " Li.Wen ") -> staff.AddStaff:
        return staff.AddStaff(
            hospital_id=self.hospital_id,
            staff_id=StaffId(new_id()),
            login=login,
            display_name="李文",
            password=PASSWORD,
            totp_secret=SECRET,
            roles=frozenset({Role.REGISTRAR}),
        )

    async def add(self, login: str = " Li.Wen ") -> staff.Staff:
        async with storage.begin(self.pool) as tx:
            return await staff.add_staff(
                tx, self.vault, self.command(login), by=audit.PROGRAM, now=NOW
            )

    def credentials(
        self,
        login: str = "li.wen",
        *,
        password: str = PASSWORD,
        totp: str | None = None,
        now: datetime = NOW,
        address: str = ADDRESS,
    ) -> staff.Credentials:
        return staff.Credentials(
            hospital_id=self.hospital_id,
            login=login,
            password=password,
            totp=pyotp.TOTP(SECRET).at(now) if totp is None else totp,
            address=address,
        )

    async def log_in(
        self, credentials: staff.Credentials | None = None, *, now: datetime = NOW
    ) -> staff.StaffLoggedIn | Refused:
        async with storage.begin(self.pool) as tx:
            return await staff.log_in(
                tx,
                self.vault,
                credentials or self.credentials(now=now),
                token=self.token,
                device="Firefox · Linux",
                now=now,
            )

    async def session(
        self, *, now: datetime = NOW, token: str | None = None
    ) -> staff.StaffSession | None:
        async with storage.begin(self.pool) as tx:
            return await staff.session(tx, token=token or self.token, now=now)


@pytest.fixture
async def ward(pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection) -> Ward:
    hospital_id = HospitalId(new_id())
    owner.execute(
        "INSERT INTO hospital VALUES (%s, 'h', '医院', 'Hospital', 'Asia/Shanghai', '', '', '',"
        " '', '')",
        [hospital_id],
    )
    return Ward(pool, vault, hospital_id)


async def test_both_factors_open_a_session(ward: Ward, owner: psycopg.Connection) -> None:
    added = await ward.add()

    logged_in = await ward.log_in()

    assert isinstance(logged_in, staff.StaffLoggedIn)
    session = await ward.session()
    assert session is not None
    assert session.require(Role.REGISTRAR, Role.TRIAGE_NURSE) == added == logged_in.staff
    with pytest.raises(staff.RoleMissing):
        session.require(Role.ADMINISTRATOR)
    actions = owner.execute("SELECT action, actor_id FROM audit_event ORDER BY event_id")
    assert actions.fetchall() == [("staff-added", None), ("staff-logged-in", added.staff_id)]


async def test_whatever_is_wrong_the_answer_is_one(ward: Ward) -> None:
    added = await ward.add()
    tries = [
        ward.credentials(password="something else altogether"),
        ward.credentials(totp="000000"),
        ward.credentials(totp=""),
        ward.credentials("nobody"),
    ]

    answers = [await ward.log_in(credentials) for credentials in tries]
    async with storage.begin(ward.pool) as tx:
        await staff.set_active(
            tx,
            hospital_id=ward.hospital_id,
            staff_id=added.staff_id,
            active=False,
            by=clerk(),
            now=NOW,
        )
    answers.append(await ward.log_in(now=NOW + timedelta(minutes=2)))

    assert [type(answer) for answer in answers] == [staff.StaffLoginRefused] * 5


async def test_a_code_is_good_once_and_no_older_one_after_it(ward: Ward) -> None:
    await ward.add()
    later = NOW + timedelta(seconds=30)

    assert isinstance(await ward.log_in(), staff.StaffLoggedIn)
    ward.token = staff.new_token(ward.hospital_id)
    assert isinstance(await ward.log_in(), staff.StaffLoginRefused)
    assert isinstance(
        await ward.log_in(ward.credentials(now=NOW - timedelta(seconds=30))),
        staff.StaffLoginRefused,
    )
    assert isinstance(await ward.log_in(now=later), staff.StaffLoggedIn)


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_clocks_may_be_one_step_apart(ward: Ward, seconds: int, *, opens: bool) -> None:
    await ward.add()

    answer = await ward.log_in(ward.credentials(now=NOW + timedelta(seconds=seconds)))

    assert isinstance(answer, staff.StaffLoggedIn) is opens


async def test_tries_are_limited_per_login(ward: Ward) -> None:
    answers = [await ward.log_in(ward.credentials("nobody")) for _ in range(11)]

    assert isinstance(answers[9], staff.StaffLoginRefused)
    assert isinstance(answers[10], staff.StaffLoginsLimited)


async def test_tries_are_limited_per_address(ward: Ward, owner: psycopg.Connection) -> None:
    await ward.log_in(ward.credentials("somebody"))
    owner.execute("UPDATE rate_count SET hits = 100 WHERE hits = 1")

    answer = await ward.log_in(ward.credentials("nobody"))

    assert isinstance(answer, staff.StaffLoginsLimited)
    elsewhere = await ward.log_in(ward.credentials("nobody", address="192.0.2.8"))
    assert isinstance(elsewhere, staff.StaffLoginRefused)


async def test_a_second_person_confirms_without_a_session(
    ward: Ward, owner: psycopg.Connection
) -> None:
    added = await ward.add()

    async with storage.begin(ward.pool) as tx:
        answer = await staff.confirm(tx, ward.vault, ward.credentials(), now=NOW)

    assert answer == added
    assert owner.execute("SELECT count(*) FROM staff_session").fetchone() == (0,)


async def test_a_session_ends_when_left_alone_and_after_a_shift(ward: Ward) -> None:
    await ward.add()
    await ward.log_in()
    minute = timedelta(minutes=1)

    for step in range(1, 13):
        assert await ward.session(now=NOW + step * 59 * minute) is not None
    assert await ward.session(now=NOW + 720 * minute) is None
    assert await ward.session(now=NOW + (12 * 59 + 60) * minute) is None
    assert await ward.session(token="no hospital's") is None
    assert await ward.session(token=staff.new_token(ward.hospital_id)) is None


async def test_logging_out_ends_the_session_once(ward: Ward, owner: psycopg.Connection) -> None:
    await ward.add()
    await ward.log_in()

    for token in (ward.token, ward.token, "no hospital's"):
        async with storage.begin(ward.pool) as tx:
            await staff.log_out(tx, token=token, now=NOW)

    assert await ward.session() is None
    ended = owner.execute("SELECT count(*) FROM audit_event WHERE action = 'staff-logged-out'")
    assert ended.fetchone() == (1,)


async def test_a_login_is_once_in_a_hospital(ward: Ward) -> None:
    await ward.add()

    with pytest.raises(staff.LoginTaken):
        await ward.add("LI.WEN")


async def test_an_administrator_changes_roles_factors_and_access(ward: Ward) -> None:
    added = await ward.add()
    await ward.log_in()
    who = {"hospital_id": ward.hospital_id, "staff_id": added.staff_id}
    roles = frozenset({Role.PRACTITIONER, Role.TRIAGE_NURSE})

    async with storage.begin(ward.pool) as tx:
        await staff.set_roles(tx, **who, roles=roles, by=clerk(), now=NOW)  # type: ignore[arg-type]
    session = await ward.session()
    async with storage.begin(ward.pool) as tx:
        await staff.set_factors(
            tx,
            ward.vault,
            hospital_id=ward.hospital_id,
            staff_id=added.staff_id,
            factors=("another row of words", SECRET),
            by=clerk(),
            now=NOW,
        )
        for active in (False, True):
            await staff.set_active(
                tx,
                hospital_id=ward.hospital_id,
                staff_id=added.staff_id,
                active=active,
                by=clerk(),
                now=NOW,
            )
        [listed] = await staff.staff_of_hospital(tx, hospital_id=ward.hospital_id)

    assert session is not None
    assert session.staff.roles == roles
    assert await ward.session() is None
    assert (listed.roles, listed.active) == (roles, True)
    assert isinstance(await ward.log_in(), staff.StaffLoginRefused)
    ward.token = staff.new_token(ward.hospital_id)
    again = await ward.log_in(ward.credentials(password="another row of words"))
    assert isinstance(again, staff.StaffLoginRefused)  # that code was spent with the old password
    later = NOW + timedelta(minutes=1)
    fresh = ward.credentials(password="another row of words", now=later)
    assert isinstance(await ward.log_in(fresh, now=later), staff.StaffLoggedIn)


async def test_nobody_is_changed_who_is_not_there(ward: Ward) -> None:
    async with storage.begin(ward.pool) as tx:
        nobody = StaffId(new_id())
        hospital_id = ward.hospital_id
        with pytest.raises(staff.RolesNeeded):
            await staff.set_roles(
                tx,
                hospital_id=hospital_id,
                staff_id=nobody,
                roles=frozenset(),
                by=clerk(),
                now=NOW,
            )
        with pytest.raises(staff.StaffUnknown):
            await staff.set_roles(
                tx,
                hospital_id=hospital_id,
                staff_id=nobody,
                roles=frozenset(Role),
                by=clerk(),
                now=NOW,
            )
        with pytest.raises(staff.StaffUnknown):
            await staff.set_active(
                tx, hospital_id=hospital_id, staff_id=nobody, active=True, by=clerk(), now=NOW
            )
        with pytest.raises(staff.StaffUnknown):
            await staff.set_factors(
                tx,
                ward.vault,
                hospital_id=hospital_id,
                staff_id=nobody,
                factors=(PASSWORD, SECRET),
                by=clerk(),
                now=NOW,
            )


async def test_the_worker_purges_sessions_that_are_over(ward: Ward, databases: Databases) -> None:
    await ward.add()
    await ward.log_in()
    worker = storage.make_pool(databases.main, role=storage.roles.WORKER)

    async with worker, storage.begin(worker) as tx:
        deleted = await staff.purge(
            tx, hospital_id=ward.hospital_id, before=NOW + timedelta(days=1)
        )

    assert deleted == 1


async def test_passwords_and_secrets_are_not_readable(
    ward: Ward, owner: psycopg.Connection
) -> None:
    await ward.add()
    await ward.log_in()

    rows = owner.execute("SELECT s::text FROM staff s UNION SELECT n::text FROM staff_session n")
    text = "\n".join(row[0] for row in rows)

    assert "$argon2id$" in text
    for secret in (PASSWORD, SECRET, ward.token):
        assert secret not in text
        assert secret.encode().hex() not in text


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("staff_pk", "INSERT INTO staff SELECT * FROM staff"),
        ("staff_of_hospital", "UPDATE staff SET hospital_id = gen_random_uuid()"),
        (
            "staff_login_once",
            (
                "INSERT INTO staff SELECT hospital_id, gen_random_uuid(), login, display_name,"
                " password_hash, totp_cipher, 0, roles, active, created_at FROM staff"
            ),
        ),
        ("staff_roles_known", "UPDATE staff SET roles = '{boss}'"),
        ("staff_roles_known", "UPDATE staff SET roles = '{}'"),
        ("staff_session_pk", "INSERT INTO staff_session SELECT * FROM staff_session"),
        ("staff_session_of_staff", "UPDATE staff_session SET staff_id = gen_random_uuid()"),
    ],
)
async def test_the_database_has_the_last_word(
    ward: Ward, owner: psycopg.Connection, constraint: str, statement: str
) -> None:
    await ward.add()
    if "staff_session" in statement:
        await ward.log_in()

    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        owner.execute(statement)

    assert storage.constraint_of(refused.value) == constraint


async def test_an_unexpected_violation_is_not_called_a_taken_login(
    ward: Ward, pool: storage.Pool
) -> None:
    command = ward.command()
    async with storage.begin(pool) as tx:
        await staff.add_staff(tx, ward.vault, command, by=audit.PROGRAM, now=NOW)

    with pytest.raises(psycopg.errors.UniqueViolation):
        async with storage.begin(pool) as tx:
            await staff.add_staff(tx, ward.vault, command, by=audit.PROGRAM, now=NOW)
