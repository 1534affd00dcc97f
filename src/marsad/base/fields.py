"""The fields of an ad, as declared: what a coder reads from an ad's words, and every use of it.

A field is a folder `enrich/fields/<id>/` with `field.yml`, a coder and perhaps its card, gold set and
code list. Columns of the lake and of a release, filters and structures of the API, facets, rows of an
ad's page, variables of the researchers' files and the reference all follow from the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError
from marsad.base.labels import Text

FOLDER = Path(__file__).parents[1] / "enrich" / "fields"
CODE = "code"
"""The type of a coded column: a code, with `<name>_score` (0 to 1) and `<name>_evidence`, the words it
rests on; empty where the coder abstains."""


class Property(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One property of an ad, which a field writes.

    `type` is CODE, a type of the lake's tables, or `list`, which stands in a table of its own.
    `codelist` names the list (or `area`) whose labels people read. `rests_on` names the property whose
    score and evidence hold for this one too. `title` is its name for people.

    Uses: `published` columns stand in a release; `public` is its name in the API, where that is
    another; `filter` the parameter that chooses ads by it, `match` how and
    `pattern` what it may be; `facet` the
    column counted beside a search, under `facet_title` where its name is another; `counted`: a dimension of counts of ads; `row` puts it on an ad's page, always or only
    where it is known, its code after the name of its `system`; `variable` labels it in the
    researchers' files, where it stands when it has one.
    """

    type: str
    description: str
    title: Text = {}
    codelist: str = ""
    rests_on: str = ""
    published: bool = True
    public: str = ""
    filter: str = ""
    match: Literal["equal", "prefix"] = "equal"
    pattern: str = ""
    facet: str = ""
    counted: bool = False
    row: Literal["", "always", "known"] = ""
    system: str = ""
    variable: Text = {}
    facet_title: Text = {}


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field: its properties by their names. `order` is its place among the others for people;
    it is coded after those that it `needs`; `without_card` says why it has no measured card. One that
    rests on `days` (of posting, of the last sighting) is read anew for each ad; the others rest on words
    alone, and words that many ads share are coded once."""

    order: int
    properties: dict[str, Property]
    needs: tuple[str, ...] = ()
    days: bool = False
    without_card: str = ""


@cache
def fields(folder: Path = FOLDER) -> Mapping[str, Field]:
    """Every field by its id, in the order in which people see them.

    DeclarationError when two write one property, or fields need each other in a circle.
    """
    declared = {
        path.parent.name: load_declaration(path, Field) for path in folder.glob("*/field.yml")
    }
    ordered = dict(sorted(declared.items(), key=lambda item: (item[1].order, item[0])))
    names: set[str] = set()
    for identifier, field in ordered.items():
        if twice := names & set(field.properties):
            raise DeclarationError(f"{identifier}/field.yml: {twice} is another field's too.")
        if unknown := set(field.needs) - set(ordered):
            raise DeclarationError(f"{identifier}/field.yml: it needs {unknown}, no such field.")
        names |= set(field.properties)
    try:
        TopologicalSorter({name: field.needs for name, field in ordered.items()}).prepare()
    except CycleError as error:
        raise DeclarationError(f"fields need each other: {' -> '.join(error.args[1])}") from None
    return ordered


@cache
def properties(folder: Path = FOLDER) -> dict[str, Property]:
    """Every property of every field, by its name."""
    return {name: p for field in fields(folder).values() for name, p in field.properties.items()}


def public_name(name: str) -> str:
    """The name of a property in the API."""
    return properties()[name].public or name


def columns_of(field: Field, *, published: bool = False) -> Iterator[tuple[str, str, str]]:
    """(name, type, description) of the columns of table `core_ads` that a field writes; only those of
    a release where `published`. Lists stand in tables of their own."""
    for name, declared in field.properties.items():
        if declared.type == "list" or (published and not declared.published):
            continue
        if declared.type != CODE:
            yield name, declared.type, declared.description
            continue
        yield name, "string", declared.description
        if not declared.rests_on:
            yield f"{name}_score", "double?", "score, 0 to 1"
            yield f"{name}_evidence", "string", "the words it rests on"


def columns(*, published: bool = False, days: bool | None = None) -> Iterator[tuple[str, str, str]]:
    """`columns_of` every field; with `days` only of those that rest on days, or on words alone."""
    for field in fields().values():
        if days in (None, field.days):
            yield from columns_of(field, published=published)
