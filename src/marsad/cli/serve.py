"""Serving: the newest release behind the portal and the API, swapped when a newer one appears."""

from __future__ import annotations

import errno
import logging
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from marsad.base.errors import MarsadError, NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.lake.folders import damage, make_private
from marsad.publish.http.connections import TimedConnection
from marsad.publish.read.reader import Reader

_LOG = logging.getLogger("marsad.serve")
CHECK_SECONDS = 5.0
STOP_SECONDS = 5
"""How long answers under way may still take when the portal stops."""
LEAST_FREE_BYTES = 500_000_000


class Current:
    """The reader of the newest release that opens; callable, safe for many threads.

    `health` says "ok", or "degraded" with the newer release that does not open and why.
    """

    def __init__(self, releases: Callable[[], Iterable[Path]]) -> None:
        """`releases` gives the folders of the releases, newest first."""
        self._releases = releases
        self._damaged: dict[Path, str] = {}
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._reader: Reader | None = None
        self._checked = float("-inf")

    def __call__(self) -> Reader:
        """The reader; NotFoundError before the first release."""
        now = time.monotonic()
        if self._reader is not None and now - self._checked < CHECK_SECONDS:
            return self._reader
        with self._lock:
            self._checked = now
            folders = list(self._releases())
            if not folders:
                raise NotFoundError("Nothing is released yet: run `marsad flow`.")
            for folder in folders:
                if self._reader is not None and folder == self._folder:
                    if not (reason := damage(folder)):
                        return self._reader
                    self._damaged[folder] = reason  # it was damaged while it was served
                    continue
                # The reader before stays open for the answers under way; the process collects it.
                if reader := self._open(folder):
                    self._reader, self._folder = reader, folder
                    return reader
        first = folders[0]
        raise PlaceError(
            f"No release can be opened; the newest is damaged: {self._damaged[first]}. Restore a"
            " backup (`marsad restore`) or release anew (`marsad flow release`)."
        )

    def _open(self, folder: Path) -> Reader | None:
        """The reader of a release; None, with one line in the log, for one that does not open. What did
        not open is tried again, for it may still be on its way."""
        try:
            if reason := damage(folder, hashes=True):
                raise PlaceError(reason)
            reader = Reader(folder)
        except MarsadError as error:
            if folder not in self._damaged:
                _LOG.error("release %s does not open: %s", folder.name, error)
            self._damaged[folder] = str(error)
            return None
        self._damaged.pop(folder, None)
        return reader

    def health(self) -> str:
        """One word, and what an operator should know."""
        for folder in self._releases():
            if folder == self._folder:
                broken = damage(folder)
                return (
                    f"degraded: release {folder.name}, served, is damaged ({broken})"
                    if broken
                    else "ok"
                )
            if reason := self._damaged.get(folder):
                served = self._folder.name if self._folder else "none"
                return (
                    f"degraded: release {folder.name} does not open ({reason}); {served} is served"
                )
        return "ok"


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


def serve(app: FastAPI, settings: Settings) -> None:
    """Answer until stopped (Ctrl+C)."""
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        http=TimedConnection,
        timeout_graceful_shutdown=STOP_SECONDS,  # a stream of changes never ends by itself
    )
