"""The data for machines, told to people: addresses to copy, formats, conditions."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/data"
TITLE = N_("Data and API")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    examples: list[tuple[str, str]]
    everything: list[tuple[str, str]]


def context(request: PageRequest) -> View:
    """Examples over the first indicator, as commands to copy."""
    indicators = request.reader.indicators()
    first = indicators[0].id if indicators else "unemployment_rate"
    data = f"{request.base}/api/v1/indicators/{first}/data"
    sdmx = f"{request.base}/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0"
    _ = request._
    return View(
        examples=[
            (_("List of indicators"), f"curl '{request.base}/api/v1/indicators'"),
            (_("All values of an indicator, as a table"), f"curl '{data}?format=csv'"),
            (
                _("One survey, one area, some years"),
                f"curl '{data}?area=MA&survey=ENE&sex=_T&start=2015&end=2025&format=csv'",
            ),
            (
                _("The latest value of each region"),
                f"curl '{data}?level=region&parent=MA&latest=true&format=json'",
            ),
            (
                _("Search the ads"),
                f"curl -G '{request.base}/api/v1/ads' --data-urlencode 'q=soudeur'",
            ),
            (_("Register of sources"), f"curl '{request.base}/api/v1/sources'"),
            (_("Everything in SDMX 3.0, as CSV"), f"curl -H 'Accept: text/csv' '{sdmx}/*'"),
        ],
        everything=[
            (
                request.text(i.title),
                request.api(f"/api/v1/indicators/{i.id}/data", {"format": "csv"}),
            )
            for i in indicators
        ],
    )
