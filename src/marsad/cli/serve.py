"""Serving: the newest release behind the portal and the API, swapped when a newer one appears."""

from __future__ import annotations

import errno
import shutil
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.publish.read.reader import Reader

CHECK_SECONDS = 5.0
LEAST_FREE_BYTES = 500_000_000


class Current:
    """The reader of the newest release; callable, safe for many threads."""

    def __init__(self, newest: Callable[[], Path | None]) -> None:
        self._newest = newest
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
            folder = self._newest()
            if folder is None:
                raise NotFoundError("Nothing is released yet: run `marsad flow`.")
            if self._reader is None or folder != self._folder:
                # The reader before stays open for the answers under way; the process collects it.
                self._reader, self._folder = Reader(folder), folder
        return self._reader


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
        settings.home.mkdir(parents=True, exist_ok=True)
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
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")
