"""Fair limits of the machine interfaces: a bucket of questions for each caller, refilled evenly.

What they are is published at /api/v1/limits and in each answer, as the IETF draft names it: RateLimit-Limit
questions may come at once, -Remaining of them now, all again after -Reset seconds; -Policy says over how many
seconds. Without a key a caller is known by its address, which is held
in memory for as long as its bucket is not full and written nowhere. A key, given as `X-API-Key` or
`Authorization: Bearer`, has a bucket of its own.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marsad.base.refusals import Refusal, refused
from marsad.publish.http.negotiation import language_of
from marsad.publish.http.problems import MEDIA_TYPE, problem
from marsad.publish.read.model import MOST_ADS, MOST_CHANGES, MOST_VALUES

ANONYMOUS, BURST = 1_200, 2_000
"""Questions a minute without a key, and how many may come at once."""
MACHINES = ("/api/", "/sdmx/", "/catalogue")
Keys = Callable[[str], int | None]
"""From a key to its questions a minute; None when it is unknown or revoked."""


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """Buckets by caller; safe for many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, caller: str, per_minute: int, burst: int) -> tuple[bool, int, float]:
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
    key: str


LIMITS = LimitsBody(
    without_key=Allowance(ANONYMOUS, BURST),
    with_key="the limit agreed with the key; ask the managing body for one",
    headers=(
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "RateLimit-Policy",
        "Retry-After",
    ),
    largest_answer=LargestAnswer(MOST_VALUES, MOST_ADS, MOST_CHANGES),
    key="X-API-Key: KEY or Authorization: Bearer KEY",
)
"""The limits as published."""


class Limits:
    """Middleware: refuses unknown keys (401) and callers above their limit (429, Retry-After)."""

    def __init__(self, app: ASGIApp, keys: Keys, limiter: Limiter | None = None) -> None:
        self.app, self.keys, self.limiter = app, keys, limiter or Limiter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(MACHINES):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        key, accept = headers.get("x-api-key", "") or bearer, headers.get("accept-language", "")
        allowed = self.keys(key) if key else ANONYMOUS
        if allowed is None:
            await _refused(401, refused("unknown_key"), accept)(scope, receive, send)
            return
        caller = f"key:{key}" if key else str((scope.get("client") or ("",))[0])
        burst = BURST if not key else max(BURST, 2 * allowed)
        granted, left, wait = self.limiter.take(caller, allowed, burst)
        limit_headers = {
            "RateLimit-Limit": str(burst),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(math.ceil(60 * (burst - left) / allowed)),
            "RateLimit-Policy": f"{burst};w={math.ceil(60 * burst / allowed)}",
        }
        if not granted:
            seconds = str(max(1, round(wait)))
            detail = refused("too_many_questions", allowed=str(allowed), seconds=seconds)
            answer = _refused(429, detail, accept)
            answer.headers.update({**limit_headers, "Retry-After": seconds})
            await answer(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(limit_headers)
            await send(message)

        await self.app(scope, receive, counted)


def _refused(status: int, detail: Refusal, accept: str) -> Response:
    language = language_of(accept)
    body = problem(status, detail.texts[language], language=language)
    return Response(body, status, {"Access-Control-Allow-Origin": "*"}, MEDIA_TYPE)
