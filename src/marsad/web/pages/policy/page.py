"""The policy desk: early warnings, the outlook, signs of shortage and the register of measures."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.policy import CHANCE, FALL, GAP, RISE, RISES, UNKNOWN, Outcome, Warning
from marsad.publish.read.reader import Value
from marsad.web.amounts import amount
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.request import PageRequest
from marsad.web.sentences import cell

PATH = "/policy"
TITLE = N_("Policy desk")
FIGURES = True

WARNINGS = {
    "rising": N_("Unemployment, season taken out: does it rise?"),
    "outlook": N_("Unemployment to come: is it expected to rise?"),
    "young": N_("Young people: do they fall behind?"),
    "ads": N_("Demand in job ads: does it fall?"),
    "sources": N_("Sources of data: is any in trouble?"),
}
RULES = {
    "rising": N_("On when the adjusted quarterly rate rises by more than %(rise)s points, %(times)s quarters in a row. Not told where the adjustment fails its own yardstick."),
    "outlook": N_("On when the outlook gives a chance of %(chance)s%% or more that the rate of its last quarter lies above that of the same quarter a year before, and no series break lies between."),
    "young": N_("On when the gap between the rate of people of 15 to 24 years and that of all grows by more than %(gap)s point in a year."),
    "ads": N_("On when the index of open job ads of the last three months lies more than %(fall)s%% below that of the same months a year before, so that seasons do not count."),
    "sources": N_("On when the last run of a source failed or warned: figures that rest on it may be late."),
}  # fmt: skip
STATES = {"on": N_("on"), "off": N_("off"), "unknown": N_("cannot be told")}
SIGNS = {
    "growth": N_("New ads grow"),
    "time_open": N_("Ads stay open long"),
    "pay": N_("Pay offered rises"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    warnings: list[dict[str, object]]
    untold: list[str]
    scenarios: list[tuple[str, str, list[dict[str, str]]]]
    signs: list[str]
    unsigned: list[str]
    unranked: list[str]
    shortages: list[dict[str, object]]
    survey: str
    synthetic: bool
    measures: list[Outcome]


def context(request: PageRequest) -> View:
    """Everything the desk shows."""
    policy = request.reader.policy
    last, ahead = policy.scenarios()
    survey, shortages = policy.shortages()
    warnings = policy.warnings()
    lamps = [w for w in warnings if w.state != UNKNOWN and (w.values or w.of)]
    signs = [s for s in SIGNS if any(row.signs[s] != UNKNOWN for row in shortages)]
    return View(
        warnings=[_warning(request, warning) for warning in lamps],
        untold=[request._(WARNINGS[w.id]) for w in warnings if w not in lamps],
        scenarios=_scenarios(request, last, ahead),
        signs=[request._(SIGNS[s]) for s in signs],
        unsigned=[request._(name) for s, name in SIGNS.items() if shortages and s not in signs],
        unranked=[request.label("occupation", row.code) for row in shortages if not row.known],
        shortages=[
            {
                "code": shortage.code,
                "name": request.label("occupation", shortage.code),
                "states": [
                    (shortage.signs[s], request._(STATES[shortage.signs[s]])) for s in signs
                ],
                "count": shortage.count,
                "known": shortage.known,
            }
            for shortage in shortages
            if shortage.known
        ],
        survey=request.label("survey", survey),
        synthetic=bool(shortages) and survey.endswith("SYNTHETIC"),
        measures=policy.outcomes(),
    )


def _warning(site: Site, warning: Warning) -> dict[str, object]:
    numbers = {"rise": RISE, "gap": GAP, "fall": 100 * FALL, "chance": 100 * CHANCE}
    thresholds = {name: site.format.number(v, 1 if v % 1 else 0) for name, v in numbers.items()}
    return {
        "id": warning.id,
        "name": site._(WARNINGS[warning.id]),
        "rule": site._(RULES[warning.id]) % {**thresholds, "times": RISES},
        "state": warning.state,
        "word": site._(STATES[warning.state]),
        "figures": [_figure(site, value) for value in warning.values],
        "count": _troubled(site, warning),
        "link": site.link(f"/indicators/{warning.indicator}", warning.codes)
        if warning.indicator
        else site.link("/sources"),
    }


def _troubled(locale: Locale, warning: Warning) -> str:
    """How many sources are in trouble, of how many; empty for another warning."""
    if not warning.of:
        return ""
    troubled = locale.ngettext(
        "%(count)s source in trouble", "%(count)s sources in trouble", warning.troubled
    )
    every = locale.ngettext("of %(count)s source", "of %(count)s sources", warning.of)
    return f"{troubled} {every}"


def _figure(locale: Locale, value: Value) -> dict[str, object]:
    indicator = locale.reader.indicator(value.indicator)
    group = "" if value.age in ("_T", "Y_GE15") else locale.label("age", value.age)
    return {
        "period": locale.format.period(value.period),
        "group": group,
        "cell": cell(locale, indicator, value),
        "survey": locale.label("survey", value.survey),
        "synthetic": value.synthetic,
    }


def _scenarios(
    locale: Locale, last: Value | None, ahead: list[Value]
) -> list[tuple[str, str, list[dict[str, str]]]]:
    """Rows of the scenario table: the low bound, the centre and the high bound of each quarter."""
    if not ahead:
        return []
    indicator = locale.reader.indicator("unemployment_outlook")
    rows = []
    for value in ahead:
        middle = cell(locale, indicator, value)
        bounds = [
            {
                **middle,
                "text": amount(locale, indicator, b, value.unit),
                "value": f"{b:.15g}",
                "key": "",
                "interval": "",
                "note": "",
            }
            for b in (value.lower, value.upper)
            if b is not None
        ]
        cells = [bounds[0], {**middle, "interval": ""}, bounds[1]] if len(bounds) == 2 else [middle]
        rows.append((locale.format.period(value.period), "", cells))
    if last is not None:
        known = cell(locale, locale.reader.indicator("unemployment_rate"), last)
        name = locale._("%(period)s (published)") % {"period": locale.format.period(last.period)}
        rows.insert(0, (name, "", [{"text": "", "interval": "", "note": ""}, known, {"text": "", "interval": "", "note": ""}]))  # fmt: skip
    return rows
