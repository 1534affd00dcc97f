"""One training: what it is, where, and the work that it leads to with the demand for it."""

from __future__ import annotations

from marsad.publish.read.profiles import Demand
from marsad.publish.read.reader import AdQuery
from marsad.web.demand import demand_of, sentence
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/trainings/{training}"
TITLE = N_("Training")


def context(request: PageRequest) -> dict[str, object]:
    """Everything the page shows; NotFoundError for a training that is not published."""
    found = request.reader.lookups.training(request.path["training"])
    job = str(found["isco08"] or "")
    profiles = request.reader.profiles
    demand = profiles.demand(AdQuery(occupation=job)) if job else None
    return {
        "heading": found["title"],
        "t": found,
        "job": job,
        "d": demand_of(request, demand) if demand else None,
        "sentence": _sentence(request, found, demand),
        "others": [t for t in profiles.trainings(job, most=8) if t["training"] != found["training"]]
        if job
        else [],
        "markup": _markup(found),
    }


def _sentence(request: PageRequest, found: dict[str, object], demand: Demand | None) -> str:
    """What the training leads to, and the demand for that, as far as it is known."""
    if demand is None:
        return request._("The title does not tell surely enough which work it leads to.")
    name = request.label("occupation", demand.query.occupation)
    return request._("Leads to this work: %(said)s") % {"said": sentence(request, name, demand)}


def _markup(found: dict[str, object]) -> dict[str, object] | None:
    """schema.org Course; none for a training that does not exist."""
    if found["synthetic"]:
        return None
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": found["title"],
        "description": f"{found['title']}, {found['provider']}",
        "provider": {"@type": "Organization", "name": found["provider"]},
        "hasCourseInstance": {"@type": "CourseInstance", "courseMode": found["mode"] or "Onsite"},
    }
