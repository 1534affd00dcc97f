"""Which regions and provinces touch: by the vertices that their outlines share.

The outlines keep the border of two provinces as one line (a topology), so that both have the same
vertices along it; two of them make a border, one alone may be a corner. Western Sahara's provinces are
among them as in `base.areas`. Provinces without an outline of their own (the prefectures of
arrondissements of Casablanca) and communes have no neighbours here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

from marsad.base.areas import region_of
from marsad.web.static import outlines

_RING = re.compile(r"M(-?\d+)[ ,]?(-?\d+)l([^zM]*)")
_NUMBER = re.compile(r"-?\d+")
_FEWEST = 2
"""Vertices that two outlines share along a border, at least."""
Point = tuple[int, int]


def vertices(path: str) -> Iterator[Point]:
    """The points of an outline as it is built: `M x y l dx dy ... z`, steps from the point before."""
    for left, top, steps in _RING.findall(path):
        x, y = int(left), int(top)
        yield x, y
        numbers = [int(number) for number in _NUMBER.findall(steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2]):
            x, y = x + dx, y + dy
            yield x, y


def touching(paths: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Outlines by code -> the codes whose outlines share a border with each."""
    at: dict[Point, set[str]] = defaultdict(set)
    for code, path in paths.items():
        for point in vertices(path):
            at[point].add(code)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for codes in at.values():
        for pair in combinations(sorted(codes), 2):
            shared[pair] += 1
    beside: dict[str, set[str]] = {code: set() for code in paths}
    for (one, other), points in shared.items():
        if points >= _FEWEST:
            beside[one].add(other)
            beside[other].add(one)
    return {code: frozenset(others) for code, others in beside.items()}


@cache
def neighbours() -> Mapping[str, frozenset[str]]:
    """The regions and provinces that touch each region and province, by code."""
    provinces = touching({code: drawn[0] for code, drawn in outlines()["parts"].items()})
    regions: dict[str, set[str]] = defaultdict(set)
    for code, others in provinces.items():
        here = region_of(code) or ""
        regions[here] |= {region_of(other) or "" for other in others} - {here}
    return {**provinces, **{code: frozenset(others) for code, others in regions.items()}}
