"""An ad as schema.org JobPosting, so that search engines list it."""

from __future__ import annotations

from html import escape

from marsad.base.areas import areas
from marsad.publish.read.reader import AdDetail
from marsad.web.layout.environment import plain

_TIMES = {"full_time": "FULL_TIME", "part_time": "PART_TIME"}


def posting(ad: AdDetail) -> dict[str, object] | None:
    """The markup of a real ad that its source lets us show, while it is told until when it is valid
    and who hires; None for every other."""
    # A synthetic ad is never marked up: search engines would list a job that does not exist.
    if ad.synthetic or not (ad.title and ad.text and ad.company):
        return None
    if ad.posted_on is None or ad.deadline_on is None:
        return None
    place = {"@type": "PostalAddress", "addressCountry": "MA"}
    for name, coded in (
        ("addressRegion", ad.codes["region"]),
        ("addressLocality", ad.codes["commune"] or ad.codes["province"]),
    ):
        if coded and coded.code in areas():
            place[name] = areas()[coded.code].label("fr")
    markup: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": plain(ad.title),
        "description": escape(plain(ad.text)).replace("\n", "<br>"),
        "datePosted": ad.posted_on.isoformat(),
        "validThrough": ad.deadline_on.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": plain(ad.company)},
        "jobLocation": {"@type": "Place", "address": place},
    }
    time, occupation = ad.codes["working_time"], ad.codes["occupation"]
    if time and time.code in _TIMES:
        markup["employmentType"] = _TIMES[time.code]
    if occupation:
        markup["occupationalCategory"] = f"ISCO-08 {occupation.code}"
    return markup
