"""Two engines, one result: the flow on a real cluster of Spark gives row for row what it gives here."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cubes import CUBES, cube
from marsad.base.errors import PlaceError
from marsad.base.settings import read_settings
from marsad.lake.engines.spark import SHIPPED, Spark
from marsad.lake.store import Lake
from marsad.products import run
from spark_cluster import Cluster, cluster
from test_stream import Home, sighting

LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "1g"}  # fmt: skip
pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def spark(workers: Cluster) -> Iterator[Spark]:
    engine = Spark(workers.master, workers.work, LOOPBACK)
    yield engine
    engine.close()


def test_the_stream_gives_the_same_tables_on_both(spark: Spark, tmp_path: Path) -> None:
    here, there = Home(tmp_path / "here"), Home(tmp_path / "there")
    there.lake = there.stream.lake = Lake(tmp_path / "there" / "lake", spark)
    for home in (here, there):
        home.arrive("p", *(sighting(n, n % 4, n % 3, n % 5) for n in range(12)))
        home.stream.advance()
        home.arrive("q", sighting(0, 2, 1, 7), sighting(13, 1, 0, 7, raw_company=""))
        home.stream.advance()
    assert here.tables() == there.tables()
    assert here.lake.read("core_ad_links").num_rows
    cells = there.lake.read("core_ad_readings")
    assert cells.num_rows
    assert cells.equals(here.lake.read("core_ad_readings"))


def _ads() -> dict[str, pa.Table]:
    """Ads of two boards and years, with days that are missing, copies, and skills."""
    dice = np.random.default_rng(3)
    rows, skills = [], []
    for i in range(400):
        posted = dt.date(2025, 10, 1) + dt.timedelta(int(dice.integers(0, 150)))
        first = posted + dt.timedelta(int(dice.integers(0, 40)))
        last = first + dt.timedelta(int(dice.integers(0, 40)))
        seen = {"first_seen_on": first, "last_seen_on": last} if i % 7 else {}
        pay = {"salary_month_min_mad": 1000.5 * (i % 9)} if i % 3 else {}
        rows.append({
            "ad_key": f"{i:03}", "ad_id": f"{i:03}", "board": "ab"[i % 2], "cluster": f"{i // 3:03}",
            "is_canonical": i % 3 == 0 or i % 5 == 0, "posted_on": posted if i % 11 else None, **seen, **pay,
            "deadline_on": last if i % 4 else None, "region": ("", "MA-01", "MA-06")[i % 3],
            "isco08": ("", "7212", "2411")[i // 2 % 3], "isic": "CF"[i % 2], "language": ("", "fr")[i % 2],
            "synthetic": i % 6 == 0, "confidentiality": ("open", "microdata")[i % 13 == 0],
            "country": ("MA", "FR")[i % 17 == 0],
        })  # fmt: skip
        skills += [{"ad_key": f"{i:03}", "skill": skill} for skill in "xyz"[: i % 4]]
    return {
        "core_ads": run._filled("core_ads", rows),
        "core_ad_skills": run._filled("core_ad_skills", skills),
    }


@pytest.mark.parametrize("name", CUBES)
def test_cubes_are_the_same_on_both(spark: Spark, tmp_path: Path, name: str) -> None:
    here = cube(name, _ads())
    assert here.num_rows > 1
    assert cube(name, _ads(), Lake(tmp_path, spark)).equals(here)


def test_the_workers_run_the_package_that_is_sent_to_them(spark: Spark) -> None:
    def where(rows: pa.RecordBatch) -> pa.RecordBatch:
        import marsad

        return pa.RecordBatch.from_pydict({"path": [marsad.__file__] * rows.num_rows})

    rows = pa.RecordBatch.from_pydict({"n": list(range(10))})
    made = spark.map_batches(where, iter([rows]), pa.schema([("path", pa.string())]))
    (path,) = set(pa.Table.from_batches(made)["path"].to_pylist())
    assert SHIPPED in path


def test_an_executor_killed_in_the_middle_changes_nothing(spark: Spark, workers: Cluster) -> None:
    def slow(rows: pa.RecordBatch) -> pa.RecordBatch:
        time.sleep(0.5)
        return pa.RecordBatch.from_pydict({"n": [2 * n for n in rows["n"].to_pylist()]})

    rows = [pa.RecordBatch.from_pydict({"n": list(range(i, i + 5))}) for i in range(0, 300, 5)]
    killer = threading.Thread(target=workers.kill_an_executor, args=(3,))
    killer.start()
    made = spark.map_batches(slow, iter(rows), pa.schema([("n", pa.int64())]))
    doubled = pa.Table.from_batches(made)["n"].to_pylist()
    killer.join()
    assert doubled == [2 * n for n in range(300)]


def test_an_engine_that_there_is_not_is_refused() -> None:
    with pytest.raises(PlaceError, match=r"embedded or spark://HOST:PORT, not 'hadoop'"):
        read_settings({"MARSAD_ENGINE": "hadoop"})
