"""What hospitals offer, as programs read it."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from renhao import privacy, storage
from tests.support.api import Served, served
from tests.support.clinics import DAY

pytestmark = pytest.mark.web


@pytest.fixture
async def api(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Served]:
    async with served(pool, vault, owner) as made:
        yield made


async def test_a_visitor_finds_a_slot(api: Served) -> None:
    visitor, base = api.visitor(), f"/hospitals/{api.code}"

    hospitals = await visitor.get("/hospitals")
    departments = (await visitor.get(f"{base}/departments")).json()["items"]
    department = f"{base}/departments/{departments[0]['department_id']}"
    days = (await visitor.get(f"{department}/days")).json()["items"]
    clinics = (await visitor.get(f"{department}/clinics", params={"day": DAY.isoformat()})).json()
    clinic = (await visitor.get(f"{base}/clinics/{clinics['items'][0]['clinic_id']}")).json()

    assert hospitals.json()["items"][0]["code"] == api.code
    assert [day["left"] for day in days if day["day"] == DAY.isoformat()] == [6]
    assert [slot["left"] for slot in clinic["slots"]] == [3, 3]
    assert clinic["clinic"]["left"] == 6
    assert clinic["clinic"]["starts_at"] == "2026-03-09T00:00:00Z"


async def test_a_search_finds_departments_by_name(api: Served) -> None:
    api.owner.execute("UPDATE department SET search_words = '{xinneike,xnk}'")
    path = f"/hospitals/{api.code}/departments"

    found = await api.visitor().get(path, params={"search": "xnk"})
    none = await api.visitor().get(path, params={"search": "yanke"})

    assert len(found.json()["items"]) == 1
    assert none.json() == {"items": []}


async def test_who_holds_the_answer_is_told_that_it_is_unchanged(api: Served) -> None:
    clinic = api.hospital.clinics[0]
    path = f"/hospitals/{api.code}/clinics/{clinic.clinic_id}"

    first = await api.visitor().get(path)
    again = await api.visitor().get(path, headers={"if-none-match": first.headers["etag"]})
    other = await api.visitor().get(path, headers={"if-none-match": '"something else"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.json() == first.json()


async def test_a_taken_number_changes_the_tag_within_two_seconds(api: Served) -> None:
    clinic = api.hospital.clinics[0]
    path = f"/hospitals/{api.code}/clinics/{clinic.clinic_id}"
    first = await api.visitor().get(path)
    api.owner.execute("UPDATE slot_pool SET taken = 1 WHERE slot_id = %s", [clinic.slots[0]])

    api.clock.move(2)
    later = await api.visitor().get(path, headers={"if-none-match": first.headers["etag"]})

    assert later.status_code == 200
    assert [slot["left"] for slot in later.json()["slots"]] == [2, 3]


async def test_numbers_held_back_are_neither_left_nor_shown(api: Served) -> None:
    clinic = api.hospital.clinics[0]
    api.owner.execute("UPDATE slot_pool SET held_back = 2 WHERE slot_id = %s", [clinic.slots[0]])

    shown = await api.visitor().get(f"/hospitals/{api.code}/clinics/{clinic.clinic_id}")

    assert [slot["left"] for slot in shown.json()["slots"]] == [1, 3]
    assert "held" not in shown.text


@pytest.mark.parametrize(
    "path",
    [
        "/hospitals/nowhere",
        "/hospitals/nowhere/departments",
        "/hospitals/{code}/departments/01936f5e-8c00-7000-8000-000000000001/days",
        "/hospitals/{code}/clinics/01936f5e-8c00-7000-8000-000000000001",
        "/hospitals/{code}/clinics/no-uuid",
        "/nothing",
    ],
)
async def test_what_is_not_there_is_a_problem_document(api: Served, path: str) -> None:
    answer = await api.visitor("en").get(path.format(code=api.code))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{answer.json()['code']}"
    assert answer.json()["status"] == 404
