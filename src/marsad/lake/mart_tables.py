"""The tables of a release, each declared in `tables/mart/<name>.yml`: what is built is checked against
it, and what reads it can rely on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import pyarrow as pa

from marsad.base import fields
from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError
from marsad.lake import mart
from marsad.lake.tables import FOLDER, Column, schema_of, table


class MartTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a release: the columns of the lake's table `like` (or `only` some of them), those
    that the fields of an ad publish (`fields: true`), then its own `columns`. It is sorted by `order`;
    `enumerated` columns are kept as enumerations: small, and read as dictionaries of Arrow."""

    description: str
    columns: dict[str, Column] = {}
    like: str = ""
    only: tuple[str, ...] = ()
    fields: bool = False
    order: tuple[str, ...] = ()
    enumerated: tuple[str, ...] = ()


def _declared(path: Path) -> MartTable:
    declared = load_declaration(path, MartTable)
    columns: dict[str, Column] = {}
    if declared.like:
        source = table(declared.like).columns
        columns = {name: source[name] for name in declared.only or source}
    if declared.fields:
        more = fields.columns(published=True)
        columns |= {name: Column(kind, about) for name, kind, about in more}
    columns |= declared.columns
    if unknown := {*declared.order, *declared.enumerated} - set(columns):
        raise DeclarationError(f"lake/tables/mart/{path.name}: no column {unknown}.")
    return msgspec.structs.replace(declared, columns=columns)


@cache
def mart_tables() -> Mapping[str, MartTable]:
    """Every table of a release by name, with all its columns."""
    return {path.stem: _declared(path) for path in sorted((FOLDER / "mart").glob("*.yml"))}


def schema(name: str) -> pa.Schema:
    """The Arrow schema of a table of a release."""
    return schema_of(name, mart_tables()[name].columns)


def build(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write a release's mart from Arrow tables of the declared columns, in any order.

    DeclarationError when a table or a column is missing, not declared, or of another type; PlaceError
    when the disk refuses.
    """
    declared = mart_tables()
    if unknown := set(tables) - set(declared):
        raise DeclarationError(f"lake/tables/mart declares no table {', '.join(sorted(unknown))}.")
    checked = {name: _checked(name, data) for name, data in tables.items()}
    mart.build(
        path,
        checked,
        {name: declared[name].order for name in tables},
        {name: declared[name].enumerated for name in tables},
    )


def _checked(name: str, data: pa.Table) -> pa.Table:
    expected = schema(name)
    if differing := set(expected.names) ^ set(data.column_names):
        raise DeclarationError(f"lake/tables/mart/{name}.yml: columns differ: {sorted(differing)}.")
    data = data.select(expected.names)
    for field in expected:
        if data.schema.field(field.name).type != field.type:
            raise DeclarationError(
                f"lake/tables/mart/{name}.yml: {field.name} is {field.type}, not"
                f" {data.schema.field(field.name).type}."
            )
    return data
