"""Commands about published numbers and who asks for them: computing again, API keys."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from marsad.base.settings import read_settings
from marsad.cli.console import display, table

if TYPE_CHECKING:
    from marsad.base.records import Row


def _number(figure: object) -> str:
    return (
        "-" if figure is None else f"{figure:,.10g}" if isinstance(figure, float) else str(figure)
    )


@click.command()
@click.argument("key", default="")
@click.option("--as-of", "as_of", default="", help="The number as known on this day or time (UTC).")
@click.option(
    "--sample",
    default=0,
    metavar="N",
    type=click.IntRange(0),
    help="N numbers of each indicator instead of KEY.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the chain as JSON.")
def recompute(key: str, as_of: str, sample: int, as_json: bool) -> None:
    """Compute one published number again from its pinned inputs, and show the chain.

    KEY is FREQ.AREA.INDICATOR.SURVEY.SEX.AGE.URBANISATION.EDUCATION.OCCUPATION.CATEGORY.ADJUSTMENT
    /PERIOD, as the API gives it under `key`; a part left empty takes every code. Example:

      marsad recompute A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024

    Exit code 1 when the number comes out different.
    """
    import msgspec

    from marsad.base.periods import instant
    from marsad.flow.recompute import COMPARED, Recomputer, sampled, version_named
    from marsad.lake.control import open_control
    from marsad.lake.store import Lake
    from marsad.lake.wholeness import require

    settings = read_settings()
    require(settings.home / "lake")
    lake = Lake(settings.home / "lake")
    again = Recomputer(lake, open_control(settings))
    if sample or not key:
        _sample(sampled(lake, sample or 20), again)
        return
    recomputed = again(version_named(lake, key, instant(as_of)))
    if as_json:
        chain = [{"step": s.name, "said": s.what, "sha256": s.sha256} for s in recomputed.steps]
        answer: Row = {"key": recomputed.key, "equal": recomputed.equal, "steps": chain}
        answer["published"] = {name: recomputed.published[name] for name in COMPARED}
        click.echo(json.dumps(msgspec.to_builtins(answer), ensure_ascii=False))
    else:
        _show(recomputed, COMPARED)
    sys.exit(0 if recomputed.equal else 1)


def _show(recomputed: Any, compared: tuple[str, ...]) -> None:
    row = recomputed.published
    until = f" until {row['valid_to']:%Y-%m-%d}" if row["valid_to"] else ""
    display(
        f"{recomputed.key}\nknown since {row['valid_from']:%Y-%m-%d %H:%M}{until}", markup=False
    )
    chain = table("step", "what", "sha256")
    for step in recomputed.steps:
        chain.add_row(step.name, step.what, step.sha256[:16])
    display(chain)
    figures = table("field", "published", "again")
    for name in compared:
        figures.add_row(
            name,
            _number(row[name]),
            _number(recomputed.again[name]) if recomputed.again else "gone",
        )
    display(figures)
    display("Equal." if recomputed.equal else "NOT EQUAL.")


def _sample(rows: dict[str, list[Any]], again: Any) -> None:
    """Recompute a sample of every indicator; exit code 1 when any number differs."""
    listing, wrong = table("indicator", "numbers", "equal", "first that differs"), 0
    for name, chosen in rows.items():
        results = [again(row) for row in chosen]
        different = [result.key for result in results if not result.equal]
        wrong += len(different)
        listing.add_row(name, str(len(results)), str(len(results) - len(different)), *different[:1])
    display(listing)
    sys.exit(1 if wrong else 0)


@click.group()
def keys() -> None:
    """API keys: for callers who need more than the published limit without one."""


def _control() -> Any:
    from marsad.lake.control import open_control

    return open_control(read_settings())


@keys.command()
@click.argument("owner")
@click.option(
    "--per-minute",
    default=6000,
    show_default=True,
    type=click.IntRange(1),
    help="Questions a minute.",
)
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(["api", "sdmx", "catalogue"]),
    help="What it is for; everything when left out. May be given several times.",
)  # fmt: skip
def add(owner: str, per_minute: int, scopes: tuple[str, ...]) -> None:
    """Make a key for OWNER. It is shown once; only its hash is kept."""
    from marsad.backoffice.api_keys import make

    click.echo(make(_control(), owner, per_minute, scopes))


@keys.command("list")
def listed() -> None:
    """List the keys by the start of their hash."""
    listing = table("key", "owner", "a minute", "for", "made", "revoked")
    for key in _control().api_keys():
        made, gone = key["made_at"][:10], (key["revoked_at"] or "")[:10]
        listing.add_row(
            key["sha256"][:12],
            key["owner"],
            str(key["per_minute"]),
            key["scopes"] or "all",
            made,
            gone,
        )
    display(listing)


@keys.command()
@click.argument("start")
def revoke(start: str) -> None:
    """Revoke the key whose hash starts with START (at least 8 characters, as `list` shows)."""
    if len(start) < 8:
        raise click.BadParameter("give at least 8 characters of the hash")
    if not _control().revoke_key(start):
        raise click.ClickException(f"no key in force starts with {start}")
    display("Revoked.")
