"""The whole journey in a browser: both languages, phone and desktop, without script, elder mode."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.support.api import a_person
from tests.support.browser import Site

pytestmark = pytest.mark.e2e

VISITORS = {
    "zh phone": {"language": "zh-CN"},
    "en phone": {"language": "en-GB"},
    "zh desktop": {"language": "zh-CN", "width": 1280, "height": 900},
    "zh phone without script": {"language": "zh-CN", "script": False},
    "en elder mode without script": {"language": "en-GB", "script": False, "elder": True},
    "zh elder mode": {"language": "zh-CN", "elder": True},
}
SAID = {"zh": ("挂号成功", "已退号"), "en": ("Booked", "cancelled")}
MAIN_BUTTON = "main form .weui-btn_primary"


async def to_the_slot(page: Page) -> None:
    await page.goto("/")
    await page.locator(".grid a").first.click()
    await page.locator("a.row[href*='/clinics/']").first.click()
    await page.locator(".slots a").first.click()


async def add_patient(page: Page) -> None:
    await page.locator("main a[href^='/patients/new']").click()
    person = a_person()
    await page.locator("#document_number").fill(person["document_number"])
    await page.locator("#name").fill(person["name"])
    await page.locator(MAIN_BUTTON).click()


@pytest.mark.parametrize("how", VISITORS.values(), ids=VISITORS)
async def test_a_new_visitor_books_and_cancels(site: Site, how: dict[str, object]) -> None:
    booked, cancelled = SAID[str(how["language"])[:2]]

    async with site.visitor(**how) as page:  # type: ignore[arg-type]
        await to_the_slot(page)
        await site.log_in(page)
        await add_patient(page)
        await page.locator(MAIN_BUTTON).click()
        await expect(page.locator("h1")).to_have_text(booked)
        await expect(page.locator(".ticket img")).to_be_visible()
        await page.locator("main a[href='/appointments']").click()
        await page.locator("a.row").first.click()
        await page.locator("a[href$='/cancel']").click()
        await page.locator("main form button").click()
        await expect(page.locator("h1 .tag")).to_have_text(cancelled)


async def test_an_account_with_one_patient_books_in_five_taps(site: Site) -> None:
    taps = [
        ".grid a",
        "a.row[href*='/clinics/']",
        ".slots a",
        MAIN_BUTTON,
    ]

    async with site.visitor() as page:
        await page.goto("/login")
        await site.log_in(page)
        await page.goto("/patients")
        await add_patient(page)
        await page.goto("/")
        for tap in taps:
            await page.locator(tap).first.click()
        await expect(page.locator("h1")).to_have_text("挂号成功")

    assert len(taps) <= 5


async def test_a_new_patient_is_asked_for_three_fields(site: Site) -> None:
    async with site.visitor() as page:
        await page.goto("/login")
        await site.log_in(page)
        await page.goto("/patients/new")
        shown = page.locator("form.person :is(input, select):visible")
        names = [await each.get_attribute("name") for each in await shown.all()]
        await page.locator("#document_kind").select_option("passport")
        for_a_passport = await shown.count()

    assert names == ["document_kind", "document_number", "name", "relation"]
    assert for_a_passport == 6


async def test_a_code_can_be_pasted(site: Site) -> None:
    async with site.visitor() as page:
        await page.goto("/login")
        await page.locator("#phone").fill("19900000001")
        await page.locator(MAIN_BUTTON).click()
        code = page.locator("#code")
        await code.focus()
        await page.keyboard.insert_text("123 456")

        assert await code.input_value() == "123 456"
        assert await code.get_attribute("autocomplete") == "one-time-code"


async def test_elder_mode_and_language_are_remembered(site: Site) -> None:
    async with site.visitor() as page:
        await page.goto("/")
        await page.get_by_text("长辈版").click()
        await expect(page.locator("html")).to_have_class(re.compile("elder"))
        await page.get_by_text("English").click()
        await page.goto("/privacy")

        await expect(page.locator("html")).to_have_class(re.compile("elder"))
        await expect(page.locator("main")).to_contain_text("We never ask for your face.")
