"""One visit: from a request to a page, as read, or with the form that was sent to it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from marsad import __version__
from marsad.backoffice.ports import NOBODY, Desk
from marsad.base.labels import LANGUAGES
from marsad.publish.http.replies import site_of
from marsad.publish.read.reader import Reader
from marsad.web.layout.environment import environment
from marsad.web.layout.navigation import FOOT, MENU, installed
from marsad.web.locale import TONGUES
from marsad.web.pages import Page
from marsad.web.request import SESSION, PageRequest, Upload
from marsad.web.static import manifest

MOST_BYTES, MOST_FIELDS = 5_000_000, 200
# A file larger than this is put on disk by the server's form reader; what visitors send never is.
MultiPartParser.spool_max_size = MOST_BYTES + 1
_UNKEPT = {"Cache-Control": "no-store"}


def endpoint(
    page: Page, language: str, reader: Callable[[], Reader], desk: Desk
) -> Callable[[Request], Awaitable[Response]]:
    """What answers a page's address."""

    async def answer(request: Request) -> Response:
        seen = await run_in_threadpool(_seen, request, page, language, reader, desk)
        if request.method == "POST":
            seen = await _with_form(request, seen)
        return await run_in_threadpool(_answer, request, page, seen)

    return answer


def _seen(
    request: Request, page: Page, language: str, reader: Callable[[], Reader], desk: Desk
) -> PageRequest:
    return visit(request, language, page.id, reader(), desk)


def _answer(request: Request, page: Page, seen: PageRequest) -> Response:
    headers = {"Content-Language": seen.language, **page.headers}
    if seen.sent or not page.kept:
        headers = {**_UNKEPT, **headers} if not seen.files else {**headers, **_UNKEPT}
    else:
        tag = _tag(seen)
        headers |= {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    given = page.context(seen)
    if isinstance(given, Response):
        for name, value in headers.items():
            given.headers.setdefault(name, value)
        return given
    html = render(seen, page.title, given, f"pages/{page.id}/page.html")
    return Response(html, media_type="text/html", headers=headers)


async def _with_form(request: Request, seen: PageRequest) -> PageRequest:
    """The visit with what was sent. Only our own pages may send: a foreign Origin is refused."""
    origin = request.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != request.url.netloc:
        raise HTTPException(403, "A form of another site was sent here.")
    if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
        raise HTTPException(413, f"At most {MOST_BYTES // 1_000_000} MB can be sent.")
    fields: dict[str, tuple[str, ...]] = {}
    files = []
    async with request.form(max_files=4, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    files.append(Upload(value.filename, await value.read()))
            else:
                fields[name] = (*fields.get(name, ()), value)
    return replace(seen, form=fields, files=tuple(files))


def visit(
    request: Request, language: str, page: str, reader: Reader, desk: Desk = NOBODY
) -> PageRequest:
    """A request as pages see it; `language` is that of its address."""
    where = request.url.path.removeprefix(f"/{language}") or "/"
    return PageRequest(
        TONGUES[language].content,
        reader,
        page,
        where,
        site_of(request),
        dict(request.path_params),
        {name: value for name, value in request.query_params.items() if value},
        method=request.method,
        desk=desk,
        session=request.cookies.get(SESSION, ""),
        tongue=language,
    )


def _tag(seen: PageRequest) -> str:
    parts = (seen.reader.release().id, seen.base, seen.here(), __version__, *manifest().values())
    return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]}"'


def render(seen: PageRequest, title: str, context: dict[str, object], template: str) -> str:
    """A page's HTML."""
    shared = {
        "visit": seen,
        "title": seen._(title),
        "release": seen.reader.release(),
        "languages": LANGUAGES,
        "tongues": TONGUES,
        "_": seen._,
        "ngettext": seen.ngettext,
        "in_tongue": seen.in_tongue,
        "fmt": seen.format,
        "version": __version__,
        "menu": installed(MENU),
        "foot": installed(FOOT),
    }
    return environment().get_template(template).render({**shared, **context})
