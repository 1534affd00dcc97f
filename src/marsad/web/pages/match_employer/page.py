"""An employer's ad read back: its occupation, what such ads ask and pay, how scarce people are here,
and words that exclude. The ad is read in memory and not kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marsad.base.areas import region_of
from marsad.base.errors import InputError
from marsad.publish.read.matching import AdFeedback, LegalMinimum
from marsad.publish.read.reader import DataQuery
from marsad.web import person_form
from marsad.web.excerpts import Quotes
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.request import PageRequest
from marsad.web.sentences import cell, counted

PATH = "/match/employer"
TITLE = N_("Read my ad")
POST = True
CACHEABLE = False
HEADERS = {"Cache-Control": "private, no-cache"}
"""The visitor's own browser may show an answer again when they come back from an ad; nobody else's. Of
a file that was sent it holds the codes that were read, never the file."""
MOST_AD = 12_000
_RATIO = "ads_per_unemployed"
WHY = {
    "gender_condition": N_(
        "Article 9 of the labour code (law 65-99) forbids discrimination by sex in hiring."
    ),
    "age_condition": N_(
        "Age is not in the list of article 9 of the labour code (law 65-99), but a limit of age shuts out people who can do the work; equal chances in hiring are the aim of that article."
    ),
    "appearance_condition": N_(
        "Looks say nothing of the work. Article 9 of the labour code (law 65-99) forbids what harms equal chances in hiring on the grounds it names, such as sex, colour, disability or origin, and a condition of looks easily does."
    ),
    "disability_condition": N_(
        "Article 9 of the labour code (law 65-99) forbids discrimination by disability, and so does framework law 97-13 on the rights of disabled people."
    ),
    "origin_condition": N_(
        "Article 9 of the labour code (law 65-99) forbids discrimination by colour, religion, national descent or social origin in hiring."
    ),
    "below_minimum_wage": N_(
        "Article 356 of the labour code (law 65-99): no one may be paid less than the legal minimum wage for the hours worked."
    ),
    "marital_condition": N_(
        "Article 9 of the labour code (law 65-99) forbids discrimination by marital status in hiring."
    ),
    "fee_asked": N_("Nobody should pay to be hired, and the labour code (law 65-99) does not let agencies charge those who look for work."),
}  # fmt: skip
INSTEAD = {
    "gender_condition": N_("Write the occupation for both sexes, for example “salesperson (m/f)”."),
    "age_condition": N_(
        "Write the experience that the work asks, for example “beginners welcome” or “three years of experience”."
    ),
    "appearance_condition": N_(
        "Write what the work asks, for example “at ease in receiving the public”. Do not ask for a photograph."
    ),
    "disability_condition": N_(
        "Write what the work asks of the body, for example “carrying 15 kg”, and say that the post can be adapted."
    ),
    "origin_condition": N_(
        "Write what the work asks, for example “speaks Tarifit” or “lives near the site”, and leave origin out."
    ),
    "below_minimum_wage": N_(
        "Offer at least the legal minimum, or say the hours if the work is part-time."
    ),
    "marital_condition": N_(
        "Write the working hours, travel or night work, and leave everyone to judge."
    ),
    "fee_asked": N_(
        "Take the sum out; what training or equipment costs is for the employer to bear."
    ),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    ad_title: str
    ad: str
    area: str
    places: list[tuple[str, list[tuple[str, str]]]]
    synthetic: bool
    feedback: dict[str, object] | None = None
    problem: str = ""


def context(request: PageRequest) -> View:
    """The form, and what is read from the ad that was sent."""
    title, text = request.form_value("title"), request.form_value("ad", MOST_AD)
    form = person_form.read_person_form(request)
    view = View(
        title, text, form.area, person_form.places(request), request.reader.careers.synthetic
    )
    if not request.sent:
        return view
    try:
        feedback = request.reader.careers.advert(title, text, form.area, form.occupation)
    except InputError:
        return replace(view, problem=request._("Paste the words of the ad first."))
    return replace(view, feedback=_feedback_context(request, feedback, form.area))


def _feedback_context(request: PageRequest, feedback: AdFeedback, area: str) -> dict[str, object]:
    source = person_form.source(request)
    quotes = Quotes(request.form_value("title"), request.form_value("ad", MOST_AD))
    jobs = list(feedback.read.jobs)
    return {
        "job": feedback.job,
        "name": request.label("occupation", feedback.job) if feedback.job else "",
        "link": request.link(f"/occupations/{feedback.job}"),
        "jobs": [
            {
                "code": job.code,
                "name": request.label("occupation", job.code),
                "score": {
                    **counted(request, 0, "Marsad"), "value": f"{100 * job.score:.0f}",
                    "unit": "PT", "text": request.format.share(job.score),
                },
            }
            for job in jobs
        ],
        "words": quotes.written(jobs[0].words) if jobs else "",
        "skills": [(request.label("skill", code), words) for code, words in feedback.read.skills],
        "about": request.label("occupation", feedback.about) if feedback.about else "",
        "lacking": [
            (request.label("skill", demand.code), counted(request, demand.n, source))
            for demand in feedback.lacking
        ],
        "whole": counted(request, feedback.lacking[0].whole, source) if feedback.lacking else None,
        "pay": person_form.paid(request, feedback.pay, feedback.paid),
        "pay_read": _pay(request, feedback),
        "scarce": _scarce(request, feedback, area),
        "excluding": [
            {
                "name": request.label("integrity_flag", flag),
                "words": quotes.written(words),
                "why": request._(WHY[flag]),
                "instead": request._(INSTEAD[flag]),
                "law": _minimum(request, feedback.minimum) if flag == "below_minimum_wage" else "",
            }
            for flag, words in feedback.read.excluding
        ],
        "source": source,
    }  # fmt: skip


def _minimum(locale: Locale, least: LegalMinimum) -> str:
    """The legal minimum with its day, and that it is not checked where it is not."""
    amount = locale._(
        "The legal minimum outside agriculture is about %(pay)s dirhams gross a month (%(hours)s hours) since %(day)s."
    ) % {
        "pay": locale.format.number(round(least.month_mad)),
        "hours": locale.format.number(least.hours),
        "day": locale.format.date(least.since),
    }
    doubt = locale._("The amount is not yet checked against the Bulletin officiel.")
    return amount if least.verified else f"{amount} {doubt}"


def _pay(locale: Locale, feedback: AdFeedback) -> str:
    ends = [v for v in feedback.read.pay or () if v is not None]
    if not ends:
        return ""
    write = locale.format.number
    words = [write(v) for v in dict.fromkeys(ends)]
    return locale._("%(amount)s dirhams") % {"amount": " – ".join(words)}


def _scarce(site: Site, feedback: AdFeedback, area: str) -> dict[str, object]:
    """What is known of how many others look for the same people; nothing is worked out from it."""
    source = person_form.source(site)
    region = (region_of(area) or "") if area else ""
    where = region or "MA"
    query = DataQuery(_RATIO, {"area": (where,)}, latest=True)
    rows = [row for row in site.reader.data(query).rows if row.value is not None]
    indicator = site.reader.indicator(_RATIO)
    return {
        "open": counted(site, feedback.open, source),
        "here": counted(site, feedback.open_here, source) if area else None,
        "area": site.label("area", area) if area else "",
        "trainings": counted(site, feedback.trainings, source),
        "places": None if feedback.places is None else counted(site, feedback.places, source),
        "ratio": cell(site, indicator, rows[-1]) if rows else None,
        "ratio_source": site.label("survey", rows[-1].survey) if rows else "",
        "ratio_name": site.text(indicator.title),
        "ratio_link": site.link(f"/indicators/{_RATIO}"),
        "ratio_where": site.label("area", where),
    }
