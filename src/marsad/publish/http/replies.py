"""How answers leave by HTTP: entity tags of a release, errors mapped in one place."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from fastapi import Request, Response

from marsad.base.build import served_code
from marsad.base.errors import (
    InputError,
    MarsadError,
    NotFoundError,
    PlaceError,
    RefusedError,
    TooLargeError,
)
from marsad.base.labels import LANGUAGES
from marsad.base.refusals import in_language, refused
from marsad.base.settings import read_settings, site
from marsad.publish.http.negotiation import encoding_of, language_of
from marsad.publish.http.problems import MEDIA_TYPE, problem

EXPOSED = (
    "ETag, Link, Last-Modified, Content-Disposition, Content-Language, X-Total-Count, X-Marsad-Release,"
    " RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
)
"""Headers that a page of another origin may read."""
_STATUS: tuple[tuple[type[MarsadError], int], ...] = (
    (NotFoundError, 404),
    (RefusedError, 403),
    (TooLargeError, 413),
    (InputError, 400),
    (PlaceError, 503),
)


def status_of(error: MarsadError) -> int:
    """The HTTP status of an error: the caller's fault is 4xx, ours 5xx."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def for_administrators() -> None:
    """NotFoundError unless this installation shows its pages for administrators (MARSAD_ADMIN)."""
    if not read_settings().admin:
        raise NotFoundError(refused("nothing_here"))


def shown_to_all() -> bool:
    """Whether this installation shows its pages for administrators without signing in."""
    return read_settings().admin


HERE = ("127.0.0.1", "localhost", "::1")


def site_of(request: Request) -> str:
    """The address of this site: as set, else of this machine where the question names it so, else the
    address at which the question arrived: a name that a visitor made up never reaches a link."""
    if site():
        return site()
    host, port = request.scope.get("server") or (HERE[0], None)
    named = request.headers.get("host", "").partition(":")[0]
    host = named if named in HERE else host
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(request.url.scheme)
    return f"{request.url.scheme}://{name}" + (f":{port}" if port not in (None, usual) else "")


def may_be_told(base: str) -> bool:
    """Whether an address of this site may stand in a message to others: one that was set, or one of
    this machine."""
    return base == site() or urlsplit(base).hostname in HERE


def entity_tag(release: str, request: Request) -> str:
    """The tag of an answer: it changes with the release, the code that answers, the address and what is
    accepted."""
    accept = request.headers.get("accept", ""), request.headers.get("accept-language", "")
    text = "\x1f".join(
        (release, served_code(), site(), str(request.url.path), str(request.url.query), *accept)
    )
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def held_tag(request: Request, tag: str) -> str:
    """The tag by which the caller has an answer already, plain or in the coding it accepts now; empty
    where it has not (by the weak comparison of RFC 9110, 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    tags = {t.strip().removeprefix("W/") for t in known.split(",")}
    coded = coded_tag(tag, encoding_of(request.headers.get("accept-encoding", "")))
    return next((t for t in (coded, tag) if t in tags), "")


def coded_tag(tag: str, coding: str) -> str:
    """The tag of an answer in a content coding: another coding is another representation."""
    return tag if coding in ("", "identity") else f'{tag[:-1]}-{coding}"'


def answer(
    request: Request,
    release: str,
    body: bytes,
    media_type: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """A published answer: cacheable, open to every origin, marked with its release."""
    every = {**_common(request, release), **(headers or {})}
    return Response(body, media_type=media_type, headers=every)


def _common(request: Request, release: str) -> dict[str, str]:
    """The headers of an answer that 304 has too (RFC 9110, 15.4.5)."""
    return {
        "ETag": entity_tag(release, request),
        "Cache-Control": "public, max-age=60",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
        "Vary": "Accept, Accept-Language, Accept-Encoding",
        "X-Marsad-Release": release,
    }


def not_modified(request: Request, release: str, headers: dict[str, str] | None = None) -> Response:
    """304: the caller has this answer."""
    return Response(status_code=304, headers={**_common(request, release), **(headers or {})})


def unchanged(request: Request, release: str) -> Response | None:
    """304 when the caller already has this answer, plain or in the coding that it accepts now."""
    held = held_tag(request, entity_tag(release, request))
    return not_modified(request, release, {"ETag": held}) if held else None


def preferred(request: Request | None) -> str:
    """The language of an answer: `lang` of the question where it is one of ours, else that of
    Accept-Language, else English."""
    if request is None:
        return "en"
    asked_for = request.query_params.get("lang", "")
    if asked_for in LANGUAGES:
        return asked_for
    return language_of(request.headers.get("accept-language", ""))


def refusal(error: MarsadError, request: Request | None = None) -> Response:
    """An error of ours as problem details, in the language that the caller prefers."""
    status, language = status_of(error), preferred(request)
    detail = in_language(error, language) or str(error)
    body = problem(status, detail, language=language, kind=type(error).__name__)
    return Response(body, status, {"Access-Control-Allow-Origin": "*"}, media_type=MEDIA_TYPE)
