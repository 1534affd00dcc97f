"""Writes docs/reference.md from the declarations: commands, sources, indicators, fields,
formats, tables, code lists.

`python scripts/reference.py` writes it; with `--check` it only says whether it is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from marsad.base import codes
from marsad.base.fields import fields
from marsad.cli.main import main as marsad
from marsad.collect.register import sources
from marsad.enrich.cards import cards
from marsad.lake.mart_tables import mart_tables
from marsad.lake.tables import tables
from marsad.products.declare import indicators
from marsad.publish.formats.registry import formats

TARGET = Path(__file__).resolve().parent.parent / "docs" / "reference.md"


def _commands() -> Iterator[str]:
    yield "\n## Commands\n"
    yield from _helps("marsad", marsad)


def _helps(above: str, group: click.Group) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        said = f"{above} {name}"
        context = click.Context(command, info_name=said, max_content_width=96)
        yield f"### {said}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            yield from _helps(said, command)


def _sources() -> Iterator[str]:
    yield "\n## Sources\n\n| source | kind | what | publisher | licence | synthetic |\n|---|---|---|---|---|---|"
    for s in sources():
        said = "yes" if s.synthetic else ""
        yield f"| `{s.id}` | {s.kind} | {s.title['en']} | {s.publisher} | {s.licence} | {said} |"


def _indicators() -> Iterator[str]:
    yield "\n## Indicators\n\n| indicator | what | unit | dimensions | surveys | gate |\n|---|---|---|---|---|---|"
    for i in indicators():
        gate = i.disclosure.rule + (f" {i.disclosure.minimum}" if i.disclosure.minimum else "")
        yield (
            f"| `{i.id}` | {i.title['en']} | {i.unit} | {', '.join(i.dimensions)} |"
            f" {', '.join(i.surveys)} | {gate} |"
        )


def _cards() -> Iterator[str]:
    yield "\n## Measured accuracy\n\n| classifier | language | data | n | right of answered | answered |\n|---|---|---|---|---|---|"
    for name, card in cards().items():
        for f in card.figures:
            yield f"| {name} | {f.language} | {f.data} | {f.n:,} | {f.accuracy:.3f} | {f.answered:.3f} |"


def _tables() -> Iterator[str]:
    yield "\n## Tables\n"
    for name, table in tables().items():
        yield f"### {name}\n\n{table.description}\n\nKey: {', '.join(table.key)}.\n"
        yield "| column | type | what |\n|---|---|---|"
        yield from (f"| {c} | {k.type} | {k.description} |" for c, k in table.columns.items())
        yield ""


def _release_tables() -> Iterator[str]:
    yield "\n## Tables of a release\n"
    for name, table in mart_tables().items():
        yield f"### release {name}\n\n{table.description}\n"
        yield "| column | type | what |\n|---|---|---|"
        yield from (f"| {c} | {k.type} | {k.description} |" for c, k in table.columns.items())
        yield ""


def _fields() -> Iterator[str]:
    yield "\n## Fields of an ad\n\n| field | property | what | list | in the API | filter | facet | counted | researchers' file | card |\n|---|---|---|---|---|---|---|---|---|---|"
    measured = cards()
    for identifier, field in fields().items():
        card = "measured" if identifier in measured else field.without_card
        for name, p in field.properties.items():
            counted, variable = ("yes" if use else "" for use in (p.counted, p.variable))
            public = p.public or name if p.published else ""
            yield (
                f"| `{identifier}` | {name} | {p.description} | {p.codelist} | {public} | {p.filter} |"
                f" {p.facet} | {counted} | {variable} | {card} |"
            )


def _formats() -> Iterator[str]:
    yield "\n## Formats of values\n\n| `format=` | name | media type | file |\n|---|---|---|---|"
    for form in formats().values():
        yield f"| `{form.id}` | {form.label} | {form.media_type} | .{form.extension} |"


def reference() -> str:
    """The whole page."""
    lists = ", ".join(f"`{name}` ({len(codes.codelist(name))})" for name in codes.names())
    parts = [
        "# Reference",
        "",
        "Written by `python scripts/reference.py`; do not edit.",
        *_commands(),
        *_sources(),
        *_indicators(),
        *_fields(),
        *_formats(),
        *_cards(),
        f"\n## Code lists\n\n{lists}",
        *_tables(),
        *_release_tables(),
    ]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == reference() else 1)
    TARGET.write_text(reference(), encoding="utf-8")
