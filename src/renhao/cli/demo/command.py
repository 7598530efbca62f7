"""The command itself: make or find the demo, say where it is, serve it."""

import asyncio
import os
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pyotp
import typer
from rich.console import Console
from rich.table import Table

from renhao.cli import options
from renhao.cli.demo import hospital, note, tour
from renhao.cli.demo.build import Steps, Wanted, build, extend
from renhao.cli.launch import Launch, child, revived
from renhao.cli.prepare import CommandError, Prepared, prepared
from renhao.kernel import utc_now
from renhao.storage import embedded

SEED = 20_261_123
PATIENTS = 2_000
FOLDER = "demo"
MESSAGES = "messages.jsonl"
LOGINS_WIDTH = 120
"""Wide enough that no secret is cut."""

console = Console()


def add(app: typer.Typer, launch: Launch) -> None:
    """Add the command to `renhao`."""

    @app.command()
    def demo(
        data: options.Data = None,
        port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
        patients: Annotated[
            int, typer.Option(min=1, max=10_000, help="How many invented patients.")
        ] = PATIENTS,
        seed: Annotated[int, typer.Option(help="Another seed, another hospital.")] = SEED,
        walk: Annotated[  # noqa: FBT002 - Typer reads a flag this way
            bool,
            typer.Option("--tour", help="Walk the whole journey; exit 1 if a step fails."),
        ] = False,
        code: Annotated[
            str | None, typer.Option("--code", help="Show the present code of a login.")
        ] = None,
    ) -> None:
        """Serve a realistic hospital on 127.0.0.1; everybody in it is invented."""
        folder = data or embedded.default_data_folder() / FOLDER
        if code is not None:
            console.print(_present_code(folder, code))
            return
        quiet = os.environ.get("RENHAO_LOG_LEVEL", "warning")
        given = options.read(
            data=folder, port=port, messages_file=folder / MESSAGES, log_level=quiet
        )
        running = note.read(folder) if embedded.attach(folder) is not None else None
        if walk and running is not None:
            tour.walk(running, messages=folder / MESSAGES)
            return
        with prepared(given, own=True, say=options.say) as ready:
            launch.make_ready(ready.settings)
            found = _made(ready, seed=seed, patients=patients)
            if walk:
                _tour(ready, found)
            else:
                _serve(launch, ready, found)


def _made(ready: Prepared, *, seed: int, patients: int) -> note.Note:
    """Make the demo, or add the days that have come since, and note where it is."""
    data, now, steps = _data(ready), utc_now(), Steps()
    base_url = f"http://{ready.settings.host}:{ready.settings.port}"
    found = note.read(data)
    today = Wanted(seed=seed, patients=patients, first_day=now.date(), now=now).today
    if found is None:
        first_day = today - timedelta(days=hospital.DAYS_BEFORE)
        wanted = Wanted(seed=seed, patients=patients, first_day=first_day, now=now)
        logins = asyncio.run(build(ready.settings, wanted, steps=steps))
        found = note.Note(
            seed=seed,
            first_day=first_day,
            hospital_code=hospital.CODE,
            base_url=base_url,
            logins=logins,
            patient_phone=wanted.people()[0].phone,
        )
    else:
        wanted = Wanted(seed=found.seed, patients=0, first_day=found.first_day, now=now)
        asyncio.run(extend(ready.settings, wanted, steps=steps))
    for name, seconds in steps.seconds.items():
        options.say(f"{name}: {seconds:.1f} s")
    found = note.moved(found, base_url)
    note.write(data, found)
    return found


def _serve(launch: Launch, ready: Prepared, found: note.Note) -> None:
    _tell(found)
    with ExitStack() as stack:
        stack.enter_context(child("worker", given=ready.settings))
        stack.enter_context(revived(ready.running, say=options.say))
        launch.serve(ready.settings)


def _tour(ready: Prepared, found: note.Note) -> None:
    """Start the server beside this process, walk, and end it."""
    with child("serve", "--no-worker", given=ready.settings), child("worker", given=ready.settings):
        tour.walk(found, messages=_data(ready) / MESSAGES)


def _tell(found: note.Note) -> None:
    table = Table("login", "password", "authenticator secret", "who", box=None)
    for one in found.logins:
        table.add_row(one.login, one.password, one.totp_secret, f"{one.display_name} {one.role}")
    Console(width=LOGINS_WIDTH).print(table)
    console.print(f"Patients:  [bold]{found.base_url}/[/]")
    console.print(f"Staff:     [bold]{found.base_url}/staff/login[/]")
    console.print(
        f"Log in as a patient with any mobile number, or as one with a history: "
        f"[bold]{found.patient_phone}[/]. The one-time code appears below."
    )
    console.print("A present code for staff: [bold]renhao demo --code registrar[/]. Ctrl-C ends.")


def _present_code(folder: Path, login: str) -> str:
    found = note.read(folder)
    known = {one.login: one for one in found.logins} if found else {}
    if login not in known:
        raise CommandError(f"no such login in {folder}; there are: {', '.join(known) or 'none'}")
    return pyotp.TOTP(known[login].totp_secret).now()


def _data(ready: Prepared) -> Path:
    if ready.settings.data is None:
        raise CommandError("the demo needs a data folder: give one with --data")
    return ready.settings.data
