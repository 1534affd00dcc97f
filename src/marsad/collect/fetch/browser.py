"""Pages as they are after their scripts ran, in Debian's Chromium (extra `browser`).

The browser never touches the network: what a page asks for is asked by `Http`, at the distance, under the
robots.txt and within the hosts of its source; what it may not ask for fails in the page alone. A last line
of defence are its own switches: no name is resolved, and every connection would go to a closed port.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.collect.fetch.http import Allowed, Http, Reply

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Route, WebSocketRoute

_SWITCHES = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_READ = frozenset(("script", "xhr", "fetch"))
"""Kinds of requests of a page that are asked for; pictures, styles and fonts say nothing of an ad."""
_STILL_SECONDS = 10.0
"""How long scripts may go on asking before the page is taken as it is."""


class Browser:
    """Reads pages through `http`, as `Http.get` does; it starts with the first of them, and ends with
    `until`."""

    def __init__(
        self, http: Http, agent: str, until: AsyncExitStack, *, most_requests: int = 40
    ) -> None:
        self._http, self._agent, self._most = http, agent, most_requests
        self._until, self._starting = until, asyncio.Lock()
        self._chromium: Chromium | None = None

    async def _started(self) -> Chromium:
        async with self._starting:
            if self._chromium is None:
                self._chromium = await self._start()
            return self._chromium

    async def _start(self) -> Chromium:
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            raise PlaceError("fetch.render needs the extra: pip install marsad[browser]") from None
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if program is None:
            raise PlaceError("fetch.render needs a browser: install the package chromium")
        # The user root has no sandbox: the container that runs it must be one.
        args = [*_SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        try:
            play = await self._until.enter_async_context(async_playwright())
            chromium = await play.chromium.launch(executable_path=program, args=args)
        except (Error, OSError) as error:
            raise PlaceError(f"the browser does not start ({type(error).__name__})") from None
        self._until.push_async_callback(chromium.close)
        return chromium

    async def get(
        self, address: str, *, most_bytes: int, seconds: float, allowed: Allowed
    ) -> Reply:
        """A page after its scripts ran, from where its address led; what is no page, and an answer that is
        not 200, comes as it is. Errors as `Http.get`."""
        first = await self._http.get(
            address, most_bytes=most_bytes, seconds=seconds, allowed=allowed
        )
        if first.status != 200 or not _is_page(first):
            return first
        chromium = await self._started()
        from playwright.async_api import Error

        ask = partial(self._http.get, most_bytes=most_bytes, seconds=seconds, allowed=allowed)
        context = await chromium.new_context(
            user_agent=self._agent, service_workers="block", accept_downloads=False
        )
        try:
            page = await context.new_page()
            await page.route("**/*", _Visit(first, ask, self._most).answer)
            await page.route_web_socket("**/*", _closed)
            text = await asyncio.wait_for(_text_of(page, first.address), seconds)
        except TimeoutError:
            raise PlaceError(f"{address} did not answer within {seconds:g} seconds.") from None
        except Error as error:
            words = str(error).splitlines()[0][:200]
            raise InputError(f"{address} cannot be shown ({words})") from None
        finally:
            await context.close()
        data = text.encode("utf-8", "replace")
        if len(data) > most_bytes:
            raise InputError(f"{address} is larger than {most_bytes:,} bytes")
        return replace(first, headers={"content-type": "text/html; charset=utf-8"}, data=data)


def _is_page(reply: Reply) -> bool:
    """Whether an answer is a page in which scripts may run; a sitemap is not."""
    kind = reply.headers.get("content-type", "")
    return "html" in kind or (not kind and b"<html" in reply.data[:2000].lower())


async def _text_of(page: Page, address: str) -> str:
    """The document as its scripts leave it, when they have asked for nothing for half a second, or go on
    asking for ever."""
    from playwright.async_api import TimeoutError as StillAsking

    await page.goto(address, wait_until="domcontentloaded", timeout=0)
    with suppress(StillAsking):
        await page.wait_for_load_state("networkidle", timeout=1000 * _STILL_SECONDS)
    return await page.content()


async def _closed(socket: WebSocketRoute) -> None:
    """No socket stays open."""
    await socket.close()


class _Visit:
    """Answers what a page asks for, up to `most` requests."""

    def __init__(self, first: Reply, ask: Callable[[str], Awaitable[Reply]], most: int) -> None:
        self._first, self._ask, self._left = first, ask, most

    async def answer(self, route: Route) -> None:
        """Answer one request, or let it fail: of another document, of a kind that is not read, or one that
        may not be asked."""
        request = route.request
        if request.is_navigation_request():
            mine = request.frame.parent_frame is None and request.url == self._first.address
            await (_fulfil(route, self._first) if mine else route.abort())
            return
        if request.method != "GET" or request.resource_type not in _READ or self._left <= 0:
            await route.abort()
            return
        self._left -= 1
        try:
            reply = await self._ask(request.url)
        except (InputError, PlaceError, RefusedError):
            await route.abort()
        else:
            await _fulfil(route, reply)


async def _fulfil(route: Route, reply: Reply) -> None:
    # Scripts of one host of the source may read what another gives.
    headers = {"content-type": reply.headers.get("content-type", "text/html")}
    headers["access-control-allow-origin"] = "*"
    await route.fulfill(status=reply.status, headers=headers, body=reply.data)
