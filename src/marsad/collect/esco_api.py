"""ESCO read from its public interface, page by page: occupations with the skills they need, then
skills, in one language.

Each page is asked for once and kept by the caller as received, so that a reading that was cut off
goes on where it stopped. What the pages hold is joined into the same `Taxonomy` that the files of a
release give. This service uses the ESCO classification of the European Commission.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from marsad.base.errors import InputError
from marsad.collect.context import Payload
from marsad.collect.tabiya import ADDRESS
from marsad.collect.taxonomy import Concept, Taxonomy

PAGE = 20
SCHEMES = {
    "occupation": f"{ADDRESS}concept-scheme/occupations",
    "skill": f"{ADDRESS}concept-scheme/skills",
}
_NEEDS = {"hasEssentialSkill": "essential", "hasOptionalSkill": "optional"}
Progress = Callable[[str, int, int], None]
"""Told the kind, the concepts read so far and those there are."""


class PageStore(Protocol):
    """Where pages are kept as received until all are there."""

    def get(self, name: str) -> bytes | None: ...
    def put(self, name: str, data: bytes) -> None: ...
    def drop(self) -> None: ...


@dataclass(frozen=True)
class Interface:
    """One public interface, asked in one language for one release (empty: the one it gives)."""

    api: str
    language: str
    fetch: Callable[[str], Payload]
    release: str = ""
    limit: int = PAGE

    def address(self, kind: str, offset: int) -> str:
        """The address of one page of concepts."""
        parameters = {
            "isInScheme": SCHEMES[kind],
            "language": self.language,
            "offset": str(offset),
            "limit": str(self.limit),
        }
        if self.release:
            parameters["selectedVersion"] = f"v{self.release}"
        return f"{self.api.rstrip('/')}/resource/{kind}?{urlencode(parameters)}"


def read_api(source: Interface, pages: PageStore, progress: Progress) -> Taxonomy:
    """Everything that the interface holds in its language, page by page.

    InputError names a page that is not ESCO's, or a number of concepts that does not add up;
    PlaceError and RefusedError come from the one HTTP door. Pages read so far stay in `pages` unless
    they are what is wrong.
    """
    taxonomy = Taxonomy()
    for kind in SCHEMES:
        seen: set[str] = set()
        total = 0
        for address, page in _pages(source, kind, pages):
            total = _number(page, "total", address)
            try:
                taken = [
                    _take(taxonomy, kind, i, source.language, address)
                    for i in _items(page, address)
                ]
            except InputError:
                pages.drop()  # what is wrong in a page kept would be wrong again
                raise
            seen.update(taken)
            progress(kind, len(seen), total)
        if len(seen) < total:
            pages.drop()
            rule = f"the interface tells of {total} {kind}s and gave {len(seen)}"
            raise InputError(rule, file=source.address(kind, 0))
    return taxonomy


def _pages(
    source: Interface, kind: str, store: PageStore
) -> Iterator[tuple[str, Mapping[str, object]]]:
    offset, read = 0, 0
    while True:
        address = source.address(kind, offset)
        name = f"{kind}-{offset:06d}.json"
        data = store.get(name)
        fresh = data is None
        data = source.fetch(address).data if data is None else data
        page = _json(data, address)
        count, total = len(_items(page, address)), _number(page, "total", address)
        if fresh:
            store.put(name, data)  # only a page that could be read is kept
        yield address, page
        read += count
        following = _next(page)
        if not count or read >= total:
            return
        # The interface says itself where its next page starts; else pages follow one another.
        offset = following if following > offset else offset + count


def _json(data: bytes, address: str) -> Mapping[str, object]:
    try:
        page = json.loads(data)
    except ValueError:
        raise InputError("this page is not JSON", file=address) from None
    if not isinstance(page, dict):
        raise InputError("this page is not a JSON object", file=address)
    return page


def _number(page: Mapping[str, object], name: str, address: str) -> int:
    value = page.get(name)
    if not isinstance(value, int) or value < 0:
        raise InputError(f"this page has no number {name!r}", file=address)
    return value


def _items(page: Mapping[str, object], address: str) -> list[Mapping[str, object]]:
    """The concepts of a page: by address, or listed under `results`."""
    concepts = page.get("_embedded", {})
    if isinstance(concepts, dict):
        concepts = (
            concepts["results"]
            if isinstance(concepts.get("results"), list)
            else list(concepts.values())
        )
    if not isinstance(concepts, list) or not all(isinstance(item, dict) for item in concepts):
        raise InputError("this page has no '_embedded' concepts", file=address)
    return concepts


def _next(page: Mapping[str, object]) -> int:
    """Where the page says that the next one starts; 0 when it does not say."""
    links = page.get("_links")
    following = links.get("next") if isinstance(links, dict) else None
    href = following.get("href", "") if isinstance(following, dict) else ""
    offset = parse_qs(urlsplit(str(href)).query).get("offset", ["0"])[0]
    return int(offset) if offset.isdecimal() else 0


def _take(
    taxonomy: Taxonomy, kind: str, item: Mapping[str, object], language: str, address: str
) -> str:
    """Put one concept and what it needs into the taxonomy; its address."""
    uri = item.get("uri")
    if not isinstance(uri, str) or not uri.startswith(ADDRESS):
        raise InputError(f"{uri!r} is not an address of ESCO ({ADDRESS}...)", file=address)
    if f"/{kind}/" not in uri:
        return uri  # a scheme holds groups too
    labels = _labels(item, language)
    if not labels:
        raise InputError(f"{uri} has no label in {language!r}", file=address)
    links = item.get("_links") if isinstance(item.get("_links"), dict) else {}
    assert isinstance(links, dict)
    code = str(item.get("code") or "") if kind == "occupation" else ""
    groups = [_end(link).rsplit("/C", 1)[-1] for link in _linked(links, "broaderIscoGroup")]
    group = code[:4] or (groups[0] if groups else "")
    if kind == "occupation" and not group:
        raise InputError(f"{uri} has neither code nor broaderIscoGroup", file=address)
    known = taxonomy.concepts.get(uri)
    taxonomy.concepts[uri] = Concept(
        uri, kind, code, group, {**(known.labels if known else {}), language: labels}
    )
    for name, relation in _NEEDS.items():
        taxonomy.relations += [(uri, _end(link), relation) for link in _linked(links, name)]
    return uri


def _linked(links: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = links.get(name) or []
    every = value if isinstance(value, list) else [value]
    return [link for link in every if isinstance(link, dict) and _end(link)]


def _end(link: Mapping[str, object]) -> str:
    return str(link.get("uri") or "")


def _labels(item: Mapping[str, object], language: str) -> list[str]:
    """The preferred label in a language, then the others, each once."""

    def texts(name: str) -> list[str]:
        value = item.get(name)
        value = value.get(language) if isinstance(value, dict) else value
        every = value if isinstance(value, list) else [value]
        return [text.strip() for text in every if isinstance(text, str) and text.strip()]

    first = texts("preferredLabel") or texts("title")
    return list(dict.fromkeys([*first[:1], *texts("alternativeLabel")])) if first else []
