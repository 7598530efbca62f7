"""What a browser measures on every page: accessibility, sizes, weight."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Response

from tests.support.api import a_person
from tests.support.browser import Site, findings, small_targets, small_text, tight_lines
from tests.support.people import phone_number

pytestmark = pytest.mark.e2e

PAGE_BYTES_MAX = 60_000
PHONE, DESKTOP = (390, 844), (1280, 900)
MODES = {
    "zh": ("zh-CN", False, PHONE),
    "en": ("en-GB", False, PHONE),
    "zh elder": ("zh-CN", True, PHONE),
    "en elder": ("en-GB", True, PHONE),
    "zh desktop": ("zh-CN", False, DESKTOP),
}
OPEN_PAGES = ("/", "/h/{code}/departments", "/h/{code}/departments?q=x", "{department}", "{clinic}")
OWN_PAGES = (
    "/account",
    "/sessions",
    "/privacy",
    "/patients",
    "/patients/new",
    "{book}",
    "{appointment}",
    "{appointment}?done=1",
    "{appointment}/cancel",
    "{appointment}/reschedule",
    "/appointments",
    "/nowhere",
)


async def own_pages(site: Site, page: Page) -> AsyncIterator[str]:
    """Open every page there is, one after the other."""
    where = {"code": site.served.code}
    await page.goto("/login")
    yield "/login"
    await page.locator("#phone").fill("12")
    await page.locator("main form button").click()
    yield "/login refused"
    await page.locator("#phone").fill(phone_number(2))
    await page.locator("main form button").first.click()
    await page.locator("#code").wait_for()
    yield "/login code"
    await page.goto("/login")
    await site.log_in(page)
    await page.goto("/")
    await page.locator(".grid a").first.click()
    where["department"] = page.url
    await page.locator("a.row[href*='/clinics/']").first.click()
    where["clinic"] = page.url
    await page.locator(".slots a").first.click()
    where["book"] = page.url
    yield "book without patients"
    await page.locator("main a[href^='/patients/new']").click()
    person = a_person()
    await page.locator("#document_number").fill(person["document_number"][:-1])
    await page.locator("#name").fill("1")
    await page.locator("main form button").click()
    yield "/patients/new refused"
    await page.locator("#document_number").fill(person["document_number"])
    await page.locator("#name").fill(person["name"])
    await page.locator("main form button").click()
    await page.locator("main form button").click()
    where["appointment"] = page.url.removesuffix("?done=1")
    for path in (*OPEN_PAGES, *OWN_PAGES):
        await page.goto(path.format(**where))
        yield path
    await page.goto("/patients")
    await page.locator("main li a").first.click()
    yield "/patients/remove"


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
async def test_every_page_holds_the_numbers(
    site: Site, mode: tuple[str, bool, tuple[int, int]]
) -> None:
    language, elder, (width, height) = mode
    wrong: dict[str, object] = {}

    async with site.visitor(
        language=language, elder=elder, strict=False, width=width, height=height
    ) as page:
        async for name in own_pages(site, page):
            found = {
                "axe": await findings(page),
                "text": await small_text(page, px=18 if elder else 14),
                "lines": await tight_lines(page),
                "targets": await small_targets(page, px=60 if elder else 44),
                "sideways": await page.evaluate(
                    "document.documentElement.scrollWidth > window.innerWidth"
                ),
            }
            wrong |= {f"{name} {what}": each for what, each in found.items() if each}

    assert wrong == {}


async def test_every_page_is_light(site: Site) -> None:
    weights: dict[str, int] = {}

    async with site.visitor(strict=False) as page:
        weight = 0

        async def weigh(response: Response) -> None:
            nonlocal weight
            sizes = await response.request.sizes()
            weight += sizes["responseBodySize"]

        session = await page.context.new_cdp_session(page)
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("response", weigh)
        async for name in own_pages(site, page):
            weights[name], weight = weight, 0

    assert {name: each for name, each in weights.items() if each > PAGE_BYTES_MAX} == {}
