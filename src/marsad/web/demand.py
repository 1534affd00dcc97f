"""What ads say of one thing, as the pages of places, occupations, sectors and skills show it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from marsad.publish.read.profiles import Demand, MedianPay, Part
from marsad.publish.read.reader import DataQuery
from marsad.web.charts.line import Line, LineChart, Point
from marsad.web.pages import pages
from marsad.web.request import PageRequest
from marsad.web.selection import when
from marsad.web.sentences import cell, counted

Rows = list[tuple[str, str, list[dict[str, str]]]]
NEWEST = 5
FEWEST_MONTHS = 3


def ads_named(request: PageRequest, synthetic: bool) -> str:
    """The name of the ads that figures are made of."""
    return request.label("survey", "ADS_SYNTHETIC" if synthetic else "ADS")


def source(request: PageRequest, demand: Demand) -> str:
    """The name of the ads told of."""
    return ads_named(request, demand.synthetic)


def demand_of(request: PageRequest, demand: Demand) -> dict[str, object]:
    """What `layout/demand.html` shows."""
    origin = source(request, demand)
    query = demand.query
    return {
        "demand": demand,
        "source": origin,
        "open": counted(request, demand.open, origin),
        "total": counted(request, demand.total, origin),
        "chart": months(request, demand),
        "regions": parts(request, demand.regions, "area", "/areas/", origin),
        "provinces": parts(request, demand.provinces, "area", "/areas/", origin),
        "occupations": parts(request, demand.occupations, "occupation", "/occupations/", origin),
        "sectors": parts(request, demand.sectors, "isic", "/sectors/", origin),
        "skills": parts(request, demand.skills, "skill", "/skills/", origin),
        "pay": pay(request, demand.pay, origin),
        "ads": request.reader.profiles.newest_ads(query, NEWEST),
        "alerts": link_if_installed(request, "alerts", "/alerts"),
        "every": request.link("/ads", query.filters),
        "none": not demand.total,
    }


def tension(request: PageRequest, synthetic: bool, place: str = "MA") -> dict[str, object] | None:
    """Ads for a thousand unemployed people in the country or a region, for all occupations together;
    from the same ads, real or synthetic, as the rest of a page. None where it is not published."""
    survey = "ADS_SYNTHETIC" if synthetic else "ADS"
    query = DataQuery("ads_per_unemployed", {"area": (place,), "survey": (survey,)}, latest=True)
    rows = [row for row in request.reader.data(query).rows if row.value is not None]
    if not rows:
        return None
    indicator = request.reader.indicator("ads_per_unemployed")
    return {"cell": cell(request, indicator, rows[-1]), "synthetic": rows[-1].synthetic,
            "period": request.format.period(rows[-1].period),
            "place": request.label("area", place),
            "source": request.label("survey", survey),
            "title": request.text(indicator.title)}  # fmt: skip


def link_if_installed(
    request: PageRequest, page: str, path: str, query: dict[str, str] | None = None
) -> str:
    """The address of a page that may not be installed; empty when it is not."""
    return request.link(path, query) if page in pages() else ""


def sentence(request: PageRequest, name: str, demand: Demand) -> str:
    """How many ads are open and which region has most, where one has, made from the counts."""
    if not demand.total:
        return request._("%(name)s: no ad of this release is about it.") % {"name": name}
    open_ads = request.ngettext(
        "%(count)s ad is open now", "%(count)s ads are open now", demand.open
    )
    first = [part.n for part in demand.regions[:2]]
    if not first or (len(first) == 2 and first[0] == first[1]):
        return request._("%(name)s: %(said)s.") % {"name": name, "said": open_ads}
    where = request.label("area", demand.regions[0].code)
    return request._("%(name)s: %(said)s, most of all ads in the region %(where)s.") % {
        "name": name, "said": open_ads, "where": where,
    }  # fmt: skip


def months(request: PageRequest, demand: Demand) -> Markup:
    """New ads by whole month as a line."""
    whole = demand.months
    if len(whole) < FEWEST_MONTHS:
        return Markup("")
    points = tuple(
        Point(when(m), float(n), request.format.period(m), request.format.number(n))
        for m, n in whole
    )
    title = request._("New ads by month")
    description = "; ".join(f"{p.when}: {p.text}" for p in points)
    line = Line(title, points)
    write = request.format.number
    return LineChart(
        "months",
        title,
        description,
        [line],
        [],
        lambda v, d: write(v, d),
        rtl=request.language == "ar",
    ).draw()


def parts(
    request: PageRequest, counts: Iterable[Part], dimension: str, path: str, origin: str
) -> Rows:
    """Rows of a table: name, count, share with its interval."""
    rows: Rows = []
    for part in counts:
        name = request.label(dimension, part.code)
        cells = [counted(request, part.n, origin), share(request, part, origin)]
        rows.append((name, request.link(f"{path}{part.code}"), cells))
    return rows


def share(request: PageRequest, part: Part, origin: str) -> dict[str, str]:
    """A share of ads as a figure with its interval."""
    low, high = (request.format.share(bound) for bound in (part.lower, part.upper))
    return {
        **counted(request, part.n, origin),
        "text": request.format.share(part.share),
        "full": request.format.share(part.share),
        "value": f"{100 * part.share:.4g}",
        "unit": "PT",
        "interval": request._("%(low)s to %(high)s") % {"low": low, "high": high},
        "quality": "interval",
    }


def pay(request: PageRequest, median_pay: MedianPay, origin: str) -> dict[str, str] | None:
    """Median monthly pay as a figure; None where too few ads say their pay."""
    if median_pay.median is None or median_pay.lower is None or median_pay.upper is None:
        return None
    words = [amount(request, v) for v in (median_pay.median, median_pay.lower, median_pay.upper)]
    return {
        **counted(request, median_pay.n, origin),
        "text": words[0],
        "full": words[0],
        "value": f"{median_pay.median:.15g}",
        "unit": "MAD",
        "interval": request._("%(low)s to %(high)s") % {"low": words[1], "high": words[2]},
        "quality": "interval",
    }


def amount(request: PageRequest, value: float) -> str:
    """Dirhams a month."""
    return request._("%(amount)s dirhams") % {"amount": request.format.number(value)}
