"""A served site for a real browser, and what is measured in it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Browser, Page, async_playwright

from tests.support.api import Served
from tests.support.pages import sent_code
from tests.support.people import phone_number
from tools import browser as installed

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL_TEXT = """size => [...document.querySelectorAll('main *, nav *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => e.getClientRects().length && !e.closest('.hidden'))
  .map(e => [parseFloat(getComputedStyle(e).fontSize), e.currentCSSZoom ?? 1, e.outerHTML])
  .map(([px, zoom, text]) => [px * zoom, text.slice(0, 90)])
  .filter(([px]) => px < size)"""
TIGHT_LINES = """least => [...document.querySelectorAll('main *, nav *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => e.getClientRects().length && !e.closest('.hidden'))
  .map(e => [getComputedStyle(e), e.outerHTML.slice(0, 90)])
  .map(([s, t]) => [parseFloat(s.lineHeight) / parseFloat(s.fontSize), t])
  .filter(([ratio]) => ratio < least - 0.001)"""
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input, select, label.choice')]
  .filter(e => e.type !== 'hidden' && e.getClientRects().length)
  .filter(e => !e.matches('.skip') && !e.closest('p:not(.actions)'))
  .filter(e => !(e.matches('input[type=radio]') && e.closest('label')))
  .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 90)])
  .filter(([r]) => r.width < least || r.height < least)
  .map(([r, t]) => [r.width, r.height, t])"""


@dataclass
class Site:
    """The site as a browser reaches it."""

    served: Served
    url: str
    browser: Browser

    @asynccontextmanager
    async def visitor(
        self,
        *,
        language: str = "zh-CN",
        elder: bool = False,
        script: bool = True,
        strict: bool = True,
        width: int = 390,
        height: int = 844,
    ) -> AsyncIterator[Page]:
        """Open a page as one visitor sees it; a message on the console fails the test."""
        context = await self.browser.new_context(
            locale=language,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            base_url=self.url,
        )
        if elder:
            cookie = {"name": "renhao_elder", "value": "1", "url": self.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        await context.close()
        assert not strict or said == []

    async def log_in(self, page: Page, index: int = 1) -> None:
        """Log in on the page that asks for the phone number."""
        await page.locator("#phone").fill(phone_number(index))
        await page.locator("main form button").first.click()
        await page.locator("#code").fill(sent_code(self.served))
        await page.locator("main form button").first.click()


@asynccontextmanager
async def site_of(served: Served) -> AsyncIterator[Site]:
    """Serve on a free port of this machine, in this event loop, with a browser beside it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(served.app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    serving = asyncio.create_task(server.serve())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed.found(), args=QUIET)
        await _reachable(port)
        yield Site(served, f"http://127.0.0.1:{port}", browser)
        await browser.close()
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def findings(page: Page) -> list[str]:
    """Run axe and say what it found."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


async def small_text(page: Page, *, px: float) -> list[Any]:
    """List texts that are rendered smaller than so many CSS pixels."""
    return list(await page.evaluate(SMALL_TEXT, px))


async def tight_lines(page: Page, *, least: float = 1.3) -> list[Any]:
    """List texts whose lines stand closer than that."""
    return list(await page.evaluate(TIGHT_LINES, least))


async def small_targets(page: Page, *, px: float) -> list[Any]:
    """List what can be tapped and is smaller; links in running text are exempt (WCAG 2.5.8)."""
    return list(await page.evaluate(SMALL_TARGETS, px))


async def _reachable(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError(port)
