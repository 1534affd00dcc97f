"""Cells of official tables: a number, a mark beside it, or a mark alone where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.periods import parse_period
from marsad.base.text import fold

_MARK = r"\(\s*[a-zA-Z0-9*]{1,3}\s*\)|\[\s*\w{1,3}\s*\]|\*{1,3}|[¹²³⁴⁵†‡]"
_MARKED = re.compile(
    rf"(?P<before>{_MARK})?\s*(?P<body>.*?\d\s*[%٪]?)\s*(?P<after>(?:{_MARK}\s*)+|(?<=[\d\s%])[a-z])?",
    re.S,
)
_NOTE = re.compile(rf"({_MARK})\s*:?\s*([^()\[\]*\n]{{3,300}})")
_STATUS = {"p": "P", "e": "E", "b": "B", "u": "U", "f": "F"}
"""A producer's mark -> its code in CL_OBS_STATUS; any other mark is kept as a note."""


class Figure(NamedTuple):
    """A value, None where it is published as missing, with its status and the marks beside it."""

    value: float | None
    status: str
    note: str


def unmarked(text: str) -> tuple[str, str]:
    """(the text without the marks before and after it, the marks)."""
    match = _MARKED.fullmatch(text.strip())
    if not match:
        return text.strip(), ""
    marks = " ".join(mark for mark in (match["before"], match["after"]) if mark)
    return match["body"].strip(), marks.strip()


Notes = Mapping[str, str]
"""A mark without its brackets -> the status that the note below the table says of it."""


def notes_of(lines: Iterable[str], words: Mapping[str, str]) -> dict[str, str]:
    """The status that notes like «(1) donnée provisoire» say of their mark; `words` are folded parts
    of such notes and the status of each."""
    notes = {}
    for line in lines:
        for mark, text in _NOTE.findall(line):
            form = fold(text)
            status = next((code for word, code in words.items() if word in form), "")
            if status:
                notes[_bare(mark)] = status
    return notes


def _bare(mark: str) -> str:
    return re.sub(r"[\s()\[\]:]", "", mark).lower()


def status_of(marks: str, notes: Notes = MappingProxyType({})) -> str:
    """The status that marks say, by the notes below the table first; '' for none."""
    for mark in re.findall(_MARK, marks):
        if _bare(mark) in notes:
            return notes[_bare(mark)]
    letters = [m for m in re.findall(r"[a-z]+", marks.lower()) if m in _STATUS]
    return _STATUS[letters[0]] if letters else ""


def figure(
    cell: object, decimal: str, missing: frozenset[str], notes: Notes = MappingProxyType({})
) -> Figure:
    """The figure of a cell; `decimal` is the decimal sign of the table, `missing` the folded words
    for no value. InputError: it is neither."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Figure(float(cell), "A", "")
    text = "" if cell is None else str(cell).strip()
    if not fold(text) or fold(text) in missing:
        return Figure(None, "M", text if text.strip("-–— ") else "")
    body, marks = unmarked(text)
    status = status_of(marks, notes)
    plain = status and status == status_of(marks)
    return Figure(parse_number(body, decimal), status or "A", "" if plain else marks)


def period_of(text: str) -> tuple[str, str]:
    """(period, marks) of a heading like `2023p` or `T1 2026 (1)`. InputError: it says no period."""
    body, marks = unmarked(text)
    try:
        return parse_period(body), marks
    except InputError:
        return parse_period(text), ""
