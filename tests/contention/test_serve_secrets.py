"""After a journey no name, document number or phone number is readable in any log or file."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from renhao.kernel import new_id
from renhao.storage import embedded
from tests.support import clinics, people
from tests.support.crowds import code, coming_day
from tests.support.processes import Serving, copied, made_data, wait_for

pytestmark = pytest.mark.contention
NAME, OTHER_NAME = "慕容安宁", "上官乐康"
NUMBER = people.citizen_number(date(1979, 8, 17), 427)
OTHER_NUMBER = people.citizen_number(date(1981, 3, 9), 583)
PHONE = "19900004271"
PERSONAL = (NAME, OTHER_NAME, NUMBER, OTHER_NUMBER, PHONE)


@pytest.fixture(scope="module")
def walked() -> Iterator[Serving]:
    """Walk a journey with mistakes in it on a server that logs all it can."""
    with made_data() as data, copied(data) as serving:
        messages = serving.data.parent / "messages.jsonl"
        serving.settings = {"RENHAO_LOG_LEVEL": "debug", "RENHAO_MESSAGES_FILE": str(messages)}
        serving.start()
        with httpx.Client(base_url=f"{serving.address}/api/v1", timeout=30) as client:
            _log_in(client, messages)
            _make_mistakes(client, serving.address)
            _book(client, serving)
        wait_for(lambda: len(_told(messages)) >= 2)
        serving.end()
        yield serving


def test_the_journey_went_all_the_way(walked: Serving) -> None:
    assert '"/api/v1/appointments", "status": 201' in walked.said()


@pytest.mark.parametrize("personal", PERSONAL)
def test_logs_hold_none_of_it(walked: Serving, personal: str) -> None:
    assert personal not in walked.said()


@pytest.mark.parametrize("personal", PERSONAL)
def test_files_of_the_database_hold_none_of_it(walked: Serving, personal: str) -> None:
    """Tables, indexes, write-ahead log and server log: more than a dump would show."""
    needle = personal.encode()
    files = [file for file in walked.data.rglob("*") if file.is_file()]

    found = [file for file in files if needle in file.read_bytes()]

    assert found == []
    assert len(files) > 100


def test_the_same_search_finds_what_is_stored_openly(walked: Serving) -> None:
    needle = "样例医院".encode()

    assert any(needle in file.read_bytes() for file in walked.data.rglob("*") if file.is_file())


def test_rows_as_a_dump_writes_them_hold_none_of_it(walked: Serving) -> None:
    walked.start()
    written = b"".join(
        _rows(walked, database) for database in (embedded.MAIN_DATABASE, embedded.KEY_DATABASE)
    )

    for personal in PERSONAL:
        assert personal.encode() not in written
        assert personal.encode().hex().encode() not in written
    assert "样例医院".encode() in written


def _log_in(client: httpx.Client, messages: Path) -> None:
    assert client.post("/login/code", json={"phone": PHONE}).status_code == 202
    wait_for(lambda: _told(messages))
    (sent,) = re.findall(r"(?<!\d)\d{6}(?!\d)", _told(messages)[0])
    answer = client.post("/login", json={"phone": PHONE, "code": sent})
    assert answer.status_code == 201, answer.text
    client.headers["authorization"] = f"Bearer {answer.json()['token']}"


def _make_mistakes(client: httpx.Client, address: str) -> None:
    """Put personal values where they are refused, or do not belong."""
    wrong = {"document_kind": "citizen", "document_number": OTHER_NUMBER[:-2] + "00", "name": NAME}
    client.post("/patients", json=wrong)
    client.post("/patients", json=wrong | {"document_number": OTHER_NUMBER, "extra": OTHER_NAME})
    client.post("/patients", content=f'{{"name": "{OTHER_NAME}", {OTHER_NUMBER}')
    client.get(f"/appointments/{OTHER_NUMBER}", params={"name": OTHER_NAME, "cursor": NUMBER})
    client.get(f"{address}/h/{NUMBER}/departments", params={"q": OTHER_NAME, "phone": PHONE})
    client.post(f"{address}/login", data={"phone": PHONE, "code": NUMBER})


def _book(client: httpx.Client, serving: Serving) -> None:
    person = {"document_kind": "citizen", "document_number": NUMBER, "name": NAME}
    added = client.post("/patients", json=person)
    assert added.status_code == 201, added.text
    with serving.owner() as owner:
        hospital = clinics.hospital(owner, slots=1, capacity=5, day=coming_day())
    wish = {
        "hospital": code(hospital),
        "slot_id": str(hospital.clinics[0].slots[0]),
        "patient_id": added.json()["patient_id"],
    }
    booked = client.post("/appointments", json=wish, headers={"idempotency-key": str(new_id())})
    assert booked.status_code == 201, booked.text
    assert booked.json()["patient_name"] == NAME


def _told(messages: Path) -> list[str]:
    if not messages.exists():
        return []
    return [json.loads(line)["text"] for line in messages.read_text("utf-8").splitlines()]


def _rows(serving: Serving, database: str) -> bytes:
    with serving.owner(database) as owner:
        tables = owner.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        written = b""
        for (table,) in tables:
            with owner.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT".encode()) as rows:
                written += b"".join(bytes(row) for row in rows)
    return written
