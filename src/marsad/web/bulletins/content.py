"""The contents of a bulletin: a place's latest figures in sentences, a chart, tables, and demand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marsad.base.areas import area, at_level
from marsad.publish.read.profiles import Part
from marsad.publish.read.reader import AdQuery, Value
from marsad.web.bulletins.typeset import Picture, pdf, standalone
from marsad.web.charts.line import Line, LineChart
from marsad.web.demand import FEWEST_MONTHS, amount, source
from marsad.web.request import PageRequest
from marsad.web.selection import Selection, select
from marsad.web.sentences import cell, place, sentences
from marsad.web.series_chart import points

RATES = ("unemployment_rate", "activity_rate", "employment_rate")
LANGUAGES = ("ar", "fr")
PERIODS, PARTS = 9, 8


def places() -> list[str]:
    """The places that have a bulletin: the country and its regions."""
    return ["MA", *(region.code for region in at_level("region"))]


def _selection(request: PageRequest, name: str, code: str) -> Selection | None:
    """The survey's series of a place: quarters where it has them, else years; None for neither."""
    indicator = request.reader.indicator(name)
    for freq in ("Q", "A"):
        if freq not in request.reader.codes(name, "freq"):
            continue
        query = {"freq": freq, "area": code, "survey": "ENE"}
        if code not in request.reader.codes(name, "area"):
            return None
        chosen = select(replace(request, query=query), indicator)
        rows = [r for r in request.reader.data(chosen.query()).rows if r.value is not None]
        if len(rows) >= 2:
            return chosen
    return None


def _rows(request: PageRequest, chosen: Selection) -> list[Value]:
    rows = [r for r in request.reader.data(chosen.query()).rows if r.value is not None]
    return sorted(rows, key=lambda row: row.period)


def chart(request: PageRequest, code: str) -> Picture | None:
    """The rates of a place over time; None when it has none."""
    lines = []
    for name in RATES[:2]:
        chosen = _selection(request, name, code)
        if chosen:
            breaks = request.reader.breaks(name, "ENE")
            series = points(request, chosen, _rows(request, chosen), breaks)
            lines.append(Line(request.text(chosen.indicator.title), series))
    if not lines:
        return None
    title = request._("Rates of the labour-force survey, %")
    description = "; ".join(
        f"{line.name}: {line.points[0].when} {line.points[0].text} – {line.points[-1].when}"
        f" {line.points[-1].text}"
        for line in lines
    )
    write = request.format.value
    drawn = LineChart("rates", title, description, lines, [], lambda v, d: write(v, "PT", d),
                      rtl=request.language == "ar").alone()  # fmt: skip
    strokes = (request._("%(name)s (full line)"), request._("%(name)s (broken line)"))
    named = [stroke % {"name": line.name} for stroke, line in zip(strokes, lines)]
    caption = request._(": ").join([title, request._(", ").join(named)])
    return Picture(caption, f"{title}. {description}", standalone(drawn))


def _part(heading: str, **contents: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "warning": "",
        "sentences": [],
        "picture": None,
        "head": [],
        "rows": [],
        "source": "",
    }
    return {"heading": heading, **empty, **contents}


def _official(request: PageRequest, code: str, drawn: bool) -> list[dict[str, Any]]:
    parts = []
    for name in RATES:
        chosen = _selection(request, name, code)
        if chosen is None:
            continue
        rows = _rows(request, chosen)
        last = rows[-PERIODS:]
        day = request.format.date_text(last[-1].source_date)
        trust = request._("Reliability %(letter)s; the source publishes no interval") % {
            "letter": last[-1].reliability
        }
        parts.append(
            _part(
                request.text(chosen.indicator.title),
                sentences=sentences(request, chosen, rows),
                picture=0 if drawn and name == RATES[0] else None,
                head=[request._("Period"), "%"],
                rows=[
                    [request.format.period(r.period), cell(request, chosen.indicator, r)["text"]]
                    for r in reversed(last)
                ],
                source=f"{request.label('survey', 'ENE')}{request._(', ')}{day}. {trust}.",
            )
        )
    return parts


