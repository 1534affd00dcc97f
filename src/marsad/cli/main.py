"""The program `marsad`: every command, its help, and how errors are said."""

from __future__ import annotations

import datetime as dt
import errno
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad import __version__
from marsad.base.errors import CoherenceError, MarsadError, PlaceError, RefusedError
from marsad.base.settings import read_settings
from marsad.cli.console import display, display_json, table
from marsad.cli.doctor import doctor
from marsad.cli.exchange import exchange
from marsad.cli.home import (
    backup,
    erase,
    forget,
    payloads,
    restore,
    runs,
    sample,
    subject,
    withdraw,
)
from marsad.cli.library import library
from marsad.cli.portal import load, up
from marsad.cli.research import research
from marsad.cli.review import retrain, review
from marsad.cli.services import alerts, bulletins, sms
from marsad.cli.sources import sources, watch
from marsad.cli.statistics import keys, recompute
from marsad.cli.taxonomy import taxonomy
from marsad.cli.users import approve, audit, users
from marsad.cli.waiting import waits, writing

if TYPE_CHECKING:
    from marsad.base.records import Row
    from marsad.flow.steps import Flow


EXTRAS = {"sklearn": "train", "psycopg": "postgres", "pyspark": "spark", "playwright": "browser"}
"""Modules that a plain installation may lack -> the extra that brings them."""


