"""Staff log in, see today, and check patients in: by forms alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from renhao import arrival
from renhao.kernel import AppointmentId
from renhao.staff import Role
from tests.support.api import Served
from tests.support.clinics import DAY
from tests.support.pages import Visitor
from tests.support.ward import PASSWORD, at_work, card, colleague, log_in

pytestmark = pytest.mark.web
BEFORE_THE_CLINIC = datetime(2026, 3, 8, 23, 40, tzinfo=UTC)
"""07:40 on the visit day."""


async def booked_online(site: Served, index: int = 1) -> str:
    """Let an account book the first slot; give the appointment's id."""
    caller = await site.account(index)
    patient_id = await site.patient(caller, index)
    slot_id = str(site.hospital.clinics[0].slots[0])
    wish = {"slot_id": slot_id, "patient_id": patient_id, "hospital": site.code}
    answer = await caller.wish("/appointments", wish)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["appointment_id"])


async def test_staff_log_in_and_out(site: Served, visitor: Visitor) -> None:
    who = await colleague(site, Role.REGISTRAR)

    await visitor.open("/staff/arrival")
    asked = visitor.path
    await log_in(site, visitor, who)
    inside, cookie = visitor.path, visitor.page.history[0].headers["set-cookie"]  # type: ignore[union-attr]
    await visitor.send(visitor.form("/logout"))
    await visitor.open("/staff")

    assert asked == "/staff/login"
    assert inside == "/staff"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/staff" in cookie
    assert visitor.path == "/staff/login"


async def test_a_wrong_code_is_refused_with_the_login_kept(site: Served, visitor: Visitor) -> None:
    who = await colleague(site, Role.REGISTRAR)

    await visitor.open("/staff/login")
    await visitor.send(login=who.login, password=PASSWORD, totp="000000")

    assert visitor.status == 422
    assert "账号、密码或动态口令不对" in visitor.text
    assert visitor.form().values["login"] == who.login
    assert visitor.form().values["password"] == ""


async def test_tries_are_limited(site: Served, visitor: Visitor) -> None:
    who = await colleague(site, Role.REGISTRAR)
    await visitor.open("/staff/login")

    for _ in range(11):
        await visitor.send(login=who.login, password="wrong", totp="000000")

    assert visitor.status == 429
    assert "登录尝试过于频繁" in visitor.text


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/staff", Role.PRIVACY_OFFICER, 200),
        ("/staff/arrival", Role.TRIAGE_NURSE, 200),
        ("/staff/arrival", Role.PRACTITIONER, 403),
        ("/staff/window", Role.PRACTITIONER, 200),
        ("/staff/window", Role.SCHEDULE_MANAGER, 403),
        ("/staff/name", Role.REGISTRAR, 200),
        ("/staff/name", Role.TRIAGE_NURSE, 403),
        ("/staff/schedule", Role.SCHEDULE_MANAGER, 200),
        ("/staff/schedule", Role.REGISTRAR, 403),
        ("/staff/suspend", Role.ADMINISTRATOR, 200),
        ("/staff/suspend", Role.PRIVACY_OFFICER, 403),
    ],
)
async def test_each_page_is_for_its_roles(
    site: Served, visitor: Visitor, path: str, role: Role, status: int
) -> None:
    await at_work(site, visitor, role)

    await visitor.open(path)

    assert visitor.status == status
    assert ("您的岗位不能办理此事" in visitor.text) == (status == 403)


async def test_today_counts_what_became_of_numbers(site: Served, visitor: Visitor) -> None:
    await booked_online(site)
    site.clock.now = BEFORE_THE_CLINIC

    await at_work(site, visitor, Role.PRIVACY_OFFICER)

    assert "<dt>已挂号</dt><dd>1</dd>" in visitor.text
    assert "<dt>已报到</dt><dd>0</dd>" in visitor.text


