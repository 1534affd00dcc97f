"""Where things are, and a server for the time of a test."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
PATIENCE_MILLISECONDS = 120_000
"""How long a browser waits on a busy machine; no test asserts a time."""


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


AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = "{resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}"


def audit(browser: Browser, address: str, width: int, name: str, session: str = "") -> None:
    """A page at a width does not overflow and axe finds nothing; its picture is kept by `name`.

    `session` is that of someone on duty."""
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    if session:
        context.add_cookies([{"name": "marsad_session", "value": session, "url": address}])
    page = context.new_page()
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, f"{address}: {answer.status}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} overflows"
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci`")
    page.add_script_tag(path=AXE)
    result = page.evaluate(f"axe.run(document, {RULES})")
    violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in result["violations"]]
    assert violations == [], f"{address}: {violations}"
    context.close()
