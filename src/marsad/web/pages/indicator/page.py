"""One indicator: the figure in a sentence, then choice, chart, table, map, and how to reuse it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from marsad.base.areas import areas
from marsad.base.codes import label
from marsad.base.errors import NotFoundError
from marsad.base.periods import start
from marsad.base.refusals import refused
from marsad.publish.formats.registry import formats
from marsad.publish.read.library import Study
from marsad.publish.read.model import Break
from marsad.publish.read.reader import Indicator, Value
from marsad.web import marks
from marsad.web.amounts import unit_of
from marsad.web.area_map import AreaMap, area_map
from marsad.web.definitions import Definitions, defined_by
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.provenance import provenance
from marsad.web.request import PageRequest
from marsad.web.selection import (
    DIMENSIONS,
    Selection,
    below,
    default_code,
    ordered,
    select,
    series_of,
)
from marsad.web.sentences import cell, highest, sentences
from marsad.web.series_chart import chart, legend, named

PATH = "/indicators/{indicator}"
TITLE = N_("Indicator")
FIGURES = True

_SHOWN = 12
_MOST_OPTIONS = 60
_OCCUPATIONS = 1  # digits of the groups offered in the form


VIEWS = {
    "": N_("as fits best"),
    "line": N_("lines"),
    "bar": N_("bars"),
    "small": N_("small charts"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    indicator: Indicator
    selection: Selection
    sentences: list[str]
    fields: list[dict[str, object]]
    chart: Markup
    views: list[tuple[str, list[tuple[str, str]]]]
    view: str
    as_of: str
    before: dt.date | None
    lost: str
    studies: list[Study]
    embed: str
    dated: str
    legend: list[tuple[Markup, str]]
    table: dict[str, object]
    shown: int
    maps: list[AreaMap]
    breaks: tuple[Break, ...]
    downloads: dict[str, object]
    synthetic: bool
    statuses: list[str]
    marks: list[str]
    sources: list[tuple[Markup, str]]
    unit: str
    caveats: list[str]
    definitions: Definitions
    nearest: tuple[str, str] | None


def context(request: PageRequest) -> View | Response:
    """Everything the page shows; NotFoundError or InputError for what does not exist. A place given
    by its name leads to the same choice for that place."""
    indicator = request.reader.indicator(request.path["indicator"])
    if request.get("place"):
        return _to_place(request, indicator)
    selection = select(request.reader, indicator, request.parameters)
    rows = request.reader.data(selection.compared()).rows
    series = ordered(selection, series_of(rows, selection.by))
    levels = [
        area_map(request, selection, level, lambda code: request.here(area=code, by=""))
        for level in indicator.levels
    ]
    return View(
        heading=request.text(indicator.title),
        indicator=indicator,
        selection=selection,
        sentences=_sentences(request, selection, series),
        fields=_fields(request, selection),
        chart=chart(request, selection, series, request.get("view")),
        views=[("", [(code, request._(name)) for code, name in VIEWS.items() if code])],
        view=request.get("view"),
        as_of=request.get("as_of"),
        before=_before(request, selection),
        lost=request.get("lost"),
        studies=request.reader.library.search("", "", indicator.id),
        embed=request.absolute(request.link(f"/embed/{indicator.id}", dict(request.query))),
        dated=request.absolute(
            request.here(as_of=request.reader.release().reference_on.isoformat())
        ),
        legend=legend(request, selection, series, request.get("view")),
        table=_table(request, selection, series),
        shown=_SHOWN,
        maps=[drawn for drawn in levels if drawn],
        breaks=crossed(request.reader.breaks(indicator.id, selection.survey), rows),
        downloads=_downloads(request, selection),
        synthetic=any(row.synthetic for row in rows),
        statuses=_statuses(request, rows),
        marks=[] if indicator.summary else marks.legend(request, rows),
        sources=_read_from(request, indicator, rows),
        unit=label("unit", unit_of(indicator, rows), request.language),
        caveats=_caveats(request, indicator, rows),
        definitions=defined_by(request, sorted({row.survey for row in rows})),
        nearest=None if rows else _nearest(request, selection),
    )


def crossed(breaks: Sequence[Break], rows: Sequence[Value]) -> tuple[Break, ...]:
    """The breaks that lie between two periods that are shown."""
    days = [start(row.period) for row in rows if row.value is not None]
    return tuple(b for b in breaks if days and min(days) < start(b.period) <= max(days))


def _caveats(locale: Locale, indicator: Indicator, rows: Sequence[Value]) -> list[str]:
    """The usage warnings that bear on the values shown."""
    made = any(row.synthetic for row in rows)
    return [locale.caveat(c) for c in indicator.caveats if c != "synthetic" or made]


def _read_from(
    locale: Locale, indicator: Indicator, rows: Sequence[Value]
) -> list[tuple[Markup, str]]:
    """The sources of single values with their days, where they say more than that of the indicator."""
    named = {(row.source, row.source_date) for row in rows[-50:]}
    pairs = sorted(pair for pair in named if pair[0] != indicator.source["en"])[-4:]
    return [(provenance(source, locale.language), day) for source, day in pairs]


def _before(locale: Locale, selection: Selection) -> dt.date | None:
    """The day since which versions are kept, where the day that is asked for lies before it."""
    if selection.as_of is None:
        return None
    since = locale.reader.kept_since
    return since if since and selection.as_of < since else None


def _to_place(request: PageRequest, indicator: Indicator) -> Response:
    """The way to the same choice for the first place of that name that has figures; NotFoundError
    for a name that is no place's."""
    place_name = request.get("place")
    codes = [hit.code for hit in request.reader.finder.hits("areas", place_name, 20)]
    known = set(request.reader.codes(indicator.id, "area"))
    if not codes:
        raise NotFoundError(refused("no_place", name=place_name))
    code = next((code for code in codes if code in known), "")
    keep = {k: v for k, v in request.query.items() if k not in ("place", "lost")}
    changed = _of_place(request, indicator, keep, code) if code else {"lost": place_name}
    return RedirectResponse(request.link(request.where, {**keep, **changed}), status_code=303)


