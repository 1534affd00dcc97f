"""What the columns of an official table are: dimensions, periods, members of a dimension, values.

The heading is the first line of words that are all known; it may have two lines, as where years
stand over towns and country. What the table does not say its title may: the year, and one sex, milieu
or age that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from marsad.base.areas import COUNTRY, SOUTH, at_level
from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.periods import parse_period
from marsad.base.tables import Sheet
from marsad.base.text import fold
from marsad.base.workbook import Cells
from marsad.collect.context import Context
from marsad.collect.sources.hcp_table.cells import Notes, period_of, status_of

_REGION_OF = ("region", "region de", "region du", "region of", "جهة")
"""Folded words before the name of a region."""
_TOP = 40  # lines in which the heading is looked for
PARTS = {
    "sex": "sex",
    "urbanisation": "milieu",
    "education": "diploma",
    "category": "duration",
    "age": "age",
}
"""Dimension -> the lookup of its words; areas have their names."""
_WHOLE = frozenset((TOTAL, COUNTRY, "Y_GE15"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `role` is dimension, period, value or ignored; a value column may hold one period
    and one member of each of some dimensions."""

    role: str
    dimension: str = ""
    period: str = ""
    marks: str = ""
    members: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: its columns, the number of its last heading line, the words above and in it."""

    columns: list[Column]
    number: int
    title: str
    lines: list[Cells]
    period: str = ""
    about: dict[str, str] = field(default_factory=dict)
    sheet: str = ""


class Words:
    """The words of a declaration, folded."""

    def __init__(self, ctx: Context) -> None:
        lookups = ctx.spec.lookups
        self.headings = {fold(w): role for w, role in lookups["heading"].items()}
        self.members = {
            dimension: {fold(w): code for w, code in lookups[name].items()}
            for dimension, name in PARTS.items()
        }
        regions = {fold(a.name[k]): a.code for a in at_level("region") for k in ("fr", "ar")}
        codes = {*regions.values(), SOUTH}
        regions |= {fold(code): code for code in codes}
        regions |= {f"{p} {name}": c for name, c in regions.items() for p in _REGION_OF}
        self.members["area"] = regions | {fold(w): c for w, c in lookups["area"].items()}
        self.old = {fold(w) for w in lookups["old_region"]}

    def dimensions(self, word: str) -> set[str]:
        """The dimensions that have a folded word as a member."""
        return {d for d, codes in self.members.items() if word in codes}


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _kind(words: Words, cell: object) -> str:
    """What a cell of a heading is: a role, `period`, `member`, or '' for none of these."""
    text = _text(cell)
    if (form := fold(text)) in words.headings:
        return words.headings[form]
    try:
        period_of(text)
    except InputError:
        return "member" if words.dimensions(form) else ""
    return "at"


def _is_heading(words: Words, line: Cells) -> bool:
    """Whether a line begins a table: a dimension and what it is crossed with, or several periods."""
    if len({_text(cell) for cell in line} - {""}) < 1 + bool(line and _text(line[0])):
        return False  # a title, in one cell or merged over all
    kinds = [_kind(words, cell) for cell in line if _text(cell)]
    crossed = sum(kind in ("at", "member", "value") for kind in kinds)
    named = any(kind in PARTS or kind in ("area", "period") for kind in kinds)
    blank = bool(line) and not _text(line[0]) and "at" in kinds and all(kinds)
    return kinds.count("at") >= 2 or (named and crossed >= 1) or blank


def _continues(words: Words, line: Cells) -> bool:
    """Whether a line is the second one of a heading: only periods and members, two at least."""
    kinds = [_kind(words, cell) for cell in line if _text(cell)]
    return (
        len(kinds) >= 2 and all(kind in ("at", "member") for kind in kinds) and not _text(line[0])
    )


def _carried(line: Cells, below: Cells) -> list[str]:
    """The words of an upper heading line, each carried to the right over what it stands above."""
    carried: list[str] = []
    for place, cell in enumerate(line):
        covers = place < len(below) and _text(below[place])
        carried.append(_text(cell) or (carried[-1] if carried and covers else ""))
    return carried


def _shared(words: Words, texts: Sequence[str]) -> str:
    """The one dimension that has all these words as members, some beside its total; '' for none."""
    shared = [
        d
        for d, codes in words.members.items()
        if all(t in codes for t in texts) and any(codes[t] not in _WHOLE for t in texts)
    ]
    return shared[0] if len(shared) == 1 else ""


def _column(words: Words, cells: list[str], shared: list[str]) -> Column:
    """The column that one or two cells of a heading name."""
    period, marks, members, role = "", "", {}, ""
    for text, dimension in zip(cells, shared):
        if not text:
            continue
        kind = _kind(words, text)
        if kind == "at":
            period, marks = period_of(text)
        elif kind == "member" and dimension:
            members[dimension] = words.members[dimension][fold(text)]
        elif kind in ("ignored", "period", "value"):
            role = role or kind
        elif kind in words.members:
            return Column("dimension", kind)
        else:
            raise InputError(f"unknown heading {text[:60]}")
    return Column(role or ("value" if period or members else ""), "", period, marks, members)


def _columns(words: Words, lines: list[list[str]]) -> list[Column]:
    shared = [
        _shared(words, [fold(t) for t in line if _kind(words, t) == "member"]) for line in lines
    ]
    width = max(map(len, lines))
    columns = []
    for place in range(width):
        cells = [line[place] if place < len(line) else "" for line in lines]
        if len(cells) > 1 and cells[1] and _kind(words, cells[0]) not in ("at", "member"):
            cells[0] = ""  # carried from a column of another kind
        columns.append(_column(words, cells, shared))
    while columns and not columns[-1].role:
        columns.pop()
    return columns


def _guessed(words: Words, columns: list[Column], lines: list[Cells]) -> list[Column]:
    """Columns without a heading as the dimension that their cells are members of."""
    guessed = []
    for place, column in enumerate(columns):
        if not column.role:
            cells = [fold(_text(line[place])) for line in lines[:30] if place < len(line)]
            known = [cell for cell in cells if words.dimensions(cell)]
            if dimension := _shared(words, known) if known else "":
                column = Column("dimension", dimension)
        guessed.append(column)
    return guessed


def _one_period(title: str) -> str:
    """The one period that a title names, '' for none or several."""
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", fold(title)))
    if len(years) != 1:
        return ""
    for part in re.split(r"[,;:()\n]| - ", title):
        for start in range(words := len(part.split())):
            for end in range(min(words, start + 4), start, -1):
                try:
                    return parse_period(" ".join(part.split()[start:end]))
                except InputError:
                    continue
    return str(years.pop())


def _about(words: Words, title: str, columns: list[Column]) -> dict[str, str]:
    """What a title says that its table is about: one sex, milieu, age or region that no column has."""
    had = {c.dimension for c in columns} | {d for c in columns for d in c.members}
    form, about = f" {fold(title)} ", {}
    for dimension in {"sex", "urbanisation", "age", "area"} - had:
        named = {
            code
            for word, code in words.members[dimension].items()
            if f" {word} " in form and code not in _WHOLE
        }
        if len(named) == 1:
            about[dimension] = named.pop()
    return about


def find_layout(ctx: Context, sheets: list[Sheet]) -> Layout:
    """The first table of the sheets. InputError: none has a heading with periods, a word of the
    heading is unknown, or no period is said anywhere."""
    words = Words(ctx)
    for sheet in sheets:
        lines = [line if isinstance(line, list) else [] for line in sheet.lines]
        for place, line in enumerate(lines[:_TOP]):
            if not _is_heading(words, line):
                continue
            two = place + 1 < len(lines) and _continues(words, lines[place + 1])
            heads = (
                [_carried(line, lines[place + 1]), list(map(_text, lines[place + 1]))]
                if two
                else [list(map(_text, line))]
            )
            try:
                columns = _columns(words, heads)
            except InputError as error:
                raise InputError(error.rule, row=place + 1) from None
            below = place + len(heads)
            columns = _guessed(words, columns, lines[below:])
            title = "\n".join(
                dict.fromkeys(filter(None, (_text(c) for row in lines[: place + 1] for c in row)))
            )
            period = (
                "" if any(c.period or c.role == "period" for c in columns) else _one_period(title)
            )
            if not (period or any(c.period or c.role == "period" for c in columns)):
                break
            above = "\n".join(_text(c) for row in lines[:place] for c in row)
            about = _about(words, above, columns)
            return Layout(columns, below, title, lines[below:], period, about, sheet.name)
    raise InputError("no heading line with years was found")


def column_status(column: Column, status: str, notes: Notes) -> str:
    """The status of a cell under its column: the column's own where the cell says nothing."""
    return status_of(column.marks, notes) or status if status == "A" else status
