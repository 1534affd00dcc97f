"""One entry of the library: what was asked, how, what people said, and the figures beside it."""

from __future__ import annotations

from marsad.publish.query import DataQuery, Value
from marsad.web.locale import N_
from marsad.web.request import PageRequest
from marsad.web.story import cell

PATH = "/library/{study}"
TITLE = N_("Study")
_KINDS = {
    "study": N_("Study"),
    "employer_survey": N_("Employer survey"),
    "interviews": N_("Interviews"),
}


def context(request: PageRequest) -> dict[str, object]:
    """The entry; NotFoundError for one that does not exist."""
    found = request.reader.library.study(request.path["study"])
    return {
        "heading": request.text(found.title),
        "one": found.said,
        "kind": request._(_KINDS[found.said.kind]),
        "languages_of": [request.label("language", code) for code in found.said.languages],
        "figures": [_figure(request, name) for name in found.said.explains],
    }


def _figure(request: PageRequest, name: str) -> dict[str, object]:
    """The newest country-level figure of an indicator, of its first survey that has one."""
    indicator = request.reader.indicator(name)
    newest: Value | None = None
    for survey in indicator.surveys:
        query = DataQuery(name, {"survey": (survey,), "area": ("MA",)}, latest=True, limit=500)
        rows = [r for r in request.reader.data(query).rows if _whole(r)]
        if rows:
            newest = max(rows, key=lambda row: row.period)
            break
    return {
        "title": request.text(indicator.title),
        "link": request.link(f"/indicators/{name}"),
        "cell": cell(request, indicator, newest),
        "period": request.format.period(newest.period) if newest else "",
        "survey": request.label("survey", newest.survey) if newest else "",
        "synthetic": bool(newest and newest.synthetic),
    }


def _whole(row: Value) -> bool:
    """Whether a value is of everyone and everything, not of a part."""
    parts = (row.sex, row.urbanisation, row.education, row.occupation, row.category)
    return row.value is not None and set(parts) <= {"_T"} and row.age in ("_T", "Y_GE15")
