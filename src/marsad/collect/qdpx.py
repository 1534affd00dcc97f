"""Interviews and focus groups as a project of qualitative analysis: REFI-QDA (.qdpx), version 1.5.

A ZIP with `project.qde` (XML: codes, cases with variables, sources with coded selections) and the sources as
text or DOCX. Read are codes, who spoke under which (cases), two variables of the cases, and the words of
coded selections; notes, memos, users, media and everything else are passed over. Whom a selection is of: the
case that refers to it, or to one that overlaps it (a speaker's turns in a focus group), by itself or by a
code of its own; else the only case of its source.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from marsad.base.docx import read_docx
from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.text import clean, fold
from marsad.base.xml import parse_xml

MOST_PARTS, MOST_PROJECT, MOST_SOURCE, MOST_TEXT = 20_000, 50_000_000, 10_000_000, 200_000_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError)
_PROJECT = "project.qde"
_INTERNAL = re.compile(r"internal://(.+)", re.I)


@dataclass(frozen=True, slots=True)
class Person:
    """A case: the values of its variables, by their folded name."""

    id: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Coded words: the code, the person who spoke, '' where the project does not tell, and the words, ''
    where it does not hold them."""

    code: str
    person: str
    words: str


@dataclass(frozen=True, slots=True)
class Project:
    """What is read of a project: code -> its name and the codes above it, persons, passages, and the names
    of cases, sources and users, which must not stand in what is shown."""

    codes: Mapping[str, str]
    above: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, Person]
    passages: tuple[Passage, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Selection:
    id: str
    source: str
    start: int
    end: int
    codes: tuple[str, ...]
    words: str


def is_project(data: bytes) -> bool:
    """Whether a file is a ZIP that holds a project."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _PROJECT in archive.namelist()
    except _DAMAGED:
        return False


def read_project(data: bytes) -> Project:
    """The project in a file. InputError: damaged, locked, too large, or XML with a document type."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Reading(archive).project()
    except _DAMAGED:
        raise InputError("the project is damaged, or locked by a password") from None


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part of the archive. InputError: it unpacks to more than `most` bytes, whatever it says of itself."""
    with archive.open(name) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise InputError(f"a part of the project unpacks to more than {most:,} bytes")
    return data


class _Reading:
    """The reading of one project."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = archive.namelist()
        if _PROJECT not in names:
            raise InputError("the archive is no REFI-QDA project: it has no project.qde")
        if len(names) > MOST_PARTS:
            raise InputError(f"the project has more than {MOST_PARTS:,} parts")
        self._parts = {name.lower(): name for name in names}
        self._left = MOST_TEXT
        text = decode(_part(archive, _PROJECT, MOST_PROJECT)).text
        self._root = parse_xml(text)
        for element in self._root.iter():  # a project of any version of the namespace
            element.tag = element.tag.rpartition("}")[2]
        if self._root.tag != "Project":
            raise InputError("project.qde holds no project")

    def project(self) -> Project:
        codes: dict[str, str] = {}
        above: dict[str, tuple[str, ...]] = {}
        for code in self._root.iterfind("CodeBook/Codes/Code"):
            self._code(code, (), codes, above)
        cases = list(self._root.iterfind("Cases/Case"))
        selections = [
            s for source in self._root.iterfind("Sources/*") for s in self._source(source)
        ]
        own = {ref for case in cases for ref in _refs(case, "CodeRef")}
        passages = [
            Passage(code, person, selection.words)
            for selection, persons in _spoken(cases, selections)
            for code in selection.codes
            if code in codes and code not in own
            for person in persons or ("",)
        ]
        persons = self._persons(cases or list(self._root.iterfind("Sources/*")))
        names = {e.get("name", "") for e in (*cases, *self._root.iterfind("Sources/*"), *self._root.iterfind("Users/User"))}  # fmt: skip
        shown = {code: name for code, name in codes.items() if code not in own}
        return Project(shown, above, persons, tuple(passages), tuple(sorted(names - {""})))

    def _code(
        self,
        element: Element,
        parents: tuple[str, ...],
        codes: dict[str, str],
        above: dict[str, tuple[str, ...]],
    ) -> None:
        identifier = _guid(element)
        codes[identifier], above[identifier] = clean(element.get("name", ""))[:120], parents
        for child in element.iterfind("Code"):
            self._code(child, (*parents, identifier), codes, above)

    def _persons(self, cases: list[Element]) -> dict[str, Person]:
        """Cases, or sources where there are none, with the values of their variables."""
        names = {
            _guid(v): fold(v.get("name", "")) for v in self._root.iterfind("Variables/Variable")
        }
        persons = {}
        for case in cases:
            values = {}
            for value in case.iterfind("VariableValue"):
                refs = _refs(value, "VariableRef")
                text = next((e.text or "" for e in value if e.tag.endswith("Value")), "")
                if refs and (name := names.get(refs[0])) and text.strip():
                    values[name] = clean(text)[:120]
            identifier = _guid(case)
            persons[identifier] = Person(identifier, values)
        return persons

    def _source(self, element: Element) -> Iterator[_Selection]:
        """The coded selections of a source, those of its transcripts and of its plain form too."""
        source = _guid(element)
        for part in (element, *element.iterfind("Transcript"), *element.iterfind("Representation")):
            text: str | None = None
            for number, child in enumerate(part):
                codes = tuple(
                    c for coding in child.iterfind("Coding") for c in _refs(coding, "CodeRef")
                )
                if not child.tag.endswith("Selection"):
                    continue
                start, end = _position(child, "startPosition"), _position(child, "endPosition")
                if text is None and child.tag == "PlainTextSelection":
                    text = self._text(part)
                words = (text or "")[start:end] if 0 <= start < end else ""
                identifier = _guid(child) or f"{source}:{number}"
                yield _Selection(identifier, source, start, end, codes, words)
            whole = tuple(c for coding in part.iterfind("Coding") for c in _refs(coding, "CodeRef"))
            if whole:
                yield _Selection(source, source, -1, -1, whole, "")

    def _text(self, part: Element) -> str:
        """The plain text of a source; '' where the project does not hold it."""
        inside = part.findtext("PlainTextContent")
        if inside is not None:
            return inside
        for name in ("plainTextPath", "richTextPath"):
            place = _INTERNAL.fullmatch(part.get(name, ""))
            stored = self._parts.get(f"sources/{place[1].lower()}") if place else None
            if not stored or not stored.lower().endswith((".txt", ".docx")):
                continue
            data = _part(self._archive, stored, min(MOST_SOURCE, self._left))
            self._left -= len(data)
            return read_docx(data) if stored.lower().endswith(".docx") else decode(data).text
        return ""


def _guid(element: Element, name: str = "guid") -> str:
    """The identifier of an element, or one that it refers to: some programs write it in braces."""
    return element.get(name, "").strip("{} ").lower()


def _refs(element: Element, tag: str) -> list[str]:
    return [_guid(ref, "targetGUID") for ref in element.iterfind(tag)]


def _position(element: Element, name: str) -> int:
    digits = element.get(name, "")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else -1


def _spoken(
    cases: list[Element], selections: list[_Selection]
) -> Iterator[tuple[_Selection, tuple[str, ...]]]:
    """Each selection with the persons whose words it is."""
    by_source: dict[str, list[str]] = defaultdict(list)
    turns: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    direct: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        person, own = _guid(case), set(_refs(case, "CodeRef"))
        for source in _refs(case, "SourceRef"):
            by_source[source].append(person)
        chosen = set(_refs(case, "SelectionRef"))
        for selection in selections:
            if selection.id in chosen or own & set(selection.codes):
                direct[selection.id].append(person)
                turns[selection.source].append((selection.start, selection.end, person))
    for selection in selections:
        persons = direct.get(selection.id) or [
            person
            for start, end, person in turns[selection.source]
            if start < selection.end and selection.start < end
        ]
        if not persons and len(by_source[selection.source]) == 1:
            persons = by_source[selection.source]
        if not persons and not cases:
            persons = [selection.source]  # no cases: each source is one person
        yield selection, tuple(dict.fromkeys(persons))
