"""Staff pages in a browser: both languages, phone and desktop, keyboard alone, without script."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from renhao.staff import Role
from tests.support.browser import Site, findings, small_targets
from tests.support.ward import PASSWORD, Colleague, card, colleague
from tests.web.test_staff_desk import BEFORE_THE_CLINIC, booked_online
from tests.web.test_staff_schedule import WEEK, a_list

pytestmark = pytest.mark.e2e

PICTURES = os.environ.get("RENHAO_TEST_PICTURES")
WINDOW_POOLS = (
    "INSERT INTO slot_pool (hospital_id, clinic_id, slot_id, channel, capacity, first_number)"
    " SELECT hospital_id, clinic_id, slot_id, 'window', 2, 100 + first_number"
    " FROM slot_pool WHERE channel = 'online'"
)
SCREENS = {
    "zh phone": {"language": "zh-CN"},
    "en phone without script": {"language": "en-GB", "script": False},
    "zh desktop": {"language": "zh-CN", "width": 1280, "height": 900},
    "en desktop": {"language": "en-GB", "width": 1280, "height": 900},
}


async def log_in(site: Site, page: Page, who: Colleague) -> None:
    await page.goto("/staff/login")
    await expect(page.locator("#login")).to_be_focused()
    await page.keyboard.type(who.login)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#totp").fill(who.code(site.served))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/staff")


async def judge(page: Page, how: dict[str, object], name: str) -> list[object]:
    """Measure the page that is open; keep a picture where one is asked for."""
    if PICTURES:
        size = f"{str(how['language'])[:2]}-{how.get('width', 390)}"
        await page.screenshot(path=Path(PICTURES) / f"staff-{name}-{size}.png", full_page=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    spill = await page.evaluate(wide)
    found: list[object] = [f"{name} spills {spill} px"] if spill > 0 else []
    found += await small_targets(page, px=44)
    if how.get("script", True):
        found += await findings(page)
    return [(name, each) for each in found]


async def at_the_desk(page: Page, how: dict[str, object]) -> list[object]:
    """Go through arrival, window and names."""
    found: list[object] = []
    await page.goto("/staff/arrival")
    await page.locator("#document_number").fill("12345")
    await page.keyboard.press("Enter")
    await expect(page.locator(".error")).to_be_visible()
    found += await judge(page, how, "arrival-wrong")
    await page.locator("#document_number").fill(card()["document_number"])
    await page.keyboard.press("Enter")
    await expect(page.locator(".compare")).to_be_visible()
    found += await judge(page, how, "arrival-compare")
    await page.goto("/staff/window")
    await page.locator("#document_number").fill(card()["document_number"])
    await page.locator("#name").fill(card()["name"])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/staff/window/*")
    await page.locator("#q").fill("xnk")
    await page.keyboard.press("Enter")
    await expect(page.locator(".rows a").first).to_be_visible()
    found += await judge(page, how, "person")
    await page.locator(".rows a").first.click()
    await expect(page.locator("[name=choice]:checked")).to_be_visible()
    found += await judge(page, how, "slots")
    await page.goto("/staff/name")
    await page.locator("#document_number").fill(card()["document_number"])
    await page.keyboard.press("Enter")
    await expect(page.locator("#totp")).to_be_visible()
    found += await judge(page, how, "name")
    return found


async def in_the_office(page: Page, how: dict[str, object]) -> list[object]:
    """Go through import and suspension."""
    found: list[object] = []
    await page.goto("/staff/schedule")
    found += await judge(page, how, "schedule")
    wrong = WEEK.replace("20,,", "二十个,,").encode()
    for name, content in (("week.csv", wrong), ("list.xlsx", a_list())):
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        await page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
        await page.locator("form.ask [type=submit]").click()
        await expect(page.locator("h2").first).to_have_text(name)
        found += await judge(page, how, f"schedule-{name[:4]}")
    await page.goto("/staff/suspend?day=2026-03-09")
    found += await judge(page, how, "suspend-list")
    await page.locator(".rows a").first.click()
    await expect(page.locator("#reason")).to_be_visible()
    found += await judge(page, how, "suspend")
    return found


@pytest.mark.parametrize("how", SCREENS.values(), ids=SCREENS)
async def test_every_staff_page_is_sound(site: Site, how: dict[str, object]) -> None:
    served = site.served
    served.owner.execute(WINDOW_POOLS)
    served.owner.execute("UPDATE department SET search_words = '{xnk}'")
    await booked_online(served)
    served.clock.now = BEFORE_THE_CLINIC
    who = await colleague(served, *Role)
    found: list[object] = []

    async with site.visitor(**how, strict=False) as page:  # type: ignore[arg-type]
        await page.goto("/staff/login")
        found += await judge(page, how, "login")
        await log_in(site, page, who)
        found += await judge(page, how, "today")
        await page.goto("/staff/nowhere")
        found += await judge(page, how, "problem")
        found += await at_the_desk(page, how)
        found += await in_the_office(page, how)

    assert found == []


async def test_a_card_reader_and_one_key_check_in(site: Site) -> None:
    await booked_online(site.served)
    site.served.clock.now = BEFORE_THE_CLINIC
    who = await colleague(site.served, Role.REGISTRAR)

    async with site.visitor(script=False) as page:
        await log_in(site, page, who)
        await page.goto("/staff/arrival")
        await expect(page.locator("#document_number")).to_be_focused()
        await page.keyboard.type(card()["document_number"])
        await page.keyboard.press("Enter")
        await expect(page.locator(".compare__name")).to_have_text(card()["name"])
        await page.keyboard.press("Enter")
        await expect(page.locator(".queue")).to_have_text("排队号 1")

        assert await page.evaluate("document.activeElement.id") == "document_number"


async def test_the_window_books_by_keyboard_alone(site: Site) -> None:
    site.served.owner.execute(WINDOW_POOLS)
    site.served.owner.execute("UPDATE department SET search_words = '{xnk}'")
    site.served.clock.now = BEFORE_THE_CLINIC
    who = await colleague(site.served, Role.REGISTRAR)

    async with site.visitor(width=1280, height=900) as page:
        await log_in(site, page, who)
        await page.goto("/staff/window")
        await expect(page.locator("#document_number")).to_be_focused()
        await page.keyboard.type(card()["document_number"])
        await page.keyboard.press("Tab")
        await page.keyboard.type(card()["name"])
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/window/*")
        await expect(page.locator("[name=q]")).to_be_focused()
        await page.keyboard.type("xnk")
        await page.keyboard.press("Enter")
        await page.locator(".rows a").first.wait_for()
        await expect(page.locator(".rows a").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("input[type=radio]:checked")).to_be_focused()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")

        await expect(page.locator(".good .queue")).to_contain_text("号")
