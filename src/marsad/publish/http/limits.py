"""Fair limits of the machine interfaces: a bucket of questions for each caller, refilled evenly.

What they are is published at /api/v1/limits and in each answer, as the IETF draft names it: RateLimit-Limit
questions may come at once, -Remaining of them now, all again after -Reset seconds; -Policy says over how many
seconds. Without a key a caller is known by its address, which is held in memory for as long as its bucket is not
full and written nowhere; of version 6 its network of 64 bits, which is what one house has. A key, given as
`X-API-Key` or `Authorization: Bearer`, has a bucket of its own.

Pages and forms have buckets too, a form one for each kind. An answer that takes the processor for longer than a second
costs more than one question, so that a caller cannot keep the machine busy.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marsad.base.refusals import Refusal, refused
from marsad.publish.http.negotiation import language_of
from marsad.publish.http.problems import MEDIA_TYPE, problem
from marsad.publish.read.model import MOST_ADS, MOST_CHANGES, MOST_VALUES

ANONYMOUS, BURST = 1_200, 2_000
"""Questions a minute without a key, and how many may come at once."""
FROM_HERE = 100_000
"""Pages a minute, and at once, that the machine itself may ask of itself."""
SECOND, MOST_SECONDS, AT_ONCE = 1 / 20, 5.0, 40
"""Share of a minute's questions that a second of the processor costs which an answer takes, after its first; the
most of them that one answer is counted; answers that are made for one caller at a time."""
MACHINES = ("/api/", "/sdmx/", "/catalogue")
ENDLESS = "text/event-stream"
FREE = ("/static/", "/healthz", "/worker.js", "/favicon.ico")
"""What costs nothing to give."""
FORMS: Mapping[str, tuple[float, int]] = {
    "/admin/login": (10, 20),
    "/alerts": (10 / 60, 10),
    "/report": (30 / 60, 20),
    "/match": (60, 60),
    "": (60, 60),
}
"""The address of a form without its language -> forms a minute from one address, and
how many at once."""
_LOG = logging.getLogger("marsad.limits")
Keys = Callable[[str], int | None]
"""From a key to its questions a minute; None when it is unknown or revoked."""

Reaches = Callable[[str, str], bool]
"""Whether a key is for an address."""


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """Buckets by caller; safe for many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, caller: str, per_minute: float, burst: int) -> tuple[bool, int, float]:
        """Take one question: whether there was one, how many are left, and the seconds until the
        next (0 when some are left)."""
        now, rate = self._clock(), per_minute / 60
        with self._lock:
            if len(self._buckets) > 10_000:
                self._forget(now)
            bucket = self._buckets.setdefault(caller, _Bucket(burst, now))
            bucket.left = min(burst, bucket.left + (now - bucket.at) * rate)
            bucket.at = now
            if bucket.left < 1:
                return False, 0, (1 - bucket.left) / rate
            bucket.left -= 1
            return True, int(bucket.left), 0.0

    def charge(self, caller: str, burst: int, cost: int) -> None:
        """Take what an answer cost beside its one question; a caller owes no more than a full bucket."""
        with self._lock:
            if bucket := self._buckets.get(caller):
                bucket.left = max(-burst, bucket.left - cost)

    def _forget(self, now: float) -> None:
        """Drop the callers that asked nothing for ten minutes."""
        self._buckets = {k: b for k, b in self._buckets.items() if now - b.at < 600}


class Allowance(Struct, frozen=True):
    """Questions a minute, and how many may come at once."""

    per_minute: int
    at_once: int


class LargestAnswer(Struct, frozen=True):
    """Rows in one answer, at most."""

    values: int
    ads: int
    changes: int


class LimitsBody(Struct, frozen=True):
    """How many questions may be asked, and how large an answer may be."""

    without_key: Allowance
    with_key: str
    headers: tuple[str, ...]
    largest_answer: LargestAnswer
    long_answers: str
    key: str


LIMITS = LimitsBody(
    without_key=Allowance(ANONYMOUS, BURST),
    with_key="the limit agreed with the key, a minute and at once; ask the managing body for one",
    headers=(
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "RateLimit-Policy",
        "Retry-After",
    ),
    largest_answer=LargestAnswer(MOST_VALUES, MOST_ADS, MOST_CHANGES),
    long_answers=f"{SECOND:.0%} of a minute's questions for each second of the processor after the first that an answer takes",
    key="X-API-Key: KEY or Authorization: Bearer KEY",
)
"""The limits as published."""


def caller_of(scope: Scope) -> str:
    """The address by which a caller is known: of version 6 its network of 64 bits."""
    address = str((scope.get("client") or ("",))[0]).partition("%")[0]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address)


@dataclass(frozen=True, slots=True)
class _Share:
    """What a question is taken from: whose bucket, how it fills, and how much it holds."""

    bucket: str
    per_minute: float
    burst: int

    def headers(self, left: int) -> dict[str, str]:
        """What the caller is told of its bucket."""
        return {
            "RateLimit-Limit": str(self.burst),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(math.ceil(60 * (self.burst - left) / self.per_minute)),
            "RateLimit-Policy": f"{self.burst};w={math.ceil(60 * self.burst / self.per_minute)}",
        }


