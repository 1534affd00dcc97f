"""Serving: the newest release behind the portal and the API, swapped when a newer one appears."""

from __future__ import annotations

import errno
import logging
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from marsad.base.errors import MarsadError, NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.lake.checkup import LEAST_FREE_BYTES
from marsad.lake.folders import damage, make_private
from marsad.publish.http.connections import TimedConnection
from marsad.publish.read.reader import Reader

_LOG = logging.getLogger("marsad.serve")
CHECK_SECONDS = 1.0
STOP_SECONDS = 5
"""How long answers under way may still take when the portal stops."""


Folders = Callable[[], Iterable[Path]]


class Current:
    """The reader of the newest release and the newest edition that open; callable, safe for many threads.
    `aside`: a newer one is opened in a thread of its own, and those who ask meanwhile get the one before.

    `health` says "ok", or "degraded" with the newer release or edition that does not open and why.
    """

    def __init__(
        self, releases: Folders, editions: Folders = tuple, *, aside: bool = False
    ) -> None:
        """`releases` and `editions` give the folders of each, newest first."""
        self._releases, self._editions, self._aside = releases, editions, aside
        self._damaged: dict[Path, str] = {}
        self._lock = threading.Lock()
        self._folders: tuple[Path, Path | None] | None = None
        self._reader: Reader | None = None
        self._checked = float("-inf")

    def __call__(self) -> Reader:
        """The reader; NotFoundError before the first release."""
        now, reader = time.monotonic(), self._reader
        if reader is None:
            return self._newest()
        if now - self._checked >= CHECK_SECONDS:
            self._checked = now
            if not self._aside:
                return self._newest()
            if not self._lock.locked():
                threading.Thread(target=self._look, daemon=True).start()
        return reader

    def _look(self) -> None:
        try:
            self._newest()
        except MarsadError as error:
            _LOG.error("what is newest does not open: %s", error)

    def _newest(self) -> Reader:
        with self._lock:
            self._checked = time.monotonic()
            releases, editions = list(self._releases()), list(self._editions())
            if not releases:
                raise NotFoundError("Nothing is released yet: run `marsad flow`.")
            for release, edition in self._pairs(releases, editions):
                if self._reader is not None and self._folders == (release, edition):
                    return self._reader
                # The reader before stays open for answers under way, and goes with the last.
                if reader := self._open(release, edition):
                    self._reader, self._folders = reader, (release, edition)
                    return reader
        first = releases[0]
        raise PlaceError(
            f"No release can be opened; the newest is damaged: {self._damaged.get(first, 'its ads')}."
            " Restore a backup (`marsad restore`) or release anew (`marsad flow release`)."
        )

    def _pairs(
        self, releases: Sequence[Path], editions: Sequence[Path]
    ) -> Iterator[tuple[Path, Path | None]]:
        """Releases and editions whose files are whole, the newest first; what is older is not looked at
        before it is needed, for its files are read through."""
        for release in self._whole(releases):
            edition = None
            for edition in self._whole(editions):
                yield release, edition
            if edition is None:
                yield release, None

    def _whole(self, folders: Iterable[Path]) -> Iterator[Path]:
        """Those of the folders whose files are as they were written, looked at one by one; what is not is
        tried again, for it may still be on its way."""
        for folder in folders:
            served = self._folders is not None and folder in self._folders
            if reason := damage(folder, hashes=not served):
                self._note(folder, reason)
            else:
                self._damaged.pop(folder, None)
                yield folder

    def _note(self, folder: Path, reason: str) -> None:
        if folder not in self._damaged:
            _LOG.error("%s %s does not open: %s", _kind(folder), folder.name, reason)
        self._damaged[folder] = reason

    def _open(self, release: Path, edition: Path | None) -> Reader | None:
        """The reader of a release and an edition; None, with one line in the log, where they do not open."""
        try:
            return Reader(release, edition)
        except MarsadError as error:
            place = error.place if isinstance(error, PlaceError) else None
            of_edition = edition and place and place.is_relative_to(edition)
            self._note(edition if edition and of_edition else release, str(error))
            return None

    def health(self) -> str:
        """One word, and what an operator should know."""
        for folders in (self._releases(), self._editions()):
            for folder in folders:
                if self._folders and folder in self._folders:
                    broken = damage(folder)
                    if broken:
                        return f"degraded: {_kind(folder)} {folder.name}, served, is damaged ({broken})"
                    break
                if reason := self._damaged.get(folder):
                    served = [
                        f.name for f in self._folders or () if f and f.parent == folder.parent
                    ]
                    return (
                        f"degraded: {_kind(folder)} {folder.name} does not open ({reason});"
                        f" {served[0] if served else 'none'} is served"
                    )
        return "ok"


def _kind(folder: Path) -> str:
    return folder.parent.name.removesuffix("s")


def check_place(settings: Settings) -> None:
    """PlaceError, in one sentence, when the port is taken or the disk is full."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PlaceError(
                    f"Port {settings.port} is taken by another program: stop it, or choose another"
                    f" port with MARSAD_PORT=8001 make run."
                ) from None
            raise PlaceError(
                f"{settings.host}:{settings.port} cannot be used: {error.strerror}."
            ) from None
    try:
        make_private(settings.home)
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        raise PlaceError(f"The folder {settings.home} cannot be used: {error.strerror}.") from None
    if free < LEAST_FREE_BYTES:
        raise PlaceError(
            f"The disk under {settings.home} has {free // 1_000_000} MB free; Marsad needs"
            f" {LEAST_FREE_BYTES // 1_000_000} MB. Free some, or set MARSAD_HOME to another disk."
        )


def _connection(settings: Settings) -> type[TimedConnection]:
    """The connections of this installation: a proxy may have as many as it needs."""
    return type("Connection", (TimedConnection,), {"proxies": settings.proxies})


def serve(app: FastAPI, settings: Settings, listening: socket.socket | None = None) -> None:
    """Answer until stopped (Ctrl+C), on a socket that listens already or on the address that is set."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        http=_connection(settings),
        proxy_headers=bool(settings.proxies),  # nobody else is believed who a visitor is
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=STOP_SECONDS,  # a stream of changes never ends by itself
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run([listening] if listening else None)
