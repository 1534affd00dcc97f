"""Commands that write at once: each waits or refuses in a sentence, and no row is lost."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

from marsad.base.settings import Settings
from marsad.flow.steps import Flow
from marsad.lake.control import Control, runs
from marsad.lake.folders import damage

FILES, ADS = 3, 3
WRITER = """
import time
from marsad.base.settings import read_settings
from marsad.flow.steps import Flow
flow = Flow(read_settings())
with flow.writing(task="marsad flow"), flow.control.run("enrich", "ads"):
    print("writes", flush=True)
    time.sleep(600)
"""
FIELDS = "title_clean,company_clean,location_clean,description_clean,source,link".split(",")


def _file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for n in range(ADS):
            title, link = f"Soudeur d'atelier {name}{n}", f"{name}-{n}"
            writer.writerow(
                (title, "Forge du Sud", "Agadir", "Souder des cadres.", "Rekrute", link)
            )
    return path


def _start(home: Path, database: str, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "MARSAD_HOME": str(home), "MARSAD_DATABASE": database}
    return subprocess.Popen(
        [sys.executable, "-m", "marsad.cli.main", *words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _ingest(home: Path, database: str, path: Path, *more: str) -> subprocess.Popen[str]:
    return _start(home, database, "ingest", "ads", str(path), "--seen-on", "2026-05-02", *more)


def test_two_who_ingest_at_once_lose_nothing(tmp_path: Path, database: str) -> None:
    home = tmp_path / "home"
    for i in range(FILES):
        pair = [_ingest(home, database, _file(tmp_path, f"{side}{i}")) for side in "ab"]
        outcomes = [(process.communicate()[1], process.returncode) for process in pair]
        assert [code for _, code in outcomes] == [0, 0], outcomes
    flow = Flow(Settings(home=home, database=database))
    assert flow.lake.read("raw_ads").num_rows == 2 * FILES * ADS
    assert {run["status"] for run in flow.control.runs()} == {"ok"}
    assert flow.control.leases() == []


def test_one_who_may_not_wait_is_refused_and_one_who_is_killed_leaves_nothing_behind(
    tmp_path: Path, database: str
) -> None:
    home = tmp_path / "home"
    settings = Settings(home=home, database=database)
    control = Control(settings.control)
    path = _file(tmp_path, "late")
    command = [sys.executable, "-c", WRITER]
    environment = {**os.environ, "MARSAD_HOME": str(home), "MARSAD_DATABASE": database}
    writer = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writes\n"
    late = _ingest(home, database, path, "--wait", "0")
    words = late.communicate()[1]
    assert late.returncode == 6
    assert f"The lake is being written by `marsad flow` (process {writer.pid} on " in words
    assert "--wait SECONDS" in words
    assert "Traceback" not in words
    writer.kill()
    writer.communicate()
    assert "running" in {run["status"] for run in control.runs()}
    again = _ingest(home, database, path, "--wait", "0")
    assert again.wait() == 0, again.communicate()
    statuses = [(run["status"], run["message"]) for run in control.runs()]
    assert statuses[0][0] == "ok"
    assert ("failed", runs.ENDED) in statuses
    assert "running" not in dict(statuses)
    assert Flow(settings).lake.read("raw_ads", partition="morocco_boards").num_rows == ADS
    control.close()


def test_two_who_release_at_once_make_two_whole_releases(small_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    pair = [_start(home, "", "flow", "release", "--wait", "300") for _ in range(2)]
    outcomes = [(process.communicate()[1], process.returncode) for process in pair]
    assert [code for _, code in outcomes] == [0, 0], outcomes
    flow = Flow(Settings(home=home))
    assert len(flow.releases()) == 4
    assert not any(damage(folder, hashes=True) for folder in flow.releases())
    released = {row["release"] for row in flow.lake.read("out_history").to_pylist()}
    assert released <= {folder.name for folder in flow.releases()}
