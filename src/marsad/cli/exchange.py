"""Commands of the exchange format: for who sends tables of a register, and for who receives them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.base.errors import InputError, RefusedError
from marsad.base.settings import read_settings
from marsad.cli.console import display, display_json, table
from marsad.cli.waiting import waits, writing

if TYPE_CHECKING:
    from marsad.collect.register import Source

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_DAYS = 400


@click.group()
def exchange() -> None:
    """Tables of registers in the exchange format: check them, receive them (see docs: exchange)."""


@exchange.command()
@click.argument("source", metavar="SOURCE")
@click.argument("file", type=FILE)
def check(source: str, file: Path) -> None:
    """Check a table before it is sent: codes, counts, the smallest cell, cells told by subtraction. Needs no
    installation and stores nothing. Exit code 5 when something must be mended."""
    from marsad.collect.context import Context, read_payload
    from marsad.collect.register import collector

    spec = _sender(source)
    context = Context(spec, (read_payload(file),))
    try:
        cells = sum(1 for _ in collector(spec)(context))
    except InputError as error:
        raise RefusedError(f"{file.name}: {error.rule}") from None
    listing = table("row", "level", "rule")
    for issue in context.issues:
        listing.add_row(str(issue.row or ""), issue.level, issue.rule)
    if context.issues:
        display(listing)
    if context.rejected or not cells:
        raise RefusedError(
            f"{context.rejected:,} of {context.rejected + cells:,} rows must be mended."
        )
    display(f"{cells:,} cells, none must be mended.")


@exchange.command()
@click.argument("source", metavar="SOURCE")
def schema(source: str) -> None:
    """Print the schema of the tables of SOURCE (Frictionless Table Schema): columns, codes, rules."""
    from marsad.base.areas import areas
    from marsad.base.codes import TOTAL, codelist
    from marsad.collect.adapters.aggregates import COLUMNS, NEEDED, measures

    spec = _sender(source)
    of = measures(spec.options)
    codes = {
        "MEASURE": list(of),
        "REF_AREA": list(areas()),
        "CONF_STATUS": ["F", "C"],
        **{name.upper(): list(codelist(name)) for name in ("sex", "age", "education")},
    }
    listed = {c for m in of.values() if m.categories for c in codelist(m.categories) if m.holds(c)}
    codes["CATEGORY"] = [TOTAL, *sorted(listed - {TOTAL})]
    fields = [
        {
            "name": name,
            "type": "integer" if name == "OBS_VALUE" else "string",
            "description": about,
            "constraints": {"required": name in NEEDED[:3]}
            | ({"enum": codes[name]} if name in codes else {}),
        }
        for name, (_, about) in COLUMNS.items()
    ]
    keys = [name for name in COLUMNS if name not in ("OBS_VALUE", "CONF_STATUS", "COMMENT_OBS")]
    smallest = {"minimum_cell": spec.options["minimum"], "signature_namespace": "marsad"}
    display_json(json.dumps({"fields": fields, "primaryKey": keys, **smallest}, ensure_ascii=False))


@exchange.command()
@waits
def receive(wait_seconds: float) -> None:
    """Take in every signed table that waits in the inbox; exit code 5 when one was refused."""
    from marsad.flow.exchange import receive as take
    from marsad.flow.exchange import senders
    from marsad.flow.steps import Flow
    from marsad.lake.inbox import Inbox

    running = Flow(read_settings())
    refused = 0
    with writing(running.control, running.settings.home, wait_seconds):
        for each in take(running):
            came = f"{each.stored:,} cells stored, {each.rejected:,} set aside"
            display(f"{each.source}/{each.file}: {each.refused or came}.", markup=False)
            refused += bool(each.refused)
    inbox = Inbox(running.settings.home)
    for spec in senders():
        if n := inbox.waiting(spec.id):
            display(f"{n} files of {spec.id} wait for their signature (NAME.csv.sig).")
    if refused:
        raise RefusedError(
            f"{refused} files were refused: they are in inbox/SOURCE/refused, with the reason."
        )


@exchange.command()
@click.argument("source", metavar="SOURCE")
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1, _MOST_DAYS), help="Until when."
)
def address(source: str, days: int) -> None:
    """Print an address to which the sender of SOURCE may put tables and signatures (HTTP PUT), without an
    account, until its last day."""
    from marsad.lake.inbox import Inbox

    settings = read_settings()
    until = dt.date.today() + dt.timedelta(days)
    path = Inbox(settings.home).address(_sender(source).id, until)
    display(f"{settings.url}{path}", markup=False)


def _sender(identifier: str) -> Source:
    from marsad.flow.exchange import senders

    known = {spec.id: spec for spec in senders()}
    if identifier not in known:
        raise InputError(f"no sender {identifier!r}: {', '.join(known)}")
    return known[identifier]
