"""Importing a schedule by the page, and calling a clinic off."""

from datetime import date, time

import pytest
from httpx import Response

from renhao.schedule import Channel, HalfDay, Mode, sheets
from renhao.schedule.sheets import ClinicRow
from renhao.staff import Role
from tests.support.api import Served
from tests.support.pages import Visitor
from tests.support.ward import at_work
from tests.web.test_staff_desk import booked_online

pytestmark = pytest.mark.web

WEEK = (
    "科室,医生,职称,周一上午,周二上午,周三上午,周四上午,周五上午\n骨科,示例甲,主治医师,20,,20,,\n"
)


def a_list(*, online: int = 20) -> bytes:
    row = ClinicRow(
        department="骨科",
        practitioner="示例甲",
        title="主治医师",
        visit_kind="普通",
        day=date(2026, 3, 10),
        half_day=HalfDay.MORNING,
        starts=time(8),
        ends=time(12),
        capacity={Channel.ONLINE: online, Channel.WINDOW: 4},
        mode=Mode.INSTANT,
    )
    return sheets.write_list([row])


async def upload(visitor: Visitor, content: bytes, name: str, **typed: str) -> Response:
    await visitor.open("/staff/schedule")
    form = visitor.form("/staff/schedule")
    values = {each: value for each, value in form.values.items() if each != "file"} | typed
    visitor.page = await visitor.client.post(
        "/staff/schedule", data=values, files={"file": (name, content)}
    )
    return visitor.page


async def test_a_file_is_shown_dry_then_applied(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    await upload(visitor, a_list(), "week.xlsx")
    dry = visitor.text
    untouched = site.owner.execute("SELECT count(*) FROM clinic").fetchone()
    await visitor.send(visitor.form("/apply"))
    applied = visitor.text
    await upload(visitor, a_list(), "week.xlsx")
    again = visitor.text
    await upload(visitor, a_list(online=22), "week.xlsx")

    assert "<dt>新增</dt><dd>1</dd>" in dry
    assert untouched == (1,)
    assert "已导入：新增 1，更改 0，不变 0" in applied
    assert "完全相同，无需导入" in again
    assert "<dt>更改</dt><dd>1</dd>" in visitor.text
    row = site.owner.execute("SELECT file_name FROM schedule_import").fetchone()
    assert row == ("week.xlsx",)


async def test_what_was_not_shown_is_not_applied(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)
    await upload(visitor, a_list(), "week.xlsx")
    first = visitor.form("/apply")
    await upload(visitor, a_list(online=22), "week.xlsx")
    await visitor.send(visitor.form("/apply"))

    await visitor.send(first)

    assert "您查看之后排班有变动，还没有导入" in visitor.text
    assert "<dt>更改</dt><dd>1</dd>" in visitor.text
    assert site.owner.execute("SELECT count(*) FROM schedule_import").fetchone() == (1,)


async def test_a_week_table_is_repeated(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    await upload(visitor, WEEK.encode(), "week.csv", first_date="2026-03-09", weeks="2")
    two_weeks = visitor.text
    await upload(visitor, WEEK.encode(), "week.csv", first_date="", weeks="")

    assert "<dt>新增</dt><dd>4</dd>" in two_weeks
    assert visitor.status == 422
    assert "请填写起始日期和重复的周数" in visitor.text


async def test_every_error_has_its_place(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.ADMINISTRATOR)
    text = "科室,医生,号别,日期,午别,号源\n骨科,示例甲,普通,2026-03-10,半夜,20\n"

    await upload(visitor, text.encode(), "list.csv")

    assert "有 1 处错误" in visitor.text
    assert "<td>2</td><td>E</td><td><code>半夜</code></td>" in visitor.text
    assert "/apply" not in visitor.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("week.pdf", b"%PDF", "只读 .xlsx 和 .csv 文件"),
        ("week.xlsx", b"no zip", "文件已损坏"),
        ("week.csv", b"a,b\n1,2\n", "没有找到表头"),
    ],
)
async def test_a_file_that_is_none_is_refused(
    site: Served, visitor: Visitor, name: str, content: bytes, said: str
) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    await upload(visitor, content, name)

    assert visitor.status == 422
    assert said in visitor.text


async def test_a_file_of_a_megabyte_is_read(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    await upload(visitor, b"x" * 1_000_000, "week.csv")
    read = visitor.status
    await upload(visitor, b"x" * 12_000_000, "week.csv")

    assert read == 422
    assert visitor.status == 413


async def test_the_template_can_be_downloaded(site: Served, visitor: Visitor) -> None:
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    answer = await visitor.client.get("/staff/schedule/template")

    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert "renhao-schedule.xlsx" in answer.headers["content-disposition"]


async def test_a_clinic_is_called_off_after_a_look(site: Served, visitor: Visitor) -> None:
    await booked_online(site)
    await at_work(site, visitor, Role.SCHEDULE_MANAGER)

    await visitor.open("/staff/suspend?day=2026-03-09")
    await visitor.follow("/suspend/")
    plan = visitor.text
    await visitor.send(visitor.form("/suspend/"), reason=" ")
    no_reason = visitor.status, visitor.text
    before = site.owner.execute("SELECT status FROM appointment").fetchone()
    path = visitor.path
    await visitor.send(visitor.form("/suspend/"), reason="医生外出")
    done = visitor.text
    await visitor.open(path)

    assert "<dt>受影响</dt><dd>1</dd>" in plan
    assert "*" in plan
    assert no_reason[0] == 422
    assert "请填写停诊原因" in no_reason[1]
    assert before == ("booked",)
    assert "已停诊：退掉 1 个号" in done
    assert "这次出诊已停诊或已结束" in visitor.text
    rows = site.owner.execute("SELECT status, cancel_reason, cancelled_late FROM appointment")
    assert rows.fetchall() == [("cancelled", "suspended", False)]
    reason = site.owner.execute("SELECT reason FROM suspension").fetchone()
    assert reason == ("医生外出",)
