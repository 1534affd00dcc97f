"""What ads say of one thing, as the pages of places, occupations, sectors and skills show it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from marsad.publish.read.profiles import Demand, MedianPay, Part
from marsad.publish.read.reader import DataQuery
from marsad.web.charts.line import Line, LineChart, Point
from marsad.web.localisation import Locale, Site
from marsad.web.pages import pages
from marsad.web.selection import when
from marsad.web.sentences import cell, counted

Rows = list[tuple[str, str, list[dict[str, str]]]]
NEWEST = 5
_PARTS = {
    "region": ("area", "/areas/"),
    "province": ("area", "/areas/"),
    "occupation": ("occupation", "/occupations/"),
    "sector": ("isic", "/sectors/"),
    "skill": ("skill", "/skills/"),
}
"""Filter of ads -> the dimension of its codes, and where their pages are."""
FEWEST_MONTHS = 3


def ads_named(locale: Locale, synthetic: bool) -> str:
    """The name of the ads that figures are made of."""
    return locale.label("survey", "ADS_SYNTHETIC" if synthetic else "ADS")


def source(locale: Locale, demand: Demand) -> str:
    """The name of the ads told of."""
    return ads_named(locale, demand.synthetic)


def demand_of(site: Site, demand: Demand) -> dict[str, object]:
    """What `layout/demand.html` shows."""
    origin = source(site, demand)
    query = demand.query
    return {
        "demand": demand,
        "source": origin,
        "open": counted(site, demand.open, origin) if demand.open or not demand.unknown else None,
        "unknown": demand.unknown,
        "when": when_read(site, demand),
        "total": counted(site, demand.total, origin, ads_asked(site, demand.realm, query.filters)),
        "chart": months(site, demand),
        "regions": parts(site, demand, "region"),
        "provinces": parts(site, demand, "province"),
        "occupations": parts(site, demand, "occupation"),
        "sectors": parts(site, demand, "sector"),
        "skills": parts(site, demand, "skill"),
        "pay": pay(site, demand.pay, origin),
        "ads": site.reader.profiles.newest_ads(query, NEWEST),
        "alerts": link_if_installed(site, "alerts", "/alerts"),
        "every": site.link("/ads", query.filters),
        "none": not demand.total,
    }


def tension(locale: Locale, synthetic: bool, place: str = "MA") -> dict[str, object] | None:
    """Ads for a thousand unemployed people in the country or a region, for all occupations together;
    from the same ads, real or synthetic, as the rest of a page. None where it is not published."""
    survey = "ADS_SYNTHETIC" if synthetic else "ADS"
    query = DataQuery("ads_per_unemployed", {"area": (place,), "survey": (survey,)}, latest=True)
    rows = [row for row in locale.reader.data(query).rows if row.value is not None]
    if not rows:
        return None
    indicator = locale.reader.indicator("ads_per_unemployed")
    return {"cell": cell(locale, indicator, rows[-1]), "synthetic": rows[-1].synthetic,
            "period": locale.format.period(rows[-1].period),
            "place": locale.label("area", place),
            "source": locale.label("survey", survey),
            "title": locale.text(indicator.title)}  # fmt: skip


def link_if_installed(site: Site, page: str, path: str, query: dict[str, str] | None = None) -> str:
    """The address of a page that may not be installed; empty when it is not."""
    return site.link(path, query) if page in pages() else ""


def sentence(locale: Locale, name: str, demand: Demand) -> str:
    """How many ads are open and which region has most, where one has, made from the counts."""
    if not demand.total:
        return locale._("%(name)s: no ad of this release is about it.") % {"name": name}
    open_ads = open_now(locale, demand)
    first = [part.n for part in demand.regions[:2]]
    if not first or (len(first) == 2 and first[0] == first[1]):
        return locale._("%(name)s: %(said)s.") % {"name": name, "said": open_ads}
    where = locale.label("area", demand.regions[0].code)
    return locale._("%(name)s: %(said)s, most of all ads in the region %(where)s.") % {
        "name": name, "said": open_ads, "where": where,
    }  # fmt: skip


def open_now(locale: Locale, demand: Demand) -> str:
    """How many ads are open, as far as it is known: a board that is read no more tells nothing."""
    if not demand.open and (demand.unknown or demand.read_to is None):
        return locale._("how many of its ads are still open is not known")
    known = locale.ngettext("%(count)s ad open", "%(count)s ads open", demand.open)
    known += f" {when_read(locale, demand)}"
    if not demand.unknown:
        return known
    rest = locale.ngettext(
        "of %(count)s more it is not known", "of %(count)s more it is not known", demand.unknown
    )
    return f"{known}{locale._(', ')}{rest}"


def when_read(locale: Locale, demand: Demand) -> str:
    """The day on which the boards were last read, which is the day that «open» tells of."""
    day = locale.format.date(demand.read_to) if demand.read_to else ""
    return locale._("on %(date)s, the last reading") % {"date": day} if day else ""


def months(locale: Locale, demand: Demand) -> Markup:
    """New ads by whole month as a line."""
    whole = demand.months
    if len(whole) < FEWEST_MONTHS:
        return Markup("")
    points = tuple(
        Point(when(m), float(n), locale.format.period(m), locale.format.number(n)) for m, n in whole
    )
    title = locale._("New ads by month")
    description = "; ".join(f"{p.when}: {p.text}" for p in points)
    line = Line(title, points)
    write = locale.format.number
    return LineChart(
        "months",
        title,
        description,
        [line],
        [],
        lambda v, d: write(v, d),
        rtl=locale.language == "ar",
    ).draw()


def ads_asked(site: Site, realm: str, filters: Mapping[str, str]) -> str:
    """The question to the API for the ads of a realm that codes choose."""
    return site.api("/api/v1/ads", {**filters, "realm": realm, "size": "1"})


def parts(site: Site, demand: Demand, kind: str) -> Rows:
    """Rows of a table of the parts of a kind, a filter of ads: name, count, share with its interval."""
    rows: Rows = []
    dimension, path = _PARTS[kind]
    origin = source(site, demand)
    for part in getattr(demand, f"{kind}s"):
        name = site.label(dimension, part.code)
        question = ads_asked(site, demand.realm, {**demand.query.filters, kind: part.code})
        cells = [counted(site, part.n, origin, question), share(site, part, origin)]
        rows.append((name, site.link(f"{path}{part.code}"), cells))
    return rows


def share(locale: Locale, part: Part, origin: str) -> dict[str, str]:
    """A share of ads as a figure with its interval."""
    low, high = (locale.format.share(bound) for bound in (part.lower, part.upper))
    return {
        **counted(locale, part.n, origin),
        "text": locale.format.share(part.share),
        "full": locale.format.share(part.share),
        "value": f"{100 * part.share:.4g}",
        "unit": "PT",
        "interval": locale._("%(low)s to %(high)s") % {"low": low, "high": high},
        "quality": "interval",
    }


def pay(locale: Locale, median_pay: MedianPay, origin: str) -> dict[str, str] | None:
    """Median monthly pay as a figure; None where too few ads say their pay."""
    if median_pay.median is None or median_pay.lower is None or median_pay.upper is None:
        return None
    words = [amount(locale, v) for v in (median_pay.median, median_pay.lower, median_pay.upper)]
    return {
        **counted(locale, median_pay.n, origin),
        "text": words[0],
        "full": words[0],
        "value": f"{median_pay.median:.15g}",
        "unit": "MAD",
        "interval": locale._("%(low)s to %(high)s") % {"low": words[1], "high": words[2]},
        "quality": "interval",
    }


def amount(locale: Locale, value: float) -> str:
    """Dirhams a month."""
    return locale._("%(amount)s dirhams") % {"amount": locale.format.number(value)}
