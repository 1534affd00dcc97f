"""Tables: JSON, delimited text, workbooks or HTML tables, read through the columns of source.yml."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from marsad.base.documents import json_items
from marsad.base.errors import InputError
from marsad.base.records import Broken, Record, Row
from marsad.base.tables import MOST_ROWS, Table, find_tables, read_sheets
from marsad.base.text import fold
from marsad.base.workbook import OLE, ZIP
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records
from marsad.collect.names import known_name

Numbered = tuple[int, Row]
MOST_FIELDS = 2_000
_OTHER = {
    b"%PDF": "a PDF document, not a table or a feed",
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"7z\xbc\xaf": "an archive: unpack it first",
    b"Rar!": "an archive: unpack it first",
    b"PAR1": "a Parquet file: save it as CSV",
    b"\x89PNG": "an image, not a table or a feed",
    b"\xff\xd8\xff": "an image, not a table or a feed",
}
"""First bytes of files that are given by mistake, and what they are."""
_HEADED = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".html", ".htm")


def rows(ctx: Context, payload: Payload, names: Collection[str] = ()) -> Iterator[Numbered]:
    """The rows of a payload by what it holds, numbered as in the file; a heading in which `names`
    (the source's own columns, unless said) stand is looked for. A row that cannot be read is set
    aside. InputError: nothing can be read.
    """
    if kind := next((words for mark, words in _OTHER.items() if payload.data.startswith(mark)), ""):
        raise InputError(f"this is {kind}", file=payload.name)
    known = frozenset(names or ctx.spec.every_name)
    try:
        if payload.data[:4] in (ZIP, OLE) or payload.name.lower().endswith(_HEADED):
            every = _sheet_rows(ctx, payload, known)
        else:
            every = json_items(ctx.text(payload))
        for number, item in every:
            if number > MOST_ROWS:
                raise InputError(f"more than {MOST_ROWS:,} rows: give it in parts")
            if isinstance(item, dict) and len(item) > MOST_FIELDS:
                item = Broken(f"more than {MOST_FIELDS:,} fields", {})
            if isinstance(item, Broken):
                ctx.reject(InputError(item.rule, file=payload.name, row=number), item.content)
            else:
                yield number, item if item.keys() <= known else _spelled(item, known)
    except InputError as error:
        raise InputError(error.rule, file=payload.name, row=error.row) from None


def _spelled(row: Row, names: frozenset[str]) -> Row:
    """A row whose names of plain cells are spelled as a source declares them, where they are the same
    folded; a thing with parts keeps its name, by which its paths are declared."""
    spelled = {fold(name): name for name in names}
    return {
        name
        if name in names or isinstance(cell, (dict, list))
        else spelled.get(fold(name), name): cell
        for name, cell in row.items()
    }


def _sheet_rows(
    ctx: Context, payload: Payload, names: Collection[str]
) -> Iterator[tuple[int, Row | Broken]]:
    sheets = read_sheets(payload.data)
    if sheets.warning:
        ctx.warn(sheets.warning, file=payload.name)
    spec = ctx.spec
    ordinary = partial(known_name, spec.kind) if spec.ordinary_names else None
    tables = find_tables(sheets.sheets, names, ordinary)
    for rule in sheets.unread([table.sheet for table in tables]):
        ctx.warn(rule, file=payload.name)
    if len(tables) > 1 and tables[0].sheet:
        listed = ", ".join(repr(table.sheet[:60]) for table in tables)
        ctx.warn(
            f"sheets {listed} are read: a row's number is that in its sheet", file=payload.name
        )
    for table in tables:
        yield from _table_rows(ctx, payload, table)


def _table_rows(ctx: Context, payload: Payload, table: Table) -> Iterator[tuple[int, Row | Broken]]:
    for number, line in table.rows():
        if isinstance(line, Broken):
            yield number, line
            continue
        named = zip(table.heading, line)
        yield number, {name: cell for name, cell in named if name}
        if any(cell for name, cell in zip(table.heading, line) if not name):
            ctx.warn(
                "a cell stands in a column without a name: not read", file=payload.name, row=number
            )


def collect(ctx: Context) -> Iterator[Record]:
    """Records of every payload, each row through the declared columns."""
    for payload in ctx.payloads:
        every = list(rows(ctx, payload))
        ctx.account({k for _, row in every for k in row}, file=payload.name)
        yield from records(ctx, every, file=payload.name)
