"""Training places against the demand that ads show; as a table, and as CSV with `format=csv`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from starlette.responses import Response

from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.publish.read.planner import KINDS, UNKNOWN, Cell, Plan, Ratio
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.person_form import places
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/planner"
TITLE = N_("Training places against demand")
NAMES = {
    "field": N_("Field of education"),
    "occupation": N_("Occupation group"),
    "region": N_("Region"),
    "province": N_("Province or prefecture"),
}
VERDICTS = {
    "more": N_("more places than ads"),
    "level": N_("about level"),
    "fewer": N_("more ads than places"),
    "unknown": N_("too little to tell"),
}
_DIMENSION = {"field": "isced_f", "occupation": "occupation", "region": "area", "province": "area"}
_PATHS = {"occupation": "/occupations/", "region": "/areas/", "province": "/areas/"}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    plan: Plan
    kinds: list[tuple[str, list[tuple[str, str]]]]
    areas: list[tuple[str, list[tuple[str, str]]]]
    name: str
    rows: list[dict[str, object]]
    csv: str
    coded: str
    span: str
    judged: int


def context(request: PageRequest) -> View | Response:
    """The table and how far it sees; InputError for a choice that does not exist."""
    kind = request.get("by") or KINDS[0]
    plan = request.reader.planner.plan(kind, request.get("area"))
    form = request.get("format")
    if form not in ("", "csv"):
        raise InputError(refused("no_format", name=form, known="csv"))
    if form == "csv":
        return _csv(request, plan)
    return View(
        plan=plan,
        kinds=[("", [(k, request._(NAMES[k])) for k in KINDS])],
        areas=places(request),
        name=request._(NAMES[kind]),
        rows=[_row(request, plan, cell) for cell in plan.cells],
        csv=request.here(format="csv"),
        coded=request.format.share(plan.coded_ads / plan.ads) if plan.ads else "",
        span=_span(request, plan),
        judged=sum(cell.verdict != UNKNOWN for cell in plan.cells),
    )


def _row(site: Site, plan: Plan, cell: Cell) -> dict[str, object]:
    origin = site._("Trainings and ads of this release")
    path = _PATHS.get(plan.kind)
    shown = site.format.number(cell.ads, 0)
    return {
        "name": site.label(_DIMENSION[plan.kind], cell.code),
        "link": site.link(f"{path}{cell.code}") if path else "",
        "places": counted(site, cell.places, origin),
        "ads": {**counted(site, 0, origin), "text": shown, "full": shown,
                "value": f"{cell.ads:.6g}"},
        "ratio": _ratio(site, cell.ratio, origin),
        "relative": _ratio(site, cell.relative, origin),
        "verdict": cell.verdict,
        "word": site._(VERDICTS[cell.verdict]),
        "partial": cell.partial,
    }  # fmt: skip


def _ratio(locale: Locale, ratio: Ratio | None, origin: str) -> dict[str, str] | None:
    """A ratio as a figure with its interval; None where it is not told."""
    if ratio is None:
        return None
    value, low, high = (locale.format.number(v, 2) for v in (ratio.value, ratio.lower, ratio.upper))
    return {
        **counted(locale, 0, origin), "text": value, "full": value, "value": f"{ratio.value:.4g}",
        "unit": "RT", "interval": locale._("%(low)s to %(high)s") % {"low": low, "high": high},
        "quality": "interval",
    }  # fmt: skip


def _span(locale: Locale, plan: Plan) -> str:
    """When the ads were posted, and that they are brought to a year where they span less."""
    if plan.since is None or plan.until is None:
        return ""
    days = {
        name: locale.format.date(day)
        for name, day in (("since", plan.since), ("until", plan.until))
    }
    if plan.share == 1:
        return locale._("The ads were posted from %(since)s to %(until)s.") % days
    return (
        locale._(
            "The ads were posted from %(since)s to %(until)s, less than a year: for the ratio their"
            " number is brought to a year."
        )
        % days
    )


def _csv(locale: Locale, plan: Plan) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    bounds = [
        f"{name}{part}" for name in ("ratio", "relative") for part in ("", "_lower", "_upper")
    ]
    writer.writerow(
        ["by", "code", "name", "area", "year", "places", "some_places_untold", "ads", "ads_since",
         "ads_until", "part_of_a_year", *bounds, "verdict", "synthetic", "release"]
    )  # fmt: skip
    for cell in plan.cells:
        numbers = [
            "" if ratio is None else f"{v:.4f}"
            for ratio in (cell.ratio, cell.relative)
            for v in ((ratio.value, ratio.lower, ratio.upper) if ratio else ("", "", ""))
        ]
        writer.writerow(
            [plan.kind, cell.code, locale.label(_DIMENSION[plan.kind], cell.code), plan.area or "MA",
             plan.year, cell.places, cell.partial, f"{cell.ads:.2f}", plan.since, plan.until,
             f"{plan.share:.4f}", *numbers, cell.verdict, plan.synthetic,
             locale.reader.release().id]
        )  # fmt: skip
    mark = "-synthetic" if plan.synthetic else ""
    name = f"marsad-places-{plan.kind}{mark}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers=headers)
