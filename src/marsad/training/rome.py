"""Titles of ROME (France Travail, Licence Ouverte 2.0) as further French labels for the occupation coder.

A title is taken where two open tables agree: the mapping of ROME titles to ESCO by France Travail, and the
official correspondence of its ROME code to ISCO-08 (`enrich/correspondences`). Where they differ, where the unit
group is a residual one («not elsewhere classified»), or where a label or a title of ours says the same words,
nothing is learnt. What ships are weights, no title.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from marsad.base.errors import InputError
from marsad.enrich import crosswalk
from marsad.enrich.fields.isco08.titles import form_of
from marsad.training.isco08 import Known, Row

_RANK = {f"skos:{kind}Match": rank for rank, kind in enumerate(("exact", "narrow", "close"))}
_MOST = 2  # concepts of one title


def _mapped(path: Path) -> dict[str, list[tuple[int, str]]]:
    """Number of a ROME title -> (rank of the relation, address) of the ESCO occupations that it is mapped to."""
    mapped: dict[str, list[tuple[int, str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if len(row) == 5 and row[4] in _RANK:
                mapped.setdefault(row[2], []).append((_RANK[row[4]], row[0]))
    if not mapped:
        raise InputError(f"{path}: no row maps a title of ROME to an occupation of ESCO.")
    return mapped


def _titles(path: Path) -> Iterator[tuple[str, str, str]]:
    """(number, code, title) of every title of ROME."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            try:
                yield row["code_ogr"], row["code_rome"], row["libelle_appellation_court"]
            except KeyError as missing:
                raise InputError(
                    f"{path}: no column {missing}: is it the table of ROME titles?"
                ) from None


def rome_rows(
    titles: Path, mapping: Path, concepts: Sequence[Known], known: Iterable[Row]
) -> list[Row]:
    """Rows of training of the titles of ROME (`titles`: France Travail's table of «appellations»; `mapping`: its table of ESCO
    to ROME). InputError for a file of another kind."""
    known_forms = {row.form for row in known}
    place = {concept.uri: i for i, concept in enumerate(concepts)}
    mapped, rows = _mapped(mapping), set[tuple[str, int]]()
    for number, code, title in _titles(titles):
        form, official = form_of(title), crosswalk.unit_group(code)
        if not form or form in known_forms or not official or official.endswith("9"):
            continue
        mapped_to = [(rank, place[uri]) for rank, uri in mapped.get(number, ()) if uri in place]
        best = min((rank for rank, _ in mapped_to), default=0)
        nearest = [i for rank, i in mapped_to if rank == best][:_MOST]
        if any(concepts[i].group == official for i in nearest):
            rows |= {(form, i) for i in nearest}
    return [Row(form, i, False) for form, i in sorted(rows)]
