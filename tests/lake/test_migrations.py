"""A control database and a lake made by an older version open, and are brought forward."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from marsad.base.errors import PlaceError
from marsad.base.settings import Settings
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.lake.control import migrations as control_migrations
from marsad.lake.control.database import engine
from marsad.lake.control.migrations import migrations, newest
from marsad.lake.control.schema import metadata
from marsad.lake.store import Lake
from marsad.lake.tables import tables
from marsad.products.changes import FIRST_COLUMNS

FIXTURE = Path(__file__).parents[1] / "fixtures" / "home_0_1.tar.xz"
"""The home of an installation of Marsad 0.1: 40 invented ads, 20 invented courses, one of everything
that people write."""


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(home, filter="data")
    return home


def _shape(place: Path | str) -> dict[str, list[tuple[str, bool, bool]]]:
    """Table -> its columns as (name, may be null, is a key)."""
    found = inspect(engine(place))
    shape = {}
    for name in set(found.get_table_names()) - {"schema_version"}:
        key = found.get_pk_constraint(name)["constrained_columns"]
        columns = [(c["name"], c["nullable"], c["name"] in key) for c in found.get_columns(name)]
        shape[name] = sorted((name, null and not is_key, is_key) for name, null, is_key in columns)
    return shape


def test_an_old_control_database_and_a_new_one_have_the_declared_schema(
    old_home: Path, tmp_path: Path, postgres_database: str
) -> None:
    for place in (old_home / "control.db", tmp_path / "new.db", postgres_database):
        Control(place).close()
    declared = {
        table.name: sorted((c.name, bool(c.nullable), c.primary_key) for c in table.columns)
        for table in metadata.tables.values()
    }
    assert _shape(old_home / "control.db") == declared
    assert _shape(tmp_path / "new.db") == declared
    assert _shape(postgres_database) == declared


def test_an_old_database_of_postgresql_is_brought_forward(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From before leases: what is in it stays, and moments sort as bytes from then on."""
    every = migrations()
    with monkeypatch.context() as old:
        old.setattr(control_migrations, "migrations", lambda: {n: every[n] for n in (1, 2)})
        with engine(postgres_database).begin() as connection:
            control_migrations.migrate(connection)
            connection.execute(
                text(
                    "insert into runs (step, subject, started_at, status)"
                    " values ('enrich', 'ads', '2026-01-01', 'running')"
                )
            )
    control = Control(postgres_database)
    assert control.settle_runs() == 1
    with engine(postgres_database).connect() as connection:
        query = "select count(*) from information_schema.columns where table_schema = 'public'"
        texts = f"{query} and data_type = 'text'"
        assert (
            connection.execute(text(texts)).scalar()
            == connection.execute(text(f"{texts} and collation_name = 'C'")).scalar()
        )
    control.close()


def test_nothing_in_an_old_control_database_is_lost(old_home: Path) -> None:
    control = Control(old_home / "control.db")
    assert [run["step"] for run in control.runs()] == ["release", "enrich", "collect", "collect"]
    (report,) = control.reports()
    assert (report["shown"], report["value"]) == ("2411", "3313")
    assert control.judgements("isco08")[0]["value"] == "3313"
    assert control.alerts(confirmed=True)[0]["about"] == "comptable"
    assert control.key_limit("0" * 64) == 600
    assert control.agreements()[0]["until_on"] == "2027-01-01"
    assert [user["name"] for user in control.users()] == ["amina"]
    assert len(control.releases()) == 1
    assert control.settle_report(report["id"], "accepted", "amina") is not None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_it_is_brought_forward_once_whoever_opens_it_first(
    old_home: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    place: Path | str = old_home / "control.db"
    if kind == "postgresql":
        place = request.getfixturevalue("postgres_database")
    code = """
import sys
from pathlib import Path
from marsad.lake.control import Control
place = sys.argv[1]
Control(place if place.startswith("postgresql") else Path(place))
"""
    together = [subprocess.Popen([sys.executable, "-c", code, str(place)]) for _ in range(4)]
    assert [process.wait() for process in together] == [0, 0, 0, 0]
    with engine(place).begin() as connection:
        versions = connection.execute(text("select version from schema_version")).scalars().all()
    assert sorted(versions) == list(range(1 if kind == "postgresql" else 2, newest() + 1))


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "control.db"
    Control(path).close()
    with engine(path).begin() as connection:
        connection.execute(text("insert into schema_version values (999, 'later')"))
    with pytest.raises(PlaceError, match=r"schema 999.*made by a newer version"):
        Control(path)


def test_every_table_of_an_old_lake_is_read_with_the_columns_of_today(old_home: Path) -> None:
    lake = Lake(old_home / "lake")
    rows = {name: lake.read(name) for name in tables()}
    assert rows["core_ads"].num_rows == 40
    assert rows["core_courses"].num_rows == 20
    for name, declared in tables().items():
        assert rows[name].schema.equals(declared.schema), name
        declared.check(rows[name])


def test_an_old_installation_goes_on(old_home: Path) -> None:
    """Coding and releasing over an old home: the tables take the columns of today and lose no row."""
    flow = Flow(Settings(home=old_home, workers=1))
    before = flow.lake.read("core_ads").to_pylist()
    values = flow.lake.read("out_history").num_rows
    flow.run(["enrich", "release"])
    keys = [row["ad_key"] for row in before]
    assert sorted(flow.lake.read("core_ads")["ad_key"].to_pylist()) == sorted(keys)
    assert flow.lake.read("out_history").num_rows >= values > 0
    feed = flow.lake.read("out_changes").to_pylist()
    old = {row["ad_key"]: row for row in before}
    now = {row["ad_key"]: row for row in flow.lake.read("core_ads").to_pylist()}
    lasting = {n for n in FIRST_COLUMNS if not n.endswith(("_score", "_evidence"))} & before[
        0
    ].keys()
    for key in (row["subject"] for row in feed if row["kind"] == "changed"):
        # of what was published, another version of the coder is surer or less sure, and says the same
        assert {n: old[key][n] for n in lasting} == {n: now[key][n] for n in lasting}
    assert flow.current() is not None


def test_an_old_lake_that_is_only_released_takes_its_ads_for_what_they_are(old_home: Path) -> None:
    """Ads coded before sources said what may leave are coded anew: none becomes a register's."""
    flow = Flow(Settings(home=old_home, workers=1))
    flow.run(["release"])
    assert set(flow.lake.read("core_ads")["confidentiality"].to_pylist()) == {"open"}
    surveys = set(flow.lake.read("out_values", partition="new_ads")["survey"].to_pylist())
    assert surveys == {"ADS_SYNTHETIC"}