class Limits:
    """Middleware: refuses unknown keys (401) and callers above their limit (429, Retry-After)."""

    def __init__(
        self,
        app: ASGIApp,
        keys: Keys,
        limiter: Limiter | None = None,
        clock: Callable[[], float] = time.process_time,
        reaches: Reaches = lambda _key, _path: True,
    ) -> None:
        self.reaches, self._warned = reaches, False
        self.app, self.keys, self.limiter, self._clock = app, keys, limiter or Limiter(), clock
        self._now: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(FREE):
            await self.app(scope, receive, send)
            return
        share = self._share(scope)
        if share is None:
            refused_key = _refused(scope, 401, refused("unknown_key"))
            await refused_key(scope, receive, send)
            return
        key = share.bucket.removeprefix("key:")
        if key != share.bucket and not self.reaches(key, scope["path"]):
            refused_key = _refused(scope, 403, refused("other_interfaces"))
            await refused_key(scope, receive, send)
            return
        self._warn(scope)
        form = _form_share(scope)
        for taken in (share, form) if form else (share,):
            granted, left, wait = self.limiter.take(taken.bucket, taken.per_minute, taken.burst)
            if not granted or self._now[taken.bucket] >= AT_ONCE:
                answer = _too_many(scope, taken, wait)
                answer.headers.update(
                    {**taken.headers(left), "Retry-After": str(max(1, math.ceil(wait)))}
                )
                await answer(scope, receive, send)
                return
        machine = scope["path"].startswith(MACHINES)
        self._now[share.bucket] += 1
        try:
            await self._count(scope, receive, send, share, share.headers(left) if machine else {})
        finally:
            self._now[share.bucket] -= 1
            if not self._now[share.bucket]:
                del self._now[share.bucket]

    def _warn(self, scope: Scope) -> None:
        """Say once that a proxy speaks for visitors whom nobody believes."""
        unheard = b"x-forwarded-for" in dict(scope["headers"]) and caller_of(scope) == "127.0.0.1"
        if unheard and not self._warned:
            self._warned = True
            _LOG.warning(
                "a proxy of this machine names visitors, and is not believed: MARSAD_PROXIES"
            )

    async def _count(
        self, scope: Scope, receive: Receive, send: Send, share: _Share, headers: Mapping[str, str]
    ) -> None:
        """Answer, and take what it cost: the time of the processor, shared with the answers made meanwhile."""
        began, beside, endless = self._clock(), sum(self._now.values()), False

        async def counted(message: Message) -> None:
            nonlocal endless
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                own.update(headers)
                endless = own.get("content-type", "").startswith(ENDLESS)
            await send(message)

        await self.app(scope, receive, counted)
        seconds = (self._clock() - began) / max(beside, sum(self._now.values()))
        if seconds > 1 and not endless:
            cost = round(SECOND * share.per_minute * min(seconds - 1, MOST_SECONDS))
            self.limiter.charge(share.bucket, share.burst, cost)

    def _share(self, scope: Scope) -> _Share | None:
        """What a question is taken from; None for a key that is unknown."""
        caller, path = caller_of(scope), scope["path"]
        if not path.startswith(MACHINES):
            here = caller in ("127.0.0.1", "::")  # ::1, by its network
            usual = (FROM_HERE, FROM_HERE) if here else (ANONYMOUS, BURST)
            return _Share(f"page:{caller}", *usual)
        headers = Headers(scope=scope)
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        key = headers.get("x-api-key", "") or bearer
        if not key:
            return _Share(caller, ANONYMOUS, BURST)
        allowed = self.keys(key)
        return None if allowed is None else _Share(f"key:{key}", allowed, allowed)


def _form_share(scope: Scope) -> _Share | None:
    """What a form is taken from, beside its question."""
    if scope["method"] not in ("POST", "PUT") or scope["path"].startswith(MACHINES):
        return None
    name = form_of(scope["path"])
    return _Share(f"form:{name}:{caller_of(scope)}", *FORMS[name])


def form_of(path: str) -> str:
    """Which of FORMS an address is."""
    page = path[path.find("/", 1) :].rstrip("/")
    if page in FORMS:
        return page
    return "/match" if page.startswith("/match/") else "/report" if page.endswith("/report") else ""


def _too_many(scope: Scope, share: _Share, wait: float) -> Response:
    """429, in the language of the page or of the caller."""
    seconds = str(max(1, math.ceil(wait)))
    if scope["path"].startswith(MACHINES):
        allowed = f"{share.per_minute:.10g}"
        detail = refused("too_many_questions", allowed=allowed, seconds=seconds)
        return _refused(scope, 429, detail)
    words = refused("too_many_from_here", seconds=seconds)
    language = scope["path"].split("/")[1]
    return PlainTextResponse(f"{words.texts.get(language, words)}\n", 429)


def _refused(scope: Scope, status: int, detail: Refusal) -> Response:
    language = language_of(Headers(scope=scope).get("accept-language", ""))
    body = problem(status, detail.texts[language], language=language)
    return Response(body, status, {"Access-Control-Allow-Origin": "*"}, MEDIA_TYPE)
