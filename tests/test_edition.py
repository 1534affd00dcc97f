"""Editions: what is served of the ads follows the stream, and whoever follows the feed holds the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.flow import edition as editor
from marsad.flow.edition import Editor
from marsad.lake import edition
from marsad.lake.mart import Mart
from marsad.products.changes import Entry, followed
from marsad.products.windows import CLOSED, OPEN, UNKNOWN, board_of, read_windows, state
from test_stream import DAY, Home, Step, do, key, sighting, step

NOW = dt.datetime(2026, 5, 8, 12, tzinfo=dt.UTC)
"""A week after the first day on which ads of these tests are seen."""


class Served(Home):
    """An installation with editions, at a clock that goes on by a minute."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, self.now = folder, NOW
        with duckdb.connect(str(folder / "release.duckdb")):
            pass

    def publish(self, **how: Any) -> Path:
        self.now += dt.timedelta(minutes=1)
        return Editor(self.folder, self.lake).publish(self.now, **how)

    def rows(self, table: str = "ads") -> list[dict[str, Any]]:
        newest = edition.newest(self.folder)
        assert newest is not None
        mart = Mart(self.folder / "release.duckdb", edition.files_of(newest), edition.attached())
        rows = mart.rows(f"select * from {table} order by all")
        mart.close()
        return rows

    def feed(self) -> list[Entry]:
        rows = sorted(self.lake.read("out_changes").to_pylist(), key=lambda row: row["seq"])
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        return [Entry(row["kind"], row["subject"], row["content"]) for row in rows]

    def states(self) -> dict[str, str]:
        """What the rules say of each ad that is published."""
        every = [
            ad for ad in self.lake.read("core_ads").to_pylist() if ad["confidentiality"] == "open"
        ]
        read = (
            {**ad, "seen_on": ad[day]} for ad in every for day in ("first_seen_on", "last_seen_on")
        )
        read_to = {board: spans[-1][1] for board, spans in read_windows(read).items()}
        today, states = self.now.date(), {}  # type: dt.date, dict[str, set[str]]
        for ad in every:
            of = states.setdefault(ad["cluster"], set())
            of.add(state(ad, read_to.get(board_of(ad)), today))
        return {
            ad["ad_key"]: next(s for s in (OPEN, UNKNOWN, CLOSED) if s in states[ad["ad_key"]])
            for ad in every
            if ad["is_canonical"] and ad["country"] == "MA"
        }


@pytest.fixture
def home(tmp_path: Path) -> Served:
    return Served(tmp_path)


def test_an_edition_shows_what_came_changed_and_went(home: Served) -> None:
    home.arrive("p", sighting(0, 1, 1), sighting(3, 0, 2))
    home.stream.advance()
    home.publish(releases=["r1"])
    assert [entry.kind for entry in home.feed()] == ["new", "new", "release"]
    home.arrive("q", sighting(0, 1, 0, 3), sighting(5, 3, 1, 2))
    home.stream.advance()
    home.publish(releases=["r1"])
    assert [entry.kind for entry in home.feed()[3:]] == ["changed", "new"]
    assert len(home.rows()) == 3
    assert home.rows("changes")[-1]["kind"] == "new"


def test_nothing_new_makes_no_edition_and_a_new_day_does_where_it_tells(home: Served) -> None:
    home.arrive("p", sighting(0, 1, 1, 6))
    home.stream.advance()
    first = home.publish()
    assert home.publish() == first
    assert [row["state"] for row in home.rows()] == ["open"]
    home.now += dt.timedelta(days=30)
    assert home.publish() != first
    assert [row["state"] for row in home.rows()] == ["unknown"]


def test_an_ad_that_its_board_shows_no_more_is_closed(home: Served) -> None:
    home.arrive("p", sighting(0, 1, 1, -20), sighting(2, 0, 2, -20))
    home.stream.advance()
    home.publish()
    home.arrive("q", sighting(2, 0, 2, 5))
    home.stream.advance()
    home.publish()
    assert [entry.kind for entry in home.feed()] == ["new", "new", "closed"]


def test_an_opening_is_open_as_long_as_one_of_its_ads_is(home: Served) -> None:
    home.arrive("p", sighting(0, 0, 0, -20), sighting(1, 0, 0, -20), sighting(3, 1, 1, 5))
    home.arrive("q", sighting(2, 2, 2, 5), sighting(1, 0, 0, 5))
    home.stream.advance()
    home.publish()
    (row,) = (row for row in home.rows() if row["title"] == "Soudeur TIG")
    assert (row["state"], row["last_seen_on"]) == ("open", DAY + dt.timedelta(5))
    (copy,) = home.rows("ad_copies")
    first = {key(0): "closed", key(1): "open"}
    assert first[copy["copy_key"]] == copy["state"]
    assert {copy["ad_key"], copy["copy_key"]} == {key(0), key(1)}


