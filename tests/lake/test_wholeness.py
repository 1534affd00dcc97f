"""A table that is not as it was left is named, whatever was done to its log, and nothing is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable

from marsad.base.errors import NotFoundError, PlaceError
from marsad.lake import wholeness
from marsad.lake.control import Control
from marsad.lake.store import Lake
from marsad.lake.writing import writing

NAME = "core_breaks"


def _row(survey: str, n: int) -> dict[str, object]:
    return {"survey": survey, "period": str(2000 + n), "indicator": "*", "reason_ar": "ر",
            "reason_fr": "même", "reason_en": "r", "source": "HCP"}  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A table of three commits, remembered."""
    lake = Lake(tmp_path / "lake")
    for n, realm in enumerate(("real", "synthetic", "register")):
        lake.replace(NAME, realm, [_row(realm, n)])
    wholeness.remember(lake.root)
    return lake


def _commit(lake: Lake, number: int) -> Path:
    return lake.root / NAME / "_delta_log" / f"{number:020}.json"


def _empty(lake: Lake, number: int) -> None:
    _commit(lake, number).write_bytes(b"")


def _without_a_line(lake: Lake, number: int) -> None:
    lines = _commit(lake, number).read_text().splitlines()
    _commit(lake, number).write_text("\n".join(lines[:1]))


def _gone(lake: Lake, number: int) -> None:
    _commit(lake, number).unlink()


@pytest.mark.parametrize(
    ("harm", "number", "words"),
    [
        (_gone, 2, "its log went back from version 2 to 1"),
        (_gone, 1, "00001.json of its log is missing"),
        (_empty, 2, "00002.json of its log has 0 bytes"),
        (_empty, 1, "00001.json of its log has 0 bytes"),
        (_without_a_line, 2, "00002.json of its log has"),
        (_without_a_line, 1, "00001.json of its log has"),
        (lambda lake, _: shutil.rmtree(lake.root / NAME), 0, "its log is gone"),
    ],
)
def test_a_log_that_lost_something_is_named_and_not_written_to(
    lake: Lake, control: Control, harm: Callable[[Lake, int], None], number: int, words: str
) -> None:
    assert wholeness.damages(lake.root, files=True) == {}
    harm(lake, number)
    assert words in wholeness.damages(lake.root)[NAME]
    with pytest.raises(PlaceError, match=f"table {NAME}: .*Nothing was done.*marsad doctor"):
        writing(control, lake.root).__enter__()
    assert control.leases() == []


def test_a_writer_who_was_killed_left_a_log_ahead_of_what_is_remembered(lake: Lake) -> None:
    lake.replace(NAME, "real", [_row("real", 7)])
    assert wholeness.damages(lake.root) == {}
    whole = _commit(lake, 3).read_bytes()
    for torn in (b"", whole[: len(whole) // 2]):
        _commit(lake, 3).write_bytes(torn)
        assert "cannot be read" in wholeness.damages(lake.root)[NAME]


def test_a_checkpoint_stands_for_the_commits_before_it(lake: Lake) -> None:
    for n in range(120):  # a checkpoint comes by itself every hundred commits
        lake.replace(NAME, "real", [_row("real", n)])
    checkpoints = list((lake.root / NAME / "_delta_log").glob("*.checkpoint.parquet"))
    assert checkpoints
    assert wholeness.damages(lake.root) == {}
    for number in range(90):
        _gone(lake, number)
    assert wholeness.damages(lake.root, files=True) == {}
    wholeness.remember(lake.root)
    known = json.loads((lake.root / "_whole" / f"{NAME}.json").read_text())
    assert len(known) < 40
    checkpoints[-1].write_bytes(checkpoints[-1].read_bytes()[:-9])
    assert "checkpoint" in wholeness.damages(lake.root)[NAME]


def test_a_checkpoint_of_the_newest_version_stands_for_its_commit(lake: Lake) -> None:
    DeltaTable(str(lake.root / NAME)).create_checkpoint()
    assert wholeness.damages(lake.root, files=True) == {}
    wholeness.remember(lake.root)
    _gone(lake, 2)
    assert wholeness.damages(lake.root, files=True) == {}


@pytest.mark.parametrize(
    ("harm", "words", "rows"),
    [(_gone, "taken as it is", 2), (_empty, "taken back to version 1", 2)],
)
def test_a_damaged_table_may_be_taken_as_it_is(
    lake: Lake, harm: Callable[[Lake, int], None], words: str, rows: int
) -> None:
    with pytest.raises(NotFoundError, match="no damaged table"):
        wholeness.accept(lake.root, NAME, "now")
    harm(lake, 2)
    assert wholeness.accept(lake.root, NAME, "now") == words
    assert wholeness.damages(lake.root, files=True) == {}
    assert Lake(lake.root).read(NAME).num_rows == rows


def test_a_file_of_rows_that_is_missing_or_cut_is_named(lake: Lake) -> None:
    (file,) = (lake.root / NAME / "survey=real").glob("*.parquet")
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    assert "bytes, not" in wholeness.damages(lake.root)[NAME]
    with pytest.raises(PlaceError, match="bytes, not"):
        wholeness.require(lake.root)
    file.write_bytes(whole[:-10] + bytes(10))
    assert wholeness.damages(lake.root) == {}, "of the same size: only who reads it can tell"
    assert "is not what was written" in wholeness.damages(lake.root, files=True)[NAME]
    file.unlink()
    assert "is missing" in wholeness.damages(lake.root, files=True)[NAME]


def test_files_of_rows_are_followed_commit_by_commit(lake: Lake) -> None:
    lake.replace(NAME, "real", [_row("real", 8)])
    wholeness.remember(lake.root)
    lake.replace(NAME, "real", [_row("real", 9)])
    DeltaTable(str(lake.root / NAME)).optimize.compact()
    wholeness.remember(lake.root)
    known = set(wholeness._rows_known(lake.root, NAME))
    assert known == {
        str(Path(uri).relative_to(lake.root / NAME))
        for uri in DeltaTable(str(lake.root / NAME)).file_uris()
    }
    assert wholeness.damages(lake.root, files=True) == {}


def test_what_was_written_is_remembered_even_after_a_failure(lake: Lake, control: Control) -> None:
    def fail() -> None:
        with writing(control, lake.root), writing(control, lake.root):
            lake.replace(NAME, "real", [_row("real", 8)])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    _gone(lake, 3)
    assert "from version 3 to 2" in wholeness.damages(lake.root)[NAME]


def test_a_table_goes_back_to_its_last_whole_version(lake: Lake) -> None:
    _empty(lake, 2)
    assert wholeness.set_back(lake.root, NAME, "now") == "taken back to version 1"
    assert wholeness.damages(lake.root) == {}
    assert Lake(lake.root).number(NAME) == 1
    assert Lake(lake.root).read(NAME).num_rows == 2
    (file,) = (lake.root / NAME / "survey=real").glob("*.parquet")
    file.unlink()
    assert "taken away" in wholeness.set_back(lake.root, NAME, "later")
    assert Lake(lake.root).number(NAME) == -1
    assert wholeness.damages(lake.root) == {}
