"""The description of the interface (OpenAPI) as a page: every operation with its parameters and answers,
from this origin alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from marsad.base.labels import LANGUAGES
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.described import Described
from marsad.publish.read.reader import Reader
from marsad.web.dispatch import page_request, render
from marsad.web.locale import N_

PATH, TITLE = "/data/interface", N_("The interface, operation by operation")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: where it stands, whether it must be there, and what it takes."""

    name: str
    place: str
    required: bool
    takes: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be asked at an address, and what is answered: status and media types."""

    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """Operations by the part of the interface they belong to."""

    view_parts: dict[str, list[Operation]]
    address: str


def _takes(schema: Described) -> str:
    """The values that a parameter takes, in the words of JSON Schema."""
    offered = [str(value) for value in schema.get("enum", ()) if value != ""]
    if offered:
        return ", ".join(offered)
    limits = [f"{word} {schema[key]}" for word, key in (("≥", "minimum"), ("≤", "maximum")) if key in schema]  # fmt: skip
    return " ".join([str(schema.get("format") or schema.get("type", "")), *limits])


def _operation(method: str, path: str, described: Described) -> Operation:
    parameters = tuple(
        Parameter(p["name"], p["in"], bool(p.get("required")), _takes(p["schema"]),
                  p.get("description") or p["schema"].get("description", ""))
        for p in described.get("parameters", ())
    )  # fmt: skip
    answers = tuple(
        (status, ", ".join(answer.get("content", ())) or answer["description"])
        for status, answer in sorted(described["responses"].items())
        if status < "400"
    )
    return Operation(method.upper(), path, described.get("summary", ""), parameters, answers)


def view(document: Described, address: str) -> InterfaceView:
    """The page of a description; `address` is where the description itself is."""
    listed: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method, described in item.items():
            tag = next(iter(described.get("tags", ())), "Marsad")
            listed.setdefault(tag, []).append(_operation(method, path, described))
    return InterfaceView(listed, address)


def routes(reader: Callable[[], Reader]) -> list[Route]:
    """The page in each language."""

    def page(language: str) -> Callable[[Request], Response]:
        def answered(http_request: Request) -> Response:
            of_figures(http_request)
            request = page_request(http_request, language, "interface", reader())
            shown = view(http_request.app.openapi(), request.api("/api/openapi.json"))
            html = render(request, TITLE, shown, "layout/interface.html")
            headers = {"Cache-Control": "no-cache", "Content-Language": language}
            return Response(html, headers=headers, media_type="text/html")

        return answered

    return [Route(f"/{language}{PATH}", page(language)) for language in LANGUAGES]
