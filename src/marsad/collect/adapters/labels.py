"""Ads and courses in lines of text: what labels say («Ville : Fès»), and the sentences of notices.

A page or a document is a row of lines; a line is a heading, a label with its value, or text. Where
several headings have labels of their own below them, each is one record; else the whole is one, if it
has a title and says enough. What says too little is none: never navigation as an ad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from marsad.base.declare import load_declaration
from marsad.base.records import Row
from marsad.collect.names import direct

_LABEL = re.compile(r"\s*[-•*–▪●]?\s*([^\n:：]{2,60}?)\s*[:：]\s*(.*)", re.S)
_TITLES = frozenset({"raw_title"})
_TEXTS = frozenset({"raw_text", "short_text"})
_FEWEST = 3
"""Fields that the labels of a page of one ad say."""
_FEWEST_LISTED = 2
"""Fields that the labels below each heading of a list say."""
_MOST_LINES, _LONGEST = 20_000, 300
_MOST_READ = 20_000  # letters of a notice in which sentences are looked for
_HEAD = 2_000  # letters in which it must say that it is one


@dataclass(slots=True)
class Line:
    """A line; `level` 1 to 6 for a heading, 7 for a link that stands alone, 0 else; `label` what
    stands out at its beginning or in the cell before it."""

    text: str
    level: int = 0
    label: str = ""
    href: str = ""


@dataclass(slots=True)
class _Section:
    """What stands below a heading: values by label, and the other lines."""

    heading: str = ""
    href: str = ""
    values: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    _open: str = ""

    def take(self, kind: str, line: Line) -> None:
        """Add a line: a value to its label, another to the label that waits for it, else to the rest."""
        label, value = _parted(kind, line)
        if label:
            self.values.setdefault(label, value)
            of_text = direct(kind, label) in _TEXTS
            self._open = label if of_text or not value else ""
        elif self._open:
            before = self.values[self._open]
            self.values[self._open] = f"{before}\n{line.text}".strip()
            self._open = self._open if direct(kind, self._open) in _TEXTS else ""
        else:
            self.rest.append(line.text)

    def fields(self, kind: str) -> set[str]:
        """The fields that its labels say, texts apart."""
        named = {direct(kind, label) for label, value in self.values.items() if value}
        return {name for name in named if name} - _TEXTS

    def row(self, kind: str, title: str = "") -> Row:
        """Its row, under its labels and ordinary names."""
        row: Row = {**self.values, "heading": title or self.heading}
        if self.href:
            row["url"] = self.href
        if self.rest:
            row["text"] = "\n".join(self.rest)
            if day := _match("posted", row["text"][:_MOST_READ]):
                row.setdefault("date posted", day)
        return row


def _parted(kind: str, line: Line) -> tuple[str, str]:
    """(label, value) of a line, ('', '') where it has no label that is a name."""
    if line.label and direct(kind, line.label.rstrip(" :：")):
        rest = line.text.removeprefix(line.label).lstrip(" :：-–\t")
        return line.label.rstrip(" :："), rest
    if line.level and direct(kind, line.text) in _TEXTS:
        return line.text, ""
    match = _LABEL.fullmatch(line.text) if len(line.text) < _LONGEST * 20 else None
    if match and direct(kind, match[1]):
        return match[1], match[2].strip()
    return "", ""


def read(kind: str, lines: Iterable[Line], title: str = "") -> Iterator[Row]:
    """The rows that lines say, under their labels; `title` is that of the page."""
    sections = [_Section()]
    for line in list(lines)[:_MOST_LINES]:
        if line.level and not _parted(kind, line)[0]:
            sections.append(_Section(line.text[:_LONGEST], line.href))
        else:
            sections[-1].take(kind, line)
    listed = [s for s in sections if s.heading and len(s.fields(kind) - _TITLES) >= _FEWEST_LISTED]
    if len(listed) > 1:
        yield from (section.row(kind) for section in listed)
        return
    whole = _Section(values={})
    for section in sections:
        for label, value in section.values.items():
            whole.values.setdefault(label, value)
        heading = [section.heading] if section.heading not in ("", title) else []
        whole.rest += [*heading, *section.rest]
    if len(whole.fields(kind)) >= _FEWEST:
        first = next((s.heading for s in sections if s.heading), "")
        row = whole.row(kind, title or first)
        if row["heading"] or whole.fields(kind) & _TITLES:
            yield row


# Notices.


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    words = load_declaration(Path(__file__).parents[1] / "notices.yml", dict[str, tuple[str, ...]])
    return {name: tuple(re.compile(p, re.I) for p in listed) for name, listed in words.items()}


def _match(name: str, text: str) -> str:
    """What the first pattern of a name finds first in a text, '' for nothing."""
    for pattern in _patterns()[name]:
        if match := pattern.search(text):
            return " ".join(match[match.lastindex or 0].split())
    return ""


_SENTENCES = (
    ("employers", "raw_company", "company"),
    ("positions", "positions", "openings"),
    ("deadlines", "deadline_on", "deadline"),
)
"""Patterns of sentences -> the field that they say, under an ordinary name."""


def notice(lines: Sequence[Line], row: Row | None = None) -> Row | None:
    """The row of a public notice, from its labels (`row`, where they were read) and its sentences;
    None, or the row as it was, where no line at its head calls for applications."""
    whole = "\n".join(line.text for line in lines[:_MOST_LINES])
    title = _match("titles", whole[:_HEAD])
    if not title:
        return row
    if row is None:
        section = _Section()
        for line in lines[:_MOST_LINES]:
            section.take("ads", line)
        row = {**section.values, "text": whole, "heading": title}
    labelled = {direct("ads", name) for name, value in row.items() if value}
    for name, of, label in _SENTENCES:
        if of not in labelled and (words := _match(name, whole[:_MOST_READ])):
            row[label] = words
    return row
