"""What the handlers of the API share: strict parameters, errors as problems, pages of long lists."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from fastapi import Path, Query, Request, Response, Security
from fastapi.security import APIKeyHeader

from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES
from marsad.base.refusals import refused
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.negotiation import language_of
from marsad.publish.http.replies import answer, unchanged
from marsad.publish.read.model import Release
from marsad.publish.read.reader import Reader
from marsad.publish.rest.cursor import following, offset

T = TypeVar("T")
Body: TypeAlias = msgspec.Struct | Release
"""An answer as it is encoded."""
Text = Annotated[str, Query(max_length=2000)]
Lang = Annotated[
    str,
    Query(
        max_length=8,
        description="language of labels and texts; without it, the one that Accept-Language prefers",
        json_schema_extra={"enum": ["", *LANGUAGES]},
    ),
]
Codes = Annotated[str, Query(max_length=4000, description="codes, separated by commas")]
Words = Annotated[str, Query(max_length=200, description="words in any language")]
Cursor = Annotated[
    str, Query(max_length=200, description="where the next page begins, as `next` gives it")
]
Identifier = Annotated[
    str, Path(examples=["unemployment_rate"], description="an indicator, as /indicators lists them")
]

KEY = Security(
    APIKeyHeader(
        name="X-API-Key",
        auto_error=False,
        description="For more questions a minute; never needed. Or: Authorization: Bearer KEY.",
    )
)


def with_filters(
    handler: Callable[..., Response], parameters: Mapping[str, object]
) -> Callable[..., Response]:
    """A handler whose argument `filters` is given by query parameters that are declared elsewhere:
    name -> annotation. It gets name -> text for each of them, in that order."""
    signature = inspect.signature(handler, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name != "filters"]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=annotation)
        for name, annotation in parameters.items()
    ]

    @functools.wraps(handler)
    def call(*args: object, **values: object) -> Response:
        filters = {name: values.pop(name) for name in parameters}
        return handler(*args, filters=filters, **values)

    ordered = sorted([*own, *more], key=lambda p: (p.kind, p.default is not p.empty))
    call.__signature__ = signature.replace(parameters=ordered)  # type: ignore[attr-defined]
    return call


def in_language(language: str, request: Request) -> str:
    """The language asked for, else the one that Accept-Language prefers; InputError for none of ours."""
    if not language:
        return language_of(request.headers.get("accept-language", ""))
    if language not in LANGUAGES:
        raise InputError(refused("no_language", name=language, known=", ".join(LANGUAGES)))
    return language


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list written with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Linked:
    """A body with the address of the page after it, which also goes into the header Link."""

    body: Body
    next: str | None


class Handlers:
    """Handlers that read through `reader()`, asked anew for each request."""

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._reader = reader

    def respond(
        self,
        request: Request,
        body: Callable[[Reader], Body | Linked],
        *,
        cacheable: bool = True,
        figures: bool = False,
    ) -> Response:
        """An answer as JSON, or 304 when the caller has it; not `cacheable`: no cache may keep it;
        `figures`: it shows nothing of single ads, and stays when they have a new edition."""
        now = self._reader()
        release = now.release().id if figures else now.release().tag
        if figures:
            of_figures(request)
        if cacheable and (same := unchanged(request, release)):
            return same
        content, headers = body(now), {}  # type: Body | Linked, dict[str, str]
        if isinstance(content, Linked):
            headers = {"Link": f'<{content.next}>; rel="next"'} if content.next else {}
            content = content.body
        if not cacheable:
            headers["Cache-Control"] = "no-store"
        return answer(request, release, msgspec.json.encode(content), "application/json", headers)

    def paged(
        self,
        request: Request,
        rows: Callable[[Reader, int], tuple[Sequence[T], int]],
        cursor: str,
        page: Callable[[tuple[T, ...], int, str | None], Body],
        *,
        figures: bool = False,
    ) -> Response:
        """A page of a list: `rows(reader, offset)` gives its rows and how many there are in all, `page`
        the body from these and the address of the next page; `figures` as `respond`."""

        def body(r: Reader) -> Linked:
            release = r.release().id
            at = offset(cursor, request, release)
            items, total = rows(r, at)
            end = at + len(items)
            more = following(request, release, end) if items and end < total else None
            return Linked(page(tuple(items), total, more), more)

        return self.respond(request, body, figures=figures)
