"""The command `marsad doctor`: what is damaged, and what of it can be made whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table
from marsad.cli.waiting import command, say, waits

if TYPE_CHECKING:
    from marsad.base.settings import Settings
    from marsad.lake.checkup import Finding


@click.command()
@click.option("--mend", is_flag=True, help="Compute anew what can be, remove what is of no use.")
@click.option(
    "--accept", "accepted", multiple=True, metavar="TABLE", help="Take a table as it is for whole."
)
@click.option(
    "--accept-new-control", "new_control", is_flag=True,
    help="Go on with an empty control database; the releases that are there are entered in it.",
)  # fmt: skip
@waits
def doctor(mend: bool, accepted: tuple[str, ...], new_control: bool, wait_seconds: float) -> None:
    """Check that everything is as it was left: tables, releases, control database, payloads, secret, rights of
    files, audit trail, runs, clock, disk.

    Nothing is changed without an option. What comes from sources (raw and observed tables, the
    history of values) is brought back by a backup alone; what is computed from them, and releases,
    are made anew with --mend. Exit code 6 when something is damaged.
    """
    from marsad.lake.checkup import examine
    from marsad.lake.control import holds_data

    settings = read_settings()
    if not holds_data(settings.home):
        raise NotFoundError(f"There are no data of an installation at {settings.home}.")
    if new_control:
        _enter_releases(settings)
    if accepted:
        _accept(settings, accepted, wait_seconds)
    findings = examine(settings)
    _show(findings)
    if findings and mend:
        _mend(settings, findings, wait_seconds)
        findings = examine(settings)
        _show(findings)
    if findings:
        raise PlaceError(f"{len(findings)} damaged: {', '.join(f.part for f in findings)}.")
    display("Everything is whole.")


def _show(findings: list[Finding]) -> None:
    if not findings:
        return
    listing = table("part", "damage", "what can be done", whole=("part",))
    for finding in findings:
        listing.add_row(finding.part, finding.damage, finding.remedy)
    display(listing)


def _accept(settings: Settings, names: tuple[str, ...], wait_seconds: float) -> None:
    """Take damaged tables as they are."""
    from marsad.lake import wholeness
    from marsad.lake.control import open_control

    root = settings.home / "lake"
    with open_control(settings).writing(wait_seconds, command(), say):
        for name in names:
            display(f"table {name}: {wholeness.accept(root, name, _stamp())}", markup=False)
        if not wholeness.damages(root):
            wholeness.remember(root)


def _stamp() -> str:
    """This moment, for the names of folders."""
    import datetime as dt

    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}"


def _enter_releases(settings: Settings) -> None:
    """Enter in an empty control database the releases whose folders are there, so that they are
    served."""
    from marsad.lake.control import open_control
    from marsad.lake.folders import manifest

    control = open_control(settings, accept_new=True)
    if control.releases():
        raise PlaceError(f"The control database {control.place} is not empty: nothing was changed.")
    names = [p.name for p in sorted((settings.home / "releases").glob("*")) if manifest(p)]
    for name in names:
        control.enter_release(name)
    display(f"A new control database, with {len(names):,} releases: {control.place}", markup=False)


def _mend(settings: Settings, findings: list[Finding], wait_seconds: float) -> None:
    """Make whole what can be; nothing is computed from a table that is damaged itself."""
    import shutil

    from marsad.flow.steps import Flow
    from marsad.lake import wholeness
    from marsad.lake.tables import tables

    lost = [f.table for f in findings if f.table and not f.step]
    if lost:
        raise PlaceError(
            f"Nothing was mended, for it would be computed from damaged tables ({', '.join(lost)}):"
            " restore a backup, or take them as they are with --accept TABLE."
        )
    for finding in findings:
        if finding.private:
            finding.private.chmod(0o700 if finding.private.is_dir() else 0o600)
    flow, root = Flow(settings), settings.home / "lake"
    with flow.control.writing(wait_seconds, command(), say):
        # Aside first, for what is made anew shares files with what stands; back if it cannot be made.
        folders = [finding.folder for finding in findings if finding.folder]
        aside = settings.home / "lake" / "_damaged" / f"folders-{_stamp()}"
        for folder in folders:
            (aside / folder.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.move(folder, aside / folder.parent.name / folder.name)
        steps = {finding.step for finding in findings} - {""}
        together = [
            n for n, t in tables().items() if t.rebuilt_by == "enrich" and "enrich" in steps
        ]
        for name in sorted(
            {finding.table for finding in findings if finding.table} | set(together)
        ):
            done = wholeness.set_back(root, name, _stamp(), entirely=name in together)
            display(f"table {name}: {done}")
        made = False
        try:
            flow.run(sorted(steps | {"release"} if steps - {"edition"} else steps))
            made = True
        finally:
            for folder in () if made else folders:
                shutil.move(aside / folder.parent.name / folder.name, folder)
            wholeness.remember(root)
        shutil.rmtree(aside, ignore_errors=True)
