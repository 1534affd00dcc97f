"""Questions to every route of the API, made from what its description says of their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

VALUE = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
PATHS: dict[str, dict[str, tuple[str, ...]]] = {
    "/api/v1/indicators/{identifier}": {"identifier": ("unemployment_rate", "skills_asked", "open_ads")},
    "/api/v1/indicators/{identifier}/data": {
        "identifier": ("unemployment_rate", "skills_asked", "job_ad_index", "unemployment_outlook")
    },
    "/api/v1/indicators/{identifier}/revisions": {"identifier": ("unemployment_rate", "revision_size")},
    "/api/v1/values/{key}": {"key": (VALUE, VALUE.replace("2024", "2015"))},
    "/api/v1/areas/{code}": {"code": ("MA", "MA-06", "MA-SUD", "MA-01-511", "MA-01-511-01-0")},
    "/api/v1/occupations/{code}": {"code": ("2", "25", "2411", "7212")},
    "/api/v1/codes/{name}": {"name": ("sex", "isco08", "caveat", "contract")},
    "/api/v1/library/{name}": {"name": ("neet_cese_2024", "example_interviews")},
    "/catalogue/{resource}": {"resource": ("unemployment_rate", "new_ads/csv")},
    "/{language}/releases.rss": {"language": ("ar", "fr", "en")},
}  # fmt: skip
"""Path -> parameter in it -> values that answer."""
QUERIES: dict[str, tuple[Mapping[str, object], ...]] = {
    "/api/v1/indicators/{identifier}/data": (
        {}, {"area": "MA", "limit": 20}, {"latest": "true", "lang": "ar"}, {"history": "true", "limit": 9},
        {"format": "json-stat", "area": "MA"}, {"format": "json-stat", "level": "region", "limit": 300},
        {"format": "csv", "limit": 5}, {"format": "xlsx", "limit": 5}, {"format": "ndjson", "limit": 5},
        {"format": "parquet", "limit": 5}, {"as_of": "2030-01-01", "limit": 3}, {"vintage": "*", "limit": 5},
        {"start": "2030", "end": "2031"}, {"start": "2020", "end": "2024", "offset": 3, "limit": 2},
    ),
    "/api/v1/indicators/{identifier}/revisions": ({}, {"limit": 3, "area": "MA"}, {"start": "2030"}),
    "/api/v1/values/{key}": ({}, {"lang": "fr"}, {"lang": "ar"}),
    "/api/v1/ads": (
        {}, {"q": "comptable"}, {"q": "soudeur casa", "size": 3}, {"page": 2}, {"realm": "synthetic"},
        {"realm": "real"}, {"region": "MA-06", "size": 100}, {"occupation": "2", "contract": "permanent"},
        {"q": "qqqqqqq"}, {"size": 1, "page": 500},
    ),
    "/api/v1/ads/counts": (
        {}, {"by": "region,isco08"}, {"by": "month"}, {"by": "isco08", "digits": 4}, {"realm": "real"},
        {"by": "contract,region", "limit": 5}, {"region": "MA-06"}, {"by": ""},
    ),
    "/api/v1/areas": ({}, {"level": "region"}, {"parent": "MA-06"}, {"level": "commune", "parent": "MA"}),
    "/api/v1/occupations": ({}, {"q": "comptable"}, {"level": "major"}, {"limit": 500}, {"q": "محاسب"}),
    "/api/v1/skills": ({}, {"q": "excel"}, {"limit": 500}, {"q": "qqqqqq"}),
    "/api/v1/trainings": (
        {}, {"q": "plomberie"}, {"field": "06"}, {"region": "MA-04"}, {"lang": "ar", "limit": 500},
    ),
    "/api/v1/library": ({}, {"q": "femmes"}, {"kind": "interviews"}, {"about": "unemployment_rate"}, {"q": "%"}),
    "/api/v1/library/{name}": ({}, {"q": "femmes"}),
    "/api/v1/search": (
        {"q": "comptable"}, {"q": "chômage des jeunes"}, {"q": "الدار البيضاء"}, {"q": "python", "limit": 20},
        {"q": "plombier", "lang": "ar"}, {"q": "%"}, {"q": "قابلة", "lang": "fr"},
    ),
    "/api/v1/matching": (
        {"occupation": "2411"}, {"occupation": "2411", "area": "MA-06", "limit": 100}, {"area": "MA-01-511"},
        {"skills": "1973c966-f236-40c9-b2d4-5d71a89019be"}, {"occupation": "7", "realm": "synthetic"},
        {"occupation": "2", "realm": "real"}, {"occupation": "5", "lang": "ar"},
    ),
    "/api/v1/pathways": (
        {"occupation": "7212"}, {"occupation": "2411", "limit": 50}, {"occupation": "5223", "lang": "ar"}, {},
        {"skills": "1973c966-f236-40c9-b2d4-5d71a89019be"},
    ),
    "/api/v1/changes": ({}, {"limit": 500}, {"kinds": "release"}, {"kinds": "new,changed", "after": 40},
                        {"after": 10**9}),
    "/sdmx/2.1/data/{flow}/{key}/{provider}": ({}, {"firstNObservations": 1}),
}  # fmt: skip
"""Path -> the queries put to it; the empty one for those that are not here."""
SDMX: dict[str, tuple[str, ...]] = {
    "resource": ("dataflow", "codelist"), "type": ("dataflow", "codelist", "conceptscheme"),
    "agency": ("MARSAD",), "id": ("*",), "version": ("1.0",), "flow": ("DF_LABOUR",),
    "key": ("A.MA.unemployment_rate",), "provider": ("all",), "component": ("all",),
    "context": ("dataflow",), "item": ("*",),
}  # fmt: skip


def samples(
    description: Mapping[str, Any], own: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Iterator[tuple[str, str]]:
    """(path as described, address) of questions to every operation; `own` gives values of parameters
    that are different in every release, by path."""
    inside = {**PATHS, **own}
    for path in description["paths"]:
        sdmx = {
            name: SDMX[name] for name in re.findall(r"{(\w+)}", path) if path.startswith("/sdmx/")
        }
        names = sdmx or inside.get(path, {})
        addresses = [path]
        for part, values in names.items():
            addresses = [
                a.replace(f"{{{part}}}", quote(v, safe="/")) for a in addresses for v in values
            ]
        if "{" in addresses[0]:
            continue
        for address in addresses:
            for query in QUERIES.get(path, ({},)):
                yield path, f"{address}?{urlencode(query)}" if query else address
