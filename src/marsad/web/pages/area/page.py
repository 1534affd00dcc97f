"""One place, from the country to a commune: its figures beside those of what it lies in, its parts,
and what ads and trainings say there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from marsad.base.areas import Area, area, areas, children, region_of
from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.periods import start
from marsad.base.refusals import refused
from marsad.publish.read.ad_filters import within
from marsad.publish.read.reader import DataQuery, Value
from marsad.publish.read.trust import rests_on_few
from marsad.web.amounts import amount
from marsad.web.area_map import AreaMap, area_map
from marsad.web.charts.line import Line, LineChart, legend_mark
from marsad.web.demand import demand_of, tension
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.marks import legend, persons
from marsad.web.neighbours import neighbours
from marsad.web.request import PageRequest
from marsad.web.selection import Selection
from marsad.web.sentences import cell, counted
from marsad.web.series_chart import points

PATH = "/areas/{code}"
TITLE = N_("Place")
FIGURES = (
    "unemployment_rate",
    "activity_rate",
    "employment_rate",
    "active_persons",
    "employed_persons",
    "unemployed_persons",
    "underemployment_rate",
    "dependency_ratio",
    "establishments",
    "permanent_jobs",
)
RATES = FIGURES[:3]
SURVEYS = ("ENE", "RGPH2024", "RGPH2014", "EE2024")
SORTS = {
    "name": N_("name"),
    "unemployment_rate": N_("unemployment"),
    "activity_rate": N_("activity"),
}
_BESIDE = {
    "region": N_("Neighbouring regions"),
    "province": N_("Neighbouring provinces and prefectures"),
}
_MOST_BESIDE = 40
_CENSUS = "RGPH2024"
_MANY = 1_000
"""The persons that a rate rests on are told beside it in the sentence where they are fewer."""
_EVERYONE = {"freq": "A", "sex": TOTAL, "age": "Y_GE15", "urbanisation": TOTAL, "education": TOTAL}
"""Everyone of 15 years and over, by year."""
Newest = Mapping[tuple[str, str, str], Value]
"""Values by indicator, survey and area."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    here: Area
    level: str
    chain: list[tuple[str, str]]
    columns: list[str]
    table: list[tuple[str, str, list[dict[str, str]]]]
    sentence: str
    trend: Markup
    legend: list[tuple[Markup, str]]
    bases: list[str]
    map: AreaMap | None
    downloads: list[tuple[str, str, str]]
    people: dict[str, str] | None
    below: list[tuple[str, str, list[dict[str, str]]]]
    marks: list[str]
    sorts: list[tuple[str, list[tuple[str, str]]]]
    sort: str
    d: dict[str, object] | None
    tension: dict[str, object] | None
    trainings: list[dict[str, object]]
    near: list[tuple[str, str]]
    near_title: str
    census: str
    markup: dict[str, object]


def context(request: PageRequest) -> View:
    """Everything the page shows; NotFoundError for an area that does not exist."""
    here = area(request.path["code"])
    chain = _chain(here)
    profiles = request.reader.profiles
    newest = profiles.newest([a.code for a in chain], FIGURES)
    summary = lead(request, here, newest)
    below, words = _below(request, here)
    demand = None if here.level == "region_group" else profiles.demand(within(here.code))
    known = sorted({name for name, _, code in newest if code == here.code}, key=FIGURES.index)
    path = "/api/v1/indicators/{}/data"
    chart, names = _trend(request, here)
    near_title, near = _beside(request, here)
    return View(
        heading=here.label(request.language),
        here=here,
        level=request.level(here.code),
        chain=[(a.code, a.label(request.language)) for a in chain[1:]],
        columns=_columns(request, chain),
        table=figures(request, chain, newest),
        sentence=summary,
        trend=chart,
        legend=names,
        bases=[
            f"{request.text(i.title)} (%){request._(': ')}{request.text(i.denominator)}"
            for i in map(request.reader.indicator, RATES[:2])
            if chart and request.text(i.title) in {name for _, name in names}
        ],
        map=_map(request, here),
        downloads=[
            (request.text(request.reader.indicator(name).title),
             request.api(path.format(name), {"area": here.code, "format": "csv"}),
             request.api(path.format(name), {"parent": here.code, "format": "csv"}) if below else "")
            for name in known
        ],
        people=counted(request, here.population_2024, request.label("survey", _CENSUS))
        if here.population_2024
        else None,
        below=below,
        marks=words,
        sorts=[("", [(k, request._(v)) for k, v in SORTS.items()])],
        sort=request.get("sort") or "name",
        d=demand_of(request, demand) if demand else None,
        tension=tension(request, demand.synthetic, region_of(here.code) or "MA") if demand else None,
        trainings=profiles.trainings("", "" if here.level == "country" else _near(here)),
        near=near,
        near_title=near_title,
        census=request.label("survey", _CENSUS),
        markup=_markup(request, here, summary, known),
    )  # fmt: skip


