"""An invented catalogue of vocational training, shaped like those of the Moroccan institutes.

Programmes, providers and seats are made up; levels, durations and fields follow usual orders of
magnitude. Each line says its true ISCED-F 2013 detailed field, so that the coder can be measured.
The same seed, size and areas give the same catalogue: one ``random.Random``, no clock.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from marsad.base.records import Row
from marsad.collect.seeds import AreaSeed

PROGRAMMES: Final = Path(__file__).parent / "programmes.yml"
YEARS: Final = (2024, 2025, 2026)
ARABIC_SHARE: Final = 0.3
"""Share of lines written in Arabic, among the programmes that have an Arabic title."""
LEVEL_WEIGHTS: Final = (15, 22, 22, 25, 6, 10)


@cache
def _data() -> Row:
    """The programmes, levels and provider names, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = PROGRAMMES.read_text(encoding="utf-8")
    read: Row = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader
    return read


def generate(seed: int, n: int, areas: Sequence[AreaSeed]) -> Iterator[dict[str, object]]:
    """Yield ``n`` invented sessions: ``hours`` of class over ``months``, ``places`` seats.

    Every programme of the catalogue appears once ``n`` reaches their number (about 95).
    """
    if n > 0 and not areas:
        raise ValueError("generate() needs at least one area")
    rng = random.Random(seed)  # noqa: S311
    programmes = list(_data()["programmes"])
    rng.shuffle(programmes)
    weights = [a.weight for a in areas]
    for serial in range(n):
        programme = programmes[serial % len(programmes)]
        area = rng.choices(areas, weights)[0]
        yield _session(rng, serial, programme, area)


def _session(
    rng: random.Random, serial: int, programme: list[str], area: AreaSeed
) -> dict[str, object]:
    """One session of a programme in a province."""
    data = _data()
    title_fr, title_ar, field, isced_f, outlets = programme
    level = rng.choices(list(data["levels"]), LEVEL_WEIGHTS)[0]
    facts = data["levels"][level]
    arabic = title_ar is not None and rng.random() < ARABIC_SHARE
    provider = f"{rng.choice(data['providers']['heads'])} {rng.choice(data['providers']['tails'])}"
    return {
        "id": f"F{10000 + serial}",
        "title": title_ar if arabic else title_fr,
        "provider": provider,
        "level": level,
        "mode": rng.choices(data["modes"], (60, 15, 15, 7, 3))[0],
        "field_text": field,
        "place": area.name_ar if arabic else area.name_fr,
        "province_code": area.province_code,
        "places": rng.randint(*facts["seats"]),
        "hours": 10 * (rng.randint(*facts["hours"]) // 10),
        "months": rng.randint(*facts["months"]),
        "outlets": list(outlets),
        "language": "ar" if arabic else "fr",
        "year": rng.choice(YEARS),
        "true_isced_f": isced_f,
        "synthetic": True,
    }
