"""Where things are, and a server for the time of a test."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"


class serve:
    """A server of `app` on a free port of loopback, while the block lasts; gives its address."""

    def __init__(self, app: Any) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
