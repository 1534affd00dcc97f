"""Tables of strangers: delimited text, workbooks and HTML tables, told apart by what they hold.

A table stands below titles and notes, on one of several sheets: its heading is the line, among the
first of each sheet, that holds most of the names that are looked for. Names are compared folded
(`base/text.py: fold`), without case, accents and spaces around. A line that does not fit its heading
is given as `Broken` in its place, and the others go on.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from marsad.base.encoding import Decoded, decode, without_controls
from marsad.base.errors import InputError
from marsad.base.html import parse_html
from marsad.base.records import Broken
from marsad.base.text import fold
from marsad.base.workbook import OLE, ZIP, Cells, read_workbook

MOST_ROWS, MOST_COLUMNS = 1_000_000, 2_000
IsName = Callable[[str], bool]
_LONGEST_NAME = 120  # letters of the heading of a column
_TOP = 40  # lines of a sheet in which a heading is looked for
_SAMPLE = 60  # lines by which a delimiter is chosen
_MOST_SPAN = 500  # columns or rows that one cell of an HTML table may cover
_LONGEST_QUOTE = 200  # lines that one quoted cell may go over
_SEPARATOR = re.compile(r"\"?sep=(.)\"?[;,\t|]*\r?\n", re.I)
_HTML = re.compile(
    r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body|meta|table|div)\b", re.I
)
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sheet in order, numbered from 1."""

    name: str
    lines: list[Cells | Broken]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a file (one, when it is text), what a reader should be warned of, and the names
    of hidden sheets that hold rows."""

    sheets: list[Sheet]
    warning: str = ""
    hidden: tuple[str, ...] = ()

    def unread(self, names: Collection[str]) -> list[str]:
        """A warning for each sheet of two lines or more that is none of `names`, hidden ones too."""
        others = [
            s.name for s in self.sheets if s.name not in names and sum(map(_holds, s.lines)) > 1
        ]
        return [f"sheet {name[:60]!r} is not read: it has no such heading" for name in others] + [
            f"sheet {name[:60]!r} is hidden: not read" for name in self.hidden
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """A table below its heading. `above` are the words over it; `number` is the heading's line;
    `sheet` the name of its sheet."""

    heading: list[str]
    number: int
    above: list[str] = field(default_factory=list)
    lines: list[Cells | Broken] = field(default_factory=list)
    sheet: str = ""

    def rows(self) -> Iterator[tuple[int, Cells | Broken]]:
        """(line number, cells in the order of the heading) of each line that is not empty, nor the
        heading again; broken is a line that has fewer cells than the heading, more that hold
        something, or one in three that does: a note."""
        width, again = len(self.heading), [fold(name) for name in self.heading]
        wide = sum(map(bool, self.heading)) > 2
        for number, line in enumerate(self.lines, self.number + 1):
            if isinstance(line, Broken):
                yield number, line
            elif any(cell not in (None, "") for cell in line):
                if [fold(_words(cell)) for cell in line[:width]] == again:
                    continue
                if wide and sum(cell not in (None, "") for cell in line) == 1:
                    yield number, Broken("a note: one cell alone holds something", line)
                elif len(line) < width or any(cell not in (None, "") for cell in line[width:]):
                    rule = f"{width} cells expected by the heading, {len(line)} found"
                    yield number, Broken(rule, line)
                else:
                    yield number, line[:width]


def read_sheets(data: bytes) -> Sheets:
    """The sheets of a file, by what its bytes are, whatever its name says.

    InputError: nothing in it, a workbook that cannot be read, or more than `MOST_ROWS` lines.
    """
    if data[:4] in (ZIP, OLE):
        read, hidden = read_workbook(data)
        sheets = [_bounded(Sheet(name, list(lines))) for name, lines in read]
        return Sheets(sheets, hidden=tuple(hidden))
    text = decode(data)
    if not text.text.strip():
        raise InputError("the file holds no text")
    if _HTML.match(text.text[:2000]):
        return Sheets(_html(text), text.warning)
    if text.text.lstrip()[:200].startswith("<?xml"):
        raise InputError("this is XML, not a table: save it as XLSX or CSV")
    return Sheets([_bounded(_delimited(text.text))], text.warning)


def _bounded(sheet: Sheet) -> Sheet:
    if len(sheet.lines) > MOST_ROWS:
        raise InputError(f"more than {MOST_ROWS:,} lines: give it in parts")
    return sheet


# Delimited text.


def _delimited(text: str) -> Sheet:
    declared = _SEPARATOR.match(text.lstrip("\ufeff"))
    lines = io.StringIO(text, newline=None).readlines()
    if len(lines) > 50 * MOST_ROWS:
        raise InputError(f"more than {MOST_ROWS:,} lines: give it in parts")
    delimiter = declared[1] if declared else _delimiter(lines)
    cells = list(_records(lines, delimiter))
    if declared:
        cells[0] = []
    while cells and cells[-1] in ([], [""]):
        cells.pop()
    return Sheet("", cells)


def _delimiter(lines: list[str]) -> str:
    """The delimiter by which most lines have one number of cells, and the largest such number."""
    sample = [line for line in islice(lines, _SAMPLE * 5) if line.strip()][:_SAMPLE]
    best, most = ",", (0.0, 0)
    for delimiter in ",;\t|":
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if counts:
            width, times = counts.most_common(1)[0]
            score = (round(times / len(widths), 1), width)
            if delimiter == "\t" and times == len(widths):
                return delimiter  # a tab is seldom part of a cell
            best, most = (delimiter, score) if score > most else (best, most)
    return best


def _records(lines: list[str], delimiter: str) -> Iterator[Cells | Broken]:
    """The records of delimited text; one whose quotation mark never closes is one broken line."""
    try:
        records: list[Cells] = [
            [*row] for row in csv.reader(lines, delimiter=delimiter, strict=True)
        ]
        yield from records
        return
    except csv.Error:
        pass
    place = 0
    while place < len(lines):
        reader = csv.reader(lines[place : place + _LONGEST_QUOTE], delimiter=delimiter, strict=True)
        try:
            yield list(next(reader))
            place += reader.line_num
        except csv.Error as error:
            yield _broken(lines[place], delimiter, str(error))
            place += 1


def _broken(line: str, delimiter: str, why: str) -> Cells | Broken:
    """A line that strict reading refuses: words after a closing mark are read, an open one is not."""
    if "expected after" in why:
        try:
            return list(next(csv.reader([line], delimiter=delimiter)))
        except csv.Error as error:
            why = str(error)
    return Broken(f"this line is not delimited text ({why})", line)


# HTML.


def _html(text: Decoded) -> list[Sheet]:
    tables = parse_html(text.text).css("table")
    if not tables:
        raise InputError("a page without a table: save the table as XLSX or CSV")
    return [_bounded(Sheet("", grid(table)[0])) for table in tables[:100]]


def _span(cell: LexborNode, name: str) -> int:
    digits = (cell.attributes.get(name) or "1").strip()
    return min(int(digits), _MOST_SPAN) if digits.isdecimal() and len(digits) < 6 else 1


def _rows_of(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of an HTML table itself, not of tables inside it."""
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in part.iter() if row.tag == "tr")


