"""The tour's desk: staff log in with both factors and check the visitor in on the staff pages."""

import re
import time
from http import HTTPStatus

import httpx
import pyotp

from renhao.cli.demo.note import Note
from renhao.cli.demo.visitor import StepFailedError, Visitor

TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
NOTE = re.compile(r'name="note" value="([^"]+)"')
QUEUE = re.compile(r'class="queue">\D*(\d+)')
REFUSED = re.compile(r'role="alert"[^>]*>\s*(?:<[^>]+>)*([^<]+)')
LOGIN = "registrar"
STEP_SECONDS = 30


def check_in(found: Note, visitor: Visitor) -> str:
    """Type the document number, compare, confirm; a visit on another day must be refused."""
    with httpx.Client(base_url=found.base_url, timeout=STEP_SECONDS) as desk:
        _log_in(desk, found)
        page = _post(desk, "/staff/arrival", document_number=visitor.person.citizen_number)
        note = NOTE.search(page)
        if note is None:
            return _refused(page, visitor)
        if visitor.person.name not in page:
            raise StepFailedError("the page does not show the name to compare")
        page = _post(desk, "/staff/arrival/check-in", note=note.group(1))
        queue = QUEUE.search(page)
        if queue is None:
            raise StepFailedError("no queue number on the page")
        return f"queue number {queue.group(1)}"


def _log_in(desk: httpx.Client, found: Note) -> None:
    staff = next(each for each in found.logins if each.login == LOGIN)
    for _ in range(2):
        code = pyotp.TOTP(staff.totp_secret).now()
        _post(desk, "/staff/login", login=staff.login, password=staff.password, totp=code)
        if desk.get("/staff").status_code == HTTPStatus.OK:
            return
        # A code is good for one login: wait for the next.
        time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 1)
    raise StepFailedError("the registrar cannot log in")


def _post(desk: httpx.Client, path: str, **form: str) -> str:
    place = path if not path.endswith("/check-in") else "/staff/arrival"
    token = TOKEN.search(desk.get(place).text)
    if token is None:
        raise StepFailedError(f"no form on {place}")
    answer = desk.post(path, data={"_csrf_token": token.group(1), **form})
    if answer.is_server_error:
        raise StepFailedError(f"{path} answered {answer.status_code}")
    return answer.text


def _refused(page: str, visitor: Visitor) -> str:
    """Today's clinics may be over: then the desk has to say so."""
    today = visitor.today.isoformat()
    if visitor.appointment["day"] == today:
        raise StepFailedError("today's appointment was not found")
    said = REFUSED.search(page)
    if said is None:
        raise StepFailedError("the desk does not say why")
    return f"refused, for it is on {visitor.appointment['day']}: {said.group(1).strip()}"
