"""Official releases of taxonomies as their publishers give them: ESCO in CSV, folders or archives, of the
European Commission or in Tabiya's layout.

Reads whatever is there of occupations, ISCO groups, skills, thematic skill collections and
relations, in any language and of any release (1.0 to 1.2), and joins it by concept. This service
uses the ESCO classification of the European Commission.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from marsad.base.errors import InputError
from marsad.collect.tabiya import ADDRESS, Named, Tabiya, language_of

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
_CONCEPTS = re.compile(
    r"(?:^|_)(occupations|ISCOGroups|skills|(?:\w+)SkillsCollection)_(?:([a-z]{2,3})(?:_[\d.]+)?)\.csv$"
)
_RELATIONS = re.compile(r"^occupationSkillRelations(?:_[a-z]{2,3})?\.csv$")
_KINDS = {"occupations": "occupation", "ISCOGroups": "group"}
CREDIT = "This service uses the ESCO classification of the European Commission."
RELATIONS = ("essential", "optional")


@dataclass(slots=True)
class Concept:
    """One concept of a taxonomy: its labels by language, the preferred one first."""

    uri: str
    kind: str
    code: str = ""
    group: str = ""
    labels: dict[str, list[str]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of its address: what identifies a skill, which has no code."""
        return self.uri.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Taxonomy:
    """Concepts by address, and (occupation, skill, essential or optional)."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Concept]:
        """The concepts of these kinds (occupation, group, skill), in order of address."""
        return sorted(
            (c for c in self.concepts.values() if c.kind in kinds), key=lambda c: (c.kind, c.uri)
        )


def _files(path: Path) -> Iterator[tuple[str, str, io.TextIOBase]]:
    """(file name, name to say in an error, open text) of every CSV in a folder, archive or file."""
    if path.is_dir():
        for file_path in sorted(path.rglob("*.csv")) + sorted(path.rglob("*.zip")):
            yield from _files(file_path)
    elif path.suffix == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    if name.endswith(".csv"):
                        with archive.open(name) as raw:
                            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
                            yield PurePath(name).name, f"{path}:{name}", text
        except zipfile.BadZipFile:
            raise InputError("this is not a zip archive", file=str(path)) from None
    elif path.exists():
        with path.open(encoding="utf-8-sig", newline="") as opened:
            yield path.name, str(path), opened
    else:
        raise InputError("there is no such file or folder", file=str(path))


def read_esco(paths: Sequence[Path]) -> Taxonomy:
    """What these files, folders and archives hold of ESCO, joined by concept.

    InputError names a file that lacks a column, or says that none of the files is ESCO's.
    """
    taxonomy, tabiya = Taxonomy(), Tabiya()
    for path in paths:
        for name, file, text in _files(path):
            _read(taxonomy, tabiya, name, file, text)
    taxonomy.relations += tabiya.relations()
    if not taxonomy.concepts:
        names = ", ".join(str(p) for p in paths)
        raise InputError(
            "no file of ESCO is here (occupations_<language>.csv, skills_<language>.csv ..., or"
            " Tabiya's occupations.csv, skills.csv ...)",
            file=names,
        )
    return taxonomy


def _read(taxonomy: Taxonomy, tabiya: Tabiya, name: str, file: str, text: io.TextIOBase) -> None:
    rows = csv.DictReader(text)
    try:
        headings = set(rows.fieldnames or ())
        if {"PREFERREDLABEL", "ORIGINURI"} <= headings:
            for named in tabiya.concepts(rows, file):
                _add(taxonomy, named, language_of(name))
        elif {"OCCUPATIONID", "SKILLID"} <= headings:
            tabiya.relate(rows)
        elif match := _CONCEPTS.search(name):
            _concepts(taxonomy, _KINDS.get(match[1], "skill"), match[2], rows, file)
        elif _RELATIONS.match(name):
            _relations(taxonomy, rows, file)
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8 text", file=file, row=rows.line_num + 1) from None
    except csv.Error as error:
        raise InputError(f"this is not CSV: {error}", file=file, row=rows.line_num) from None


def _add(taxonomy: Taxonomy, named: Named, language: str) -> None:
    """Join a concept of Tabiya's to those that are there."""
    concept = taxonomy.concepts.setdefault(named.uri, Concept(named.uri, named.kind))
    concept.code, concept.group = named.code or concept.code, named.group or concept.group
    labels = concept.labels.setdefault(language, [])
    labels += [label for label in named.labels if label not in labels]
    if named.description:
        concept.descriptions.setdefault(language, named.description)


def _address(uri: str | None, file: str, row: int) -> str:
    if not uri or not uri.startswith(ADDRESS):
        raise InputError(f"{uri!r} is not an address of ESCO ({ADDRESS}...)", file=file, row=row)
    return uri


def _concepts(
    taxonomy: Taxonomy, kind: str, language: str, rows: csv.DictReader[str], file: str
) -> None:
    for number, row in enumerate(rows, 2):
        try:
            uri, preferred = row["conceptUri"], row["preferredLabel"]
            others = re.split(r"\n|\s\|\s", row.get("altLabels") or "")
        except KeyError as error:
            raise InputError(f"column {error} is missing", file=file, row=number) from None
        _address(uri, file, number)
        if "/skill/" not in uri and kind == "skill":
            continue  # the skill collections hold groups too
        if not (preferred or "").strip():
            raise InputError("a concept needs a preferredLabel", file=file, row=number)
        concept = taxonomy.concepts.setdefault(uri, Concept(uri, kind))
        concept.code = row.get("code") or concept.code
        concept.group = (
            row.get("iscoGroup") or concept.group or (concept.code if kind == "group" else "")
        )
        labels = concept.labels.setdefault(language, [])
        for label in (preferred, *others):
            if (label := (label or "").strip()) and label not in labels:
                labels.append(label)
        if description := (row.get("description") or "").strip():
            concept.descriptions.setdefault(language, description)


def _relations(taxonomy: Taxonomy, rows: csv.DictReader[str], file: str) -> None:
    for number, row in enumerate(rows, 2):
        try:
            ends, kind = (row["occupationUri"], row["skillUri"]), row["relationType"]
        except KeyError as error:
            raise InputError(f"column {error} is missing", file=file, row=number) from None
        if kind not in RELATIONS:
            rule = f"relationType must be {' or '.join(RELATIONS)}, not {kind!r}"
            raise InputError(rule, file=file, row=number)
        occupation, skill = (_address(uri, file, number) for uri in ends)
        taxonomy.relations.append((occupation, skill, kind))
