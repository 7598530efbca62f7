"""From the home page to a booked number and back, by forms alone."""

import pytest

from tests.support.api import Served, a_person
from tests.support.pages import Visitor, sent_code
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
