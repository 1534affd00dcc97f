"""Commands that keep an installation: backup, restore, what is destroyed in time, and the ledger."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from marsad import __version__
from marsad.base.errors import InputError, PlaceError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table
from marsad.cli.waiting import command, say, waits, writing

FOLDER = click.Path(file_okay=False, path_type=Path)


_KEY = click.option(
    "--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), envvar="MARSAD_BACKUP_KEY",
    help="File with the key that seals the backups (MARSAD_BACKUP_KEY); made where there is none. Keep a copy"
    " elsewhere: without it nothing is brought back.",
)  # fmt: skip
_ACTIONS = ("verify", "list", "prune")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[verify|list|prune] FOLDER")
@click.option("--before", default="", metavar="DAY", help="With prune: the first day that is kept.")
@_KEY
@waits
def backup(words: tuple[str, ...], before: str, key_file: Path | None, wait_seconds: float) -> None:
    """Add a snapshot of the whole installation (MARSAD_HOME) to the backups in FOLDER, new or used before.

    Lake with its versions, releases, editions, sealed payloads, outbox, bulletins, the control database with
    its newest entries (also one in PostgreSQL) and the secret. What has not changed since the last snapshot is
    not copied again. The portal may run; who writes is waited for. `backup verify FOLDER` reads every snapshot
    to its end, `list` lists them, `prune --before DAY` destroys older ones (never the newest).
    Without --key keep the copy as safe as the installation: it holds the secret and what people left.
    """
    from marsad.lake.repository import Repository, key_at

    action, folder = words if len(words) == 2 else ("", words[0])
    if len(words) > 2 or (action and action not in _ACTIONS):
        raise click.UsageError(f"say {', '.join(_ACTIONS)} or nothing, then a folder")
    place = Path(folder)
    key = key_at(key_file, make=not action) if key_file else None
    if not action:
        _back_up(place, key, wait_seconds)
        return
    repository = Repository(place, key)
    repository.newest()
    if action == "verify":
        from marsad.lake.backup import verify

        snapshots, files = verify(place, key)
        display(f"{snapshots:,} snapshots, {files:,} files: all as they were written.")
    elif action == "list":
        listing = table("snapshot", "made", "version", "files", "bytes", whole=("snapshot",))
        for name in repository.snapshots():
            one = repository.snapshot(name)
            size = f"{sum(entry.size for entry in one.files.values()):,}"
            listing.add_row(name, one.made_at, one.version, f"{len(one.files):,}", size)
        display(listing)
    else:
        snapshots, pieces = repository.prune(_moment(before) if before else "")
        display(f"{snapshots:,} snapshots and {pieces:,} pieces destroyed.")


def _moment(text: str) -> str:
    """A moment as snapshots are named by it; InputError for what is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no moment: write 2026-11-30 or 2026-11-30T18:00:00"
        ) from None
    return f"{moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC):%Y%m%dT%H%M%S%f}Z"


def _back_up(folder: Path, key: bytes | None, wait_seconds: float) -> None:
    from marsad.lake.backup import DONE
    from marsad.lake.backup import backup as back_up
    from marsad.lake.control import open_control
    from marsad.lake.wholeness import damages

    settings = read_settings()
    if not settings.home.exists():
        raise PlaceError(f"There is no installation at {settings.home}: nothing to back up.")
    alone: AbstractContextManager[object] = nullcontext()
    if writable := os.access(settings.home, os.W_OK):  # where nobody can write, nobody does
        alone = open_control(settings).writing(wait_seconds, command(), say)
    with alone:
        made = back_up(settings.home, folder, __version__, settings.database, key)
        if writable:
            (settings.home / DONE).write_text(f"{made.made_at}\n", "ascii")
    for name, reason in damages(settings.home / "lake").items():
        display(f"Copied as it is, damaged: table {name}: {reason}.", markup=False)
    if made.left_out:
        display(f"Left out, damaged: {', '.join(made.left_out)}.")
    display(
        f"{len(made.files):,} files in {folder}. Bring them back with `marsad restore {folder}`."
    )


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--at", "at", default="", metavar="TIME", help="As of this moment (UTC); the newest else."
)
@_KEY
@waits
def restore(folder: Path, at: str, key_file: Path | None, wait_seconds: float) -> None:
    """Bring a backup in FOLDER back to MARSAD_HOME, which is new or empty.

    Every file is compared with its hash; a backup that is damaged is refused whole. Control
    data go to MARSAD_DATABASE where that is set, into an empty database; so an installation moves
    from a file to PostgreSQL, or back. Whom `marsad erase` erased since is erased again.
    """
    from marsad.flow.erasure import replay
    from marsad.flow.steps import Flow
    from marsad.lake.backup import restore as bring_back
    from marsad.lake.control import open_control
    from marsad.lake.repository import key_at

    settings = read_settings()
    key = key_at(key_file) if key_file else None
    made_at = bring_back(folder, settings.home, settings.database, key, _moment(at) if at else "")
    control = open_control(settings)
    releases = control.releases()
    if control.erasures():
        running = Flow(settings)
        with writing(running.control, settings.home, wait_seconds):
            display(f"{replay(running):,} erasures done again.")
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


@click.command()
@click.argument("kind", type=click.Choice(["ad", "person", "address"]))
@click.argument("values", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why, for the ledger: who asked, by which letter.")
@click.option(
    "--backup", "backups", multiple=True, type=FOLDER, help="Folder of backups that are told of it."
)
@_KEY
@waits
def erase(
    kind: str, values: tuple[str, ...], reason: str, backups: tuple[Path, ...],
    key_file: Path | None, wait_seconds: float,
) -> None:  # fmt: skip
    """Erase ads by their keys, the ads that bear a person's name, address or number, or the alerts of an address.

    From the tables and their earlier versions, files, editions and search, payloads (whole: the other ads of
    such a file stay), releases, messages, judgements, reports. They stay erased when their file is given again,
    and when a backup is restored, old or new; `marsad backup prune` destroys old backups themselves.
    `marsad subject WORDS` shows first what is held. Numbers that were published stand; those that can be
    computed again no more are said to be so by `marsad recompute`.
    """
    import getpass

    from marsad.flow.erasure import erase as take_out
    from marsad.flow.erasure import keys_with
    from marsad.flow.steps import Flow
    from marsad.lake.repository import Repository, key_at

    running = Flow(read_settings())
    key = key_at(key_file) if key_file else None
    repositories = [Repository(folder, key) for folder in backups]
    with writing(running.control, running.settings.home, wait_seconds):
        if kind == "person":
            keys = sorted({k for words in values for k in keys_with(running, words)})
            count = take_out(running, "address", values, reason, getpass.getuser())
            count += take_out(running, "ad", keys, reason, getpass.getuser()) if keys else 0
        else:
            count = take_out(running, kind, values, reason, getpass.getuser())
        names = ("kind", "value", "reason", "at", "who")
        rows = [{n: str(row[n]) for n in names} for row in running.control.erasures()]
        for repository in repositories:
            repository.keep_erasures(rows)
    display(f"{count:,} erased.")


@click.command()
@click.argument("words")
def subject(words: str) -> None:
    """Show what is held of a person (subject access): WORDS is their name, address or number."""
    from marsad.flow.erasure import held_of
    from marsad.flow.steps import Flow

    rows = held_of(Flow(read_settings()), words)
    listing = table("place", "what", whole=("place",))
    for row in rows:
        listing.add_row(row["place"], row["content"])
    display(listing if rows else "Nothing is held.", markup=False)
