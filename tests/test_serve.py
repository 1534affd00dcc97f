"""A portal that runs takes up a new release by itself, and readers of the old one are not cut off."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marsad.base.errors import NotFoundError
from marsad.base.settings import Settings
from marsad.cli import serve
from marsad.flow.steps import Flow
from marsad.lake import mart
from marsad.publish.read.reader import DataQuery


@pytest.fixture
def own(embedded: Flow, tmp_path: Path) -> Flow:
    """A copy of the installation that tests share: here releases are added and taken away."""
    home = tmp_path / "home"
    shutil.copytree(embedded.settings.home, home)
    return Flow(Settings(home=home, workers=2))


def test_before_the_first_release_it_says_what_to_do() -> None:
    with pytest.raises(NotFoundError, match="run `marsad flow`"):
        serve.Current(lambda: None)()


def test_a_new_release_is_taken_up_and_the_old_reader_still_answers(
    own: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    current = serve.Current(own.current)
    before = current()
    query = DataQuery("permanent_jobs", {"area": ("MA",)})
    first = before.data(query).rows
    identifier = own.release()
    after = current()
    assert after is not before
    assert after.release().id == identifier > before.release().id
    assert before.data(query).rows == after.data(query).rows == first


def test_half_a_release_is_never_read(own: Flow, tmp_path: Path) -> None:
    newest = own.current()
    assert newest is not None
    hidden = newest / mart.NAME
    moved = hidden.rename(tmp_path / mart.NAME)
    try:
        assert own.current() != newest
    finally:
        moved.rename(hidden)
    assert own.current() == newest
