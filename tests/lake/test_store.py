"""The lake: one partition replaced whole, the others untouched, every version readable."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marsad.base.errors import InputError, NotFoundError, PlaceError
from marsad.lake.store import Lake
from marsad.lake.tables import table


def _rows(realm: str, *pairs: str) -> list[dict[str, Any]]:
    return [
        {
            "realm": realm,
            "ad_a": a,
            "ad_b": b,
            "band": "certain",
            "score": 0.9,
            "reason": "même",
            "kind": "",
            "revision": 1,
            "gone": False,
        }
        for a, b in (pair.split("-") for pair in pairs)
    ]


def _pairs(lake: Lake, **how: Any) -> list[str]:
    found = lake.read("core_link_log", **how).to_pylist()
    return sorted(f"{row['realm']}:{row['ad_a']}-{row['ad_b']}" for row in found)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_a_table_is_empty_before_its_first_write(lake: Lake) -> None:
    assert lake.version("core_link_log") == -1
    found = lake.read("core_link_log")
    assert found.num_rows == 0
    assert found.schema == table("core_link_log").schema


def test_a_partition_is_replaced_and_others_left(lake: Lake) -> None:
    lake.replace("core_link_log", "real", _rows("real", "a-b", "c-d"))
    lake.replace("core_link_log", "synthetic", _rows("synthetic", "x-y"))
    lake.replace("core_link_log", "real", _rows("real", "e-f"))
    assert _pairs(lake) == ["real:e-f", "synthetic:x-y"]
    assert _pairs(lake, partition="synthetic") == ["synthetic:x-y"]
    assert _pairs(lake, partition="nobody") == []


def test_the_same_write_again_gives_the_same_table(lake: Lake) -> None:
    for _ in range(2):
        lake.replace("core_link_log", "real", _rows("real", "a-b"))
    assert _pairs(lake) == ["real:a-b"]


def test_a_partition_replaced_by_nothing_is_empty(lake: Lake) -> None:
    lake.replace("core_link_log", "real", _rows("real", "a-b"))
    lake.replace("core_link_log", "synthetic", _rows("synthetic", "x-y"))
    lake.replace("core_link_log", "real", [])
    assert _pairs(lake) == ["synthetic:x-y"]


def test_every_version_stays_readable(lake: Lake) -> None:
    first = lake.replace("core_link_log", "real", _rows("real", "a-b"))
    second = lake.replace("core_link_log", "real", _rows("real", "c-d"))
    third = lake.replace("core_link_log", "real", [])
    assert first < second < third == lake.version("core_link_log")
    assert _pairs(lake, version=first) == ["real:a-b"]
    assert _pairs(lake, version=second) == ["real:c-d"]
    assert _pairs(lake, version=third) == _pairs(lake) == []


def test_a_version_that_does_not_exist(lake: Lake) -> None:
    lake.replace("core_link_log", "real", _rows("real", "a-b"))
    with pytest.raises(NotFoundError, match="no version 9"):
        lake.read("core_link_log", version=9)


def test_a_refused_write_changes_nothing(lake: Lake) -> None:
    before = lake.replace("core_link_log", "real", _rows("real", "a-b"))
    with pytest.raises(InputError, match="more than once"):
        lake.replace("core_link_log", "real", _rows("real", "c-d", "c-d"))
    assert lake.version("core_link_log") == before
    assert _pairs(lake) == ["real:a-b"]


@pytest.mark.parametrize("before", [0, 1])
def test_rows_of_another_partition_are_refused(lake: Lake, before: int) -> None:
    if before:
        lake.replace("core_link_log", "synthetic", _rows("synthetic", "x-y"))
    with pytest.raises(InputError, match=r"rows of \{'real'\} given for partition 'synthetic'"):
        lake.replace("core_link_log", "synthetic", _rows("real", "a-b"))
    assert _pairs(lake) == ["synthetic:x-y"] * before


def test_values_come_back_as_they_went_in(lake: Lake) -> None:
    row = {
        name: {"string": "l'été — مرصد", "int": 7, "bool": True, "date": dt.date(2026, 2, 28)}.get(
            column.type.removesuffix("?")
        )
        for name, column in table("raw_sightings").columns.items()
    }
    row |= {"source_id": "l'été", "deadline_on": None}
    lake.replace("raw_sightings", "l'été", [row])
    assert lake.read("raw_sightings").to_pylist() == [row]
    assert lake.read("raw_sightings", partition="l'été").to_pylist() == [row]
    lake.replace("raw_sightings", "l'été", [])
    assert lake.read("raw_sightings").num_rows == 0


WRITER = """
import sys
from pathlib import Path
from marsad.lake.store import Lake

lake, realm = Lake(Path(sys.argv[1])), sys.argv[2]
for i in range(4):
    row = {"realm": realm, "ad_a": f"{realm}{i}", "ad_b": "b", "band": "certain"}
    lake.replace("core_link_log", realm, [row | {"score": 1.0, "reason": "", "kind": "", "revision": 1, "gone": False}])
"""


def test_two_processes_write_different_partitions(lake: Lake) -> None:
    lake.replace("core_link_log", "real", _rows("real", "a-b"))
    lake.replace("core_link_log", "synthetic", _rows("synthetic", "x-y"))
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(lake.root), realm])
        for realm in ("real", "synthetic")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert _pairs(lake) == ["real:real3-b", "synthetic:synthetic3-b"]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(PlaceError, match="cannot be written"):
        Lake(tmp_path / "file" / "lake").replace("core_link_log", "real", _rows("real", "a-b"))
