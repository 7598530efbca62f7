"""Forms keep what was typed, say what is wrong beside the field, and cannot be forged."""

import pytest

from tests.support.api import Served, a_person
from tests.support.pages import Visitor, sent_code
from tests.support.people import phone_number

pytestmark = pytest.mark.web


async def logged_in(site: Served, visitor: Visitor, index: int = 1) -> None:
    await visitor.open("/login")
    await visitor.send(phone=phone_number(index))
    await visitor.send(code=sent_code(site))


async def test_a_wrong_phone_number_is_kept_and_explained(visitor: Visitor) -> None:
    await visitor.open("/login?next=/patients")

    await visitor.send(phone="12")

    assert visitor.status == 422
    assert visitor.form().values["phone"] == "12"
    assert visitor.form().values["next"] == "/patients"
    assert 'class="error" id="phone-error"' in visitor.text


async def test_a_wrong_code_is_explained_and_never_shown_again(
    site: Served, visitor: Visitor
) -> None:
    await visitor.open("/login")
    await visitor.send(phone=phone_number())
    right = sent_code(site)
    wrong = "777777" if right != "777777" else "888888"

    await visitor.send(code=wrong)

    assert visitor.status == 422
    assert "验证码不对或已失效" in visitor.text
    assert wrong not in visitor.text
    await visitor.send(code=f" {right[:3]} {right[3:]} ")
    assert visitor.path == "/"


async def test_known_and_unknown_numbers_look_alike(site: Served, visitor: Visitor) -> None:
    await logged_in(site, visitor, index=1)
    answers = []

    for index in (1, 2):
        await visitor.open("/login")
        await visitor.send(phone=phone_number(index))
        token = visitor.form().values["_csrf_token"]
        answers.append(visitor.text.replace(phone_number(index), "").replace(token, ""))

    assert answers[0] == answers[1]


async def test_a_patients_form_keeps_what_was_typed(site: Served, visitor: Visitor) -> None:
    await logged_in(site, visitor)
    await visitor.open("/patients/new?next=/account")
    mistyped = a_person()["document_number"][:-1] + "Y"
    typed = a_person() | {"document_number": mistyped, "relation": "self"}

    await visitor.send(**typed)

    assert visitor.status == 422
    assert typed.items() <= visitor.form().values.items()
    assert 'id="document_number-error"' in visitor.text
    await visitor.send(**a_person())
    assert visitor.path == "/account"


async def test_a_child_needs_a_relation_and_the_holder_as_guardian(
    site: Served, visitor: Visitor
) -> None:
    await logged_in(site, visitor)
    child = {
        "document_kind": "birth_certificate",
        "document_number": "A000000001",
        "name": "王小安",
    }
    await visitor.open("/patients/new")
    await visitor.send(**child)
    asked_for_birth = "birth_date-error" in visitor.text
    await visitor.send(**child, birth_date="2024-05-06")
    asked_for_relation = visitor.status

    await visitor.open("/patients/new")
    await visitor.send(**a_person(), relation="self")
    await visitor.open("/patients/new")
    await visitor.send(**child, birth_date="2024-05-06", relation="child")

    assert asked_for_birth
    assert asked_for_relation == 422
    assert visitor.path == "/patients"
    assert "王小安" in visitor.text
    assert "A000000001" not in visitor.text


async def test_a_patient_is_removed_after_asking(site: Served, visitor: Visitor) -> None:
    await logged_in(site, visitor)
    await visitor.open("/patients/new")
    await visitor.send(**a_person())
    await visitor.follow("/remove")
    asked = visitor.text

    await visitor.send()

    assert a_person()["name"] in asked
    assert visitor.path == "/patients"
    assert a_person()["name"] not in visitor.text


async def test_a_form_without_its_token_changes_nothing(site: Served, visitor: Visitor) -> None:
    await logged_in(site, visitor)
    await visitor.open("/patients/new")

    await visitor.send(**a_person(), _csrf_token="forged")

    assert visitor.status == 403
    assert "什么都没有改变" in visitor.text
    assert site.owner.execute("SELECT count(*) FROM patient").fetchone() == (0,)


async def test_a_form_too_long_is_refused_unread(visitor: Visitor) -> None:
    await visitor.open("/login")

    await visitor.send(phone="1" * 70_000)

    assert visitor.status == 413
    assert "提交的内容太长" in visitor.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
async def test_a_login_leads_nowhere_else(site: Served, visitor: Visitor, target: str) -> None:
    await visitor.client.get("/login")
    await visitor.open("/login")
    form = visitor.form()
    form.values["next"] = target

    await visitor.send(form, phone=phone_number())
    await visitor.send(code=sent_code(site))

    assert visitor.page is not None
    assert str(visitor.page.url) == "http://127.0.0.1/"