def _census(request: PageRequest, code: str) -> list[dict[str, Any]]:
    newest = request.reader.profiles.newest([code, "MA"], RATES)
    rows = []
    for name in RATES:
        own, whole = (newest.get((name, "RGPH2024", area_code)) for area_code in (code, "MA"))
        if own:
            indicator = request.reader.indicator(name)
            cells = [cell(request, indicator, row)["text"] for row in (own, whole)]
            rows.append([request.text(indicator.title), *(cells if code != "MA" else cells[:1])])
    if not rows:
        return []
    names = [place(request, area_code) for area_code in ((code, "MA") if code != "MA" else ("MA",))]
    return [
        _part(
            request.label("survey", "RGPH2024"),
            sentences=[request._("Another source with another definition: not to be compared.")],
            head=[request._("Figure"), *names],
            rows=rows,
            source=request._("Rates in %. HCP publishes no interval for these."),
        )
    ]


def _demand(request: PageRequest, code: str) -> dict[str, Any]:
    demand = request.reader.profiles.demand(
        AdQuery(filters={"region": "" if code == "MA" else code})
    )
    origin = source(request, demand)
    lines = [
        request.ngettext("%(count)s ad is open now", "%(count)s ads are open now", demand.open)
        + "."
    ]
    if (
        demand.pay.median is not None
        and demand.pay.lower is not None
        and demand.pay.upper is not None
    ):
        lines.append(
            request._("Median pay offered a month: %(pay)s (95%% interval: %(low)s to %(high)s; %(n)s ads).")
            % {"pay": amount(request, demand.pay.median), "low": request.format.number(demand.pay.lower),
               "high": request.format.number(demand.pay.upper), "n": request.format.number(demand.pay.n)}
        )  # fmt: skip
    rows = [
        [request.label("occupation", part.code), request.format.number(part.n), _share(request, part)]
        for part in demand.occupations[:PARTS]
    ]  # fmt: skip
    warning = request.label("caveat", "synthetic") if demand.synthetic else ""
    months = demand.months
    if len(months) >= FEWEST_MONTHS:
        ends = [
            f"{request.format.period(m)}: {request.format.number(n)}"
            for m, n in (months[0], months[-1])
        ]
        lines.append(request._("New ads by month") + f" – {'; '.join(ends)}.")  # fmt: skip
    return _part(
        request._("Demand in job ads"),
        warning=warning,
        sentences=lines,
        head=[request._("Occupation"), request._("Ads"), request._("Share, 95% interval")],
        rows=rows,
        source=f"{origin}. {request.label('caveat', 'ads_partial')}",
    )


def _share(request: PageRequest, part: Part) -> str:
    """A share with its interval, to a decimal: 4.2 % (3.8 % to 4.6 %)."""
    low, high, share = (request.format.share(v, 1) for v in (part.lower, part.upper, part.share))
    return f"{share} ({request._('%(low)s to %(high)s') % {'low': low, 'high': high}})"


def bulletin(request: PageRequest, code: str, quarter: str = "") -> bytes:
    """The bulletin of a place as PDF/UA-1, in the language of the request; that of a quarter bears
    its name."""
    release = request.reader.release()
    picture = chart(request, code)
    name = area(code).label(request.language)
    parts = [*_official(request, code, picture is not None), *_census(request, code)]
    contents = {
        "language": request.language,
        "title": request._("The labour market: %(place)s") % {"place": name},
        "kicker": " – ".join([request._("Marsad, labour-market observatory"), request._("Quarterly bulletin"),
                              *([request.format.period(quarter)] if quarter else [])]),
        "date": request._("Release of %(date)s") % {"date": request.format.date(release.published_at)},
        "keywords": [name, "HCP", "Marsad"],
        "foot": f"Marsad – {release.id}",
        "parts": [*parts, _demand(request, code)],
        "method_heading": request._("How this bulletin is made"),
        "method": [
            request._("A program writes it from the figures of one release; no sentence is written by hand. Official figures and job ads are never joined in one series."),
            request._("Every figure can be made again with one command, and is explored here:"),
        ],
        "url": request.base + request.link(f"/areas/{code}"),
    }  # fmt: skip
    return pdf(contents, [picture] if picture else [])
