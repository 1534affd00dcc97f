"""Commands that keep an installation: backup, restore, what is destroyed in time, and the ledger."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from marsad import __version__
from marsad.base.errors import PlaceError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table
from marsad.cli.waiting import command, say, waits, writing

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=FOLDER)
@waits
def backup(folder: Path, wait_seconds: float) -> None:
    """Copy the whole installation (MARSAD_HOME) into FOLDER, which is new or empty.

    Lake, releases, sealed payloads, bulletins, the control database with its newest entries and the
    secret, with the size and hash of each file. Control data in PostgreSQL (MARSAD_DATABASE) are
    copied too, into a file: a backup is whole in itself. The portal may run; who writes is waited for.
    Keep the copy as safe as the installation: it holds the secret and what people left.
    """
    from marsad.lake.backup import backup as back_up
    from marsad.lake.control import open_control
    from marsad.lake.wholeness import damages

    settings = read_settings()
    if not settings.home.exists():
        raise PlaceError(f"There is no installation at {settings.home}: nothing to back up.")
    alone: AbstractContextManager[None] = nullcontext()
    if os.access(settings.home, os.W_OK):  # where nobody can write, nobody does
        alone = open_control(settings).writing(wait_seconds, command(), say)
    with alone:
        files, left_out = back_up(settings.home, folder, __version__, settings.database)
    for name, reason in damages(folder / "lake").items():
        display(f"Copied as it is, damaged: table {name}: {reason}.", markup=False)
    if left_out:
        display(f"Left out, damaged: {', '.join(left_out)}.")
    display(f"{files:,} files in {folder}. Bring them back with `marsad restore {folder}`.")


@click.command()
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """Bring a backup in FOLDER back to MARSAD_HOME, which is new or empty.

    Every file is compared with its hash first; a backup that is damaged is refused whole. Control
    data go to MARSAD_DATABASE where that is set, into an empty database; so an installation moves
    from a file to PostgreSQL, or back.
    """
    from marsad.lake.backup import restore as bring_back
    from marsad.lake.control import open_control

    settings = read_settings()
    made_at = bring_back(folder, settings.home, settings.database)
    releases = open_control(settings).releases()
    newest = f", the newest {releases[0]['id']}" if releases else ""
    display(f"The backup of {made_at} is at {settings.home}: {len(releases):,} releases{newest}.")


@click.command()
@waits
def forget(wait_seconds: float) -> None:
    """Destroy sealed payloads whose retention has ended, and those of which no entry says until when they
    may be kept."""
    from marsad.flow.steps import Flow

    running = Flow(read_settings())
    with writing(running.control, running.settings.home, wait_seconds):
        display(f"{running.forget()} payloads destroyed.")


@click.command()
@click.option("-n", "most", default=20, show_default=True, type=click.IntRange(1), help="Payloads.")
def payloads(most: int) -> None:
    """List the files and answers that were received, newest first."""
    from marsad.flow.steps import Flow
    from marsad.flow.withdrawal import payloads as received

    listing = table("received", "source", "name", "bytes", "SHA-256")
    for row in received(Flow(read_settings()))[:most]:
        cells = (
            str(row["received_at"])[:19],
            row["source_id"],
            row["name"],
            f"{row['size_bytes']:,}",
        )
        listing.add_row(*map(str, cells), str(row["sha256"])[:16])
    display(listing)


@click.command()
@click.argument("payload")
@click.option("--reason", required=True, help="Why, for the ledger.")
@waits
def withdraw(payload: str, reason: str, wait_seconds: float) -> None:
    """Take back a wrong file of ads, named by the start of its SHA-256 (`marsad payloads`): what it gave leaves
    the ads, the search and the feed; figures follow with the next release."""
    from marsad.flow.steps import Flow
    from marsad.flow.withdrawal import withdraw as take_back

    running = Flow(read_settings())
    with writing(running.control, running.settings.home, wait_seconds):
        taken = take_back(running, payload, reason)
        running.follow()
    display(f"{taken:,} sightings taken back.")


@click.group()
def sample() -> None:
    """The synthetic ads and trainings that come with Marsad, for trying it (MARSAD_SAMPLE=0 leaves them
    out from the beginning)."""


@sample.command()
@waits
def remove(wait_seconds: float) -> None:
    """Take every synthetic record out of the lake and release without them."""
    from dataclasses import replace

    from marsad.flow import sample as synthetic
    from marsad.flow.steps import Flow

    running = Flow(replace(read_settings(), sample=False))
    with writing(running.control, running.settings.home, wait_seconds):
        records = synthetic.remove(running.lake)
        display(f"{records:,} synthetic records removed. Release: {running.release()}")
    display("Set MARSAD_SAMPLE=0, or the next `marsad flow collect` brings them back.")


@click.command()
@click.option("--step", default="", help="Only this step.")
@click.option("-n", "most", default=20, show_default=True, type=click.IntRange(1))
@click.argument("number", required=False, type=int)
def runs(step: str, most: int, number: int | None) -> None:
    """The ledger: what ran, what went in and came out, what was set aside, what failed; of run NUMBER what was
    warned of and set aside, with file, row and rule."""
    from marsad.lake.control import open_control

    control = open_control(read_settings())
    if number is not None:
        kept = control.issues(number)
        if not kept:
            display(f"Of run {number} nothing was warned of or set aside.")
            return
        issues = table("level", "file", "row", "rule", whole=("level",))
        for issue in kept:
            issues.add_row(issue["level"], issue["file"], str(issue["row"] or ""), issue["rule"])
        display(issues, markup=False)
        return
    listing = table("run", "step", "subject", "status", "in", "out", "set aside", "message")
    for run in control.runs(step, most):
        figures = (f"{run[k]:,}" for k in ("rows_in", "rows_out", "rejected"))
        listing.add_row(
            str(run["id"]),
            run["step"],
            run["subject"],
            run["status"],
            *figures,
            run["message"][:80],
        )
    display(listing)
