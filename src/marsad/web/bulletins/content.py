"""The contents of a bulletin: a place's latest figures in sentences, a chart, tables, and demand."""

from __future__ import annotations

from typing import Any

from marsad.base.areas import area, at_level
from marsad.base.records import Row
from marsad.publish.read.profiles import Part
from marsad.publish.read.reader import AdQuery, Value
from marsad.web.bulletins.typeset import Picture, pdf, standalone
from marsad.web.charts.line import Line, LineChart
from marsad.web.demand import FEWEST_MONTHS, amount, open_now, source
from marsad.web.localisation import Locale, Site
from marsad.web.marks import legend
from marsad.web.selection import Selection, select
from marsad.web.sentences import cell, place, sentences
from marsad.web.series_chart import points

RATES = ("unemployment_rate", "activity_rate", "employment_rate")
LANGUAGES = ("ar", "fr")
PERIODS, PARTS = 9, 8


def places() -> list[str]:
    """The places that have a bulletin: the country and its regions."""
    return ["MA", *(region.code for region in at_level("region"))]


def _selection(locale: Locale, name: str, code: str) -> Selection | None:
    """The survey's series of a place: quarters where it has them, else years; None for neither."""
    indicator = locale.reader.indicator(name)
    for freq in ("Q", "A"):
        if freq not in locale.reader.codes(name, "freq"):
            continue
        query = {"freq": freq, "area": code, "survey": "ENE"}
        if code not in locale.reader.codes(name, "area"):
            return None
        chosen = select(locale.reader, indicator, query)
        rows = [r for r in locale.reader.data(chosen.query()).rows if r.value is not None]
        if len(rows) >= 2:
            return chosen
    return None


def _rows(locale: Locale, chosen: Selection) -> list[Value]:
    rows = [r for r in locale.reader.data(chosen.query()).rows if r.value is not None]
    return sorted(rows, key=lambda row: row.period)


def chart(locale: Locale, code: str) -> Picture | None:
    """The rates of a place over time; None when it has none."""
    lines = []
    for name in RATES[:2]:
        chosen = _selection(locale, name, code)
        if chosen:
            breaks = locale.reader.breaks(name, "ENE")
            series = points(locale, chosen, _rows(locale, chosen), breaks)
            lines.append(Line(locale.text(chosen.indicator.title), series))
    if not lines:
        return None
    title = locale._("Rates of the labour-force survey, %")
    description = "; ".join(
        f"{line.name}: {line.points[0].when} {line.points[0].text} – {line.points[-1].when}"
        f" {line.points[-1].text}"
        for line in lines
    )
    write = locale.format.value
    drawn = LineChart("rates", title, description, lines, [], lambda v, d: write(v, "PT", d),
                      rtl=locale.language == "ar").alone()  # fmt: skip
    strokes = (locale._("%(name)s (full line)"), locale._("%(name)s (broken line)"))
    named = [stroke % {"name": line.name} for stroke, line in zip(strokes, lines)]
    caption = locale._(": ").join([title, locale._(", ").join(named)])
    return Picture(caption, f"{title}. {description}", standalone(drawn))


def _part(heading: str, **contents: Any) -> Row:
    empty: Row = {
        "warning": "",
        "sentences": [],
        "picture": None,
        "head": [],
        "rows": [],
        "source": "",
    }
    return {"heading": heading, **empty, **contents}


def _official(locale: Locale, code: str, drawn: bool) -> list[Row]:
    parts = []
    for name in RATES:
        chosen = _selection(locale, name, code)
        if chosen is None:
            continue
        rows = _rows(locale, chosen)
        last = rows[-PERIODS:]
        day = locale.format.date_text(last[-1].source_date)
        trust = " ".join(legend(locale, last))
        parts.append(
            _part(
                locale.text(chosen.indicator.title),
                sentences=sentences(locale, chosen, rows),
                picture=0 if drawn and name == RATES[0] else None,
                head=[locale._("Period"), "%"],
                rows=[
                    [locale.format.period(r.period), cell(locale, chosen.indicator, r)["text"]]
                    for r in reversed(last)
                ],
                source=f"{locale.label('survey', 'ENE')}{locale._(', ')}{day}. {trust}",
            )
        )
    return parts


