"""`renhao keys show`."""

import typer
from rich.console import Console
from rich.table import Table

from renhao import privacy
from renhao.cli import options
from renhao.cli.prepare import key_ring_path

keys = typer.Typer(help="The key ring.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to `renhao`."""
    app.add_typer(keys, name="keys")


@keys.command()
def show(data: options.Data = None) -> None:
    """Show where the key ring lies and which keys it names; never a key itself."""
    path = key_ring_path(options.read(data=data))
    ring = privacy.keyring.load(path)
    table = Table("what", "value", title="Key ring")
    table.add_row("file", str(path))
    table.add_row("fingerprint", ring.fingerprint().hex()[:16])
    table.add_row("active key", ring.active)
    table.add_row("keys", ", ".join(ring.wrapping))
    Console().print(table)
