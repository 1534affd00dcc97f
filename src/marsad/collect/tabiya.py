"""ESCO as Tabiya's open taxonomy gives it (occupations.csv, skills.csv, occupation_groups.csv, relations).

The same concepts by the same addresses, under other headings, joined by identifiers of their own.
Concepts that are not of ESCO (a country's own occupations) are left out.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field

from marsad.base.errors import InputError

ADDRESS = "http://data.europa.eu/esco/"
_LANGUAGE = re.compile(r"(?:^|[_.-])(ar|fr|en)(?=[_.-]|$)")


@dataclass(slots=True)
class Named:
    """A concept with its labels, the preferred one first."""

    uri: str
    kind: str
    code: str
    group: str
    labels: list[str]
    description: str


@dataclass(slots=True)
class Tabiya:
    """What has been read so far: addresses by Tabiya's identifiers, and relations between these."""

    addresses: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str, str]] = field(default_factory=list)

    def concepts(self, rows: csv.DictReader[str], file: str) -> list[Named]:
        """The concepts of a file. InputError: one has no label."""
        headings = set(rows.fieldnames or ())
        kind = (
            "occupation"
            if "OCCUPATIONTYPE" in headings
            else "skill"
            if "SKILLTYPE" in headings
            else "group"
        )
        named = []
        for number, row in enumerate(rows, 2):
            uri = (row.get("ORIGINURI") or "").strip()
            if not uri.startswith(ADDRESS) or (kind == "skill" and "/skill/" not in uri):
                continue
            label = (row.get("PREFERREDLABEL") or "").strip()
            if not label:
                raise InputError("a concept needs a PREFERREDLABEL", file=file, row=number)
            self.addresses[row.get("ID") or uri] = uri
            others = re.split(r"\r?\n", row.get("ALTLABELS") or "")
            labels = list(dict.fromkeys(t for t in (label, *map(str.strip, others)) if t))
            code = row.get("CODE") or ""
            group = code if kind == "group" else row.get("OCCUPATIONGROUPCODE") or ""
            named.append(
                Named(uri, kind, code, group, labels, (row.get("DESCRIPTION") or "").strip())
            )
        return named

    def relate(self, rows: csv.DictReader[str]) -> None:
        """Keep what the rows of a file say of occupations and skills, for when all files are read."""
        self.pairs += [
            (row.get("OCCUPATIONID") or "", row.get("SKILLID") or "", row.get("RELATIONTYPE") or "")
            for row in rows
        ]

    def relations(self) -> list[tuple[str, str, str]]:
        """(occupation, skill, essential or optional) by address, of those whose ends were read."""
        known = self.addresses
        return [
            (known[occupation], known[skill], kind)
            for occupation, skill, kind in self.pairs
            if occupation in known and skill in known and kind in ("essential", "optional")
        ]


def language_of(name: str) -> str:
    """The language that a file's name says; English, in which Tabiya publishes, for none."""
    match = _LANGUAGE.search(name.rpartition(".")[0])
    return match[1] if match else "en"
