"""What is new on a search, an indicator or a place, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from marsad.publish.feeds.news import news, subject
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/feed"
TITLE = N_("Feed")
DAYS = 90


def context(request: PageRequest) -> Response:
    """The feed of the last three months; InputError or NotFoundError as `publish.news.subject`."""
    kind = request.get("kind")
    about = {name: request.get(name) for name in ("q", "about") if request.get(name)}
    release = request.reader.release()
    since = release.published_at - dt.timedelta(days=DAYS)
    named = subject(request.reader, kind, about, request.language)
    here = escape(request.absolute(request.here()))
    entries = "".join(
        f"<entry><id>urn:marsad:{escape(item.id)}</id><title>{escape(_plain(item.title))}</title>"
        f"<updated>{item.at.isoformat()}</updated>"
        f"<link href={quoteattr(f'{request.base}/{request.language}{item.path}')}/></entry>"
        for item in news(request.reader, kind, about, request.language, since)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="{request.language}"><id>{here}</id><title>{escape(_plain(named))} – '
        f"{request._('Marsad')}</title><updated>{release.published_at.isoformat()}</updated>"
        f'<link rel="self" href="{here}"/><author><name>Marsad</name></author>{entries}</feed>\n'
    )
    return Response(text, media_type="application/atom+xml")


def _plain(text: str) -> str:
    """Text without characters that XML does not allow."""
    return "".join(c for c in text if c >= " " and c not in "\ufffe\uffff")
