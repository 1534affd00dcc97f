"""The synthetic sample that comes with the package: taken out as if it had never been there."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.areas import COUNTRY
from marsad.collect.register import Source, sources
from marsad.lake.store import Lake

_BY_SOURCE = ("raw_sightings", "raw_contents", "core_contents", "core_ad_log", "core_courses")


def synthetic_sources() -> tuple[Source, ...]:
    """The sources whose records a program wrote."""
    return tuple(spec for spec in sources() if spec.synthetic)


def beside_real(lake: Lake) -> bool:
    """Whether real ads of the country or real trainings are held: then nothing synthetic is shown."""
    query = f"select ad_key from core_ads where not synthetic and country = '{COUNTRY}' limit 1"  # noqa: S608
    ads = lake.table(query, ("core_ads",), pa.schema([("ad_key", pa.string())]))
    courses = lake.read("core_courses", columns=["synthetic"])
    return ads.num_rows > 0 or bool(pc.any(pc.invert(courses["synthetic"])).as_py())


def remove(lake: Lake) -> int:
    """Take every synthetic record out of the lake; how many. Releases made before keep theirs."""
    removed = 0
    for name in _BY_SOURCE:
        for spec in synthetic_sources():
            if rows := lake.read(name, partition=spec.id).num_rows:
                lake.replace(name, spec.id, [])
                removed += rows if name in ("raw_sightings", "core_courses") else 0
    for name in ("core_link_log", "core_block_log"):
        if lake.number(name) >= 0:
            lake.replace(name, "synthetic", [])
    return removed
