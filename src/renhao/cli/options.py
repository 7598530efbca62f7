"""Options that several commands share, and what they make of them."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renhao import schedule, settings
from renhao.cli.prepare import CommandError
from renhao.storage import Tx

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the embedded database and the key ring."),
]
Hospital = Annotated[
    str | None,
    typer.Option("--hospital", help="Code of the hospital; not needed where there is only one."),
]

Parent = Annotated[
    int | None,
    typer.Option("--parent", hidden=True, help="End when this process is no more the parent."),
]


def read(**given: object) -> settings.Settings:
    """Read the settings from the environment and the command's options."""
    return settings.read(os.environ, **given)


async def one_hospital(tx: Tx, code: str | None) -> schedule.Hospital:
    """Find the hospital of a code, or the only one. Raises HospitalUnknown, CommandError."""
    if code is not None:
        return await schedule.hospital_by_code(tx, code=code)
    found = await schedule.hospitals(tx)
    if len(found) != 1:
        codes = ", ".join(each.code for each in found) or "none yet; see `renhao hospital add`"
        raise CommandError(f"say which hospital with --hospital; there are: {codes}")
    return found[0]


def say(sentence: str) -> None:
    """Tell the person at the terminal what is going on."""
    Console(stderr=True).print(f"[dim]· {sentence}[/]", highlight=False)
