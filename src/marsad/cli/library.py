"""Commands of the qualitative library: add studies, forms of surveys and interviews, list and remove them."""

from __future__ import annotations

from pathlib import Path

import click

from marsad.base.settings import read_settings
from marsad.cli.console import display, table
from marsad.cli.waiting import waits, writing

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def library() -> None:
    """The qualitative library of this installation: studies, surveys, interviews (see docs: library)."""


@library.command()
@click.argument("file", type=FILE)
@click.option("--about", type=FILE, help="about.yml, or a record in JSON-LD or XML, beside it.")
@click.option("--name", default="", help="Name of the entry (else that of the file).")
@waits
def add(file: Path, about: Path | None, name: str, wait_seconds: float) -> None:
    """Add FILE: a study (PDF, DOCX, HTML), the form of a survey (XLSForm) or interviews (REFI-QDA, .qdpx).

    The file is not kept: of a study its text, page by page, without personal data; of a form its questions;
    of interviews the themes that at least five people spoke of, with excerpts. Read what is printed before
    you release it. It is shown with the next release: `marsad flow release`.
    """
    from marsad.base.labels import pick
    from marsad.flow.library import add as put
    from marsad.flow.library import entries, read_about
    from marsad.flow.steps import Flow

    known, record = read_about(about)
    running = Flow(read_settings())
    with writing(running.control, running.settings.home, wait_seconds):
        entry_name = put(running, file, known, record, name)
    entry = dict(entries(running))[entry_name]
    display(f"{entry_name}: {entry.kind}, {pick(entry.title, 'en')} ({entry.year})", markup=False)
    if entry.pages:
        display(f"{entry.pages:,} pages of text are searched.")
    for question in entry.questions:
        figures = question.category or "no figures: its answers are no scale"
        display(f"  question {pick(question.labels, 'en')}: {figures}", markup=False)
    for theme in entry.themes:
        parts = ", ".join(f"{part.code} {part.people}" for part in theme.parts)
        display(f"  theme {pick(theme.name, 'en')}: {theme.people} people ({parts})", markup=False)
        for excerpt in theme.excerpts:
            display(f"    «{excerpt.text}»", markup=False)


@library.command("list")
def listed() -> None:
    """List the entries that this installation has added."""
    from marsad.base.labels import pick
    from marsad.flow.library import entries
    from marsad.flow.steps import Flow

    listing = table("entry", "kind", "year", "title", "licence", whole=("entry",))
    for name, entry in entries(Flow(read_settings())):
        listing.add_row(name, entry.kind, str(entry.year), pick(entry.title, "en"), entry.licence)
    display(listing)


@library.command()
@click.argument("name")
@waits
def remove(name: str, wait_seconds: float) -> None:
    """Take the entry NAME out; the next release is without it."""
    from marsad.flow.library import remove as take_out
    from marsad.flow.steps import Flow

    running = Flow(read_settings())
    with writing(running.control, running.settings.home, wait_seconds):
        take_out(running, name)
    display(f"{name} is out of the library; the next release is without it.", markup=False)
