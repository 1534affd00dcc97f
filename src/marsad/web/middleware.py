"""What every answer has in common: protection headers and compression."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
_PACKED = (
    "text/html",
    "text/css",
    "text/javascript",
    "text/plain",
    "text/csv",
    "image/svg+xml",
    "application/json",
    "application/ld+json",
    "application/problem+json",
    "application/rss+xml",
    "application/vnd.jsonstat+json",
    "application/vnd.sdmx",
    "application/xml",
    "text/turtle",
    "text/xml",
)


class SecurityHeaders:
    """Adds the protection headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


class _Gzip:
    """gzip with the manners of brotli.Compressor."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6, zlib.DEFLATED, 31)

    def process(self, data: bytes) -> bytes:
        return self._packer.compress(data)

    def flush(self) -> bytes:
        return self._packer.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._packer.flush()


def _brotli() -> Any:
    return brotli.Compressor(mode=brotli.MODE_TEXT, quality=5)


_ENCODINGS: dict[str, Callable[[], Any]] = {"br": _brotli, "gzip": _Gzip}


def accepted(header: str) -> str:
    """The best encoding of ours that an Accept-Encoding header allows; empty for none."""
    parts = [part.replace(" ", "").split(";") for part in header.lower().split(",")]
    allowed = {name for name, *rest in parts if not any(_weight(r) == 0 for r in rest)}
    return next((name for name in _ENCODINGS if name in allowed), "")


def _weight(parameter: str) -> float:
    """The weight in `q=0.5`, 1 where it is none."""
    name, _, value = parameter.partition("=")
    return float(value) if name == "q" and value.replace(".", "", 1).isdecimal() else 1.0


class Compression:
    """Compresses text as it is sent, piece by piece, by brotli or else gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        header = Headers(scope=scope).get("accept-encoding", "") if scope["type"] == "http" else ""
        chosen = accepted(header)
        await self.app(scope, receive, _Sender(send, chosen) if chosen else send)


class _Sender:
    def __init__(self, send: Send, encoding: str) -> None:
        self.send, self.encoding = send, encoding
        self.packer: Any = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body" and self.packer:
            body = self.packer.process(message.get("body", b""))
            body += self.packer.flush() if message.get("more_body") else self.packer.finish()
            message = {**message, "body": body}
        await self.send(message)

    def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        kind = headers.get("content-type", "")
        if message["status"] not in (200, 400, 404) or "content-encoding" in headers:
            return
        if kind.startswith(_PACKED):
            self.packer = _ENCODINGS[self.encoding]()
            headers["Content-Encoding"] = self.encoding
            headers.add_vary_header("Accept-Encoding")
            if "content-length" in headers:
                del headers["content-length"]
