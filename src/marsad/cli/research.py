"""The commands `marsad research ...`: files for researchers, their documentation, output checking."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table

if TYPE_CHECKING:
    from marsad.lake.control import Control


def _control() -> Control:
    from marsad.lake.control import open_control

    return open_control(read_settings())


@click.group()
def research() -> None:
    """Ads one by one for researchers: as codes, under an agreement, documented and checked.

    First `agree`, then `export`; what a researcher wants to take out of the file goes through
    `check`. Every export is entered in the ledger (`marsad runs`).
    """


@research.command()
@click.argument("name")
@click.option("--purpose", required=True, help="What the file is for, in a sentence.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
def agree(name: str, purpose: str, until: dt.datetime) -> None:
    """Enter the signed agreement with NAME (or its new purpose and end) in the ledger."""
    from marsad.flow import microdata as door

    door.agree(_control(), name, purpose, until.date())
    display(f"Agreed with {name} until {until:%Y-%m-%d}.", markup=False)


@research.command()
@click.argument("name")
@click.option(
    "--to",
    "folder",
    default=".",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the files.",
)
def export(name: str, folder: Path) -> None:
    """Write the files of the agreement NAME: Parquet and CSV, and their documentation.

    Codes with scores, weeks, provinces at most: no text, company, address or place word. Refused
    (exit code 5) without an agreement, and after its end.
    """
    from marsad.flow import microdata as door

    written = door.export(read_settings().home, _control(), name, folder)
    book = folder / "marsad_ads_ddi.xml"
    _write(book, door.documentation(read_settings().home))
    for path in (*written, book):
        click.echo(path)


@research.command()
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
def documentation(path: Path | None) -> None:
    """Write the documentation of the files as DDI Codebook 2.5 (to standard output without --out)."""
    from marsad.flow import microdata as door

    book = door.documentation(read_settings().home)
    if path is None:
        sys.stdout.buffer.write(book)
    else:
        _write(path, book)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PlaceError(f"{path} cannot be written: {error.strerror}.") from error


@research.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check a table (CSV) that is to leave the safe file: which rows may not, and why.

    Columns: codes, and figures named n (units behind the row, always), part (those that a share
    counts), value with largest and second (a sum, and what its two largest units add). Rules: 10
    units; no share of 0 or 100 %, nor on fewer than 10; no category with more than 90 % of its
    group; no unit with more than half of a sum; p % with p = 10. Exit code 5 when a row fails.
    """
    from marsad.products.disclosure.output_check import check as checked
    from marsad.products.disclosure.output_check import read

    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=str(file)) from None
    lines = read(content, file.name)
    failures = checked(lines)
    if not failures:
        display(f"{len(lines)} rows, none fails.")
        return
    listing = table("row", "rule", "why")
    for failure in failures:
        listing.add_row(str(failure.row), failure.rule, failure.why)
    display(listing)
    rows = len({failure.row for failure in failures})
    raise RefusedError(f"{rows} of {len(lines)} rows may not leave.")
