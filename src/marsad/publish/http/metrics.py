"""What an operator measures: questions by kind and status and how long they took, as Prometheus reads it
(text format 0.0.4), and one line a question in the log. Neither holds an address, a path or a word of a visitor.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH, MEDIA_TYPE = "/metrics", "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_KINDS = ("/api/", "/sdmx/", "/catalogue", "/static/", "/healthz")
_LOG = logging.getLogger("marsad.access")
Gauges = Callable[[], Mapping[str, float]]
"""What is true now: name (with labels, as Prometheus writes them) -> figure."""


def kind_of(scope: Scope) -> str:
    """What a question is of: one of few words."""
    path = str(scope["path"])
    start = next((name.strip("/") for name in _KINDS if path.startswith(name)), "")
    return start or ("form" if scope["method"] in ("POST", "PUT") else "page")


class Metrics:
    """Middleware: counts what is asked, and tells it at /metrics where `gauges` are given."""

    def __init__(self, app: ASGIApp, gauges: Gauges | None = None) -> None:
        self.app, self._gauges = app, gauges
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] == PATH and self._gauges:
            answer = PlainTextResponse(self.text(self._gauges()), media_type=MEDIA_TYPE)
            await answer(scope, receive, send)
            return
        began, status, size = time.monotonic(), 500, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            self._count(scope, status, size, time.monotonic() - began)

    def _count(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        kind = kind_of(scope)
        with self._lock:
            self._answers[kind, str(status)] += 1
            self._seconds[kind] += seconds
            for edge in BUCKETS:
                self._buckets[kind, edge] += seconds <= edge
        if _LOG.isEnabledFor(logging.INFO):
            entry = {"kind": kind, "method": scope["method"], "status": status, "bytes": size}
            _LOG.info(json.dumps({**entry, "ms": round(1000 * seconds)}))

    def text(self, gauges: Mapping[str, float]) -> str:
        """Everything as Prometheus reads it; each process of a machine tells its own, under its number."""
        own = f'process="{os.getpid()}"'
        lines = ["# TYPE marsad_answers_total counter"]
        with self._lock:
            for (kind, status), n in sorted(self._answers.items()):
                lines.append(f'marsad_answers_total{{kind="{kind}",status="{status}",{own}}} {n}')
            lines.append("# TYPE marsad_answer_seconds histogram")
            for kind in sorted(self._seconds):
                total = sum(n for (name, _), n in self._answers.items() if name == kind)
                for edge in BUCKETS:
                    n = self._buckets[kind, edge]
                    lines.append(
                        f'marsad_answer_seconds_bucket{{kind="{kind}",le="{edge:g}",{own}}} {n}'
                    )
                lines.append(
                    f'marsad_answer_seconds_bucket{{kind="{kind}",le="+Inf",{own}}} {total}'
                )
                lines.append(
                    f'marsad_answer_seconds_sum{{kind="{kind}",{own}}} {self._seconds[kind]:.6f}'
                )
                lines.append(f'marsad_answer_seconds_count{{kind="{kind}",{own}}} {total}')
        for name in dict.fromkeys(name.partition("{")[0] for name in gauges):
            lines.append(f"# TYPE {name} gauge")
            lines += [
                f"{key} {value:.10g}"
                for key, value in gauges.items()
                if key.partition("{")[0] == name
            ]
        return "\n".join(lines) + "\n"
