"""Training places against the demand that ads show; as a table, and as CSV with `format=csv`."""

from __future__ import annotations

import csv
import io

from starlette.responses import Response

from marsad.base.areas import at_level, region_of
from marsad.publish.planner import KINDS, Cell, Plan
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.story import counted

PATH = "/planner"
TITLE = N_("Training places against demand")
NAMES = {
    "field": N_("Field of education"),
    "occupation": N_("Occupation group"),
    "region": N_("Region"),
    "province": N_("Province or prefecture"),
}
VERDICTS = {
    "more": N_("more places for each ad than on the whole"),
    "level": N_("about as on the whole"),
    "fewer": N_("fewer places for each ad than on the whole"),
    "unknown": N_("too few ads or places to tell"),
}
_DIMENSION = {"field": "isced_f", "occupation": "occupation", "region": "area", "province": "area"}
_PATHS = {"occupation": "/occupations/", "region": "/areas/", "province": "/areas/"}


def context(request: PageRequest) -> dict[str, object] | Response:
    """The table and how far it sees; InputError for a choice that does not exist."""
    kind = request.get("by") or KINDS[0]
    plan = request.reader.planner.plan(kind, request.get("area"))
    if request.get("format") == "csv":
        return _csv(request, plan)
    return {
        "plan": plan,
        "kinds": [("", [(k, request._(NAMES[k])) for k in KINDS])],
        "areas": _areas(request),
        "name": request._(NAMES[kind]),
        "rows": [_row(request, plan, one) for one in plan.cells],
        "csv": request.here(format="csv"),
        "coded": request.format.share(plan.coded_ads / plan.ads) if plan.ads else "",
    }


def _areas(request: PageRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    regions = [(a.code, a.label(request.language)) for a in at_level("region")]
    groups = [("", regions)]
    for code, name in regions:
        below = [a for a in at_level("province") if region_of(a.code) == code]
        groups.append((name, [(a.code, a.label(request.language)) for a in below]))
    return groups


def _row(request: PageRequest, plan: Plan, one: Cell) -> dict[str, object]:
    told = request._("Trainings and ads of this release")
    path = _PATHS.get(plan.kind)
    relative, interval = "", ""
    if one.relative is not None and one.lower is not None and one.upper is not None:
        write = request.format.number
        relative = write(one.relative, 2)
        interval = request._("%(low)s to %(high)s") % {
            "low": write(one.lower, 2), "high": write(one.upper, 2),
        }  # fmt: skip
    return {
        "name": request.label(_DIMENSION[plan.kind], one.code),
        "link": request.link(f"{path}{one.code}") if path else "",
        "places": counted(request, one.places, told),
        "ads": {**counted(request, round(one.ads), told), "text": request.format.number(one.ads, 0)},
        "relative": {
            **counted(request, 0, told), "text": relative, "value": f"{one.relative:.3f}",
            "unit": "RT", "interval": interval, "quality": "interval",
        } if one.relative is not None else None,
        "verdict": one.verdict,
        "word": request._(VERDICTS[one.verdict]),
    }  # fmt: skip


def _csv(request: PageRequest, plan: Plan) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["by", "code", "name", "area", "year", "places", "ads_12_months", "relative", "lower",
         "upper", "verdict", "synthetic", "release"]
    )  # fmt: skip
    for one in plan.cells:
        numbers = ["" if v is None else f"{v:.4f}" for v in (one.relative, one.lower, one.upper)]
        writer.writerow(
            [plan.kind, one.code, request.label(_DIMENSION[plan.kind], one.code), plan.area or "MA",
             plan.year, one.places, f"{one.ads:.2f}", *numbers, one.verdict, plan.synthetic,
             request.reader.release().id]
        )  # fmt: skip
    name = f"marsad-places-{plan.kind}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers=headers)
