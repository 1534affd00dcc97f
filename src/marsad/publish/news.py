"""What is new on a subject that someone follows: a search, an indicator or a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.base.labels import pick
from marsad.publish.model import AdQuery, DataQuery, Value
from marsad.publish.query import Reader

KINDS = ("search", "indicator", "area")
MOST = 20
HEADLINES = ("unemployment_rate", "activity_rate", "employment_rate")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is new: a name for it that never changes, words, a path of the site, a time."""

    id: str
    title: str
    path: str
    at: dt.datetime


def subject(reader: Reader, kind: str, about: Mapping[str, str], language: str) -> str:
    """What is followed, in words; InputError or NotFoundError for what cannot be."""
    if kind == "search":
        words = about.get("q", "").strip()
        if not words:
            raise InputError("An alert on a search needs words")
        return words
    if kind == "indicator":
        return pick(reader.indicator(about.get("about", "")).title, language)
    if kind == "area":
        return areas.area(about.get("about", "")).label(language)
    raise InputError(f"{kind!r} is not something to be told of ({', '.join(KINDS)})")


def news(
    reader: Reader, kind: str, about: Mapping[str, str], language: str, since: dt.datetime
) -> list[Item]:
    """What is new since a moment, newest first, at most MOST. Errors as `subject`."""
    subject(reader, kind, about, language)
    if kind == "search":
        return _ads(reader, AdQuery(about["q"], size=100), language, since)
    if kind == "indicator":
        filters = {"area": ("MA",)}
        return _values(reader, about["about"], filters, language, since)
    found = []
    code = about["about"]
    for name in HEADLINES:
        found += _values(reader, name, {"area": (code,)}, language, since)
    level = areas.area(code).level
    if level in ("region", "province", "commune"):
        query = AdQuery(**{level: code}, size=100)  # type: ignore[arg-type]
        found += _ads(reader, query, language, since)
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _ads(reader: Reader, query: AdQuery, language: str, since: dt.datetime) -> list[Item]:
    """Ads that answer and came with a release since then; which is what the changes tell."""
    fresh: dict[str, dt.datetime] = {}
    after = 0
    while changes := reader.changes(after, 500, ("new", "release")):
        for change in changes:
            if change.kind == "new" and change.changed_at > since:
                fresh[change.subject] = change.changed_at
        after = changes[-1].seq
    found = []
    for ad in reader.search_ads(query).ads:
        if ad.key in fresh:
            place = f" – {ad.place_text}" if ad.place_text else ""
            mark = {"ar": "اصطناعي", "fr": "synthétique", "en": "synthetic"}[language]
            title = f"{ad.title}{place}" + (f" [{mark}]" if ad.synthetic else "")
            found.append(Item(f"ad:{ad.key}", title, f"/ads/{ad.key}", fresh[ad.key]))
    return found[:MOST]


def _values(
    reader: Reader, name: str, filters: Mapping[str, tuple[str, ...]], language: str, since: dt.datetime
) -> list[Item]:  # fmt: skip
    """Values of everyone that became known since then, the newest periods first."""
    indicator = reader.indicator(name)
    rows = [
        row
        for row in reader.data(DataQuery(name, filters, limit=5_000)).rows
        if row.value is not None and row.valid_from > since and _whole(row)
    ]
    rows.sort(key=lambda row: row.period, reverse=True)
    title = pick(indicator.title, language)
    return [
        Item(
            f"value:{name}:{row.area}:{row.survey}:{row.period}:{row.valid_from:%Y%m%d%H%M%S}",
            f"{title}, {reader.label('area', row.area, language)}, {row.period}: "
            f"{row.value:.{indicator.decimals}f} {reader.label('unit', row.unit, language)}"
            f" ({reader.label('survey', row.survey, language)})",
            f"/indicators/{name}?" + urlencode({"area": row.area, "survey": row.survey}),
            row.valid_from,
        )
        for row in rows[:MOST]
    ]


def _whole(row: Value) -> bool:
    parts = (row.sex, row.urbanisation, row.education, row.occupation, row.category)
    return set(parts) <= {"_T"} and row.age in ("_T", "Y_GE15")
