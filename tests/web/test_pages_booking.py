"""From the home page to a booked number and back, by forms alone."""

from datetime import timedelta

import pytest

from renhao.web.patient import appointments
from tests.support import clinics
from tests.support.api import Served, a_person
from tests.support.clinics import DAY
from tests.support.pages import Visitor, read, sent_code
from tests.support.people import phone_number

pytestmark = pytest.mark.web


async def log_in(site: Served, visitor: Visitor, index: int = 1) -> None:
    if not visitor.page or visitor.path != "/login":
        await visitor.open("/login")
    await visitor.send(phone=phone_number(index))
    await visitor.send(code=sent_code(site))


async def to_the_slot(visitor: Visitor) -> None:
    await visitor.open("/")
    await visitor.follow("/departments/")
    await visitor.follow("/clinics/")
    await visitor.follow("/book/")


async def booked(site: Served, visitor: Visitor) -> None:
    await to_the_slot(visitor)
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())
    await visitor.send()


async def test_a_new_visitor_books_a_number(site: Served, visitor: Visitor) -> None:
    await to_the_slot(visitor)
    asked_to_log_in = visitor.path
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())
    chosen = visitor.form().values["patient_id"]

    await visitor.send()

    assert asked_to_log_in == "/login"
    assert chosen
    assert "挂号成功" in visitor.text
    assert "1 号" in visitor.text
    assert "data:image/svg+xml" in visitor.text
    assert site.owner.execute("SELECT count(*) FROM appointment").fetchone() == (1,)


async def test_sending_the_form_twice_books_once(site: Served, visitor: Visitor) -> None:
    await to_the_slot(visitor)
    await log_in(site, visitor)
    await visitor.follow("/patients/new")
    await visitor.send(**a_person())
    form, path = visitor.form(), visitor.path
    form.action = path

    await visitor.send(form)
    first = visitor.path
    await visitor.send(form)

    assert visitor.path == first
    assert site.owner.execute("SELECT count(*) FROM appointment").fetchone() == (1,)


async def test_a_second_number_of_the_clinic_is_refused_in_the_form(
    site: Served, visitor: Visitor
) -> None:
    await booked(site, visitor)
    await to_the_slot(visitor)
    before = visitor.form().values["request_id"]

    await visitor.send()

    assert visitor.status == 409
    assert "该就诊人已有本次出诊的号" in visitor.text
    assert visitor.form().values["patient_id"]
    assert visitor.form().values["request_id"] != before


async def test_a_full_time_is_shown_as_full(site: Served, visitor: Visitor) -> None:
    site.owner.execute("UPDATE slot_pool SET taken = capacity")

    await visitor.open("/")
    await visitor.follow("/departments/")
    department = visitor.text
    await visitor.follow("/clinics/")

    assert "约满" in department
    assert "这一天已约满" in department
    assert "/book/" not in visitor.text


async def test_a_number_is_moved_to_another_time(site: Served, visitor: Visitor) -> None:
    await booked(site, visitor)
    await visitor.open(visitor.path)
    await visitor.follow("/reschedule")
    slots = site.hospital.clinics[0].slots

    await visitor.send(slot_id=str(slots[1]))

    assert "08:30–09:00" in visitor.text
    live = "SELECT slot_id FROM appointment WHERE status = 'booked'"
    assert site.owner.execute(live).fetchall() == [(slots[1],)]


async def test_a_cancelled_number_does_not_open_again(site: Served, visitor: Visitor) -> None:
    await booked(site, visitor)
    await visitor.open(visitor.path)
    await visitor.follow("/cancel")
    free = "现在退号不计次数" in visitor.text

    await visitor.send()

    assert free
    assert "已退号" in visitor.text
    assert "报到二维码" not in visitor.text
    held = "SELECT sum(held_back)::int, sum(taken)::int FROM slot_pool"
    assert site.owner.execute(held).fetchone() == (1, 0)


async def test_the_calendar_file_names_no_department(site: Served, visitor: Visitor) -> None:
    await booked(site, visitor)

    await visitor.follow("calendar.ics")

    assert visitor.page is not None
    assert visitor.page.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20260309T000000Z" in visitor.text
    assert "科" not in visitor.text


async def test_who_holds_the_days_is_told_that_they_are_unchanged(visitor: Visitor) -> None:
    await visitor.open("/")
    await visitor.follow("/departments/")
    assert visitor.page is not None
    path, etag = str(visitor.page.url), visitor.page.headers["etag"]

    again = await visitor.client.get(path, headers={"if-none-match": etag})

    assert again.status_code == 304
    assert again.content == b""


async def test_departments_are_found_by_initials(site: Served, visitor: Visitor) -> None:
    site.owner.execute("UPDATE department SET search_words = '{xinneike,xnk}'")
    path = f"/h/{site.code}/departments"

    await visitor.open(f"{path}?q=xnk")
    found = visitor.text
    await visitor.open(f"{path}?q=<b>yk")

    assert "找到 1 个科室" in found
    assert "没有找到“&lt;b&gt;yk”" in visitor.text


async def test_any_other_day_is_the_page_without_one(site: Served, visitor: Visitor) -> None:
    await visitor.open(f"/h/{site.code}")
    await visitor.follow("/departments/")
    path, usual = visitor.path, visitor.page.headers["etag"]  # type: ignore[union-attr]
    etags = []

    for query in ("day=1999-01-01", "day=2999-01-01", "nothing=7"):
        await visitor.open(f"{path}?{query}")
        etags.append(visitor.page.headers["etag"])  # type: ignore[union-attr]
    await visitor.open(f"{path}?day={DAY}")

    assert etags == [usual] * 3
    assert f'?day={DAY}" aria-current="date"' in visitor.text


async def test_older_appointments_are_a_page_further(
    site: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointments, "LIMIT_USUAL", 1)
    later = clinics.clinic(site.owner, site.hospital, day=DAY + timedelta(days=1))
    await booked(site, visitor)
    await visitor.open(f"/h/{site.code}/book/{later.slots[0]}")
    await visitor.send()
    seen = []

    await visitor.open("/appointments")
    for _ in range(2):
        seen.append([each for each in read(visitor.text).links if "/appointments/" in each])
        if "更早的预约" in visitor.text:
            await visitor.follow("cursor=")
    await visitor.open("/appointments?cursor=none")

    assert [len(each) for each in seen] == [1, 1]
    assert seen[0] != seen[1]
    assert visitor.status == 422
