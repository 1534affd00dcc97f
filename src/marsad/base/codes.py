"""Code lists: the closed vocabularies of dimensions (sex, age, occupation, field of education...).

A small list is `codelists/<name>.yml`, code -> {ar, fr, en}; a long one is `codelists/<name>.csv`
with the columns code, en, fr, ar. A list that one field of an ad alone uses is `codes.yml` in the
folder of the field, and has its name. `_T` is the total, as in SDMX; `_U`
stands for a code that a unit does not have.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from marsad.base.declare import load_yaml
from marsad.base.errors import DeclarationError
from marsad.base.labels import Text, pick

TOTAL = "_T"
UNKNOWN = "_U"
_FOLDER = Path(__file__).parent / "codelists"
_FIELDS = Path(__file__).parents[1] / "enrich" / "fields"


@cache
def codelist(name: str) -> Mapping[str, Text]:
    """Code -> language map of the list `name`, in the list's own order.

    Raises DeclarationError when no such list exists.
    """
    path = _FOLDER / f"{name}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            rows = {r["code"]: {k: r[k] for k in ("en", "fr", "ar")} for r in csv.DictReader(file)}
        return MappingProxyType(rows)
    places = (_FOLDER / f"{name}.yml", _FIELDS / name / "codes.yml")
    for path in places:
        if path.exists():
            return MappingProxyType({str(k): v for k, v in load_yaml(path).items()})
    raise DeclarationError(f"There is no code list named {name!r} in {_FOLDER}.")


@cache
def names() -> tuple[str, ...]:
    """Every code list of the package, by name."""
    of_fields = [path.parent.name for path in _FIELDS.glob("*/codes.yml")]
    shared = [path.stem for path in _FOLDER.iterdir() if path.suffix in {".yml", ".csv"}]
    return tuple(sorted(shared + of_fields))


def label(name: str, code: str, language: str) -> str:
    """The label of a code, or the code itself when the list does not hold it."""
    text = codelist(name).get(code)
    return pick(text, language) if text else code
