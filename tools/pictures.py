"""Take the pictures of the README from a running demo: `python -m tools.pictures DATA`.

Walks as a new patient at phone size and as the registrar at desktop size; everybody is invented.
"""

import json
import re
import sys
import time
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from renhao import identity, simulate
from renhao.kernel import new_id, utc_now
from tools.browser import found as browser_path

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LOOKED_AT = Path(__file__).parents[1] / "build" / "pictures"
KEPT = {"department", "done", "arrival"}
"""What the README shows; the others are for whoever changed a page to look at."""
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1180, height=844)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_SECONDS = 20


def main(data: Path) -> None:
    """Take all pictures."""
    note = json.loads((data / "demo.json").read_text("utf-8"))
    for folder in (PICTURES, LOOKED_AT):
        folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        person = _patient(browser, note, data)
        _desk(browser, note, person.citizen_number)
        browser.close()


def _patient(browser: Browser, note: dict[str, str], data: Path) -> simulate.SimulatedPatient:
    seed = new_id().int
    person = simulate.make_patients(seed, today=identity.local_day(utc_now()), count=1)[0]
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(f"{note['base_url']}/h/{note['hospital_code']}/departments")
    _shoot(page, "departments")
    page.click("a:has-text('骨科')")
    _shoot(page, "department")
    page.click("a:has-text('先到先得')")
    _shoot(page, "clinic")
    page.click("main a[href*='/book/'] >> nth=0")
    _log_in(page, f"1990000{seed % 10_000:04}", data)
    page.select_option("[name=document_kind]", "citizen")
    page.fill("[name=document_number]", person.citizen_number)
    page.fill("[name=name]", person.name)
    _shoot(page, "new-patient")
    page.click("main button[type=submit] >> nth=-1")
    _shoot(page, "confirm")
    page.click("main button[type=submit] >> nth=-1")
    page.wait_for_selector("svg, img")
    _shoot(page, "done")
    return person


def _log_in(page: Page, phone: str, data: Path) -> None:
    page.fill("[name=phone]", phone)
    _shoot(page, "login")
    page.click("main button[type=submit] >> nth=-1")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", _code(data, phone))
    page.click("main button[type=submit] >> nth=0")
    page.click("a:has-text('添加就诊人')")
    page.wait_for_selector("[name=document_number]")


def _code(data: Path, phone: str) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        lines = (data / "messages.jsonl").read_text("utf-8").splitlines()
        for line in map(json.loads, reversed(lines)):
            code = re.search(r"\b\d{6}\b", line["text"])
            if line["to"].endswith(phone[-4:]) and code:
                return code.group()
        time.sleep(0.3)
    raise TimeoutError("no one-time code came")


def _desk(browser: Browser, note: dict[str, list[dict[str, str]] | str], number: str) -> None:
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    logins = note["logins"]
    if not isinstance(logins, list):
        raise TypeError("logins")
    staff = next(each for each in logins if each["login"] == "registrar")
    page.goto(f"{note['base_url']}/staff/login")
    _shoot(page, "staff-login")
    page.fill("[name=login]", staff["login"])
    page.fill("[name=password]", staff["password"])
    page.fill("[name=totp]", pyotp.TOTP(staff["totp_secret"]).now())
    page.click("main button[type=submit]")
    _shoot(page, "staff-today")
    page.goto(f"{note['base_url']}/staff/arrival")
    page.fill("[name=document_number]", number)
    page.press("[name=document_number]", "Enter")
    page.wait_for_load_state()
    _shoot(page, "arrival")
    page.goto(f"{note['base_url']}/staff/window")
    _shoot(page, "window")


def _shoot(page: Page, name: str) -> None:
    page.wait_for_load_state()
    folder = PICTURES if name in KEPT else LOOKED_AT
    page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
