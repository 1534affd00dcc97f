"""How a source is fetched, as its source.yml declares it under `fetch`, and the agreement that allows it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from marsad.base.errors import DeclarationError

if TYPE_CHECKING:
    from marsad.collect.register import Source

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_PERIOD = re.compile(r"(\d+)([smhd])")
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]", "::1"))
LEAST_EVERY, LEAST_DELAY = 60.0, 1.0
"""Seconds between two polls, and between two requests to a host, of any source but a test on loopback."""
MOST_AT_ONCE = 32
WARNING_DAYS = 30
"""Days before the end of an agreement from which on that is said."""


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An agreement with who publishes a source, in force from the first day to the last."""

    party: str
    reference: str
    since: dt.date
    until: dt.date


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The most of one poll: requests, bytes in all, seconds; and the bytes and seconds of one answer."""

    requests: int = 10_000
    bytes: int = 2_000_000_000
    seconds: float = 21_600.0
    answer_bytes: int = 20_000_000
    answer_seconds: float = 30.0


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the pages of an `api` follow each other: `items` is the path (`data.jobs`, '' for the whole) of
    the list whose emptiness ends it. Numbered: `parameter` counts from `first` in steps of `step`. By
    cursor: the value at `cursor` goes into `parameter`, or is itself the next address (no parameter)."""

    items: str = ""
    parameter: str = ""
    first: int = 1
    step: int = 1
    cursor: str = ""


class Fetch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a source is fetched.

    `starts` are its first addresses. `discover` says how ads are reached: `feed`, the answer holds them;
    `api`, so do the pages that follow it (`paging`); `pages`, the starts are sitemaps, feeds, catalogues of
    open data (CKAN, DCAT) or pages of links, and each address that matches `links` is a payload, each that matches `lists` another list.
    `every` is the rhythm (15m, 6h, 1d), `refresh` after how long a page is asked for again though no list
    says that it changed. `complete`: a poll shows every ad that is open. `hosts` are hosts to which links
    may lead besides those of the starts. `render`: pages, lists too, are read after their scripts ran, in a browser
    (extra `browser`), for sites that give nothing without. `loopback` is for tests: this machine alone is reached.
    """

    starts: tuple[str, ...]
    discover: Literal["feed", "pages", "api"] = "feed"
    every: str = "1d"
    refresh: str = "1d"
    delay: float = LEAST_DELAY
    concurrency: int = 1
    complete: bool = False
    links: str = ""
    lists: str = ""
    hosts: tuple[str, ...] = ()
    paging: Paging = Paging()
    render: bool = False
    bounds: Bounds = Bounds()
    loopback: bool = False

    @property
    def every_seconds(self) -> float:
        """Seconds from one poll to the next."""
        return seconds(self.every)

    @property
    def refresh_seconds(self) -> float:
        """Seconds after which a page is asked for again."""
        return seconds(self.refresh)

    @property
    def reached(self) -> frozenset[str]:
        """The hosts (with their ports) to which requests may go, without `www.`."""
        return frozenset(host_of(a) for a in self.starts) | {
            h.removeprefix("www.") for h in self.hosts
        }


def seconds(period: str) -> float:
    """The seconds of a period such as 15m; DeclarationError when it is not one."""
    match = _PERIOD.fullmatch(period)
    if not match or not int(match[1]):
        raise DeclarationError(f"{period!r} is no period: write 90s, 15m, 6h or 1d.")
    return float(int(match[1]) * _UNITS[match[2]])


def host_of(address: str) -> str:
    """The host of an address with its port where it names one, without `www.`; '' when there is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    name = (parts.hostname or "").removeprefix("www.")
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return name if port in (None, usual) else f"{name}:{port}"


def check(spec: Source) -> None:
    """DeclarationError where a source that is fetched lacks what gives the right to, or is fetched in a
    manner that is not polite. Without `checked_on` it is declared, and asked when a person of the
    installation has checked it (`marsad sources checked`)."""
    plan, right, faults = spec.fetch, spec.right, list[str]()
    if right.agreement and right.agreement.until < right.agreement.since:
        faults.append("right.agreement ends before it begins")
    if plan:
        lacking = ["contact"] if right.checked_on and not right.contact else []
        if spec.kind == "ads" and not spec.synthetic and not right.declaration:
            lacking.append("declaration")
        faults += [
            f"right lacks {name}, which a source that is fetched must have" for name in lacking
        ]
        faults += _faults(plan)
    if faults:
        raise DeclarationError(f"source {spec.id}: {'; '.join(faults)}.")


def _faults(plan: Fetch) -> list[str]:
    """What is wrong with a plan."""
    faults = [] if plan.starts else ["fetch.starts is empty"]
    for name in ("every", "refresh"):
        try:
            seconds(getattr(plan, name))
        except DeclarationError as error:
            return [f"fetch.{name}: {error}"]
    for address in plan.starts:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not host_of(address):
            faults.append(f"{address!r} is no http address")
        elif plan.loopback and parts.hostname not in _LOOPBACK:
            faults.append(f"{address!r} is not on this machine, as fetch.loopback says")
    for name in ("links", "lists"):
        try:
            re.compile(getattr(plan, name))
        except re.error as error:
            faults.append(f"fetch.{name} is no regular expression ({error})")
    if plan.paging.cursor == plan.paging.parameter == "" and plan.discover == "api":
        faults.append("fetch.paging needs a parameter or a cursor")
    if plan.render and plan.discover != "pages":
        faults.append("fetch.render is for discover: pages")
    if not 1 <= plan.concurrency <= MOST_AT_ONCE:
        faults.append(f"fetch.concurrency must be 1 to {MOST_AT_ONCE}")
    polite = plan.delay >= LEAST_DELAY and plan.every_seconds >= LEAST_EVERY
    if plan.refresh_seconds and not polite and not plan.loopback:
        faults.append(f"fetch.delay must be {LEAST_DELAY:g} s or more, fetch.every 60s or more")
    return faults
