"""What is told of an occupation, a skill or a place: counts that add up, and what older releases lack."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from esco_files import write
from marsad.base.errors import InputError
from marsad.flow import release, taxonomies
from marsad.flow.steps import Flow
from marsad.lake import mart
from marsad.lake.mart import Mart
from marsad.lake.store import Lake
from marsad.products.matching.likeness import LEAST
from marsad.publish.read.profiles import FEWEST_PAID, Profiles, _months
from marsad.publish.read.reader import AdQuery, Reader


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def test_the_demand_for_an_occupation_is_that_of_its_parts(reader: Reader) -> None:
    profiles = reader.profiles
    whole = profiles.demand(AdQuery(filters={"occupation": "72"}))
    parts = [
        profiles.demand(AdQuery(filters={"occupation": c})) for c in profiles.occupations("72", 4)
    ]
    assert whole.total == sum(part.total for part in parts)
    assert whole.open == sum(part.open for part in parts) <= whole.total
    assert sum(n for _, n in whole.months) <= whole.total


def test_pay_is_told_from_ten_ads_on_with_its_interval(reader: Reader) -> None:
    pays = [
        reader.profiles.demand(AdQuery(filters={"occupation": c})).pay
        for c in reader.profiles.occupations("", 2)
    ]
    assert {pay.n >= FEWEST_PAID for pay in pays} == {True, False}
    for pay in pays:
        if pay.n < FEWEST_PAID:
            assert (pay.median, pay.lower, pay.upper) == (None, None, None)
        elif pay.median is not None:
            assert pay.lower is not None
            assert pay.upper is not None
            assert pay.lower <= pay.median <= pay.upper


def test_real_and_synthetic_ads_are_never_counted_together(reader: Reader) -> None:
    counts = reader.lookups.ads_of("7")
    assert reader.profiles.realm == "synthetic"
    assert reader.profiles.demand(AdQuery(filters={"occupation": "7"})).total == counts["synthetic"]
    assert (
        reader.profiles.demand(AdQuery(filters={"occupation": "7"}, realm="real")).total
        == counts["real"]
    )
    with pytest.raises(InputError):
        reader.profiles.demand(AdQuery(realm="both"))


def test_a_place_is_counted_within_what_it_lies_in(reader: Reader) -> None:
    region = reader.profiles.demand(AdQuery(filters={"region": "MA-06"}))
    assert sum(part.n for part in region.provinces) <= region.total
    province = reader.profiles.demand(AdQuery(filters={"province": region.provinces[0].code}))
    assert province.total == region.provinces[0].n
    assert all(part.lower <= part.share <= part.upper for part in region.provinces)


def test_neighbours_share_what_they_are_said_to_share(reader: Reader) -> None:
    near = reader.profiles.neighbours("7212")
    assert near[0].alike is not None
    likeness = [one.alike for one in near if one.alike is not None]
    assert likeness == sorted(likeness, reverse=True)
    assert min(likeness) >= LEAST
    assert "7212" not in [one.code for one in near]
    own = {str(row["skill"]) for row in reader.lookups.essential("7212")}
    assert any(own & set(one.shared) for one in near)


def test_likeness_is_the_same_from_both_sides(reader: Reader) -> None:
    profiles = reader.profiles
    one = next(n for n in profiles.neighbours("2512") if n.alike)
    back = {n.code: n.alike for n in profiles.neighbours(one.code)}
    if "2512" in back and back["2512"] is not None:
        assert back["2512"] == pytest.approx(one.alike)


def test_only_real_ads_and_trainings_are_listed_for_search_engines(reader: Reader) -> None:
    ads, trainings = reader.profiles.listed()
    assert len(ads) == reader.release().ads_real
    assert trainings == []


def test_occupations_of_an_imported_esco_have_names(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert release.esco_occupations(lake).num_rows == 0
    taxonomies.import_files(lake, [write(tmp_path / "esco_1.2")])
    path = tmp_path / mart.NAME
    mart.build(path, {"esco_occupations": release.esco_occupations(lake)}, {})
    names = Profiles(Mart(path)).esco("2411.")
    assert names == {"2411.90": {"ar": "حارس المنارة البحرية", "fr": "gardien de phare"}}


def test_a_release_of_an_earlier_version_lacks_tables_and_is_read(tmp_path: Path) -> None:
    path = tmp_path / mart.NAME
    mart.build(path, {"release": pa.table({"id": ["1"]})}, {})
    profiles = Profiles(Mart(path))
    assert profiles.esco("2512.") == {}
    assert profiles.trainings("2512") == []
    assert all(one.shared == () for one in profiles.neighbours("2512"))


def test_months_are_whole_and_none_is_passed_over() -> None:
    """A month without an ad is nought, not a gap; the month under way is left out, a whole one is not."""
    counts = {"2025-11": 3, "2026-02": 1}
    whole = (("2025-11", 3), ("2025-12", 0), ("2026-01", 0), ("2026-02", 1))
    began = dt.date(2025, 11, 3)

    def until(year: int, month: int, day: int) -> list[tuple[dt.date, dt.date]]:
        return [(began, dt.date(year, month, day))]

    assert _months(counts, until(2026, 2, 28)) == whole
    assert _months(counts, until(2026, 2, 27)) == whole[:3]
    assert _months(counts, until(2026, 4, 30))[-2:] == (("2026-03", 0), ("2026-04", 0))
    assert _months({}, until(2026, 4, 30)) == ()
    assert _months(counts, []) == ()
    later = [(began, dt.date(2025, 12, 1)), (dt.date(2026, 2, 1), dt.date(2026, 3, 2))]
    assert _months(counts, later) == (("2026-02", 1),), "what lies between was not observed"


@pytest.mark.parametrize(
    ("words", "code"),
    [("chômage des jeunes", "unemployment_rate"), ("youth unemployment", "unemployment_rate"),
     ("taux d'activité des femmes", "activity_rate"), ("معدل البطالة عند الشباب", "unemployment_rate")],
)  # fmt: skip
def test_words_that_ask_for_a_figure_find_it(reader: Reader, words: str, code: str) -> None:
    hits = reader.finder.answers(reader.finder.question(words))["indicators"]
    assert code in [hit.code for hit in hits]
