"""What every machine interface answers beside GET: HEAD (RFC 9110, 9.3.2), and OPTIONS, by which a
browser asks before a page of another origin may send a key or an entity tag (Fetch, CORS preflight)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marsad.publish.http.limits import MACHINES

_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Authorization, Content-Type, If-Modified-Since, If-None-Match,"
        " Last-Event-ID, X-API-Key"
    ),
    "Access-Control-Max-Age": "86400",
    "Vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
}


def methods_of(scope: Scope) -> str:
    """What may be asked at an address, as the header Allow has it; empty where nothing is."""
    routes = scope["app"].routes
    taken = {
        method for method in ("GET", "POST")
        if any(r.matches({**scope, "method": method})[0] is Match.FULL for r in routes)
    }  # fmt: skip
    more = {"OPTIONS", *(("HEAD",) if "GET" in taken else ())}
    return ", ".join(sorted(taken | more)) if taken else ""


class Methods:
    """Middleware: HEAD gets the head of what GET gets; OPTIONS on a machine address is told what may
    be asked, without a key and without taking a question from its caller."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if method == "OPTIONS" and scope["path"].startswith(MACHINES):
            allow = methods_of(scope)
            if not allow:
                await self.app({**scope, "method": "GET"}, receive, send)
                return
            asked_first = "access-control-request-method" in Headers(scope=scope)
            preflight = {**_PREFLIGHT, "Access-Control-Allow-Methods": allow}
            headers = {"Allow": allow, **(preflight if asked_first else {})}
            await Response(status_code=204, headers=headers)(scope, receive, send)
        elif method == "HEAD":
            await self._head(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer to GET without its body; an answer without end (a stream) ends at its head."""
        ended = False

        async def head_only(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                ended = True

        async def until_head() -> Message:
            return {"type": "http.disconnect"} if ended else await receive()

        await self.app({**scope, "method": "GET"}, until_head, head_only)