def _columns(locale: Locale, chain: list[Area]) -> list[str]:
    """The names of the places; where two are called the same, with what each is."""
    names = [a.label(locale.language) for a in chain]
    levels = [locale.level(a.code).split(locale._(", "))[0] for a in chain]
    return [f"{n} ({s})" if names.count(n) > 1 else n for n, s in zip(names, levels)]


def _markup(site: Site, here: Area, summary: str, known: list[str]) -> dict[str, object]:
    """schema.org Dataset: what is published of the place, with a file for each figure."""
    name = here.label(site.language)
    titles = [site.text(site.reader.indicator(identifier).title) for identifier in known]
    files = [
        site.api(f"/api/v1/indicators/{identifier}/data", {"area": here.code, "format": "csv"})
        for identifier in known
    ]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "inLanguage": site.language,
        "name": site._("Figures on work: %(place)s") % {"place": name},
        "description": f"{summary} {'; '.join(titles)}",
        "url": site.absolute(site.link(f"/areas/{here.code}")),
        "identifier": here.code,
        "license": site.absolute(site.link("/about")),
        "spatialCoverage": {"@type": "Place", "name": here.name["fr"]},
        "creator": {"@type": "Organization", "name": "Marsad"},
        "version": site.reader.release().id,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": site.absolute(path),
            }
            for path in files
        ],
    }


def _map(site: Site, here: Area) -> AreaMap | None:
    """The parts of the country or of a region by the unemployment of the census; None elsewhere."""
    level = {"country": "region", "region": "province"}.get(here.level)
    if level is None:
        return None
    indicator = site.reader.indicator(RATES[0])
    codes = {**_EVERYONE, "survey": _CENSUS, "area": here.code}
    selection = Selection(indicator, codes, {name: (code,) for name, code in codes.items()})
    return area_map(site, selection, level, lambda code: site.link(f"/areas/{code}"), here.code)


def _chain(here: Area) -> list[Area]:
    """The area, what it lies in, up to the country."""
    chain = [here]
    while (parent := chain[-1].parent) is not None:
        chain.append(areas()[parent])
    return chain


def _beside(locale: Locale, here: Area) -> tuple[str, list[tuple[str, str]]]:
    """The regions or provinces that touch the area, by code and name, under what they are; of a place
    without an outline, the others of what it lies in."""
    codes = sorted(neighbours().get(here.code, ()))
    if codes:
        title = locale._(_BESIDE[here.level])
        return title, [(code, locale.label("area", code)) for code in codes]
    others = [a for a in children(here.parent or "") if a != here and a.level == here.level]
    names = [(a.code, a.label(locale.language)) for a in others[:_MOST_BESIDE]]
    inside = locale.label("area", here.parent) if here.parent else ""
    return locale._("Other places in %(name)s") % {"name": inside}, names


def _near(here: Area) -> str:
    """The province of a commune, else the area itself."""
    return (here.parent or here.code) if here.level == "commune" else here.code


def _whole(row: Value) -> bool:
    """Whether a value is of everyone of 15 years and over, not of a part."""
    parts = (row.sex, row.urbanisation, row.education, row.occupation, row.category)
    return row.value is not None and set(parts) == {"_T"} and row.age in ("_T", "Y_GE15")


def figures(
    site: Site, chain: list[Area], newest: Newest
) -> list[tuple[str, str, list[dict[str, str]]]]:
    """A row for each figure and survey that the area has, beside those of what it lies in, of the
    same year only."""
    rows = []
    for name in FIGURES:
        indicator = site.reader.indicator(name)
        for survey in SURVEYS:
            if survey not in indicator.surveys:
                continue
            same = [newest.get((name, survey, a.code)) for a in chain]
            own = same[0]
            if own is None:
                continue
            same = [_of_period(site, a, row, own) for a, row in zip(chain, same, strict=True)]
            cells = [cell(site, indicator, row) for row in same]
            title = site._(", ").join(
                (site.text(indicator.title), site.format.period(own.period),
                 site.label("survey", survey))
            )  # fmt: skip
            link = site.link(f"/indicators/{name}", {"area": own.area, "survey": survey})
            if chain[0].level == "commune":
                link = site.link(f"/indicators/{name}", {"survey": survey})
            few = [bool(row and rests_on_few(indicator, row)) for row in same]
            shown = [
                c if f or not c.get("value") else {**c, "note": ""} for c, f in zip(cells, few)
            ]
            day = site.format.date_text(own.source_date)
            words = {"text": day, "interval": "", "note": ""}
            rows.append((title, link, [*shown, words]))
    return rows


