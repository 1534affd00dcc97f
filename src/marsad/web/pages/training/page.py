"""One training: what it is, where, and the work that it leads to with the demand for it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.publish.read.profiles import Demand
from marsad.publish.read.reader import AdQuery
from marsad.web.demand import demand_of, sentence
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

PATH = "/trainings/{training}"
TITLE = N_("Training")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: object
    t: dict[str, object]
    job: str
    d: dict[str, object] | None
    sentence: str
    others: list[dict[str, object]]
    markup: dict[str, object] | None


def context(request: PageRequest) -> View:
    """Everything the page shows; NotFoundError for a training that is not published."""
    training = request.reader.lookups.training(request.path["training"])
    job = str(training["isco08"] or "")
    profiles = request.reader.profiles
    demand = profiles.demand(AdQuery(filters={"occupation": job})) if job else None
    return View(
        heading=training["title"],
        t=training,
        job=job,
        d=demand_of(request, demand) if demand else None,
        sentence=_sentence(request, training, demand),
        others=[t for t in profiles.trainings(job, most=8) if t["training"] != training["training"]]
        if job
        else [],
        markup=_markup(training),
    )


def _sentence(locale: Locale, training: dict[str, object], demand: Demand | None) -> str:
    """What the training leads to, and the demand for that, as far as it is known."""
    if demand is None:
        return locale._("The title does not tell surely enough which work it leads to.")
    name = locale.label("occupation", demand.query.filters["occupation"])
    return locale._("Leads to this work: %(said)s") % {"said": sentence(locale, name, demand)}


def _markup(training: dict[str, object]) -> dict[str, object] | None:
    """schema.org Course; none for a training that does not exist."""
    if training["synthetic"]:
        return None
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": training["title"],
        "description": f"{training['title']}, {training['provider']}",
        "provider": {"@type": "Organization", "name": training["provider"]},
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "courseMode": training["mode"] or "Onsite",
        },
    }
