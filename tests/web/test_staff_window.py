"""The window: book with the card alone, cancel, void, and correct a mistyped name."""

import pytest

from renhao.staff import Role
from tests.support.api import Served
from tests.support.pages import Visitor
from tests.support.people import person_name
from tests.support.ward import PASSWORD, at_work, card, colleague, log_in
from tests.web.test_staff_desk import booked_online

pytestmark = pytest.mark.web


@pytest.fixture
def window(site: Served) -> Served:
    """Give the clinic a window pool and a name that can be searched for."""
    site.owner.execute(
        "INSERT INTO slot_pool (hospital_id, clinic_id, slot_id, channel, capacity, first_number)"
        " SELECT hospital_id, clinic_id, slot_id, 'window', 2, 100 + first_number"
        " FROM slot_pool WHERE channel = 'online'"
    )
    site.owner.execute("UPDATE department SET search_words = '{xinneike,xnk}'")
    return site


async def to_the_slots(visitor: Visitor, index: int = 1) -> None:
    await visitor.open("/staff/window")
    await visitor.send(visitor.form("/staff/window"), **card(index))
    await visitor.open(f"{visitor.path}?q=xnk&day=2026-03-09")
    await visitor.follow("/clinics/")


async def test_a_person_with_a_card_gets_a_window_number(window: Served, visitor: Visitor) -> None:
    await at_work(window, visitor, Role.REGISTRAR)

    await to_the_slots(visitor)
    form, path = visitor.form("/clinics/"), visitor.path
    form.action = path
    await visitor.send(form)
    first = visitor.text
    await visitor.send(form)

    assert "挂号成功" in first
    assert "101 号" in first
    assert "101 号" in visitor.text
    rows = window.owner.execute(
        "SELECT channel, account_id, assurance, status FROM appointment"
    ).fetchall()
    assert rows == [("window", None, "seen", "booked")]


async def test_a_refusal_is_shown_over_the_slots(window: Served, visitor: Visitor) -> None:
    await at_work(window, visitor, Role.REGISTRAR)
    await to_the_slots(visitor)
    await visitor.send(visitor.form("/clinics/"))
    await to_the_slots(visitor)

    await visitor.send(visitor.form("/clinics/"))

    assert visitor.status == 409
    assert "该就诊人已有本次出诊的号" in visitor.text
    assert visitor.form("/clinics/").values["choice"]


async def test_only_channels_of_the_role_are_offered(window: Served, visitor: Visitor) -> None:
    await at_work(window, visitor, Role.PRACTITIONER)

    await to_the_slots(visitor)
    path, slot = visitor.path, window.hospital.clinics[0].slots[0]
    none = visitor.text
    await visitor.open("/staff/window")
    form = visitor.form("/staff/window")
    form.action = path
    await visitor.send(form, choice=f"{slot}|window", request_id=str(slot))

    assert "没有您的岗位可挂的号" in none
    assert visitor.status == 403


async def test_the_person_present_cancels_and_voids(window: Served, visitor: Visitor) -> None:
    await booked_online(window)
    await at_work(window, visitor, Role.REGISTRAR)
    await visitor.open("/staff/window")
    await visitor.send(visitor.form("/staff/window"), **card())

    listed = visitor.text
    await visitor.send(visitor.form("/void"))
    voided = visitor.text
    await to_the_slots(visitor)
    await visitor.send(visitor.form("/clinics/"))
    await visitor.send(visitor.form("/cancel"))

    assert "作废各账号用此证件挂的 1 个号" in listed
    assert "已作废 1 个号" in voided
    rows = window.owner.execute(
        "SELECT channel, cancel_reason FROM appointment ORDER BY booked_at, appointment_id"
    ).fetchall()
    assert rows == [("online", "holder"), ("window", "patient")]


