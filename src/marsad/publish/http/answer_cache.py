"""Answers given again as they were made, as long as what is served stays the same.

A public answer depends on release, edition, day, address, what is accepted, and on nothing else; that of
figures alone says so (`of_figures`) and stays when the edition of the ads changes. One that depends on more says so (`Cache-Control: no-store` or `private`, a cookie) and is never held. Answers are held as sent,
compressed. What was asked with a question (`?`) is held from its second asking on, so that addresses made
up without end push nothing out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marsad.base.build import served_code
from marsad.base.errors import MarsadError
from marsad.base.recent import Recent
from marsad.base.settings import site
from marsad.publish.http.limits import MACHINES
from marsad.publish.http.negotiation import encoding_of

SESSION = "marsad_session"
"""The cookie of someone on duty: who has it is never given an answer that was held."""
IN_MEMORY, LARGEST_IN_MEMORY, LARGEST = 6_000_000, 500_000, 4_000_000
"""Bytes of answers that each process holds itself, of one of them, and of one that is held at all."""
CHECK_SECONDS = 1.0
LONGEST = 1_024
_ASKED_ONCE = 4_096
_UNCHANGED = frozenset(
    (b"etag", b"cache-control", b"vary", b"content-language", b"x-marsad-release",
     b"access-control-allow-origin", b"access-control-expose-headers")
)  # fmt: skip
"""Headers of an answer that 304 has too."""
_NEGOTIATED = (b"accept", b"accept-language")
_ONCE = (b"if-modified-since", b"range")
"""Headers whose answer is not the whole one."""
_FIGURES = "marsad.figures"


class Served(NamedTuple):
    """Names of what is read now: by answers of figures, and by those that show ads too."""

    figures: str
    everything: str


def of_figures(request: Request) -> None:
    """Say of the answer to a request that it shows figures and texts alone, nothing of single ads."""
    request.scope[_FIGURES] = True


class Store(Protocol):
    """Answers that several processes share, by key; as `lake.answer_store.AnswerStore`."""

    def get(self, key: bytes) -> bytes | None: ...

    def put(self, key: bytes, served: str, answer: bytes) -> None: ...

    def keep(self, served: Collection[str]) -> None: ...


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """An answer as it was sent: its headers, and its body in the encoding they name."""

    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key == name), b"")


class AnswerCache:
    """Middleware: gives answers that were made before. It stands behind access rules and limits, and
    before compression. `served` names what is read now; it is asked often, and must not wait."""

    def __init__(
        self,
        app: ASGIApp,
        served: Callable[[], Served],
        store: Store | None = None,
        most: int = IN_MEMORY,
    ) -> None:
        self.app, self._read, self._store = app, served, store
        self._memory: Recent[bytes, tuple[str, Answer]] = Recent(most, LARGEST_IN_MEMORY)
        self._served: Served | None = None
        self._checked = float("-inf")
        self._once: dict[bytes, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = self._address(scope)
        served = await self._now() if address else None
        if address is None or served is None:
            await self.app(scope, receive, send)
            return
        keys = {of: _key(of, address) for of in served}
        if answer := self._held(keys):
            await _give(answer, _header(scope, b"if-none-match"), send)
            return
        recorder = _Recorder(send, address[-1])
        await self.app(scope, receive, recorder)
        made = recorder.answer()
        if made is None or (scope["query_string"] and not self._asked_before(_key("", address))):
            return
        of = served.figures if scope.get(_FIGURES) else served.everything
        if of in (await self._now(anew=True) or ()):  # it was made of what its key names
            self._hold(keys[of], of, made)

    def _address(self, scope: Scope) -> tuple[str, ...] | None:
        """What an answer depends on beside what is served, its encoding last; None where it may not be
        given again."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        if any(name in headers for name in _ONCE) or SESSION.encode() in headers.get(
            b"cookie", b""
        ):
            return None
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        negotiated = _NEGOTIATED if scope["path"].startswith(MACHINES) else ()
        host = b"" if site() else headers.get(b"host", b"")
        parts = (raw, scope["query_string"], host, *(headers.get(n, b"") for n in negotiated))
        if sum(map(len, parts)) > LONGEST:
            return None
        encoding = encoding_of(headers.get(b"accept-encoding", b"").decode("latin-1"))
        texts = (part.decode("latin-1") for part in parts)
        return (str(scope.get("scheme", "")), *texts, encoding)

    async def _now(self, *, anew: bool = False) -> Served | None:
        """What is read; None before the first release."""
        now = time.monotonic()
        if anew or now - self._checked > CHECK_SECONDS:
            try:
                served = await run_in_threadpool(self._read)
            except MarsadError:
                served = None
            if served != self._served:
                self._memory.keep(lambda held: held[0] in (served or ()))
                if self._store and served:
                    await run_in_threadpool(self._store.keep, served)
            self._served, self._checked = served, now
        return self._served

    def _held(self, keys: Mapping[str, bytes]) -> Answer | None:
        for key in keys.values():
            if held := self._memory.get(key):
                return held[1]
        for served, key in keys.items() if self._store else ():
            assert self._store
            if data := self._store.get(key):
                answer = msgspec.msgpack.decode(data, type=Answer)
                self._memory.put(key, (served, answer), len(answer.body))
                return answer
        return None

    def _hold(self, key: bytes, served: str, answer: Answer) -> None:
        self._memory.put(key, (served, answer), len(answer.body))
        if self._store:
            self._store.put(key, served, msgspec.msgpack.encode(answer))

    def _asked_before(self, key: bytes) -> bool:
        """Whether an address was asked before, of the last few thousand."""
        if key in self._once:
            del self._once[key]
            return True
        self._once[key] = None
        if len(self._once) > _ASKED_ONCE:
            del self._once[next(iter(self._once))]
        return False


