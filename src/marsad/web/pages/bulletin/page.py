"""A bulletin as a file, and its chart as SVG or PNG; kept in memory until the next release. That of a
quarter (MA-06-2026-Q3.pdf) is kept as it was written."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from starlette.responses import Response

from marsad.backoffice.ports import NOBODY
from marsad.base.errors import NotFoundError
from marsad.base.refusals import refused
from marsad.publish.read.reader import Reader
from marsad.web.bulletins.content import LANGUAGES, bulletin, chart, places
from marsad.web.bulletins.typeset import png
from marsad.web.locale import N_
from marsad.web.localisation import Site
from marsad.web.request import PageRequest

PATH = "/bulletins/{name}"
TITLE = N_("Bulletin")
FIGURES = True
MOST_FILES = 64
_TYPES = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png"}


def context(request: PageRequest) -> Response:
    """The file; NotFoundError for a place or a kind that there is none of."""
    name, _, kind = request.path["name"].rpartition(".")
    code, edition = (name[:-8], name[-7:]) if name[-2:-1] == "Q" else (name, "")
    if code not in places() or kind not in _TYPES or (edition and kind != "pdf"):
        raise NotFoundError(refused("no_bulletin", code=request.path["name"]))
    if kind == "pdf" and request.language not in LANGUAGES:
        raise NotFoundError(refused("bulletin_languages"))
    if edition and request.desk is NOBODY:
        raise NotFoundError(refused("no_editions"))
    data = (
        request.desk.editions.file(edition, code, request.language)
        if edition
        else _made(request.reader, request.language, request.base, code, kind)
    )
    headers = {"Content-Disposition": f'inline; filename="marsad-{name}-{request.language}.{kind}"'}
    return Response(data, media_type=_TYPES[kind], headers=headers)


_FILES_BY_READER: WeakKeyDictionary[Reader, dict[tuple[str, ...], bytes]] = WeakKeyDictionary()


def _made(reader: Reader, *arguments: str) -> bytes:
    """A file from memory, or made; what was made goes with the reader of its release."""
    files = _FILES_BY_READER.setdefault(reader, {})
    if arguments not in files:
        if len(files) >= MOST_FILES:
            files.clear()
        files[arguments] = _make(reader, *arguments)
    return files[arguments]


def _make(reader: Reader, language: str, base: str, code: str, kind: str) -> bytes:
    site = Site(language, reader, base)
    if kind == "pdf":
        return bulletin(site, code)
    picture = chart(site, code)
    if picture is None:
        raise NotFoundError(refused("no_picture", code=code))
    return picture.svg.encode() if kind == "svg" else png(picture.svg)
