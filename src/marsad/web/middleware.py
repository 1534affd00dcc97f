"""What every answer has in common: protection headers and compression."""

from __future__ import annotations

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
    "application/vnd.sdmx",
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


class Brotli:
    """Compresses text as it is sent, piece by piece, for clients that accept brotli."""

    def __init__(self, app: ASGIApp, quality: int = 5) -> None:
        self.app, self.quality = app, quality

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = scope["type"] == "http" and "br" in [
            part.split(";")[0].strip()
            for part in Headers(scope=scope).get("accept-encoding", "").split(",")
        ]
        await self.app(scope, receive, _Sender(send, self.quality) if accepted else send)


class _Sender:
    def __init__(self, send: Send, quality: int) -> None:
        self.send, self.quality = send, quality
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
            self.packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=self.quality)
            headers["Content-Encoding"] = "br"
            headers.add_vary_header("Accept-Encoding")
            if "content-length" in headers:
                del headers["content-length"]
