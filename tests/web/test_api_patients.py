"""The patients of an account, as programs handle them."""

from collections.abc import AsyncIterator
from datetime import date

import psycopg
import pytest

from renhao import privacy, storage
from tests.support import people
from tests.support.api import Served, a_person, served

pytestmark = pytest.mark.web


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


async def test_three_fields_make_a_patient(api: Served) -> None:
    caller = await api.account()

    made = await caller.post("/patients", a_person(5))
    listed = await caller.get("/patients")

    assert made.status_code == 201
    assert listed.json()["items"] == [made.json()]
    assert made.json()["name"] == people.person_name(5)
    assert made.json()["birth_date"] == "1980-01-06"
    assert a_person(5)["document_number"] not in made.text
    assert made.json()["assurance"] == "declared"


async def test_a_removed_patient_is_gone(api: Served) -> None:
    caller = await api.account()
    patient = await api.patient(caller)

    removed = await caller.delete(f"/patients/{patient}")
    again = await caller.delete(f"/patients/{patient}")

    assert (removed.status_code, removed.content) == (204, b"")
    assert again.status_code == 404
    assert (await caller.get("/patients")).json() == {"items": []}


async def test_a_stranger_cannot_remove_a_patient(api: Served) -> None:
    patient = await api.patient(await api.account(1))

    answer = await (await api.account(2)).delete(f"/patients/{patient}")

    assert answer.status_code == 404


async def test_a_child_needs_a_guardian_of_the_same_account(api: Served) -> None:
    caller = await api.account()
    parent = (await caller.post("/patients", a_person() | {"relation": "self"})).json()
    child = {
        "document_kind": "citizen",
        "document_number": people.citizen_number(date(2020, 5, 5), 7),
        "name": "赵小宁",
        "relation": "child",
    }

    alone = await caller.post("/patients", child)
    guarded = await caller.post("/patients", child | {"guardian_patient_id": parent["patient_id"]})

    assert alone.status_code == 422
    assert alone.json()["field"] == "guardian_patient_id"
    assert guarded.status_code == 201
    assert guarded.json()["age_group"] == "child"


async def test_a_wrong_check_digit_names_rule_and_field_but_not_the_number(api: Served) -> None:
    person = a_person()
    number = person["document_number"]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")

    answer = await (await api.account(language="en")).post(
        "/patients", person | {"document_number": wrong}
    )

    assert answer.status_code == 422
    assert answer.json()["field"] == "document_number"
    assert answer.headers["content-language"] == "en"
    assert wrong not in answer.text
    assert person["name"] not in answer.text


async def test_the_second_account_learns_nothing_of_the_first(api: Served) -> None:
    first, second = await api.account(1), await api.account(2)
    one = (await first.post("/patients", a_person(9))).json()
    two = (await second.post("/patients", a_person(9) | {"name": "别的名字"})).json()

    assert two.keys() == one.keys()
    assert two["name"] == "别的名字"
    assert two["assurance"] == "declared"


async def test_a_limit_that_no_waiting_mends_names_no_time(api: Served) -> None:
    caller = await api.account()
    for index in range(5):
        await api.patient(caller, index)

    answer = await caller.post("/patients", a_person(6))

    assert (answer.status_code, answer.json()["code"]) == (429, "patients-full")
    assert answer.json()["facts"] == {"most": 5}
    assert "retry-after" not in answer.headers
