"""The map of the site for search engines: an index and parts, and what robots may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.errors import NotFoundError
from marsad.base.labels import LANGUAGES
from marsad.publish.query import Reader
from marsad.web.doors import DOORS
from marsad.web.layout.navigation import FOOT, MENU, installed

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _main(reader: Reader) -> Iterator[str]:
    yield "/"
    yield from (way.path for way in installed(MENU + FOOT) if not way.path.startswith("/admin"))
    yield from (f"/for/{door.id}" for door in DOORS)
    yield from ("/sectors", "/skills", "/planner")
    for found in reader.indicators():
        yield from (f"/indicators/{found.id}", f"/method/{found.id}")
    yield from (f"/policy/{one.measure.id}" for one in reader.policy.outcomes())
    yield from (f"/library/{one.id}" for one in reader.library.search())


def _areas(_reader: Reader) -> Iterator[str]:
    yield from (f"/areas/{code}" for code in areas())


def _work(reader: Reader) -> Iterator[str]:
    yield from (f"/occupations/{c}" for c in codelist("isco08") if c.isdecimal())
    yield from (f"/sectors/{c}" for c in codelist("isic") if not c.startswith("_"))
    yield from (f"/skills/{c}" for c in reader.lookups.skills)


PARTS: dict[str, Callable[[Reader], Iterator[str]]] = {
    "main": _main,
    "areas": _areas,
    "work": _work,
}


def index(request: Request) -> Response:
    """The index of the parts, one for each language."""
    base = f"{request.url.scheme}://{request.url.netloc}"
    found = "".join(
        f"<sitemap><loc>{base}/sitemap-{part}-{language}.xml</loc></sitemap>"
        for part in PARTS
        for language in LANGUAGES
    )
    text = f"{_HEAD}<sitemapindex {_SCHEMA}>{found}</sitemapindex>\n"
    return Response(text, media_type="application/xml")


def part(reader: Callable[[], Reader]) -> Callable[[Request], Response]:
    """What answers one part; NotFoundError for one that does not exist."""

    def answer(request: Request) -> Response:
        name, language = request.path_params["part"], request.path_params["language"]
        if name not in PARTS or language not in LANGUAGES:
            raise NotFoundError("There is no such part of the map of the site.")
        base = f"{request.url.scheme}://{request.url.netloc}/{language}"
        day = reader().release().reference_on.isoformat()
        found = "".join(
            f"<url><loc>{escape(base + path)}</loc><lastmod>{day}</lastmod></url>"
            for path in PARTS[name](reader())
        )
        text = f"{_HEAD}<urlset {_SCHEMA}>{found}</urlset>\n"
        return Response(text, media_type="application/xml")

    return answer


def robots(request: Request) -> Response:
    """Robots may read everything but what is for people on duty or is sent."""
    base = f"{request.url.scheme}://{request.url.netloc}"
    hidden = "".join(f"Disallow: /{language}/admin\n" for language in LANGUAGES)
    return PlainTextResponse(f"User-agent: *\n{hidden}\nSitemap: {base}/sitemap.xml\n")