def grid(table: LexborNode) -> tuple[list[Cells | Broken], list[str]]:
    """(the cells of an HTML table, the address of the first link of each line); a cell that spans
    columns or rows stands in each of them."""
    lines: list[Cells | Broken] = []
    links: list[str] = []
    hanging: dict[int, tuple[int, str]] = {}  # column -> (rows still to cover, words)
    for row in _rows_of(table):
        line: Cells = []
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        while cells or len(line) in hanging:
            if len(line) in hanging:
                rows, words = hanging.pop(len(line))
                if rows > 1:
                    hanging[len(line)] = (rows - 1, words)
                line.append(words)
                continue
            cell = cells.pop(0)
            words, rows = cell.text(separator=" ", strip=True), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if rows > 1:
                    hanging[len(line)] = (rows - 1, words)
                line.append(words)
        lines.append(line)
        link = row.css_first("a[href]")
        links.append((link.attributes.get("href") or "") if link is not None else "")
    return lines, links


# Headings.


def _words(cell: object) -> str:
    return "" if cell is None else without_controls(str(cell)).strip()


def _holds(line: Cells | Broken) -> bool:
    return isinstance(line, Broken) or any(_words(cell) for cell in line)


def find_tables(
    sheets: list[Sheet], names: Collection[str], ordinary: IsName | None = None
) -> list[Table]:
    """The table that `find_table` finds, and those of the other sheets that have its heading: of the
    columns that are names which one of the two has, half at least are in both. In the order of the
    sheets. InputError: there is no line at all."""
    is_name = _is_name(names, ordinary)
    first = find_table(sheets, names, ordinary)
    tables, known = [], set(filter(is_name, first.heading))
    for sheet in sheets:
        if not any(map(_holds, sheet.lines[:_TOP])):
            continue
        table = find_table([sheet], names, ordinary)
        columns = set(filter(is_name, table.heading))
        if table == first or (known and 2 * len(columns & known) >= len(columns | known)):
            tables.append(table)
    return tables


def _is_name(names: Collection[str], ordinary: IsName | None) -> IsName:
    folded = {fold(name) for name in names}
    return lambda word: fold(word) in folded or bool(ordinary and ordinary(word))


def find_table(
    sheets: list[Sheet], names: Collection[str], ordinary: IsName | None = None
) -> Table:
    """The table whose heading holds most of `names`, or of what `ordinary` says is a name; a heading
    that holds one of `names` has its spelling there. InputError: there is no line at all."""
    spelled = {fold(name): name for name in names}
    best: tuple[int, Sheet, int] | None = None
    for sheet in sheets:
        for place, line in enumerate(sheet.lines[:_TOP]):
            if isinstance(line, Broken) or not _holds(line):
                continue
            named = {
                fold(cell): cell for cell in map(_words, line) if 0 < len(cell) <= _LONGEST_NAME
            }
            hits = sum(
                form in spelled or bool(ordinary and ordinary(word)) for form, word in named.items()
            )
            if best is None or hits > best[0]:
                best = (hits, sheet, place)
    if best is None:
        raise InputError("the table has no heading")
    _, sheet, place = best
    line = sheet.lines[place]
    heading = [_words(cell) for cell in line] if not isinstance(line, Broken) else []
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > MOST_COLUMNS:
        raise InputError(f"more than {MOST_COLUMNS:,} columns")
    heading = _told_apart([spelled.get(fold(name), name) for name in heading])
    above = [_words(c) for row in sheet.lines[:place] if isinstance(row, list) for c in row]
    words = [w for w in dict.fromkeys(above) if w]
    return Table(heading, place + 1, words, sheet.lines[place + 1 :], sheet.name)


def _told_apart(heading: list[str]) -> list[str]:
    """Names of columns, the second of one name with its number."""
    seen: Counter[str] = Counter()
    names = []
    for name in heading:
        seen[name] += bool(name)
        names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return names