class Marsad(click.Group):
    """The group of commands; says an error of ours as one sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MarsadError as error:
            click.secho(f"marsad: {error}", fg="red", err=True)
            if isinstance(error, CoherenceError):
                for finding in error.findings[:20]:
                    click.echo(f"  - {finding}", err=True)
            ctx.exit(error.exit_code)
        except ModuleNotFoundError as error:
            extra = EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            click.secho(
                f"marsad: {error.name} is not installed, and this needs it:"
                f" pip install 'marsad[{extra}]'",
                fg="red",
                err=True,
            )
            ctx.exit(PlaceError.exit_code)
        except OSError as error:
            home = read_settings().home
            if error.errno != errno.ENOSPC:
                raise
            click.secho(
                f"marsad: {home} cannot be written ({error}); is its disk full?",
                fg="red",
                err=True,
            )
            ctx.exit(PlaceError.exit_code)


@click.group(cls=Marsad, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="marsad")
def main() -> None:
    """Marsad (مرصد), an open labour-market observatory.

    First time: `marsad up` loads the data that come with the package and starts the portal. Your
    own files: `marsad ingest ads FILE` shows ads at once; figures follow with `marsad flow release`. A
    portal that runs takes up both by itself.

    Data live in ./data (MARSAD_HOME); the portal listens on 127.0.0.1:8000 (MARSAD_HOST,
    MARSAD_PORT). Exit codes: 2 bad input, 3 a declaration, 4 not found, 5 refused, 6 this machine.
    """


def _flow() -> Flow:
    from marsad.flow.steps import Flow  # the heavy libraries load only when a command needs them

    return Flow(read_settings())


@main.command()
@click.argument("steps", nargs=-1, metavar="[STEP]...")
@click.option(
    "--engine", default="", metavar="ENGINE",
    help="What runs the steps: embedded, or a Spark cluster, spark://HOST:7077 (MARSAD_ENGINE).",
)  # fmt: skip
@click.option(
    "--embargo", default="", metavar="MOMENT",
    help="The release is served from this moment on, to the second: 2026-12-05T10:00:00+01:00.",
)  # fmt: skip
@waits
def flow(steps: tuple[str, ...], engine: str, embargo: str, wait_seconds: float) -> None:
    """Run steps: collect, enrich, edition, release (all without a name).

    collect reads the sources that come with the package; enrich codes what is new among ads and links
    duplicates; edition shows the ads as they are now; release computes the indicators through the
    disclosure gate and publishes them together, with an edition.
    """
    load(steps or ("collect", "enrich", "release"), wait_seconds, engine=engine, embargo=embargo)
    current = _flow().current()
    display(f"Release: {current.name}" if current else "Nothing is released yet.")


def _options(pairs: tuple[str, ...]) -> dict[str, str]:
    options = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--set")
        options[name] = value
    return options


_SET = click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the source (indicator=..., survey=...).",
)


@main.command()
@click.argument("kind", type=click.Choice(["ads", "courses", "observations"]))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--source", "identifier", help="The source of the file; found by its fields when left out."
)
@click.option(
    "--seen-on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which undated ads were seen."
)
@_SET
@click.option(
    "--only-store", is_flag=True, help="Leave coding, duplicates and the edition to the next step."
)
@waits
def ingest(
    kind: str,
    files: tuple[Path, ...],
    identifier: str | None,
    seen_on: dt.datetime | None,
    pairs: tuple[str, ...],
    only_store: bool,
    wait_seconds: float,
) -> None:
    """Read FILES of one source into the lake.

    Ads and courses: JSON, CSV, workbooks, RSS and job feeds, saved pages, public notices in PDF.
    Observations: HCP's tables (CSV, XLSX), SDMX, Marsad's own exports; a survey's form together with its
    answers. The payload is sealed as
    received, personal data are removed from ads, a row that breaks a rule is set aside whole, and a
    table that contradicts itself is refused with the reason.

    Ads are coded at once, and the portal, the API, the search and the feed of changes show them in a new
    edition. Figures follow with the next release: `marsad flow release`.
    """
    from marsad.collect.context import read_payload
    from marsad.collect.detect import detect
    from marsad.collect.register import source

    options: Row = _options(pairs)
    if seen_on:
        options["seen_on"] = seen_on.date()
    running = _flow()
    together = bool(identifier and source(identifier).together)
    for paths in [files] if together else [(path,) for path in files]:
        path = paths[-1]
        spec = source(identifier) if identifier else detect(kind, path, read_payload(path).data)
        if spec.kind != kind:
            raise click.UsageError(f"source {spec.id} holds {spec.kind}, not {kind}")
        with writing(running.control, running.settings.home, wait_seconds):
            run = running.ingest(spec, paths, **options)
        display(
            f"{path.name}: source {spec.id}, {run.rows_in:,} in, {run.rows_out:,} stored, {run.rejected:,} set aside. {run.message}"
        )
        for issue in running.control.issues(run.id)[:10]:
            row = f" {path.name}" + (f" row {issue['row']}" if issue["row"] else "")
            click.echo(f"  {issue['level']}{row}: {issue['rule']}", err=True)
    if kind == "ads" and not only_store:
        with writing(running.control, running.settings.home, wait_seconds):
            edition = running.follow()
        nothing = "Nothing is released yet: `marsad flow release` shows them."
        display(f"Edition: {edition.name}" if edition else nothing)


@main.command(name="try")
@click.argument("identifier", metavar="SOURCE")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--save", is_flag=True, help="Write what the sample gives to expected.json.")
@click.option("--fields", is_flag=True, help="Show what each field is read as.")
@click.option("-n", "most", default=10, show_default=True, type=click.IntRange(0), help="Records.")
@_SET
def try_source(
    identifier: str,
    files: tuple[Path, ...],
    save: bool,
    fields: bool,
    most: int,
    pairs: tuple[str, ...],
) -> None:
    """Show what SOURCE yields from FILES (or from its own sample); nothing is stored."""
    import msgspec

    from marsad.cli.scaffold import keep
    from marsad.collect.register import source

    spec = source(identifier)
    if save and files:
        raise RefusedError(
            "--save keeps what the source's own sample gives: call it without files."
        )
    inputs = files or tuple(sorted(p for p in (spec.folder / "sample").glob("*") if p.is_file()))
    context, records = _flow().read(spec, inputs, **_options(pairs))
    for record in records[:most]:
        display_json(msgspec.json.encode(record).decode())
    if fields:
        listing = table("field", "read as", whole=("field",))
        for field in context.fields.items():
            listing.add_row(*field)
        display(listing)
    dialects = f" (in dialect {', '.join(sorted(context.dialects))})" if context.dialects else ""
    names = ", ".join(p.name for p in inputs) or "the package"
    display(f"{len(records):,} records from {names}{dialects}.")
    for issue in context.issues[:20]:
        row = f" row {issue.row}" if issue.row else ""
        click.echo(f"  {issue.level} {issue.file}{row}: {issue.rule}", err=True)
    if more := context.rejected - sum(i.level == "rejected" for i in context.issues[:20]):
        click.echo(f"  and {more:,} more rows set aside", err=True)
    if save:
        issues = [(issue.level, issue.rule) for issue in context.issues]
        display(f"Kept in {keep(spec.folder, records, issues)}.")


@main.command()
def indicators() -> None:
    """List the indicators: unit, surveys, published values."""
    from marsad.base.labels import pick
    from marsad.cli.serve import Current
    from marsad.products.declare import indicators as declared
    from marsad.publish.read.reader import DataQuery

    running = _flow()
    reader = Current(running.releases, running.editions)() if running.current() else None
    listing = table("indicator", "title", "unit", "surveys", "values")
    for indicator in declared():
        values = (
            f"{reader.data(DataQuery(indicator.id, vintage='*', limit=1)).total:,}"
            if reader
            else "-"
        )
        listing.add_row(
            indicator.id,
            pick(indicator.title, "en"),
            indicator.unit,
            ", ".join(indicator.surveys),
            values,
        )
    display(listing)


@main.command()
@click.argument("kind", type=click.Choice(["source", "indicator", "page", "field", "format"]))
@click.argument("name")
@click.option("--like", default="", help="A source whose way of reading and sample are copied.")
def new(kind: str, name: str, like: str) -> None:
    """Make the folder of a new source, indicator, page or field of ads, or the module of a new format
    (in a checkout of the project)."""
    from marsad.cli.scaffold import make

    made, then = make(kind, name, like=like)
    display(f"Made {made}. Next: {then}.", markup=False)


@main.command()
@click.option(
    "--scheme",
    required=True,
    type=click.Choice(["isco08", "esco", "skills", "language", "dedup"]),
    help="What to read: occupation, skills, language, or duplicates among the lines.",
)
@click.option("--format", "kind", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
def code(scheme: str, kind: str) -> None:
    """Read texts from standard input as JSON lines, write ranked codes to standard output.

    In: {"id": 1, "text": "Comptable (H/F)", "description": "...", "language": "fr"}; only id and
    text are needed. Out: {"id": 1, "codes": [{"code": "2411", "score": 0.97, "evidence": "..."}]},
    best first; a score under 0.5 means that the coder would abstain. esco and skills add "uri".
    With --scheme dedup: {"id": 1, "cluster": "1", "links": [{"id": "2", "band": "certain", ...}]}.
    """
    from marsad.cli.code_stdin import code as coded

    del kind  # the only one there is so far
    coded(scheme, sys.stdin.buffer, sys.stdout.buffer)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Put the figures into the cards of the classifiers.")
@click.option(
    "--without-rome",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Weights of the occupation coder learnt without ROME, for the figure on ROME titles.",
)
def measure(folder: Path, write: bool, without_rome: Path | None) -> None:
    """Measure the classifiers on the evaluation sets in FOLDER (laid out as shared/data)."""
    from marsad.training.measure import gold, kappa, write_cards
    from marsad.training.measure import measure as measured

    names = ("classifier", "language", "data", "n", "right", "95 %", "answered", "calibration")
    listing, figures = table(*names), measured(folder, without_rome)
    for name, f in figures:
        gap = "" if f.calibration_error is None else f"{f.calibration_error:.3f}"
        right = (f"{f.accuracy:.3f}", f"{f.low:.3f}-{f.high:.3f}", f"{f.answered:.3f}", gap)
        listing.add_row(name, f.language, f.data, str(f.n), *right)
    display(listing)
    for part in ("development", "test"):
        pairs = [(row["coder_a"], row["coder_b"]) for row in gold() if row["part"] == part]
        display(f"isco08 gold, {part}: {len(pairs)} ads read twice, kappa {kappa(pairs):.3f}")
    if write:
        display(f"Written: the cards of {', '.join(write_cards(figures))}.")


@main.command()
@click.argument("classifier", type=click.Choice(["isco08", "skills", "language", "posts"]))
@click.option(
    "--esco",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Files, folders or archives of an ESCO release; may be given several times.",
)
@click.option("--sentences", is_flag=True, help="Also the slow tier's vectors (8 minutes more).")
@click.option(
    "--rome",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With isco08: France Travail's table of ROME titles, and its table of ESCO to ROME.",
)
def train(
    classifier: str, paths: tuple[Path, ...], sentences: bool, rome: tuple[Path, Path] | None
) -> None:
    """Train the weights of a classifier from open taxonomies, or from invented posts (needs the extra `train`)."""
    if classifier != "posts" and not paths:
        raise click.UsageError(f"{classifier} is learnt from ESCO: say where it is with --esco.")
    if classifier != "skills":
        import sklearn  # noqa: F401 - where it is missing that is said now, not after minutes

    from marsad.training.train import train as trained

    for facts in trained(classifier, paths, sentences=sentences, rome=rome or ()):
        display_json(json.dumps({"classifier": classifier, **facts}))


for command in (
    up, backup, restore, erase, subject, doctor, forget, payloads, withdraw, runs, exchange,
    library, sample, taxonomy, review, retrain, recompute, keys, research, alerts,
    bulletins, sms, users, audit, approve, sources, watch,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    sys.exit(main())
