"""Which unit groups are near one, as `likeness` worked it out when the weights were trained."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("near.csv")


class Near(NamedTuple):
    """A unit group near another, and how alike they are (`likeness.LEAST` to 3.5)."""

    code: str
    alike: float


@cache
def _lists() -> Mapping[str, tuple[Near, ...]]:
    lists: dict[str, tuple[Near, ...]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for code, group, alike in list(csv.reader(file))[1:]:
            lists[code] = (*lists.get(code, ()), Near(group, float(alike)))
    return lists


def near(code: str) -> list[Near]:
    """The unit groups near a unit group, the most alike first; none where nothing is near."""
    return [*_lists().get(code, ())]
