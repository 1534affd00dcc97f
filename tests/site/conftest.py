"""The portal under a real browser: a server on loopback and a Chromium that sees nothing else.

Where `live_site` is defined by tests/conftest.py (the portal over the embedded default data), the
tests of `real_site` use it; the others run over `fake.FakeReader`, which needs no data.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from fake import FakeReader
from harness import PATIENCE_MILLISECONDS, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect

from marsad.base.errors import PlaceError
from marsad.web.app import create_app

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lacking = pytest.mark.skip(reason="there is no program `chromium` on this machine")
    for item in items:
        if CHROMIUM is None and "page" in getattr(item, "fixturenames", ()):
            item.add_marker(lacking)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The portal over the fake reader, with its pages for administrators."""
    reader = FakeReader()
    try:
        app = create_app(lambda: reader)  # type: ignore[arg-type,return-value]
    except PlaceError as error:
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as patch, serve(app) as address:
        patch.setenv("MARSAD_ADMIN", "1")
        yield address


@pytest.fixture(scope="session")
def real_site(request: pytest.FixtureRequest, site: str) -> str:
    """The portal over the embedded default data where `live_site` is wired, else the fake one."""
    try:
        address: str = request.getfixturevalue("live_site")
    except pytest.FixtureLookupError:
        return site
    return address.rstrip("/")


expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new page that waits as long as a busy machine may need."""
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context.new_page()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page that must not complain in its console, nor ask another site for anything."""
    messages: list[str] = []
    foreign: list[str] = []
    page.on(
        "console", lambda m: messages.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda r: foreign.append(r.url))
    yield page
    assert [m for m in messages if "status of 40" not in m] == []
    strange = {u for u in foreign if not re.match(r"(http://127\.0\.0\.1:\d+/|data:|about:)", u)}
    assert strange == set()


@pytest.fixture
def wordless(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
