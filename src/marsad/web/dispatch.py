"""One visit: from an HTTP request to a page, as read, or with the form that was sent to it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from marsad import __version__
from marsad.backoffice.ports import NOBODY, Desk
from marsad.base.build import served_code
from marsad.base.labels import LANGUAGES
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.limits import caller_of
from marsad.publish.http.replies import held_tag, site_of
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
_NO_STORE = {"Cache-Control": "no-store"}


def endpoint(
    page: Page, language: str, reader: Callable[[], Reader], desk: Desk
) -> Callable[[Request], Awaitable[Response]]:
    """What answers a page's address."""

    async def answer(http_request: Request) -> Response:
        request = await run_in_threadpool(_read_request, http_request, page, language, reader, desk)
        if http_request.method == "POST":
            request = await _with_form(http_request, request)
        return await run_in_threadpool(_answer, http_request, page, request)

    return answer


def _read_request(
    http_request: Request, page: Page, language: str, reader: Callable[[], Reader], desk: Desk
) -> PageRequest:
    return page_request(http_request, language, page.id, reader(), desk)


def _answer(http_request: Request, page: Page, request: PageRequest) -> Response:
    headers = {"Content-Language": request.language, **page.headers}
    if request.sent or not page.cacheable:
        headers = {**_NO_STORE, **headers}
    else:
        tag = _tag(request, page)
        if page.figures:
            of_figures(http_request)
        headers |= {"ETag": tag, "Cache-Control": "no-cache"}
        if held := held_tag(http_request, tag):
            return Response(status_code=304, headers={**headers, "ETag": held})
    content = page.context(request)
    if isinstance(content, Response):
        for name, value in headers.items():
            content.headers.setdefault(name, value)
        return content
    html = render(request, page.title, content, f"pages/{page.id}/page.html")
    return Response(html, media_type="text/html", headers=headers)


async def _with_form(http_request: Request, request: PageRequest) -> PageRequest:
    """The visit with what was sent. Only our own pages may send: a foreign Origin is refused. A proxy
    may not pass the host on that the visitor asked: the address that was set (MARSAD_SITE) counts."""
    origin = http_request.headers.get("origin", "")
    ours = {http_request.url.netloc, urlsplit(request.base).netloc}
    if origin and urlsplit(origin).netloc not in ours:
        raise HTTPException(403, "A form of another site was sent here.")
    if int(http_request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
        raise HTTPException(413, f"At most {MOST_BYTES // 1_000_000} MB can be sent.")
    fields: dict[str, tuple[str, ...]] = {}
    files = []
    async with http_request.form(
        max_files=4, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES
    ) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    files.append(Upload(value.filename, await value.read()))
            else:
                fields[name] = (*fields.get(name, ()), value)
    return replace(request, form=fields, files=tuple(files))


def page_request(
    http_request: Request, language: str, page: str, reader: Reader, desk: Desk = NOBODY
) -> PageRequest:
    """An HTTP request as pages see it; `language` is that of its address."""
    where = http_request.url.path.removeprefix(f"/{language}") or "/"
    return PageRequest(
        TONGUES[language].content,
        reader,
        site_of(http_request),
        language,
        page=page,
        where=where,
        path=dict(http_request.path_params),
        query={name: value for name, value in http_request.query_params.items() if value},
        method=http_request.method,
        desk=desk,
        session=http_request.cookies.get(SESSION, ""),
        address=caller_of(http_request.scope),
    )


def _tag(request: PageRequest, page: Page) -> str:
    release = request.reader.release()
    parts = (
        release.figures if page.figures else release.tag,
        request.base,
        request.here(),
        dt.date.today().isoformat(),  # a search says whether a forecast is over
        served_code(),
        *manifest().values(),
    )
    return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]}"'


def render(request: PageRequest, title: str, view: object, template: str) -> str:
    """A page's HTML: the fields of its view (a dataclass), and what every page has."""
    assert is_dataclass(view)
    context = {f.name: getattr(view, f.name) for f in fields(view)}
    shared = {
        "request": request,
        "title": request._(title),
        "release": request.reader.release(),
        "languages": LANGUAGES,
        "tongues": TONGUES,
        "_": request._,
        "ngettext": request.ngettext,
        "in_tongue": request.in_tongue,
        "fmt": request.format,
        "version": __version__,
        "menu": installed(MENU),
        "foot": installed(FOOT),
    }
    return environment().get_template(template).render({**shared, **context})
