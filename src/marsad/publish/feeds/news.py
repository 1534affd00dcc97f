"""What is new on a subject that someone follows: a search, an indicator or a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from marsad.base import areas
from marsad.base.declare import load_declaration
from marsad.base.errors import InputError
from marsad.base.figures import decimal, short_period
from marsad.base.labels import Text, pick
from marsad.base.refusals import refused
from marsad.publish.read.ad_filters import within
from marsad.publish.read.model import AdQuery
from marsad.publish.read.reader import Reader


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    synthetic: Text


_WORDS = load_declaration(Path(__file__).with_name("news.yml"), _Words)
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
            raise InputError(refused("alert_words"))
        return words
    if kind == "indicator":
        return pick(reader.indicator(about.get("about", "")).title, language)
    if kind == "area":
        return areas.area(about.get("about", "")).label(language)
    raise InputError(refused("no_alert_kind", code=kind, known=", ".join(KINDS)))


def where(kind: str, about: Mapping[str, str]) -> str:
    """The path of the site where everything on the subject is."""
    if kind == "search":
        return "/ads?" + urlencode({"q": about["q"]})
    return f"/{'indicators' if kind == 'indicator' else 'areas'}/{about['about']}"


def news(
    reader: Reader, kind: str, about: Mapping[str, str], language: str, since: dt.datetime
) -> list[Item]:
    """What is new since a moment, newest first, at most MOST. Errors as `subject`."""
    subject(reader, kind, about, language)
    if kind == "search":
        return _ads(reader, AdQuery(about["q"]), language, since)
    code = about["about"]
    if kind == "indicator":
        return _values(reader, [code], "MA", language, since)
    items = _values(reader, HEADLINES, code, language, since)
    if areas.region_of(code):
        items += _ads(reader, within(code), language, since)
    return sorted(items, key=lambda item: item.at, reverse=True)[:MOST]


def _ads(reader: Reader, query: AdQuery, language: str, since: dt.datetime) -> list[Item]:
    fresh = reader.profiles.fresh_ads(since)
    if not fresh:
        return []
    mark = _WORDS.synthetic[language]
    items = []
    for ad in reader.search_ads(replace(query, among=tuple(fresh), size=MOST)).ads:
        name = reader.label("area", ad.area, language) if ad.area else ad.place_text
        place = f" – {name}" if name else ""
        title = f"{ad.title}{place}" + (f" [{mark}]" if ad.synthetic else "")
        items.append(Item(f"ad:{ad.key}", title, f"/ads/{ad.key}", fresh[ad.key]))
    return items


def _values(
    reader: Reader, names: Sequence[str], area: str, language: str, since: dt.datetime
) -> list[Item]:
    items, comma = [], "، " if language == "ar" else ", "
    for row, at in reader.profiles.fresh_values(names, area, since, MOST):
        indicator = reader.indicator(row.indicator)
        figure = decimal(row.value or 0, indicator.decimals, language, grouped=False)
        title = (
            f"{pick(indicator.title, language)}{comma}{reader.label('area', area, language)}{comma}"
            f"{short_period(row.period, language)}: {figure}"
            f" {reader.label('unit', row.unit, language)}"
            f" ({reader.label('survey', row.survey, language)})"
        )
        link = f"/indicators/{row.indicator}?" + urlencode({"area": area, "survey": row.survey})
        key = f"{row.indicator}:{area}:{row.survey}:{row.period}:{at:%Y%m%d%H%M%S}"
        items.append(Item(f"value:{key}", title, link, at))
    return items
