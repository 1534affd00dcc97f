"""Official releases of taxonomies as their publishers give them: ESCO in CSV."""

from __future__ import annotations

import csv
from pathlib import Path

from marsad.base.errors import InputError

_LANGUAGES = ("fr", "en", "ar")


def esco_titles(folder: Path) -> list[tuple[str, str]]:
    """(label or alternative label, ISCO-08 unit group) of every ESCO occupation in fr, en and ar.

    `folder` holds one folder a language with occupations_<language>.csv. InputError when one is
    missing or has other columns.
    """
    titles = []
    for language in _LANGUAGES:
        path = folder / language / f"occupations_{language}.csv"
        if not path.exists():
            raise InputError("this file of the ESCO release is missing", file=str(path))
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                try:
                    labels = [row["preferredLabel"], *row["altLabels"].split("\n")]
                    titles += [(label, row["iscoGroup"]) for label in labels if label.strip()]
                except KeyError as error:
                    raise InputError(
                        f"column {error} is missing", file=str(path), row=number
                    ) from None
    return titles
