"""Where the next addresses are: in sitemaps, feeds, pages of links, catalogues of open data, and the pages
of an interface."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.html import parse_html
from marsad.base.polling import LIST, PAGE, Link
from marsad.base.xml import parse_xml
from marsad.collect.fetch.http import Unpacked
from marsad.collect.fetch.plan import Fetch, host_of

MOST_LINKS = 50_000
"""Addresses that are taken from one list: as many as a sitemap may hold."""
MOST_LETTERS = 2_000
"""Letters of an address; longer ones are not followed."""
_GZIP = b"\x1f\x8b"
_XML = re.compile(r"\s*<(\?xml|([\w-]+:)?(urlset|sitemapindex|rss|feed|rdf)\b)", re.I)
_HTML = re.compile(r"<(html|!doctype html)\b", re.I)


@cache
def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def first(plan: Fetch) -> tuple[Link, ...]:
    """The addresses where a poll starts."""
    kind = LIST if plan.discover == "pages" else PAGE
    return tuple(Link(_start(plan, address), kind) for address in plan.starts)


def _start(plan: Fetch, address: str) -> str:
    """An address of the declaration; of a numbered interface with the number of its first page."""
    paging = plan.paging
    numbered = plan.discover == "api" and paging.parameter and not paging.cursor
    return _with(address, paging.parameter, str(paging.first)) if numbered else address


def _with(address: str, parameter: str, value: str) -> str:
    parts = urlsplit(address)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != parameter]
    return parts._replace(query=urlencode([*query, (parameter, value)])).geturl()


# Lists ------------------------------------------------------------------------------------------


def links(plan: Fetch, address: str, data: bytes) -> tuple[Link, ...]:
    """The addresses that a list names and its source may follow, each once, in its order.

    InputError: it is a broken sitemap or feed, or unpacks to more than an answer may be.
    """
    if data.startswith(_GZIP):  # a packed sitemap
        data = Unpacked(plan.bounds.answer_bytes).feed(data)
    named = dict[str, Link]()
    for link in _named(data, address):
        if chosen := _chosen(plan, address, link):
            named.setdefault(chosen.address, chosen)
            if len(named) >= MOST_LINKS:
                break
    return tuple(named.values())


def _chosen(plan: Fetch, address: str, link: Link) -> Link | None:
    """A link as it is followed; None where it leads elsewhere or is not of a kind that is read."""
    try:
        whole = urlsplit(urljoin(address, link.address.strip()))._replace(fragment="").geturl()
    except ValueError:
        return None
    if len(whole) > MOST_LETTERS or not whole.startswith(("http://", "https://")):
        return None
    if host_of(whole) not in plan.reached:
        return None
    if link.kind == LIST:
        return Link(whole, LIST, link.lastmod)
    if plan.lists and _rule(plan.lists).search(whole):
        return Link(whole, LIST)
    if _rule(plan.links).search(whole):
        return Link(whole, PAGE, link.lastmod)
    return None


def _named(data: bytes, address: str) -> Iterator[Link]:
    """Every link of a sitemap, a feed, a catalogue or a page, as it is written there."""
    text = decode(data).text
    if text.lstrip().startswith("{"):
        yield from _of_catalogue(text, address)
        return
    if _XML.match(text[:400]) and not _HTML.search(text[:400]):
        yield from _of_xml(text)
        return
    if text.startswith("http"):  # a sitemap may be a plain list
        yield from (Link(line, PAGE) for line in text.split() if line.startswith("http"))
        return
    for node in parse_html(text).css("a[href]"):
        yield Link(node.attributes.get("href") or "", PAGE)


def _of_xml(text: str) -> Iterator[Link]:
    """The links of a sitemap, an index of sitemaps, an RSS or Atom feed."""
    root = parse_xml(text)
    for element in root.iter():
        name = str(element.tag).rsplit("}", 1)[-1]
        if name not in ("url", "sitemap", "item", "entry"):
            continue
        values = dict[str, str]()
        for child in element:
            key = str(child.tag).rsplit("}", 1)[-1]
            if key == "link" and child.get("rel", "alternate") != "alternate":
                continue
            values.setdefault(key, (child.text or "").strip() or child.get("href", ""))
        to = values.get("loc") or values.get("link") or ""
        changed = values.get("lastmod") or values.get("updated") or ""
        if to:
            yield Link(to, LIST if name == "sitemap" else PAGE, changed)


def _of_catalogue(text: str, address: str) -> Iterator[Link]:
    """The files that a catalogue of open data names, and its next page: CKAN's package_search and
    package_show, or DCAT in JSON (data.json). InputError: it is none of them."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("this catalogue is not JSON", file=address) from None
    result = held.get("result")
    packages = result.get("results", [result]) if isinstance(result, dict) else held.get("dataset")
    if not isinstance(packages, list):
        raise InputError("this is no catalogue of CKAN or DCAT", file=address)
    for entry in (e for e in packages if isinstance(e, dict)):
        changed = entry.get("metadata_modified") or entry.get("modified") or ""
        files = entry.get("resources") or entry.get("distribution")
        for file in (f for f in (files if isinstance(files, list) else ()) if isinstance(f, dict)):
            if to := file.get("url") or file.get("downloadURL"):
                yield Link(str(to), PAGE, str(file.get("last_modified") or changed))
    if isinstance(result, dict) and packages and isinstance(result.get("count"), int):
        start = dict(parse_qsl(urlsplit(address).query)).get("start", "0")
        if start.isdecimal() and (after := int(start) + len(packages)) < result["count"]:
            yield Link(_with(address, "start", str(after)), LIST)


# Interfaces -------------------------------------------------------------------------------------


def following(plan: Fetch, address: str, data: bytes) -> tuple[Link, ...]:
    """The page after one of an interface; none after the last. InputError: it is not JSON, or not laid out
    as `paging` says."""
    try:
        page = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("this page of an interface is not JSON", file=address) from None
    paging = plan.paging
    if not _at(page, paging.items, address):
        return ()
    if paging.cursor:
        value = _at(page, paging.cursor, address, may_lack=True)
        if value in (None, "", False) or isinstance(value, dict | list):
            return ()
        after = _with(address, paging.parameter, str(value)) if paging.parameter else str(value)
    else:
        number = dict(parse_qsl(urlsplit(address).query)).get(paging.parameter, "")
        if not number.isdecimal():
            raise InputError(f"this address has no number {paging.parameter!r}", file=address)
        after = _with(address, paging.parameter, str(int(number) + paging.step))
    after = urljoin(address, after)
    reachable = host_of(after) in plan.reached and after != address and len(after) <= MOST_LETTERS
    return (Link(after, PAGE),) if reachable else ()


def _at(page: object, path: str, address: str, *, may_lack: bool = False) -> object:
    """What stands at a path (`data.jobs`) of a page."""
    for name in filter(None, path.split(".")):
        if not isinstance(page, dict) or name not in page:
            if may_lack:
                return None
            raise InputError(f"this page has no {path!r}", file=address)
        page = page[name]
    return page
