"""The commands `marsad taxonomy ...`: official releases of taxonomies, read into this installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.base.settings import read_settings
from marsad.cli.console import display, errors, table
from marsad.cli.waiting import waits, writing

if TYPE_CHECKING:
    from collections import Counter

API = "https://ec.europa.eu/esco/api"
_SCHEME = click.Choice(["esco"])


@click.group()
def taxonomy() -> None:
    """Import official releases of taxonomies (ESCO) and list what is there.

    Once imported, all their labels are used: for the names of occupations and skills that ads ask
    for, and as further words that ads are searched for. Then run `marsad flow enrich release`.
    """


def _counted(counts: Counter[str]) -> None:
    """Say concepts and labels by kind, and the credit that ESCO's terms ask for."""
    from marsad.collect.taxonomy import CREDIT

    listing = table("kind", "concepts", "labels by language")
    for kind in ("occupation", "group", "skill"):
        if counts[kind]:
            labels = {
                name.split(" ")[1]: count
                for name, count in sorted(counts.items())
                if name.startswith(f"{kind} ")
            }
            listing.add_row(kind, f"{counts[kind]:,}", _labels(labels))
    display(listing)
    display(f"{counts['relation']:,} relations of occupations with skills.")
    display(CREDIT)


def _labels(counts: dict[str, int]) -> str:
    return ", ".join(f"{language} {count:,}" for language, count in counts.items()) or "-"


@taxonomy.command(name="import")
@click.argument("scheme", type=_SCHEME)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--release", default="", help="As 1.2; found in the names of the files if left out.")
@waits
def import_(scheme: str, paths: tuple[Path, ...], release: str, wait_seconds: float) -> None:
    """Read an official release from PATHS: folders, ZIP archives or CSV files, in any language.

    What is there in other languages stays. A file that breaks a rule stores nothing.
    """
    from marsad.flow.taxonomies import import_files
    from marsad.lake.control import open_control
    from marsad.lake.store import Lake

    del scheme  # the only one there is so far
    settings = read_settings()
    with writing(open_control(settings), settings.home, wait_seconds):
        counts = import_files(Lake(settings.home / "lake"), paths, release)
    _counted(counts)


@taxonomy.command()
@click.argument("scheme", type=_SCHEME)
@click.option("--language", required=True, help="The language to read: ar, fr, en ...")
@click.option("--api", default=API, show_default=True, metavar="URL", help="The public interface.")
@click.option(
    "--release", default="", help="As 1.2.0; the one that the interface gives if left out."
)
@click.option(
    "--delay", default=1.0, show_default=True, type=click.FloatRange(min=0), metavar="SECONDS",
    help="Least time between two requests.",
)  # fmt: skip
@waits
def fetch(
    scheme: str, language: str, api: str, release: str, delay: float, wait_seconds: float
) -> None:
    """Read a taxonomy in one language from its publisher's public interface.

    Page by page, at a polite distance in time, obeying robots.txt. Called again after a break, it
    goes on where it stopped.
    """
    from marsad.collect.fetch.client import Door
    from marsad.flow.taxonomies import fetch as fetched
    from marsad.lake.control import open_control
    from marsad.lake.store import Lake

    del scheme
    settings = read_settings()
    door = Door(delay_seconds=delay)

    def report(kind: str, read: int, total: int) -> None:
        errors().print(f"{kind}s: {read:,} of {total:,}")

    try:
        lake = Lake(settings.home / "lake")
        with writing(open_control(settings), settings.home, wait_seconds):
            counts = fetched(
                settings, lake, api, language, door.fetch, release=release, progress=report
            )
    finally:
        door.close()
    _counted(counts)


@taxonomy.command(name="list")
def list_() -> None:
    """Show the taxonomies that are there: release, concepts, labels by language."""
    from marsad.collect.taxonomy import CREDIT
    from marsad.flow.taxonomies import listed
    from marsad.lake.store import Lake

    rows = listed(Lake(read_settings().home / "lake"))
    if not rows:
        display("No taxonomy is imported yet: marsad taxonomy import esco PATH...")
        return
    listing = table("scheme", "release", "kind", "concepts", "labels by language")
    for row in rows:
        listing.add_row(
            row["scheme"],
            row["release"] or "not said",
            row["kind"],
            f"{row['concepts']:,}",
            _labels(row["labels"]),
        )
    display(listing)
    display(CREDIT)