def _of_place(
    request: PageRequest, indicator: Indicator, keep: Mapping[str, str], code: str
) -> dict[str, str]:
    """The choice for a place: with the survey and groups that tell of it, where those that are chosen
    do not."""
    selection = select(request.reader, indicator, {**keep, "area": code})
    if any(row.value is not None for row in request.reader.data(selection.query()).rows):
        return {"area": code}
    best = _most_alike(request, selection, "area")
    if best is None:
        return {"area": code}
    return {"area": code, **_changes(selection, best)}


def _sentences(
    locale: Locale, selection: Selection, series: Mapping[str, list[Value]]
) -> list[str]:
    if selection.without_total:
        return highest(locale, selection, series)
    if not selection.by:
        return sentences(locale, selection, series.get("", []))
    rows = locale.reader.data(selection.query()).rows
    return sentences(locale, selection, series_of(rows, "").get("", []))


def _statuses(locale: Locale, rows: tuple[Value, ...]) -> list[str]:
    codes = sorted({row.obs_status for row in rows} - {"A"})
    return [locale.label("obs_status", code) for code in codes]


def _fields(locale: Locale, selection: Selection) -> list[dict[str, object]]:
    """The form's choices: of each dimension the codes that have figures with the rest of the choice,
    and the one that is chosen; then what to compare by."""
    fields: list[dict[str, object]] = []
    offered = []
    chosen_now = {d: code for d, code in selection.codes.items() if d != selection.by}
    known = locale.reader.choices(selection.indicator.id, chosen_now)
    if by := selection.by:
        known[by] = locale.reader.choices(selection.indicator.id, selection.codes)[by]
    for dimension, every in selection.options.items():
        own = selection.codes[dimension]
        codes = tuple(c for c in every if c == own or c in known.get(dimension, ()))
        usual = own == default_code(selection.indicator, dimension, every)
        if len(every) < 2 or (len(codes) < 2 and usual and dimension != selection.by):
            continue
        if dimension != "freq" and len(codes) > 1:
            offered.append((dimension, locale._(DIMENSIONS[dimension])))
        if dimension == selection.by or (dimension == "category" and len(codes) > _MOST_OPTIONS):
            continue
        groups = _groups(locale, selection.indicator, dimension, codes)
        name, chosen = locale._(DIMENSIONS[dimension]), own
        fields.append({"name": dimension, "label": name, "options": groups, "chosen": chosen})
    if offered:
        fields.append(
            {
                "name": "by",
                "label": locale._("Compare by"),
                "options": [("", offered)],
                "chosen": selection.by,
                "any": locale._("nothing: one series"),
            }
        )
    return fields