async def test_nobody_elses_number_can_be_cancelled(window: Served, visitor: Visitor) -> None:
    appointment_id = await booked_online(window, index=2)
    await at_work(window, visitor, Role.REGISTRAR)
    await to_the_slots(visitor)
    await visitor.send(visitor.form("/clinics/"))

    await visitor.send(visitor.form("/cancel"), appointment_id=appointment_id)

    assert visitor.status == 404
    row = window.owner.execute("SELECT count(*) FROM appointment WHERE status = 'booked'")
    assert row.fetchone() == (2,)


async def test_an_old_or_altered_card_opens_nothing(window: Served, visitor: Visitor) -> None:
    await at_work(window, visitor, Role.REGISTRAR)
    await visitor.open("/staff/window")
    await visitor.send(visitor.form("/staff/window"), **card())
    path = visitor.path

    await visitor.open(path[:-1] + ("A" if path[-1] != "A" else "B"))
    altered = visitor.status, card()["name"] in visitor.text
    window.clock.move(31 * 60)
    await visitor.open(path)

    assert altered == (409, False)
    assert visitor.status == 409
    assert "请重新读取证件" in visitor.text


async def test_a_wrong_number_keeps_what_was_typed(window: Served, visitor: Visitor) -> None:
    await at_work(window, visitor, Role.REGISTRAR)
    await visitor.open("/staff/window")

    await visitor.send(
        visitor.form("/staff/window"), **card() | {"document_number": "110000198001010011"}
    )

    assert visitor.status == 422
    assert visitor.form("/staff/window").values["name"] == card()["name"]
    assert "aria-invalid" in visitor.text


async def test_two_registrars_correct_a_name(window: Served, visitor: Visitor) -> None:
    second = await colleague(window, Role.REGISTRAR, login="desk.two")
    await at_work(window, visitor, Role.REGISTRAR)
    await visitor.open("/staff/window")
    await visitor.send(visitor.form("/staff/window"), **card() | {"name": person_name(40)})
    await visitor.open("/staff/name")
    await visitor.send(visitor.form("/staff/name"), document_number=card()["document_number"])

    shown = visitor.text
    form = visitor.form("/confirm")
    signed = {"name": card()["name"], "login": second.login, "password": PASSWORD}
    await visitor.send(form, **signed, totp="000000")
    refused = visitor.status, visitor.form("/confirm").values["name"]
    await visitor.send(form, **signed, totp=second.code(window))

    assert person_name(40) in shown
    assert refused == (422, card()["name"])
    assert "姓名已更正" in visitor.text
    rows = window.owner.execute(
        "SELECT count(DISTINCT actor_id) FROM audit_event WHERE action = 'name-corrected'"
    ).fetchone()
    assert rows == (2,)


async def test_what_was_said_elsewhere_is_not_shown(window: Served, visitor: Visitor) -> None:
    await window.patient(await window.account())
    await at_work(window, visitor, Role.REGISTRAR)

    await visitor.open("/staff/name")
    await visitor.send(visitor.form("/staff/name"), document_number=card()["document_number"])

    assert visitor.status == 409
    assert "本院没有用这张证件登记过的人" in visitor.text
    assert card()["name"] not in visitor.text


async def test_nobody_confirms_their_own_correction(window: Served, visitor: Visitor) -> None:
    me = await colleague(window, Role.REGISTRAR, login="desk.me")
    nurse = await colleague(window, Role.TRIAGE_NURSE, login="nurse")
    await log_in(window, visitor, me)
    await visitor.open("/staff/window")
    await visitor.send(visitor.form("/staff/window"), **card() | {"name": person_name(40)})
    await visitor.open("/staff/name")
    await visitor.send(visitor.form("/staff/name"), document_number=card()["document_number"])
    form = visitor.form("/confirm")
    answers = []

    for who in (me, nurse):
        signed = {"login": who.login, "password": PASSWORD, "totp": who.code(window)}
        await visitor.send(form, name=card()["name"], **signed)
        answers.append((visitor.status, "请另一位同事登录确认" in visitor.text))

    assert answers == [(403, True), (403, True)]
