"""HCP's tables as published: dimensions in the first columns, then periods, or members of a dimension.

CSV, XLSX and the like, in French, Arabic or English; years, quarters or months; a table of one period
whose title names it; marks beside numbers. The indicator comes from the title, else from the option
`indicator`. A heading word that the declaration's lookups do not have stops the reading; a row with
such a word, or with a number that cannot be read, is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.numbers import decimal_sign
from marsad.base.periods import frequency
from marsad.base.records import Broken, Observation, Row
from marsad.base.tables import read_sheets
from marsad.base.text import fold
from marsad.base.workbook import OLE, ZIP, Cells
from marsad.collect.context import Context, Payload
from marsad.collect.observations import one_of_a_key
from marsad.collect.sources.hcp_table.cells import (
    Figure,
    Notes,
    figure,
    notes_of,
    period_of,
    status_of,
)
from marsad.collect.sources.hcp_table.layout import (
    Column,
    Layout,
    Words,
    column_status,
    find_layout,
)

_LOOKUP_NAME = {
    "area": "region",
    "urbanisation": "milieu",
    "education": "diploma",
    "category": "duration",
}


def _indicator(ctx: Context, title: str) -> str:
    if indicator := ctx.options.get("indicator"):
        return str(indicator)
    form = f" {fold(title)} "
    named = {code for w, code in ctx.spec.lookups["indicator"].items() if f" {fold(w)} " in form}
    if len(named) == 1:
        return named.pop()
    rule = "names several indicators" if named else "names no indicator"
    raise InputError(f"the title {rule}; say it with --set indicator=...")


def _key(words: Words, columns: list[Column], line: Cells) -> tuple[dict[str, str], str]:
    """(code of each dimension, period) that the cells of a row say. InputError: an unknown word."""
    key, period = {}, ""
    for column, cell in zip(columns, line):
        if column.role == "period":
            period = period_of(str(cell))[0]
        elif column.role == "dimension":
            form = fold(str(cell))
            if form in words.old:
                raise InputError(f"{cell!r} is a region of before 2015, not one of the twelve")
            if form not in words.members[column.dimension]:
                name = _LOOKUP_NAME.get(column.dimension, column.dimension)
                raise InputError(f"unknown {name} {str(cell)[:60]!r}")
            key[column.dimension] = words.members[column.dimension][form]
    return key, period


def _is_note(columns: list[Column], line: Cells) -> bool:
    """Whether a line holds words only, in one cell or the same in all: a source or a note."""
    words = {str(cell).strip() for cell in line if cell not in (None, "")}
    values = [c for column, c in zip(columns, line) if column.role == "value"]
    return len(words) == 1 and (len(columns) > 2 or not any(v not in (None, "") for v in values))


def _figures(
    layout: Layout, line: Cells, sign: str, missing: frozenset[str], notes: Notes
) -> list[tuple[Column, Figure]]:
    """The value columns of a row with their figures. InputError: a cell holds none."""
    return [
        (column, figure(cell, sign, missing, notes))
        for column, cell in zip(layout.columns, line)
        if column.role == "value"
    ]


class _Table:
    """Reads the rows of one table."""

    def __init__(self, ctx: Context, payload: Payload) -> None:
        self.ctx, self.payload, self.words = ctx, payload, Words(ctx)
        sheets = read_sheets(payload.data)
        if sheets.warning:
            ctx.warn(sheets.warning, file=payload.name)
        self.broken = [
            n for n, line in enumerate(sheets.sheets[0].lines, 1) if isinstance(line, Broken)
        ]
        self.layout = find_layout(ctx, sheets.sheets)
        for rule in sheets.unread([self.layout.sheet]):
            ctx.warn(rule, file=payload.name)
        self.indicator = _indicator(ctx, self.layout.title)
        self.sign = decimal_sign(
            c for line in self.layout.lines for c in line if isinstance(c, str)
        )
        self.missing = frozenset(fold(w) for w in ctx.spec.lookups["missing"])
        statuses = {fold(w): code for w, code in ctx.spec.lookups["note_status"].items()}
        words = (c for line in self.layout.lines for c in line if isinstance(c, str))
        self.notes = notes_of((self.layout.title, *words), statuses)
        self.factor = self._factor()

    def _factor(self) -> int:
        """100 for a workbook whose cells are formatted as percent, and so hold shares; else 1."""
        workbook = self.payload.data[:4] in (ZIP, OLE)
        cells = [
            cell
            for line in self.layout.lines
            for column, cell in zip(self.layout.columns, line)
            if column.role == "value" and isinstance(cell, (int, float))
        ]
        if not workbook or len(cells) < 2 or max(map(abs, cells)) > 1:
            return 1
        self.ctx.warn(
            "no value is above 1: read as shares, given in percent", file=self.payload.name
        )
        return 100

    def _row(self, line: Cells, number: int) -> Iterator[Observation]:
        layout, width = self.layout, len(self.layout.columns)
        if len(line) < width or any(cell not in (None, "") for cell in line[width:]):
            raise InputError(f"{width} cells expected, {len(line)} found")
        key, period = _key(self.words, layout.columns, line)
        for column, cell in _figures(layout, line, self.sign, self.missing, self.notes):
            at = column.period or period or layout.period
            codes: Row = {**layout.about, **key, **column.members}
            status = column_status(column, cell.status, self.notes)
            notes = (f"row {number}", cell.note, "" if status_of(column.marks) else column.marks)
            yield Observation(
                indicator=self.indicator,
                freq=frequency(at),
                period=at,
                survey=str(self.ctx.options.get("survey", "ENE")),
                area=codes.pop("area", "MA"),
                source_id=self.ctx.spec.id,
                value=None if cell.value is None else round(cell.value * self.factor, 10),
                unit="PT",
                obs_status=status,
                source=f"{self.payload.name} (sha256 {self.payload.sha256[:12]})",
                verification="one_source",
                note=" ".join(note for note in notes if note),
                **{"category": TOTAL, **codes},
            )

    def rows(self) -> Iterator[tuple[int, Observation]]:
        for number, line in enumerate(self.layout.lines, self.layout.number + 1):
            if number in self.broken:
                self._refuse(InputError("this line is not delimited text"), line, number)
            elif any(cell not in (None, "") for cell in line) and not _is_note(
                self.layout.columns, line
            ):
                try:
                    yield from [(number, o) for o in self._row(line, number)]
                except InputError as error:
                    self._refuse(error, line, number)

    def _refuse(self, error: InputError, line: Cells, number: int) -> None:
        self.ctx.reject(
            InputError(error.rule, file=self.payload.name, row=number), [str(c) for c in line]
        )


def collect(ctx: Context) -> Iterator[Observation]:
    """Every cell of every table, missing ones included."""
    for payload in ctx.payloads:
        try:
            table = _Table(ctx, payload)
        except InputError as error:
            raise InputError(error.rule, file=payload.name, row=error.row) from None
        yield from one_of_a_key(ctx, table.rows(), file=payload.name)