def _groups(
    locale: Locale, indicator: Indicator, dimension: str, codes: tuple[str, ...]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Options under headings: provinces under their region, everything else under none."""
    if dimension == "occupation":
        codes = tuple(c for c in codes if len(c) == _OCCUPATIONS or c.startswith("_")) or codes
    named_codes = [(code, locale.label(dimension, code, indicator.id)) for code in codes]
    if dimension != "area":
        return [("", named_codes)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in named_codes:
        area = areas()[code]
        inner = area.level in ("province", "commune")
        head = locale.label("area", code[:5]) if inner else ""
        groups.setdefault(head, []).append((code, name))
    return list(groups.items())


def _table(
    locale: Locale, selection: Selection, series: Mapping[str, list[Value]]
) -> dict[str, object]:
    """Periods down, series across, latest first; turned round when the series are many."""
    by_period = {code: {row.period: row for row in rows} for code, rows in series.items()}
    periods = sorted({row.period for rows in series.values() for row in rows}, reverse=True)
    names = {code: named(locale, selection, code) for code in series}
    write = locale.format.period
    if len(series) > len(periods) or len(series) > 6:
        recent = periods[:3]
        head = [locale._(DIMENSIONS.get(selection.by, N_("Series"))), *map(write, recent)]
        rows = [
            (names[code], "", [cell(locale, selection.indicator, values.get(p)) for p in recent])
            for code, values in by_period.items()
        ]
        return {"head": head, "rows": rows}
    rows = [
        (
            write(p),
            "",
            [cell(locale, selection.indicator, values.get(p)) for values in by_period.values()],
        )
        for p in periods
    ]
    return {"head": [locale._("Period"), *names.values()], "rows": rows}


def _downloads(site: Site, selection: Selection) -> dict[str, object]:
    """Addresses of this view and of all values, per format."""
    path = f"/api/v1/indicators/{selection.indicator.id}/data"
    view = {d: code for d, code in selection.codes.items() if d != selection.by}
    if selection.by == "area":
        view = {**view, "level": below(selection.area), "parent": selection.area}
    if selection.as_of:
        view["as_of"] = selection.as_of.isoformat()
    buttons = [form for form in formats().values() if form.offered]
    return {
        "view": [(form.label, site.api(path, {**view, "format": form.id})) for form in buttons],
        "all": [(f.label, site.api(path, {"format": f.id})) for f in buttons if f.whole],
    }


def _nearest(request: PageRequest, selection: Selection) -> tuple[str, str] | None:
    """A choice near this one that has figures, of its place before others: the address, and in words
    what it changes. None where nothing is published."""
    best = _most_alike(request, selection, "area") or _most_alike(request, selection, "survey")
    if best is None:
        return None
    words = [
        request._(DIMENSIONS[d]) + request._(": ") + request.label(d, code, selection.indicator.id)
        for d, code in _changes(selection, best).items()
    ]
    codes = {d: str(getattr(best, d)) for d in selection.codes}
    return request.here(by="", **codes), request._(", ").join(words)


def _most_alike(request: PageRequest, selection: Selection, same: str) -> Value | None:
    """The latest known value that shares the most codes with a choice, its survey before others, and
    that of `same`."""
    alone = replace(selection, codes={same: selection.codes.get(same, "")}, by="")
    rows = request.reader.data(alone.query(latest=True)).rows

    def alike(row: Value) -> tuple[int, bool, dt.date]:
        shared = sum(getattr(row, d) == code for d, code in selection.codes.items())
        return shared, row.survey == selection.survey, start(row.period)

    return max((row for row in rows if row.value is not None), key=alike, default=None)


def _changes(selection: Selection, row: Value) -> dict[str, str]:
    """The codes of a value that differ from the choice, by dimension."""
    codes = {d: str(getattr(row, d)) for d in selection.codes}
    return {d: code for d, code in codes.items() if code != selection.codes[d]}
