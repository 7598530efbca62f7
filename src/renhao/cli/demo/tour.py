"""The tour: the whole journey over HTTP against a running demo, step by step."""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.console import Console

from renhao.cli.demo.desk import check_in
from renhao.cli.demo.note import Note
from renhao.cli.demo.visitor import StepFailedError, Visitor
from renhao.kernel import new_id

console = Console()
ANSWER_SECONDS_MAX = 30


def walk(found: Note, *, messages: Path) -> None:
    """Walk every step and say how it went; exit 1 at the first that fails."""
    with httpx.Client(base_url=found.base_url, timeout=ANSWER_SECONDS_MAX) as client:
        visitor = Visitor(client, messages=messages, seed=new_id().int)
        steps: list[tuple[str, Callable[[], str]]] = [
            ("the server answers and is ready", visitor.wait_until_ready),
            ("the home page promises never to ask for a face", visitor.read_promise),
            ("a one-time code arrives", visitor.ask_for_code),
            ("the code logs in", visitor.log_in),
            ("a patient is added with three fields", visitor.add_patient),
            ("a clinic with free numbers is found", lambda: visitor.find_slot(found.hospital_code)),
            ("a number is booked", visitor.book),
            ("the same request again gets the same answer", visitor.repeat),
            ("a second number in the clinic is refused, and the page says why", visitor.book_twice),
            ("the number is among the account's appointments", visitor.see_it),
            ("the desk checks the patient in", lambda: check_in(found, visitor)),
            ("cancelling holds the number back, or is refused once arrived", visitor.cancel),
            ("the account logs out", visitor.log_out),
        ]
        for place, (what, step) in enumerate(steps, start=1):
            try:
                told = step()
            except (StepFailedError, httpx.HTTPError, KeyError, ValueError) as error:
                console.print(f"[red]✗[/] {place:2}. {what}: {error}", highlight=False)
                sys.exit(1)
            console.print(f"[green]✓[/] {place:2}. {what} [dim]{told}[/]", highlight=False)
