"""The share of hiring that job ads can see, and how uncertain it is: what channels firms say they hire through."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.tabular import Tables, official

SITES = "firms_job_sites"
WITH_ADS = (SITES, "firms_own_site", "firms_social_networks")
FIRMS = "firms_"


def compute(tables: Tables) -> Iterator[Row]:
    """A row for each survey of firms that tells every channel with ads: their share among the channels that
    firms name; at least that of job sites alone, at most the firms that use any of the three (the sum: no firm
    uses two of them, Frechet 1935, and those that do hire by nothing else)."""
    surveys: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in official(tables["core_observations"], "hiring_channels"):
        if row["category"].startswith(FIRMS) and row["value"] is not None:
            surveys.setdefault((row["survey"], row["period"], row["area"]), {})[row["category"]] = (
                row
            )
    for channels in surveys.values():
        if not all(name in channels for name in WITH_ADS):
            continue
        every = sum(row["value"] for row in channels.values())
        seen = sum(channels[name]["value"] for name in WITH_ADS)
        yield {
            **channels[SITES],
            "category": "_T",
            "value": 100 * seen / every,
            "lower": 100 * channels[SITES]["value"] / every,
            "upper": min(100.0, seen),
            "obs_status": "E",
            "verification": "",
            "note": f"{seen:g} of {every:g} mentions; job sites {channels[SITES]['value']:g} % of firms",
        }
