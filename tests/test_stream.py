"""The stream: whatever the order and the portions in which sightings come, the same ads stand at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.base.records import JobAd
from marsad.enrich.batch import ad_key
from marsad.flow import review
from marsad.flow import stream as streams
from marsad.flow.arrivals import Arrivals
from marsad.flow.sightings import Sightings
from marsad.flow.stream import Stream
from marsad.lake.control import Control
from marsad.lake.store import Lake
from marsad.lake.tables import table

DAY = dt.date(2026, 5, 1)
TITLES = ("Soudeur TIG", "Comptable", "بائع في المتجر", "xqzv")
BODY = (
    "vous assurez la vente en magasin l'accueil des clients la tenue de la caisse le rangement "
    "des rayons et l'inventaire du stock avec le responsable du magasin chaque fin de semaine"
)
TEXTS = (BODY, f"{BODY} prime annuelle", "يستقبل الزبناء ويرتب الرفوف ويمسك الصندوق كل يوم في متجر")
KEPT = ("core_ads", "core_ad_links", "core_ad_skills")


def sighting(n: int, title: int = 0, text: int = 0, seen: int | None = 1, **other: Any) -> JobAd:
    ad: dict[str, Any] = {
        "source_id": "job_feed",
        "board": "ab"[n % 2],
        "ad_id": str(n // 2),
        "raw_title": TITLES[title],
        "raw_text": TEXTS[text],
        "raw_company": "Atelier Essai",
        "raw_place": "Fès",
        "country": "MA",
        "seen_last_on": None if seen is None else DAY + dt.timedelta(seen),
    }
    return JobAd(**{**ad, **other})


class Home:
    """A small installation without a portal."""

    def __init__(self, folder: Path) -> None:
        self.lake = Lake(folder / "lake")
        self.control = Control(folder / "control.db")
        self.stream = Stream(self.lake, self.control)

    def arrive(self, payload: str, *ads: JobAd) -> int:
        arrivals = Arrivals(self.lake, ads[0].source_id if ads else "job_feed")
        return arrivals.commit(arrivals.read(ads, None), payload)

    def poll(self, payload: str, whole_on: dt.date | None, *ads: JobAd) -> int:
        """A poll, which shows all that its source has open on a day where one is given."""
        sightings = Sightings(self.lake, ads[0].source_id)
        arrived = sightings.read(ads, None)
        ends = sightings.missing(arrived, payload, whole_on) if whole_on else None
        return sightings.add_whole(arrived, payload, ends)

    def judge(self, scheme: str, subject: str, value: str, title: str = "") -> None:
        words = review.words_of(title) if title else ""
        self.control.keep_judgement(
            scheme, subject, value, previous="", score=None, judge="K", words=words
        )

    def tables(self) -> list[list[dict[str, Any]]]:
        def ordered(rows: pa.Table, key: Sequence[str]) -> list[dict[str, Any]]:
            return sorted(rows.to_pylist(), key=lambda row: [str(row[k]) for k in key])

        kept = [ordered(self.lake.read(name), table(name).key) for name in KEPT]
        of_blocks = table("core_block_log").schema
        schema = pa.schema([of_blocks.field(n) for n in ("block", "rank", "ad_key")])
        query = "select block, rank, ad_key from core_block_log"
        blocks = self.lake.table(query, ("core_block_log",), schema)
        return [*kept, ordered(blocks, ("block", "ad_key"))]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def key(n: int) -> str:
    return ad_key("job_feed", "ab"[n % 2], str(n // 2))


def the_ad(home: Home, n: int) -> dict[str, Any]:
    return dict(home.lake.read("core_ads", where=("ad_key", [key(n)])).to_pylist()[0])


def test_days_span_all_sightings_and_words_are_of_the_last_day(home: Home) -> None:
    home.arrive(
        "p", sighting(0, 1, seen=9, deadline_on=dt.date(2026, 6, 1)), sighting(0, 0, seen=3)
    )
    home.stream.advance()
    ad = the_ad(home, 0)
    assert (ad["title"], ad["sightings"]) == ("Comptable", 2)
    assert ad["posted_on"] is None, "a board that is read for the first time shows ads of any age"
    assert (ad["first_seen_on"], ad["last_seen_on"]) == (
        DAY + dt.timedelta(3),
        DAY + dt.timedelta(9),
    )
    assert ad["deadline_on"] == dt.date(2026, 6, 1)


@pytest.mark.parametrize("pause", [True, False])
def test_the_same_words_from_two_sources_are_two_sightings_of_one_opening(
    home: Home, *, pause: bool
) -> None:
    home.arrive("p", sighting(0, 1))
    if pause:
        home.stream.advance()
    home.arrive("q", sighting(0, 1, source_id="ads_table"))
    home.arrive("r", sighting(2, 0, source_id="ads_table"))
    home.stream.advance()
    ads = home.lake.read("core_ads").to_pylist()
    assert sorted(ad["source_id"] for ad in ads) == ["ads_table", "ads_table", "job_feed"]
    assert {ad["title"] for ad in ads} == {"Comptable", "Soudeur TIG"}
    assert len({ad["cluster"] for ad in ads}) == 2
    home.arrive("s", sighting(4, 2))
    assert home.stream.advance() == 1


def test_an_ad_appeared_when_it_was_first_seen_on_a_board_read_before(home: Home) -> None:
    home.arrive("p", sighting(2, seen=5))
    home.stream.advance()
    assert the_ad(home, 2)["posted_on"] is None
    home.arrive("late", sighting(0, seen=1))
    home.stream.advance()
    assert the_ad(home, 2)["posted_on"] == DAY + dt.timedelta(5)


def test_the_same_payload_twice_adds_nothing_and_another_reading_of_it_holds(home: Home) -> None:
    assert home.arrive("p", sighting(0), sighting(1)) == 2
    assert home.arrive("p", sighting(1), sighting(0)) == 0
    home.stream.advance()
    assert home.arrive("p", sighting(0, title=1)) == 1
    home.stream.advance()
    ads = home.lake.read("core_ads").to_pylist()
    assert [(ad["ad_key"], ad["title"]) for ad in ads] == [(key(0), "Comptable")]


def test_a_payload_taken_back_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    home.arrive("p", sighting(0), sighting(1, text=1))
    home.stream.advance()
    home.arrive("wrong", sighting(0, title=1, seen=4), sighting(4, title=2))
    home.stream.advance()
    assert Arrivals(home.lake, "job_feed").withdraw("wrong") == 2
    home.stream.advance()
    assert Arrivals(home.lake, "job_feed").withdraw("wrong") == 0
    right = Home(tmp_path / "right")
    right.arrive("p", sighting(0), sighting(1, text=1))
    right.stream.advance()
    assert home.tables() == right.tables()


def test_a_file_given_again_with_its_day_is_seen_once(home: Home) -> None:
    home.arrive("p", sighting(0, seen=None))
    home.stream.advance()
    home.arrive("p@2026-05-03", sighting(0, seen=2))
    home.stream.advance()
    ad = the_ad(home, 0)
    assert (ad["sightings"], ad["last_seen_on"]) == (1, DAY + dt.timedelta(2))


def test_an_ad_has_ended_when_its_page_is_gone_until_it_is_seen_again(home: Home) -> None:
    arrivals = Arrivals(home.lake, "job_feed")
    home.arrive("p@2026-05-02", sighting(0), sighting(1, text=1))
    home.arrive("q@2026-05-02", sighting(2, title=1))
    home.stream.advance()
    assert arrivals.ended(["q"], DAY + dt.timedelta(1)) == 1
    home.stream.advance()
    assert the_ad(home, 2)["ended_on"] == DAY + dt.timedelta(1)
    assert the_ad(home, 0)["ended_on"] is None
    assert the_ad(home, 2)["sightings"] == 1
    home.poll("r@2026-05-02", None, sighting(2, title=1))
    home.stream.advance()
    assert the_ad(home, 2)["ended_on"] is None, "it was seen again on the day on which it was gone"
    assert arrivals.ended(["r"], DAY + dt.timedelta(9)) == 1
    home.stream.advance()
    home.arrive("late@2026-05-04", sighting(2, title=1, seen=3))
    home.stream.advance()
    assert the_ad(home, 2)["ended_on"] == DAY + dt.timedelta(9), "an older day tells nothing of it"


def test_what_a_whole_poll_shows_no_more_has_ended(home: Home) -> None:
    day = DAY + dt.timedelta(1)
    home.poll("p", day, sighting(0), sighting(1, text=1), sighting(2, title=1))
    home.stream.advance()
    assert home.poll("q", day, sighting(0), sighting(4, title=2)) == 3, "one is new, two are gone"
    home.stream.advance()
    ended = {n: the_ad(home, n)["ended_on"] for n in (0, 1, 2, 4)}
    assert ended == {0: None, 1: day, 2: day, 4: None}
    assert home.poll("r", day, sighting(0), sighting(4, title=2)) == 0
    assert home.poll("s", None, sighting(0, text=1), sighting(4, title=2)) == 1


def test_a_judgement_is_of_the_opening_and_of_its_words(home: Home) -> None:
    same = {"raw_place": "Fès", "posted_on": DAY + dt.timedelta(3)}
    home.arrive("p", sighting(0, 0, **same))
    home.judge("isco08", key(0), "7212", "Soudeur TIG")
    home.stream.advance()
    assert the_ad(home, 0)["isco08"] == "7212"
    home.arrive("q", sighting(1, 0, **{**same, "posted_on": DAY}))
    home.stream.advance()
    first = the_ad(home, 1)
    assert first["is_canonical"], "the copy that was posted first"
    assert the_ad(home, 0)["cluster"] == key(1)
    assert (first["isco08"], first["isco08_evidence"]) == ("7212", "judged by a person")
    home.arrive("r", sighting(0, 1, seen=5, **same), sighting(1, 1, seen=5, **same))
    home.stream.advance()
    assert the_ad(home, 1)["isco08_evidence"] != "judged by a person", "it is another title now"
    assert [row["subject"] for row in review.judgements(home.lake, home.control, "isco08")] == []


def test_a_board_was_read_on_every_day_on_which_an_ad_of_it_was_seen(home: Home) -> None:
    for day in (1, 5, 9):
        home.arrive(f"p{day}", sighting(0, seen=day), sighting(2, title=1, seen=day))
    home.stream.advance()
    days = home.lake.read("core_ad_readings")["seen_on"].to_pylist()
    assert sorted(days) == [DAY + dt.timedelta(n) for n in (1, 5, 9)]


def test_words_are_coded_once_for_all_ads_that_share_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    coded: list[int] = []
    code = streams.code_words
    monkeypatch.setattr(
        streams,
        "code_words",
        lambda rows, labels: coded.append(rows.num_rows) or code(rows, labels),
    )
    home.arrive("p", sighting(0), sighting(1), sighting(2, title=1))
    home.stream.advance()
    home.arrive("q", sighting(0, seen=2), sighting(3, title=1))
    home.stream.advance()
    assert sum(coded) == 2
    assert home.lake.read("core_contents").num_rows == 2


def test_nothing_new_writes_nothing(home: Home) -> None:
    home.arrive("p", sighting(0), sighting(1, text=1))
    home.stream.advance()
    versions = [
        home.lake.version(name) for name in ("core_ad_log", "core_link_log", "core_contents")
    ]
    assert home.stream.advance() == home.stream.backfill() == 0
    assert versions == [
        home.lake.version(name) for name in ("core_ad_log", "core_link_log", "core_contents")
    ]


def test_another_version_of_enrich_reads_all_anew_and_can_be_cut_off(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.arrive("p", *(sighting(n, title=n % 4) for n in range(6)))
    home.stream.advance()
    before = home.tables()
    monkeypatch.setattr(streams, "MOST", 2)
    monkeypatch.setattr(streams.batch, "version", lambda labels="": "another")
    again = Stream(home.lake, home.control)
    monkeypatch.setattr(again, "_take", cut_after(again._take, 2))
    with pytest.raises(KeyboardInterrupt):
        again.backfill()
    rest = Stream(home.lake, home.control).backfill()
    assert rest == 2
    assert [[{**row, "version": ""} for row in rows] for rows in home.tables()] == [
        [{**row, "version": ""} for row in rows] for rows in before
    ]


def cut_after(step: Any, times: int) -> Any:
    done = 0

    def cut(*given: Any) -> Any:
        nonlocal done
        if done == times:
            raise KeyboardInterrupt
        done += 1
        return step(*given)

    return cut


@pytest.mark.parametrize("cut", ["core_contents", "core_link_log", "core_ad_log", "core_block_log"])
@pytest.mark.parametrize("written", [False, True])
def test_a_step_that_is_cut_off_goes_on_without_loss(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str, written: bool
) -> None:
    """Cut before, or just after, each of the commits of a step; more sightings come before it goes on."""
    home.arrive("p", sighting(0), sighting(1, text=1), sighting(2, title=1))
    home.stream.advance()
    home.arrive("q", sighting(0, title=1, seen=4), sighting(3, seen=4), sighting(4, seen=4))
    append = home.lake.append

    def cutting(name: str, *given: Any) -> None:
        if name == cut and written:
            append(name, *given)
        if name == cut:
            raise KeyboardInterrupt
        append(name, *given)

    with monkeypatch.context() as patch:
        patch.setattr(home.lake, "append", cutting)
        with pytest.raises(KeyboardInterrupt):
            home.stream.advance()
    home.arrive("r", sighting(3, title=2, seen=6))
    home.stream.advance()
    whole = Home(tmp_path / "whole")
    whole.arrive("p", sighting(0), sighting(1, text=1), sighting(2, title=1))
    whole.arrive("q", sighting(0, title=1, seen=4), sighting(3, seen=4), sighting(4, seen=4))
    whole.arrive("r", sighting(3, title=2, seen=6))
    whole.stream.advance()
    assert home.tables() == whole.tables()


Step = tuple[str, Any]
ads = st.builds(
    sighting,
    st.integers(0, 7),
    st.integers(0, 3),
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(0, 5)),
    posted_on=st.one_of(st.none(), st.just(DAY), st.just(DAY + dt.timedelta(2))),
    deadline_on=st.sampled_from([None, DAY + dt.timedelta(3)]),
    raw_company=st.sampled_from(["Atelier Essai", ""]),
)
step = st.one_of(
    st.tuples(st.sampled_from("pqrs"), st.lists(ads, min_size=1, max_size=6)),
    st.tuples(
        st.just("isco08"), st.tuples(st.integers(0, 7), st.sampled_from(["7212", "2411", "X"]))
    ),
    st.tuples(st.sampled_from(("withdraw", "ended")), st.sampled_from("pqrs")),
    st.tuples(
        st.just("dedup"),
        st.tuples(st.integers(0, 3), st.integers(4, 7), st.sampled_from(["same", "different"])),
    ),
)


def do(home: Home, taken: Step) -> None:
    kind, what = taken
    if kind == "isco08":
        home.judge(kind, key(what[0]), what[1])
    elif kind == "dedup":
        home.judge(kind, " ".join(sorted((key(what[0]), key(what[1])))), what[2])
    elif kind == "withdraw":
        Arrivals(home.lake, "job_feed").withdraw(what)
    elif kind == "ended":
        Arrivals(home.lake, "job_feed").ended([what], DAY + dt.timedelta(4))
    else:
        home.arrive(kind, *what)


@settings(max_examples=8, deadline=None)
@given(st.lists(step, min_size=1, max_size=7), st.sets(st.integers(0, 6)))
def test_step_by_step_and_all_at_once_give_the_same_tables(
    steps: list[Step], pauses: set[int]
) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        living, whole = Home(Path(one)), Home(Path(two))
        for i, taken in enumerate(steps):
            do(living, taken)
            do(whole, taken)
            if i not in pauses:
                living.stream.advance()
        living.stream.advance()
        whole.stream.advance()
        assert living.tables() == whole.tables()


@settings(max_examples=4, deadline=None)
@given(st.lists(st.lists(ads, min_size=1, max_size=4), min_size=2, max_size=4), st.randoms())
def test_the_order_of_arrival_does_not_matter(payloads: list[list[JobAd]], dice: Any) -> None:
    dated = [
        [JobAd(**{**{f: getattr(ad, f) for f in ad.__struct_fields__}, "seen_last_on": DAY + dt.timedelta(10 * p + i)})
         for i, ad in enumerate(payload)]
        for p, payload in enumerate(payloads)
    ]  # fmt: skip
    order = list(range(len(dated)))
    dice.shuffle(order)
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        in_time, shuffled = Home(Path(one)), Home(Path(two))
        for home, places in ((in_time, range(len(dated))), (shuffled, order)):
            for p in places:
                home.arrive(f"p{p}", *dated[p])
                home.stream.advance()
        assert in_time.tables() == shuffled.tables()
