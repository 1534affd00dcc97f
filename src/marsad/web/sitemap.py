"""The map of the site for search engines: an index and parts, and what robots may read.

Ads and trainings stand in it only where they are real: a search engine must not list a job or a
training that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.errors import NotFoundError
from marsad.base.labels import LANGUAGES
from marsad.base.refusals import refused
from marsad.publish.http.replies import site_of
from marsad.publish.read.reader import Reader
from marsad.web.audiences import DOORS
from marsad.web.layout.navigation import FOOT, MENU, installed
from marsad.web.locale import TONGUES

MOST = 40_000
"""Addresses in one file; search engines read 50,000 and 50 MB at most."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def _main(reader: Reader) -> Iterator[str]:
    yield "/"
    yield from (
        entry.path for entry in installed(MENU + FOOT) if not entry.path.startswith("/admin")
    )
    yield from (f"/for/{door.id}" for door in DOORS)
    yield from ("/sectors", "/skills", "/planner")
    for indicator in reader.indicators():
        yield from (f"/indicators/{indicator.id}", f"/method/{indicator.id}")
    yield from (f"/policy/{outcome.measure.id}" for outcome in reader.policy.outcomes())
    yield from (f"/library/{study.id}" for study in reader.library.search())


def _areas(_reader: Reader) -> Iterator[str]:
    yield from (f"/areas/{code}" for code in areas())


def _work(reader: Reader) -> Iterator[str]:
    yield from (f"/occupations/{c}" for c in codelist("isco08") if c.isdecimal())
    yield from (f"/occupations/{c}" for c in reader.profiles.esco(""))
    yield from (f"/sectors/{c}" for c in codelist("isic") if not c.startswith("_"))
    yield from (f"/skills/{c}" for c in reader.lookups.skills)


def _offers(reader: Reader) -> Iterator[str]:
    ads, trainings = reader.profiles.listed()
    yield from (f"/ads/{name}" for name in ads)
    yield from (f"/trainings/{name}" for name in trainings)


PARTS: dict[str, Callable[[Reader], Iterator[str]]] = {
    "main": _main,
    "areas": _areas,
    "work": _work,
    "offers": _offers,
}


def index(reader: Callable[[], Reader]) -> Callable[[Request], Response]:
    """What answers the index of the parts: files of at most MOST addresses, by language."""

    def answer(request: Request) -> Response:
        base, now = site_of(request), reader()
        files = {name: -(-sum(1 for _ in paths(now)) // MOST) for name, paths in PARTS.items()}
        entries = "".join(
            f"<sitemap><loc>{base}/sitemap-{name}-{language}-{number}.xml</loc></sitemap>"
            for name, most in files.items()
            for language in LANGUAGES
            for number in range(1, most + 1)
        )
        text = f"{_HEAD}<sitemapindex {_SCHEMA}>{entries}</sitemapindex>\n"
        return Response(text, media_type="application/xml")

    return answer


def part(reader: Callable[[], Reader]) -> Callable[[Request], Response]:
    """What answers one file of addresses; NotFoundError for one that does not exist."""

    def answer(request: Request) -> Response:
        name, language, number = (request.path_params[k] for k in ("part", "language", "number"))
        base, now = site_of(request), reader()
        paths: list[str] = []
        if name in PARTS and language in LANGUAGES and number:
            paths = list(islice(PARTS[name](now), MOST * (number - 1), MOST * number))
        if not paths:
            raise NotFoundError(refused("nothing_here"))
        day = now.release().reference_on.isoformat()
        entries = "".join(
            f"<url><loc>{escape(f'{base}/{language}{path}')}</loc><lastmod>{day}</lastmod>"
            f"{_others(base, path)}</url>"
            for path in paths
        )
        text = f"{_HEAD}<urlset {_SCHEMA} {_XHTML}>{entries}</urlset>\n"
        return Response(text, media_type="application/xml")

    return answer


def _others(base: str, path: str) -> str:
    """The same page in each language, as search engines ask for it."""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(f"{base}/{language}{path}")}/>'
        for language in LANGUAGES
    )


def robots(request: Request) -> Response:
    """Robots may read everything but what is for people on duty."""
    base = site_of(request)
    hidden = "".join(f"Disallow: /{language}/admin\n" for language in TONGUES)
    return PlainTextResponse(f"User-agent: *\n{hidden}\nSitemap: {base}/sitemap.xml\n")