def test_an_opening_under_another_key_is_not_new(home: Served) -> None:
    """An earlier copy comes: the opening is known by its key from then on, and its old key leads to it."""
    home.arrive("p", sighting(0, 0, posted_on=DAY + dt.timedelta(1)))
    home.stream.advance()
    home.publish()
    home.arrive("q", sighting(1, 0, posted_on=DAY))
    home.stream.advance()
    home.publish()
    assert [(e.kind, e.subject) for e in home.feed()] == [
        ("new", key(0)), ("closed", key(0)), ("changed", key(1)),
    ]  # fmt: skip
    assert [(row["ad_key"], row["copy_key"]) for row in home.rows("ad_copies")] == [
        (key(1), key(0))
    ]


def test_an_ad_that_its_board_took_down_is_closed_at_once(home: Served) -> None:
    home.arrive("p", sighting(0, 0, 0, 6), sighting(2, 1, 1, 6))
    home.stream.advance()
    home.publish()
    home.poll("q", DAY + dt.timedelta(6), sighting(2, 1, 1, 6))
    home.stream.advance()
    home.publish()
    assert {row["title"]: row["state"] for row in home.rows()} == {
        "Soudeur TIG": "closed",
        "Comptable": "open",
    }
    assert [(e.kind, e.subject) for e in home.feed()][2:] == [("closed", key(0))]


def test_an_edition_that_never_came_to_stand_leaves_nothing(
    home: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.arrive("p", sighting(0, 1, 1))
    home.stream.advance()
    home.publish()
    home.arrive("q", sighting(3, 0, 2))
    home.stream.advance()
    with monkeypatch.context() as patch:
        patch.setattr(editor.Writer, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            home.publish()
    home.publish()
    assert [entry.kind for entry in home.feed()] == ["new", "new"]
    assert len(home.rows()) == 2


def test_a_clock_set_back_makes_no_older_edition(home: Served) -> None:
    home.arrive("p", sighting(0, 1, 1))
    home.stream.advance()
    first = home.publish()
    home.arrive("q", sighting(3, 0, 2))
    home.stream.advance()
    home.now -= dt.timedelta(hours=5)
    second = home.publish()
    assert second.name > first.name
    assert edition.newest(home.folder) == second


def test_old_editions_go_and_their_base_is_shared(home: Served) -> None:
    for n in range(6):
        home.arrive(f"p{n}", sighting(n, n % 4, n % 3, n % 3))
        home.stream.advance()
        home.publish()
    folders = edition.editions(home.folder)
    assert len(folders) == edition.KEPT
    assert len({(folder / edition.BASE).stat().st_ino for folder in folders}) == 1


def test_what_the_feed_has_forgotten_is_not_new_again(home: Served) -> None:
    home.arrive("p", sighting(0, 1, 1), sighting(3, 0, 2))
    home.stream.advance()
    home.publish()
    home.lake.remove("out_changes", "true")
    home.publish(anew=True)
    assert home.lake.read("out_changes").num_rows == 0
    home.arrive("q", sighting(5, 3, 1, 2))
    home.stream.advance()
    home.publish(anew=True)
    assert home.lake.read("out_changes").select(["seq", "kind"]).to_pylist() == [
        {"seq": 3, "kind": "new"}
    ]


def test_a_large_overlay_is_folded_into_a_new_base(
    home: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "FOLD_LEAST", 2)
    for n in range(5):
        home.arrive(f"p{n}", sighting(n, n % 4, n % 3, n % 3))
        home.stream.advance()
        home.publish()
    newest = edition.newest(home.folder)
    assert newest is not None
    assert edition.about(newest).base_ads > 0
    followed_rows = home.rows()
    home.publish(anew=True)
    assert home.rows() == followed_rows


@settings(max_examples=6, deadline=None)
@given(st.lists(step, min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_editions_follow_the_stream(steps: list[Step], pauses: set[int]) -> None:
    """After any steps the edition is the one that all ads make anew; the states are those of the rules; and
    whoever follows the feed holds the ads that are not known to be closed."""
    with TemporaryDirectory() as folder:
        home = Served(Path(folder))
        for i, taken in enumerate(steps):
            do(home, taken)
            if i in pauses:
                home.stream.advance()
                home.publish()
        home.stream.advance()
        newest = home.publish()
        rows, skills, copies = home.rows(), home.rows("ad_skills"), home.rows("ad_copies")
        assert followed(home.feed()) == edition.standing(newest)
        assert {row["ad_key"]: row["state"] for row in rows} == home.states()
        home.publish(anew=True)
        assert (home.rows(), home.rows("ad_skills"), home.rows("ad_copies")) == (
            rows,
            skills,
            copies,
        )
        assert home.now.date() >= DAY
