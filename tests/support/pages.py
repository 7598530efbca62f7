"""Somebody who uses the pages without script: reads forms, fills them in, sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from httpx import AsyncClient, Response

from renhao.kernel import Purpose
from renhao.services import Services
from tests.support.api import Served


@dataclass
class Form:
    """One form of a page, with the values it comes with."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    visible: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    """A browser without script: cookies, the present page, its forms and links."""

    client: AsyncClient
    page: Response | None = None

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path

    async def open(self, path: str) -> None:
        self.page = await self.client.get(path, follow_redirects=True)

    async def follow(self, part: str) -> None:
        """Follow the first link whose address holds `part`."""
        link = next(each for each in read(self.text).links if part in each)
        await self.open(urljoin(str(self.page.url if self.page else "/"), link))

    def forms(self) -> list[Form]:
        return [each for each in read(self.text).forms if each.method == "post"]

    def form(self, action: str = "") -> Form:
        """Find the form that is sent to `action`; without one, the page's first."""
        return next(each for each in self.forms() if action in each.action)

    async def send(self, form: Form | None = None, /, **typed: str) -> None:
        """Fill a form in and send it."""
        form = form or self.forms()[0]
        target = urljoin(self.path, form.action) if form.action else self.path
        self.page = await self.client.post(target, data=form.values | typed, follow_redirects=True)


class read(HTMLParser):  # noqa: N801 - reads as a verb where it is used
    """Collect the forms and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
        elif tag == "select":
            self._select = values["name"]
            self.forms[-1].visible.append(self._select)
            self.forms[-1].values[self._select] = ""
        elif tag == "option" and "selected" in values:
            self.forms[-1].values[self._select] = values["value"]
        elif tag == "input":
            self._input(values)

    def _input(self, values: dict[str, str]) -> None:
        form, name = self.forms[-1], values["name"]
        if values.get("type") != "hidden":
            form.visible.append(name)
        if values.get("type") != "radio" or "checked" in values:
            form.values[name] = values.get("value", "")


def sent_code(served: Served) -> str:
    """Read the one-time code sent last out of the outbox, as only the worker's keys can."""
    return code_sent(served.services, served.owner.execute(LAST_CODE).fetchone())


LAST_CODE = (
    "SELECT cipher FROM outbox WHERE template = 'login-code' ORDER BY outbox_id DESC LIMIT 1"
)


def code_sent(services: Services, row: tuple[bytes] | None) -> str:
    """Open the cipher of a one-time code's message."""
    assert row is not None
    text = services.vault.open_for_platform(row[0], place="outbox/login-code")
    return text.reveal(purpose=Purpose.SEND_MESSAGE).split("|")[1]