def _key(served: str, address: tuple[str, ...]) -> bytes:
    text = "\x1f".join((served, served_code(), dt.date.today().isoformat(), site(), *address))
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()


class _Recorder:
    """Passes an answer on, and keeps it where it may be given again."""

    def __init__(self, send: Send, encoding: str) -> None:
        self._send, self._encoding = send, encoding
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._parts: list[bytes] = []
        self._size, self._whole = 0, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(bytes(name).lower(), bytes(value)) for name, value in message["headers"]]
            self._headers = headers if self._may_be_held(message["status"], headers) else None
        elif self._headers is not None:
            body = message.get("body", b"")
            self._size += len(body)
            if self._size > LARGEST:
                self._headers = None
                self._parts.clear()
            else:
                self._parts.append(body)
                self._whole = not message.get("more_body", False)
        await self._send(message)

    def _may_be_held(self, status: int, headers: list[tuple[bytes, bytes]]) -> bool:
        named = dict(headers)
        control = named.get(b"cache-control", b"")
        encoding = named.get(b"content-encoding", b"identity").decode("latin-1")
        return (
            status == 200
            and (b"etag" in named or b"immutable" in control)
            and not any(word in control for word in (b"no-store", b"private"))
            and b"set-cookie" not in named
            and encoding in ("identity", self._encoding)
        )

    def answer(self) -> Answer | None:
        """The answer, where it may be held and went out whole."""
        if self._headers is None or not self._whole:
            return None
        body = b"".join(self._parts)
        headers = [(name, value) for name, value in self._headers if name != b"content-length"]
        return Answer([*headers, (b"content-length", str(len(body)).encode())], body)


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


async def _give(answer: Answer, known: bytes, send: Send) -> None:
    """Send an answer, or 304 to who has it already (by the weak comparison of RFC 9110, 13.1.2)."""
    tag = answer.header(b"etag").removeprefix(b"W/")
    tags = {t.strip().removeprefix(b"W/") for t in known.split(b",")}
    if tag and tag in tags:
        headers = [(name, value) for name, value in answer.headers if name in _UNCHANGED]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})
