"""Options that several commands share, and what they make of them."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renhao import settings

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the embedded database and the key ring."),
]
Hospital = Annotated[
    str | None,
    typer.Option("--hospital", help="Code of the hospital; not needed where there is only one."),
]


def read(**given: object) -> settings.Settings:
    """Read the settings from the environment and the command's options."""
    return settings.read(os.environ, **given)


def say(sentence: str) -> None:
    """Tell the person at the terminal what is going on."""
    Console(stderr=True).print(f"[dim]· {sentence}[/]", highlight=False)
