"""The commands `marsad review ...` and `marsad retrain`: what people judge, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.base.settings import read_settings
from marsad.cli.console import display, table

if TYPE_CHECKING:
    from rich.table import Table

    from marsad.lake.control import Control
    from marsad.lake.store import Lake
    from marsad.training.retrain import Sets

_SCHEMES = click.Choice(["isco08", "dedup", "language"])


def _rooms() -> tuple[Lake, Control]:
    from marsad.lake.control import open_control
    from marsad.lake.store import Lake
    from marsad.lake.wholeness import require

    settings = read_settings()
    require(settings.home / "lake")
    return Lake(settings.home / "lake"), open_control(settings)


@click.group()
def review() -> None:
    """Look at unsure cases, judge them, and hand the judgements on.

    What a person judged wins over what is computed from the next `marsad flow enrich release` on.
    """


@review.command(name="list")
@click.option("--scheme", type=_SCHEMES, help="Only these cases.")
@click.option("-n", "most", default=20, show_default=True, type=click.IntRange(min=1))
def list_(scheme: str | None, most: int) -> None:
    """The queue: unsure cases that many ads hang on come first."""
    from marsad.flow.review import SCHEMES, queue

    lake, control = _rooms()
    cases_by_scheme = queue(lake, control, (scheme,) if scheme else SCHEMES)
    if not any(cases_by_scheme.values()):
        display("Nothing waits to be reviewed: ads are coded by marsad flow enrich.")
        return
    names = ("scheme", "subject", "why", "now", "score", "ads", "title")
    listing = table(*names, whole=("subject", "why"))
    for cases in cases_by_scheme.values():
        for case in cases[:most]:
            title = f"{case['title']} | {case['title_b']}" if case["title_b"] else case["title"]
            figures = (f"{case['score']:.2f}", f"{case['ads']:,}")
            listing.add_row(
                case["scheme"], case["subject"], case["reason"], case["value"] or "-", *figures, _plain(title[:60])
            )  # fmt: skip
    display(listing)


def _plain(text: str) -> str:
    """A text of others for a terminal: nothing in it is markup or control."""
    shown = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return shown.replace("[", "\\[")


@review.command()
@click.argument("key", metavar="AD_KEY")
def show(key: str) -> None:
    """One ad as it is coded: its words, the code and what it rests on, other readings, its links."""
    from marsad.flow.review import show as shown

    case = shown(*_rooms(), key)
    ad = case.ad
    display(f"[bold]{_plain(ad['title'])}[/bold]")
    display(_plain(f"{ad['company']}, {ad['place_text']} ({ad['board']}, {ad['ad_id']})"))
    display(_plain(ad["text"]))
    if ad["isco08"]:
        score = f"{ad['isco08_score']:.2f}" if ad["isco08_score"] is not None else "-"
        display(
            f"\nisco08: {_code(ad['isco08'])}, score {score}, from: {_plain(ad['isco08_evidence'])}"
        )
        for line in _corresponding(ad["isco08"]):
            display(f"  {_plain(line)}")
    else:
        display("\nisco08: no code given")
    for other in case.alternatives:
        display(f"  {other.score:.2f}  {_code(other.code)}")
    display(f"language: {ad['language'] or '-'}")
    for link in case.links:
        score = f"{link['score']:.2f}"
        display(f"{link['band']} {score}: {link['ad_a']} {link['ad_b']}: {_plain(link['reason'])}")
    for row in case.judged:
        judgement = (
            f"{row['scheme']} {row['subject']}: {row['value']} (before: {row['previous'] or '-'})"
        )
        display(
            _plain(f"judged {judgement} by {row['judge']} on {row['judged_at'][:10]} {row['note']}")
        )


def _code(code: str) -> str:
    from marsad.base import codes

    return f"{code} {codes.label('isco08', code, 'en')}"


def _corresponding(isco08: str) -> list[str]:
    """The codes of other lists for a unit group: ROME, and the lists of this installation."""
    from marsad.enrich.crosswalk import lists, national

    lines = []
    for name in lists():
        listed = ", ".join(candidate.code for candidate in national(isco08, name)[:8])
        lines += [f"{name}: {listed}"] if listed else []
    return lines


def _judging(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every judgement."""
    command = click.option("--again", is_flag=True, help="Judge anew what is judged already.")(
        command
    )
    command = click.option("--note", default="", help="Why, for whoever reads it later.")(command)
    return click.option("--judge", "name", required=True, metavar="NAME", help="Who judges.")(
        command
    )


