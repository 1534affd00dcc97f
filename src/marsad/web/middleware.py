"""What every answer has in common: protection headers and compression."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

from marsad.base.settings import site_path
from marsad.publish.formats.registry import formats
from marsad.publish.http.replies import coded_tag

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
_SDMX = (
    "data+csv",
    "data+json",
    "data+xml",
    "genericdata+xml",
    "metadata+json",
    "metadata+xml",
    "generictimeseriesdata+xml",
    "schema+xml",
    "structure+json",
    "structure+xml",
    "structurespecificdata+xml",
    "structurespecifictimeseriesdata+xml",
)
_PACKED = ("arrow", "parquet", "xlsx")
"""Formats that are compressed in themselves, or read by columns."""
for _kind in (
    "application/csv",
    "application/problem+json",
    "text/csv",
    "text/turtle",
    *(form.media_type.split(";")[0] for form in formats().values() if form.id not in _PACKED),
    *(f"application/vnd.sdmx.{name}" for name in _SDMX),
):
    add_compress_type(_kind)
remove_compress_type("text/event-stream")  # an event is small, and must not wait in a buffer


class SecurityHeaders:
    """Adds the protection headers to every answer that does not set them itself; redirects within the site
    name no host."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if "location" in headers:
                    headers["location"] = _within(headers["location"], scope)
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def _within(location: str, scope: Scope) -> str:
    """A place of this site without the name that the visitor gave it, which may be made up."""
    host = next((bytes(v) for k, v in scope["headers"] if k == b"host"), b"").decode("latin-1")
    start = f"{scope['scheme']}://{host}/"
    return site_path(location[len(start) - 1 :]) if location.startswith(start) else location


class BelowPath:
    """Takes the path of MARSAD_SITE off what is asked, where a proxy passes it on; without it addresses
    stay as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = site_path("/")
        if scope["type"] == "http" and f"{scope['path']}/" == prefix != "/":
            scope = {**scope, "path": "/", "raw_path": b"/"}
        elif scope["type"] == "http" and prefix != "/" and scope["path"].startswith(prefix):
            raw = scope.get("raw_path") or b""
            scope = {**scope, "path": scope["path"][len(prefix) - 1 :]}
            if raw.startswith(prefix.encode()):
                scope["raw_path"] = raw[len(prefix.encode()) - 1 :]
        await self.app(scope, receive, send)


class Compression(CompressMiddleware):
    """Compresses text as it is sent, piece by piece, by brotli or else gzip; each coding of an answer has
    an entity tag of its own."""

    def __init__(self, app: ASGIApp) -> None:
        # Our pages and tables are text, which brotli packs better than zstandard does.
        super().__init__(app, minimum_size=0, zstd=False, brotli_quality=5, gzip_level=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if tag := headers.get("etag", ""):
                    headers["etag"] = coded_tag(tag, headers.get("content-encoding", ""))
                if "vary" in headers:
                    named = (name.strip() for name in headers["vary"].split(","))
                    headers["vary"] = ", ".join(dict.fromkeys(named))
            await send(message)

        await super().__call__(scope, receive, tagged)
