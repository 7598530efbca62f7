"""The measures notice what breaks them."""

import pytest

from tests.support.browser import Site, findings, small_targets, small_text, tight_lines

pytestmark = pytest.mark.e2e

PLANTED = """() => document.querySelector('main').insertAdjacentHTML('beforeend', `
  <p id="planted">pale</p><div><a href="/x" id="tiny">x</a></div>`)"""
STYLED = """() => {
  const planted = document.querySelector('#planted');
  planted.style.cssText = 'color: #07c160; font-size: 12px; line-height: 1.1';
}"""


@pytest.mark.parametrize(("elder", "px", "text"), [(False, 44, 14), (True, 60, 18)])
async def test_a_planted_fault_is_found(site: Site, *, elder: bool, px: float, text: float) -> None:
    async with site.visitor(elder=elder) as page:
        await page.goto("/privacy")
        before = [await findings(page), await small_text(page, px=text)]

        await page.evaluate(PLANTED)
        await page.evaluate(STYLED)

        assert before == [[], []]
        assert any("color-contrast" in each for each in await findings(page))
        assert any("planted" in each[1] for each in await small_text(page, px=text))
        assert any("planted" in each[1] for each in await tight_lines(page))
        assert any("tiny" in each[2] for each in await small_targets(page, px=px))