def _of_period(locale: Locale, place: Area, newest: Value | None, own: Value) -> Value | None:
    """The figure of a place for the survey and period of another's, where it has a newer one too."""
    if newest is None or newest.period == own.period:
        return newest
    filters = {"freq": ("A",), "survey": (own.survey,), "area": (place.code,)}
    rows = locale.reader.data(DataQuery(own.indicator, filters)).rows
    return next((r for r in rows if r.period == own.period and _whole(r)), None)


def lead(locale: Locale, here: Area, newest: Newest) -> str:
    """The newest unemployment rate of the place in a sentence; what is known when it has none."""
    name = here.label(locale.language)
    indicator = locale.reader.indicator(RATES[0])
    held = [newest.get((RATES[0], survey, here.code)) for survey in SURVEYS[:3]]
    known = [row for row in held if row is not None and row.value is not None]
    fit = [row for row in known if not rests_on_few(indicator, row)]
    for row in sorted(fit, key=lambda row: start(row.period), reverse=True)[:1]:
        rests = persons(locale, row) if row.n is not None and row.n < _MANY else ""
        return locale._("%(place)s: unemployment rate %(value)s %(period)s. Source: %(survey)s.") % {
            "place": name, "value": amount(locale, indicator, row.value or 0.0, row.unit),
            "period": locale.format.in_period(row.period),
            "survey": locale.label("survey", row.survey),
        } + (f" {rests[:1].upper()}{rests[1:]}." if rests else "")  # fmt: skip
    if known:
        return locale._("%(place)s: the unemployment rate rests on too few persons to be told first.") % {"place": name}  # fmt: skip
    return locale._("%(place)s: no unemployment rate is published.") % {"place": name}


def _trend(locale: Locale, here: Area) -> tuple[Markup, list[tuple[Markup, str]]]:
    """The yearly rates of the labour-force survey, where it tells of the place: chart and legend."""
    lines = []
    for name in RATES[:2]:
        indicator = locale.reader.indicator(name)
        filters = {**_EVERYONE, "survey": "ENE", "area": here.code}
        query = DataQuery(name, {dimension: (code,) for dimension, code in filters.items()})
        rows = sorted(filter(_whole, locale.reader.data(query).rows), key=lambda row: row.period)
        if len(rows) < 3:
            continue
        selection = Selection(indicator, {"area": here.code, "survey": "ENE"}, {})
        breaks = locale.reader.breaks(name, "ENE")
        lines.append(Line(locale.text(indicator.title), points(locale, selection, rows, breaks)))
    if not lines:
        return Markup(), []
    title = locale._("Rates of the labour-force survey, %")
    description = "; ".join(
        f"{line.name}: {line.points[-1].when} {line.points[-1].text}" for line in lines
    )
    write = locale.format.value
    drawn = LineChart("trend", title, description, lines, [], lambda v, d: write(v, "PT", d),
                      rtl=locale.language == "ar").draw()  # fmt: skip
    return drawn, [(legend_mark(i), line.name) for i, line in enumerate(lines)]


def _below(
    request: PageRequest, here: Area
) -> tuple[list[tuple[str, str, list[dict[str, str]]]], list[str]]:
    """The parts of the area with the rates of the census, by name or by a rate; and the marks that
    occur among them, in words."""
    inside = [child for child in children(here.code) if child.level != "region_group"]
    shown = RATES[:2]
    newest = request.reader.profiles.newest([a.code for a in inside], shown) if inside else {}
    rows = []
    for child in inside:
        cells = [
            cell(request, request.reader.indicator(name), newest.get((name, _CENSUS, child.code)))
            for name in shown
        ]
        rows.append((child.label(request.language), request.link(f"/areas/{child.code}"), cells))
    sort = request.get("sort")
    if sort and sort not in SORTS:
        raise InputError(refused("no_sort", code=sort, known=", ".join(SORTS)))
    if sort in shown:
        place = shown.index(sort)
        few = {
            request.link(f"/areas/{row.area}")
            for row in newest.values()
            if row.indicator == sort and rests_on_few(request.reader.indicator(sort), row)
        }
        rows.sort(key=lambda row: (row[1] in few, -float(row[2][place].get("value") or "-inf")))
    else:
        rows.sort(key=lambda row: row[0])
    return rows, legend(request, (row for key, row in newest.items() if key[1] == _CENSUS))