async def test_a_card_and_one_key_check_a_patient_in(site: Served, visitor: Visitor) -> None:
    await booked_online(site)
    site.clock.now = BEFORE_THE_CLINIC
    await at_work(site, visitor, Role.REGISTRAR)
    number = card()["document_number"]

    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=number)
    compared = visitor.text
    confirm = visitor.form("/check-in")
    await visitor.send(confirm)
    checked_in = visitor.text
    await visitor.send(confirm)
    again = visitor.text
    await visitor.send(visitor.form("/staff/arrival"), document_number=number)

    assert card()["name"] in compared
    assert number not in compared
    assert "autofocus>人证相符" in compared
    assert "排队号 1" in checked_in
    assert "报到，排队号 1" in again
    assert visitor.text.count("报到，排队号 1") == 1
    assert "人证相符" not in visitor.text
    row = site.owner.execute("SELECT status FROM appointment").fetchone()
    assert row == ("arrived",)


async def test_an_arrival_code_finds_its_appointment(site: Served, visitor: Visitor) -> None:
    appointment_id = AppointmentId(UUID(await booked_online(site)))
    code = arrival.make_ticket(site.services.vault, appointment_id=appointment_id, day=DAY)
    site.clock.now = BEFORE_THE_CLINIC
    await at_work(site, visitor, Role.TRIAGE_NURSE)

    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=code.lower())
    found = visitor.text
    await visitor.open("/staff/arrival")
    other = "a" if code[0].lower() != "a" else "b"
    await visitor.send(visitor.form("/staff/arrival"), document_number=other + code[1:])

    assert card()["name"] in found
    assert card()["name"] not in visitor.text
    assert "二维码" in visitor.text
    assert visitor.status == 422


async def test_the_wrong_day_and_a_stranger_are_told(site: Served, visitor: Visitor) -> None:
    await booked_online(site)
    await at_work(site, visitor, Role.REGISTRAR)

    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=card()["document_number"])
    early = visitor.text
    await visitor.send(visitor.form("/staff/arrival"), document_number=card(7)["document_number"])
    stranger = visitor.text
    await visitor.send(visitor.form("/staff/arrival"), document_number="12345")

    assert "不是今天：请在就诊当天报到" in early
    assert "今天在本院没有预约" in stranger
    assert visitor.status == 422
    assert visitor.form("/staff/arrival").values["document_number"] == "12345"


@pytest.mark.parametrize("status", ["booked", "noshow"])
async def test_who_comes_a_day_late_is_told_the_day(
    site: Served, visitor: Visitor, status: str
) -> None:
    await booked_online(site)
    site.owner.execute("UPDATE appointment SET status = %s", [status])
    site.clock.now = BEFORE_THE_CLINIC + timedelta(days=1)
    await at_work(site, visitor, Role.REGISTRAR)

    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=card()["document_number"])

    assert f"预约日期是 {DAY}，已经过去" in visitor.text


async def test_only_who_was_compared_here_is_checked_in(site: Served, visitor: Visitor) -> None:
    appointment_id = await booked_online(site)
    site.clock.now = BEFORE_THE_CLINIC
    await at_work(site, visitor, Role.REGISTRAR)
    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=card()["document_number"])
    confirm = visitor.form("/check-in")

    await visitor.send(confirm, note="", appointment_id=appointment_id)
    invented = visitor.status
    site.clock.now += timedelta(minutes=31)
    await visitor.send(confirm)

    assert invented == 409
    assert visitor.status == 409
    assert "请重新读取证件" in visitor.text
    assert site.owner.execute("SELECT status FROM appointment").fetchone() == ("booked",)


async def test_a_cancelled_number_is_told(site: Served, visitor: Visitor) -> None:
    await booked_online(site)
    site.owner.execute("UPDATE appointment SET status = 'cancelled', cancel_reason = 'patient'")
    site.clock.now = BEFORE_THE_CLINIC
    await at_work(site, visitor, Role.REGISTRAR)

    await visitor.open("/staff/arrival")
    await visitor.send(visitor.form("/staff/arrival"), document_number=card()["document_number"])

    assert "这个预约已取消" in visitor.text
    assert "人证相符" not in visitor.text


async def test_an_unknown_staff_page_has_the_staff_look(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.REGISTRAR)

    await visitor.open("/staff/nowhere")

    assert visitor.status == 404
    assert "回到工作台" in visitor.text
