"""`renhao serve`, `renhao worker`, `renhao db upgrade`."""

from contextlib import ExitStack
from typing import Annotated

import typer

from renhao.cli import options
from renhao.cli.launch import Launch, child, end_with, revived
from renhao.cli.prepare import make_ready, prepared


def add(app: typer.Typer, launch: Launch) -> None:
    """Add the commands to `renhao`."""

    @app.command()
    def serve(
        data: options.Data = None,
        host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
        port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
        processes: Annotated[int | None, typer.Option(help="How many processes serve.")] = None,
        worker: Annotated[  # noqa: FBT002 - Typer reads a flag this way
            bool, typer.Option(help="Run the worker beside the server.")
        ] = True,
        parent: options.Parent = None,
    ) -> None:
        """Serve pages and API; a database is started when no address is given."""
        _follow(parent)
        given = options.read(data=data, host=host, port=port, processes=processes)
        with ExitStack() as stack:
            ready = stack.enter_context(prepared(given, own=True, say=options.say))
            launch.make_ready(ready.settings)
            if worker:
                stack.enter_context(child("worker", given=ready.settings))
            stack.enter_context(revived(ready.running, say=options.say))
            launch.serve(ready.settings)

    @app.command()
    def worker(data: options.Data = None, parent: options.Parent = None) -> None:
        """Send messages and run the jobs of the day."""
        _follow(parent)
        with prepared(options.read(data=data), own=False, say=options.say) as ready:
            launch.work(ready.settings)

    db = typer.Typer(help="The database.", no_args_is_help=True)
    app.add_typer(db, name="db")

    @db.command()
    def upgrade(data: options.Data = None) -> None:
        """Bring both databases to the newest schema."""
        with prepared(options.read(data=data), own=False, say=options.say) as ready:
            make_ready(ready.settings, say=options.say)
            launch.make_ready(ready.settings)
            options.say("The schema is up to date")


def _follow(parent: int | None) -> None:
    if parent is not None:
        end_with(parent)
