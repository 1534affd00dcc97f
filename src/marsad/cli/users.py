"""Commands about people on duty: accounts, the audit trail, approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from marsad.base.errors import RefusedError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table

if TYPE_CHECKING:
    from marsad.backoffice.accounts import People


@click.group()
def users() -> None:
    """People on duty: who may sign in to settle reports and see the state of things."""


_ROLES = click.Choice(
    ["reader", "counsellor", "analyst", "source_keeper", "publisher", "administrator"]
)
_HERE = "command line"


def _people() -> People:
    from marsad.backoffice.accounts import People
    from marsad.lake.control import open_control

    return People(open_control(read_settings()))


@users.command("add")
@click.argument("name")
@click.option("--role", type=_ROLES, default="analyst")
@click.password_option(help="Asked for when not given; at least 12 letters.")
def add_user(name: str, role: str, password: str) -> None:
    """Put NAME on duty."""
    _people().add(name, role, password, _HERE)
    click.echo(f"{name} is on duty as {role}.")


@users.command("list")
def list_users() -> None:
    """List the people on duty with their roles."""
    for one in _people().everyone():
        click.echo(f"{one.name}\t{one.role}")


@users.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
def change_user(name: str, role: str) -> None:
    """Give NAME another role."""
    _people().change(name, role, _HERE)
    click.echo(f"{name} is on duty as {role}.")


@users.command("password")
@click.argument("name")
@click.password_option(help="Asked for when not given; at least 12 letters.")
def renew_user(name: str, password: str) -> None:
    """Give NAME a new password and end the sessions under the old one."""
    _people().renew(name, password, _HERE)
    click.echo(f"{name} has a new password.")


@users.command("second-factor")
@click.argument("name")
@click.option("--off", is_flag=True, help="Take it away, for who lost the device.")
def second_factor(name: str, off: bool) -> None:
    """Give NAME a second factor: an address that an application for one-time codes takes up (RFC 6238), shown
    once."""
    click.echo(_people().second_factor(name, _HERE, off=off) or f"{name} has no second factor.")


@users.command("remove")
@click.argument("name")
def remove_user(name: str) -> None:
    """Take NAME off duty."""
    _people().remove(name, _HERE)
    click.echo(f"{name} is off duty.")


@click.command()
@click.option("-n", "most", default=20, show_default=True, type=click.IntRange(1), help="Entries.")
@click.option(
    "--verify", is_flag=True, help="Check that no entry was changed, put in or taken out."
)
@click.option(
    "--head", default="", help="What the newest entry bore, as shown earlier: it must be there."
)
def audit(most: int, verify: bool, head: str) -> None:
    """The audit trail: who did what. Each entry bears a hash of itself and the one before; keep what the newest
    bears elsewhere, and `--verify --head HASH` also tells whether the end was cut off."""
    from marsad.lake.control import open_control

    control = open_control(read_settings())
    rows = control.audit(10**9 if verify else most)
    if not verify:
        listing = table("at", "who", "action", "subject", "chain", whole=("at",))
        for row in rows:
            listing.add_row(
                row["at"][:19], row["who"], row["action"], row["subject"], row["chain"][:16]
            )
        display(listing)
        return
    number = control.broken_audit()
    if number is not None:
        raise RefusedError(
            f"The audit trail is not as it was entered: it breaks at entry {number}."
        )
    if head and not any(row["chain"].startswith(head) for row in rows):
        raise RefusedError("The audit trail was cut off: no entry bears what is given as --head.")
    newest = rows[0]["chain"] if rows else "-"
    display(f"{len(rows):,} entries, none changed. The newest bears {newest}", markup=False)


@click.command()
@click.argument("kind", type=click.Choice(["release", "source"]))
@click.argument("subject")
@click.option("--name", required=True, help="Who approves: an account of their own.")
@click.option("--code", default="", help="The one-time code of who has a second factor.")
@click.password_option(confirmation_prompt=False, help="Asked for when not given.")
def approve(kind: str, subject: str, name: str, code: str, password: str) -> None:
    """Approve of a release, or of the right to collect a source, where MARSAD_APPROVALS asks for several
    persons: it counts once so many have."""
    settings = read_settings()
    count = _people().approve(kind, subject, name, password, code)
    click.echo(f"{subject}: approved by {count} of {max(1, settings.approvals)}.")