@review.group()
def judge() -> None:
    """Keep a person's judgement of an ad's occupation or language, or of a pair of ads."""


def _coded(scheme: str, key: str, value: str, name: str, note: str, again: bool) -> None:
    from marsad.flow.review import judge_code

    number = judge_code(*_rooms(), scheme, key, value, judge=name, note=note, again=again)
    _kept(number)


def _kept(number: int) -> None:
    display(f"Judgement {number} kept. It takes effect with: marsad flow enrich release")


@judge.command()
@click.argument("key", metavar="AD_KEY")
@click.argument("code", metavar="CODE")
@_judging
def isco08(key: str, code: str, name: str, note: str, again: bool) -> None:
    """The ISCO-08 unit group of an ad; X when it names no occupation."""
    _coded("isco08", key, code, name, note, again)


@judge.command()
@click.argument("key", metavar="AD_KEY")
@click.argument("code", metavar="CODE")
@_judging
def language(key: str, code: str, name: str, note: str, again: bool) -> None:
    """The language of an ad, as a code of the list language."""
    _coded("language", key, code, name, note, again)


@judge.command()
@click.argument("one", metavar="AD_A")
@click.argument("two", metavar="AD_B")
@click.argument("answer", type=click.Choice(["same", "different"]))
@_judging
def dedup(one: str, two: str, answer: str, name: str, note: str, again: bool) -> None:
    """Whether two ads are one opening."""
    from marsad.flow.review import judge_pair

    _kept(judge_pair(*_rooms(), one, two, answer, judge=name, note=note, again=again))


@review.command()
@click.option("--scheme", type=_SCHEMES, default="isco08", show_default=True)
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def gold(scheme: str, path: Path | None) -> None:
    """Judgements as gold rows in CSV: source_id, board, ad_id, value, judge. Never a text."""
    from marsad.flow.review import gold as exported

    text, rows, lacking = exported(*_rooms(), scheme)
    if path:
        path.write_text(text, encoding="utf-8")
        display(f"{rows:,} judgements in {path}.", markup=False)
    else:
        click.echo(text, nl=False)
    if lacking:
        click.echo(f"{lacking} judgements left out: their ad is no longer there.", err=True)


@click.command()
@click.argument("classifier", type=click.Choice(["isco08"]))
@click.option(
    "--esco", "paths", required=True, multiple=True, type=click.Path(exists=True, path_type=Path),
    help="Files, folders or archives of an ESCO release; may be given several times.",
)  # fmt: skip
@click.option(
    "--data", "folder", default=Path("../shared/data"), show_default=True,
    type=click.Path(file_okay=False, path_type=Path), help="The evaluation sets, as for measure.",
)  # fmt: skip
@click.pass_context
def retrain(ctx: click.Context, classifier: str, paths: tuple[Path, ...], folder: Path) -> None:
    """Train anew and take the new weights only when no language has become worse.

    Measured before and after, on the evaluation sets in --data and on the ads that people judged
    here. Right of all counts, so that abstaining more is no way to look better. Otherwise the old
    weights stay and the exit code is 1.
    """
    import sklearn  # noqa: F401 - where it is missing that is said now, not after minutes

    from marsad.flow.review import judged_titles
    from marsad.training.retrain import retrain_occupations

    del classifier  # the only one there is so far
    done = retrain_occupations(paths, folder, judged_titles(*_rooms()))
    display(_compared(done.before, done.after))
    if done.worse:
        click.echo(f"The old weights stay: worse on {'; '.join(done.worse)}.", err=True)
        ctx.exit(1)
    display(f"The new weights are in place: {done.place}", markup=False)


def _compared(before: Sets, after: Sets) -> Table:
    from marsad.training.retrain import right_of_all

    listing = table("language", "set", "n", "right of all before", "after")
    new = {(f.language, f.data): f for f in after}
    for old in before:
        figure = new.get((old.language, old.data))
        now = f"{right_of_all(figure):.3f}" if figure else "-"
        listing.add_row(old.language, old.data, f"{old.n:,}", f"{right_of_all(old):.3f}", now)
    return listing
