"""`renhao` and its commands."""

import sys
from typing import NoReturn

import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from renhao import kernel, privacy, settings, storage
from renhao.cli import checks, data, demo, keys, people, server
from renhao.cli.launch import Launch
from renhao.cli.prepare import CommandError
from renhao.storage import embedded

EXPECTED = (
    CommandError,
    embedded.EmbeddedError,
    privacy.KeyRingError,
    settings.SettingsError,
    storage.UpgradeUnderWayError,
    kernel.Refused,
)


def make(launch: Launch) -> typer.Typer:
    """Put the commands together; `launch` says how to run the server and the worker."""
    app = typer.Typer(
        name="renhao",
        help="Hospital registration: the right number for the right person, without a face scan.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    server.add(app, launch)
    demo.add(app, launch)
    data.add(app)
    people.add(app)
    keys.add(app)
    checks.add(app)
    return app


def run(app: typer.Typer) -> None:
    """Run the command that the arguments name; an expected failure is a sentence and exit 1."""
    try:
        app()
    except EXPECTED as error:
        _end(str(error))
    except psycopg.Error as error:
        told = error.diag.message_primary or str(error)
        _end(f"the database does not answer as it should ({told}); run: renhao doctor")


def _end(sentence: str) -> NoReturn:
    Console(stderr=True).print(f"[bold red]renhao:[/] {escape(sentence)}", highlight=False)
    sys.exit(1)
