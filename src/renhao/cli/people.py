"""`renhao staff add`."""

import asyncio
import secrets
from typing import Annotated

import segno
import typer
from rich.console import Console

from renhao import audit, privacy, settings, staff, storage
from renhao.cli import options
from renhao.cli.prepare import CommandError, prepared
from renhao.kernel import StaffId, new_id, utc_now
from renhao.storage import roles

PASSWORD_BYTES = 12

people = typer.Typer(help="Staff of a hospital.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to `renhao`."""
    app.add_typer(people, name="staff")


@people.callback()
def group() -> None:
    """Staff of a hospital."""


@people.command("add")
def add_staff(
    login: Annotated[str, typer.Option(help="Name to log in with.")],
    name: Annotated[str, typer.Option(help="Name that colleagues and the audit show.")],
    role: Annotated[list[staff.Role], typer.Option(help="May be given several times.")],
    hospital: options.Hospital = None,
    data: options.Data = None,
) -> None:
    """Add a member of staff; shows the first password and the authenticator's secret once."""
    with prepared(options.read(data=data), own=False, say=options.say) as ready:
        command = asyncio.run(_add(ready.settings, hospital, login, name, frozenset(role)))
    console = Console()
    console.print(f"login     {command.login}\npassword  {command.password}", highlight=False)
    console.print(f"secret    {command.totp_secret}", highlight=False)
    uri = staff.totp_uri(command.totp_secret, login=command.login, hospital=hospital or "renhao")
    segno.make(uri, error="m").terminal(compact=True)


async def _add(
    full: settings.Settings,
    code: str | None,
    login: str,
    name: str,
    chosen: frozenset[staff.Role],
) -> staff.AddStaff:
    if full.database_url is None or full.keys_database_url is None or full.key_ring is None:
        raise CommandError("the database addresses or the key ring are missing")
    pool = storage.make_pool(full.database_url, role=roles.SERVER)
    key_store = storage.make_pool(full.keys_database_url, role=roles.SERVER)
    async with pool, key_store, storage.begin(pool) as tx:
        vault = privacy.Vault(privacy.keyring.load(full.key_ring), key_store)
        command = staff.AddStaff(
            hospital_id=(await options.one_hospital(tx, code)).hospital_id,
            staff_id=StaffId(new_id()),
            login=login,
            display_name=name,
            password=secrets.token_urlsafe(PASSWORD_BYTES),
            totp_secret=staff.new_totp_secret(),
            roles=chosen,
        )
        await staff.add_staff(tx, vault, command, by=audit.PROGRAM, now=utc_now())
    return command