def _census(locale: Locale, code: str) -> list[Row]:
    newest = locale.reader.profiles.newest([code, "MA"], RATES)
    rows = []
    for name in RATES:
        own, whole = (newest.get((name, "RGPH2024", area_code)) for area_code in (code, "MA"))
        if own:
            indicator = locale.reader.indicator(name)
            cells = [cell(locale, indicator, row)["text"] for row in (own, whole)]
            rows.append([locale.text(indicator.title), *(cells if code != "MA" else cells[:1])])
    if not rows:
        return []
    names = [place(locale, area_code) for area_code in ((code, "MA") if code != "MA" else ("MA",))]
    return [
        _part(
            locale.label("survey", "RGPH2024"),
            sentences=[locale._("Another source with another definition: not to be compared.")],
            head=[locale._("Figure"), *names],
            rows=rows,
            source=locale._("Rates in %. HCP publishes no interval for these."),
        )
    ]


def demand_part(locale: Locale, code: str) -> Row:
    demand = locale.reader.profiles.demand(
        AdQuery(filters={"region": "" if code == "MA" else code})
    )
    origin = source(locale, demand)
    known = (
        open_now(locale, demand) if demand.total else locale._("No ad of this release is about it")
    )
    lines = [f"{known[:1].upper()}{known[1:]}."]
    if (
        demand.pay.median is not None
        and demand.pay.lower is not None
        and demand.pay.upper is not None
    ):
        lines.append(
            locale._("Median pay offered a month, ads posted in %(year)s: %(pay)s (95%% interval: %(low)s to %(high)s; %(n)s ads). Half of these ads offer less, half more.")
            % {"year": str(demand.pay_year), "pay": amount(locale, demand.pay.median), "low": locale.format.number(demand.pay.lower),
               "high": locale.format.number(demand.pay.upper), "n": locale.format.number(demand.pay.n)}
        )  # fmt: skip
    rows = [
        [locale.label("occupation", part.code), locale.format.number(part.n), _share(locale, part)]
        for part in demand.occupations[:PARTS]
    ]  # fmt: skip
    warning = locale.label("caveat", "synthetic") if demand.synthetic and demand.total else ""
    months = demand.months
    if len(months) >= FEWEST_MONTHS:
        ends = [
            f"{locale.format.period(m)}: {locale.format.number(n)}"
            for m, n in (months[0], months[-1])
        ]
        lines.append(locale._("New ads by month") + f" – {'; '.join(ends)}.")  # fmt: skip
    return _part(
        locale._("Demand in job ads"),
        warning=warning,
        sentences=lines,
        head=[locale._("Occupation"), locale._("Ads"), locale._("Share, 95% interval")],
        rows=rows,
        source=". ".join(
            [*([origin] if demand.total else []), locale.label("caveat", "ads_partial")]
        ),
    )


def _share(locale: Locale, part: Part) -> str:
    """A share with its interval, to a decimal: 4.2 % (3.8 % to 4.6 %)."""
    low, high, share = (locale.format.share(v, 1) for v in (part.lower, part.upper, part.share))
    return f"{share} ({locale._('%(low)s to %(high)s') % {'low': low, 'high': high}})"


def bulletin(site: Site, code: str, quarter: str = "") -> bytes:
    """The bulletin of a place as PDF/UA-1, in the language of the request; that of a quarter bears
    its name."""
    release = site.reader.release()
    picture = chart(site, code)
    name = area(code).label(site.language)
    parts = [*_official(site, code, picture is not None), *_census(site, code)]
    contents = {
        "language": site.language,
        "title": site._("The labour market: %(place)s") % {"place": name},
        "kicker": " – ".join([site._("Marsad, labour-market observatory"), site._("Quarterly bulletin"),
                              *([site.format.period(quarter)] if quarter else [])]),
        "date": site._("Release of %(date)s") % {"date": site.format.date(release.published_at)},
        "keywords": [name, "HCP", "Marsad"],
        "foot": f"Marsad – {release.id}",
        "parts": [*parts, demand_part(site, code)],
        "method_heading": site._("How this bulletin is made"),
        "method": [
            site._("A program writes it from the figures of one release; no sentence is written by hand. Official figures and job ads are never joined in one series."),
            site._("Every figure can be made again with one command, and is explored here:"),
        ],
        "url": site.absolute(site.link(f"/areas/{code}")),
    }  # fmt: skip
    return pdf(contents, [picture] if picture else [])
