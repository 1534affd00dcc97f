"""One training: what it is, where, and the work that it leads to with the demand for it."""

from __future__ import annotations

from marsad.publish.query import AdQuery
from marsad.web.demand import demand_of
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/trainings/{training}"
TITLE = N_("Training")


def context(request: PageRequest) -> dict[str, object]:
    """Everything the page shows; NotFoundError for a training that is not published."""
    found = request.reader.lookups.training(request.path["training"])
    job = str(found["isco08"] or "")
    profiles = request.reader.profiles
    return {
        "heading": found["title"],
        "t": found,
        "job": job,
        "d": demand_of(request, profiles.demand(AdQuery(occupation=job))) if job else None,
        "others": [t for t in profiles.trainings(job, most=8) if t["training"] != found["training"]]
        if job
        else [],
        "markup": _markup(found),
    }


def _markup(found: dict[str, object]) -> dict[str, object] | None:
    """schema.org Course; none for a training that does not exist."""
    if found["synthetic"]:
        return None
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": found["title"],
        "description": found["title"],
        "provider": {"@type": "Organization", "name": found["provider"]},
        "hasCourseInstance": {"@type": "CourseInstance", "courseMode": found["mode"] or "Onsite"},
    }
