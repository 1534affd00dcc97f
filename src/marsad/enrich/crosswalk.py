"""Correspondences of ISCO-08 unit groups with other lists of occupations: ROME and national lists.

ROME comes with the package as codes (`correspondences/README.md`: Licence Ouverte 2.0). A national
list (Morocco's NAP, ANAPEC's REM) is a file that the managing body puts into
`MARSAD_HOME/codelists/<name>.csv` with the columns isco08, code, ar and fr; it is there at once, and
a row that breaks a rule is named. One unit group may stand for several codes, and the other way
round: answers are ranked, and their scores add up to at most one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from marsad.base.codes import TOTAL, codelist
from marsad.base.errors import InputError, NotFoundError
from marsad.base.labels import Text
from marsad.base.settings import read_settings
from marsad.enrich.lexicon import Candidate

ROME = "rome"
_FOLDER = Path(__file__).parent / "correspondences"
_COLUMNS = ("isco08", "code", "ar", "fr")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_BROADER = 0.5  # what each level of a broader group takes from the score


class Entry(NamedTuple):
    """One row of a national list: its code for a unit group or a broader group of ISCO-08."""

    isco08: str
    code: str
    label: Text


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _rome() -> tuple[Mapping[str, str], Mapping[str, tuple[Candidate, ...]]]:
    """ROME code -> unit group, and unit group -> ROME codes by their share of its titles."""
    group: dict[str, str] = {}
    titles: dict[str, dict[str, int]] = {}
    for row in _rows("rome_isco08.csv"):
        group[row["rome"]] = row["isco08"]
        titles.setdefault(row["isco08"], {})[row["rome"]] = max(1, int(row["titles"]))
    ranked = {isco08: _ranked(shares.items(), "ROME") for isco08, shares in titles.items()}
    group |= {row["rome"]: group[row["parent"]] for row in _rows("rome_parents.csv")}
    return group, ranked


def _ranked(weights: Iterable[tuple[str, float]], evidence: str) -> tuple[Candidate, ...]:
    every = sorted(weights, key=lambda pair: (-pair[1], pair[0]))
    total = sum(weight for _, weight in every)
    return tuple(Candidate(code, round(weight / total, 3), evidence) for code, weight in every)


def unit_group(rome: str) -> str:
    """The unit group of a ROME code by the official correspondence; '' for a code that it does not know."""
    return _rome()[0].get(rome, "")


def rome_of(isco08: str) -> list[Candidate]:
    """ROME codes of a unit group, the one with most titles first; empty when there is none."""
    return list(_rome()[1].get(isco08, ()))


def _folder() -> Path:
    return read_settings().home / "codelists"


def lists() -> list[str]:
    """The lists that `national` answers for: rome, then those of this installation."""
    own = sorted(path.stem for path in _folder().glob("*.csv") if _NAME.fullmatch(path.stem))
    return [ROME, *(name for name in own if name != ROME)]


def entries(name: str) -> tuple[Entry, ...]:
    """Every row of a national list of this installation.

    NotFoundError when there is no list of that name; InputError names file, row and rule.
    """
    path = _folder() / f"{name}.csv"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError(f"There is no list {name!r}. Lists: {', '.join(lists())}.")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> tuple[Entry, ...]:
    file = str(path)
    correspondences: list[Entry] = []
    seen: set[tuple[str, str]] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened, strict=True)
            if tuple(rows.fieldnames or ()) != _COLUMNS:
                raise InputError(f"the columns must be {','.join(_COLUMNS)}", file=file, row=1)
            for number, row in enumerate(rows, 2):
                entry = _entry(row, file, number)
                if entry[:2] in seen:
                    rule = f"{entry.isco08} and {entry.code} stand together twice"
                    raise InputError(rule, file=file, row=number)
                seen.add(entry[:2])
                correspondences.append(entry)
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8 text", file=file) from None
    except csv.Error as error:
        raise InputError(f"this is not CSV: {error}", file=file) from None
    return tuple(correspondences)


def _entry(row: Mapping[str, str | None], file: str, number: int) -> Entry:
    if len(row) != len(_COLUMNS) or any(row[name] is None for name in _COLUMNS):
        raise InputError(f"{len(_COLUMNS)} cells expected", file=file, row=number)
    isco08, code, ar, fr = ((row[name] or "").strip() for name in _COLUMNS)
    if isco08 == TOTAL or isco08 not in codelist("isco08"):
        raise InputError(f"{isco08!r} is not a code of ISCO-08", file=file, row=number)
    if not code:
        raise InputError("a row needs a code", file=file, row=number)
    if not ar and not fr:
        raise InputError("a row needs a label in Arabic or French", file=file, row=number)
    return Entry(isco08, code, {"ar": ar, "fr": fr})


def national(isco08: str, list_name: str) -> list[Candidate]:
    """Codes of a list for a unit group, ranked: those given for the unit group itself share the
    score 1, those given for a broader group half of it for each level up."""
    if list_name == ROME:
        return rome_of(isco08)
    every = entries(list_name)
    candidates: dict[str, Candidate] = {}
    for level in range(len(isco08), 0, -1):
        group = isco08[:level]
        codes = [entry.code for entry in every if entry.isco08 == group]
        score = _BROADER ** (len(isco08) - level) / max(1, len(codes))
        for code in codes:
            candidates.setdefault(
                code, Candidate(code, round(score, 3), f"{list_name}: ISCO-08 {group}")
            )
    return sorted(candidates.values(), key=lambda candidate: (-candidate.score, candidate.code))
