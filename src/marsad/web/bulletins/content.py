"""The contents of a bulletin: messages on a place, its figures in charts and a table, and demand."""

from __future__ import annotations

from marsad.base.areas import area, at_level
from marsad.base.records import Row
from marsad.publish.read.profiles import Part
from marsad.publish.read.reader import AdQuery
from marsad.web.bulletins.rates import RATES, Rates, part_of
from marsad.web.bulletins.typeset import Picture, pdf, stacked
from marsad.web.demand import FEWEST_MONTHS, amount, open_now, source
from marsad.web.localisation import Locale, Site
from marsad.web.sentences import cell, place

LANGUAGES = ("ar", "fr")
PARTS, FEWEST = 8, 5
"""Occupations listed at most, and the ads that one must have to be listed."""


def places() -> list[str]:
    """The places that have a bulletin: the country and its regions."""
    return ["MA", *(region.code for region in at_level("region"))]


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
        part_of(
            locale.label("survey", "RGPH2024"),
            sentences=[locale._("Another source with another definition: not to be compared.")],
            head=[locale._("Figure"), *names],
            rows=rows,
            source=locale._("Rates in %. HCP publishes no interval for these."),
        )
    ]


def _messages(locale: Locale, rates: Rates) -> Row:
    """What may be repeated, each with how far it can be trusted."""
    return part_of(locale._("Key messages"), messages=rates.messages())


def chart(site: Site, code: str) -> Picture | None:
    """The charts of a place in one picture, with their names and lines in words; None without any."""
    pictures = Rates(site, code).pictures()
    return stacked(pictures) if pictures else None


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
        if part.n >= FEWEST
    ]  # fmt: skip
    warning = locale.label("caveat", "synthetic") if demand.synthetic and demand.total else ""
    months = demand.months
    if len(months) >= FEWEST_MONTHS:
        ends = [
            locale.format.period(m) + locale._(": ") + locale.format.number(n)
            for m, n in (months[0], months[-1])
        ]
        known = locale._("New ads by month") + locale._(": ") + locale._("; ").join(ends)
        lines.append(f"{known}.")
    return part_of(
        locale._("Demand in job ads"),
        warning=warning,
        sentences=lines,
        head=[locale._("Occupation"), locale._("Ads"), locale._("Share, 95% interval")],
        rows=rows,
        source=". ".join([*([origin] if demand.total else []), locale.ads_partial()]),
    )


def _share(locale: Locale, part: Part) -> str:
    """A share with its interval, to a decimal: 4.2 % (3.8 % to 4.6 %)."""
    low, high, share = (locale.format.share(v, 1) for v in (part.lower, part.upper, part.share))
    return f"{share} ({locale._('%(low)s to %(high)s') % {'low': low, 'high': high}})"


def bulletin(site: Site, code: str, quarter: str = "") -> bytes:
    """The bulletin of a place as PDF/UA-1, in the language of the request; that of a quarter bears
    its name."""
    release = site.reader.release()
    rates = Rates(site, code)
    pictures = rates.pictures()
    name = area(code).label(site.language)
    surveyed = [_messages(site, rates), rates.table(len(pictures))] if rates.chosen else []
    parts = [*surveyed, *_census(site, code)]
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
    return pdf(contents, pictures)
