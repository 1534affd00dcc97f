"""Figures as a reader is told them: units of rows, changes that add up, groups and small numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from given_rows import RATE, Given, year
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from marsad.base.areas import areas
from marsad.publish.read.model import Value
from marsad.web.amounts import amount, decimals_in
from marsad.web.area_map import AreaMap, area_map
from marsad.web.changes import change
from marsad.web.localisation import Locale, Site
from marsad.web.pages.area import page as area_page
from marsad.web.selection import select, series_of
from marsad.web.sentences import cell, sentences
from marsad.web.series_chart import chart, legend

REGIONS = {"07": 8.1, "08": 8.4, "01": 9.4, "09": 11.1, "05": 11.2, "04": 12.7, "06": 14.6,
           "03": 15.1, "02": 22.1}  # fmt: skip


def told(rows: Sequence[Value], language: str = "en", **choice: str) -> list[str]:
    reader = Given(rows)
    locale = Locale(language, reader)  # type: ignore[arg-type]
    selection = select(reader, reader.indicator(rows[0].indicator), choice)  # type: ignore[arg-type]
    return sentences(
        locale, selection, series_of(reader.data(selection.query()).rows, "").get("", [])
    )


@given(st.floats(0, 40), st.floats(0, 40))
def test_a_change_is_the_difference_of_the_figures_beside_it(before: float, last: float) -> None:
    """The two percentages that are printed, subtracted by the reader, give the points printed."""
    first, *more = told([year("2024", before), year("2025", last)])
    now = float(re.findall(r"([\d.]+)%", first)[0])
    moved = re.findall(r"That is ([\d.]+) percentage points? (more|less).*\(([\d.]+)%\)", more[-1])
    if not moved:
        assert more[-1] == "It has not changed in one year."
        assert abs(before - last) <= 0.1
        return
    points, side, then = moved[0]
    signed = float(points) if side == "more" else -float(points)
    assert round(now - float(then), 1) == signed


def test_the_published_example_adds_up() -> None:
    """12.9 and 13.5 were told as 0.5 point apart."""
    words = told([year("2024", 13.46), year("2025", 12.94)])
    assert "12.9%" in words[0]
    assert words[-1] == "That is 0.6 percentage points less than one year earlier (13.5%)."


def test_a_figure_is_told_in_the_unit_of_its_row() -> None:
    """The size of a break is in points, in an indicator whose other rows are percentages."""
    shift = replace(RATE, indicator="unemployment_rate_bridged", freq="Q", period="2017-Q1",
                    category="shift", value=0.97, unit="PP", lower=0.2, upper=1.8)  # fmt: skip
    words = told([shift], category="shift")
    assert "1.0 percentage point in the first quarter of 2017" in words[0]
    assert not any("%" in text.replace("95%", "") for text in words)
    assert "0.2 percentage points" in words[1]
    french = " ".join(told([shift], "fr", category="shift")).replace("95 %", "")
    assert "1,0 point" in french
    locale = Locale("en", Given([shift]))  # type: ignore[arg-type]
    indicator = locale.reader.indicator("unemployment_rate_bridged")
    shown = cell(locale, indicator, shift)
    assert (shown["text"], shown["unit"]) == ("1.0 percentage point", "PP")
    assert cell(locale, indicator, replace(shift, unit="PT"))["text"] == "1.0%"


@pytest.mark.parametrize(
    ("value", "arabic", "english"),
    [(1.0, "شهر واحد", "1 month"), (2.0, "شهران", "2 months"), (8.0, "8 أشهر", "8 months"),
     (33.0, "33 شهرا", "33 months"), (100.0, "100 شهر", "100 months")],
)  # fmt: skip
def test_counted_units_have_their_form(value: float, arabic: str, english: str) -> None:
    for language, words in (("ar", arabic), ("en", english)):
        locale = Locale(language, Given([RATE]))  # type: ignore[arg-type]
        assert (
            amount(locale, locale.reader.indicator("unemployment_duration"), value, "MO") == words
        )


def test_one_axis_holds_one_unit() -> None:
    base = replace(RATE, indicator="unemployment_rate_bridged", freq="Q", category="bridged")
    rows = [replace(base, period=f"2016-Q{q}", value=10.0 + q) for q in (1, 2, 3, 4)]
    published = [replace(row, category="as_published") for row in rows]
    shift = replace(base, period="2017-Q1", category="shift", value=0.9, unit="PP")
    reader = Given([*rows, *published, shift])
    locale = Locale("en", reader)  # type: ignore[arg-type]
    choice = {"by": "category"}
    selection = select(reader, reader.indicator(base.indicator), choice)  # type: ignore[arg-type]
    series = series_of(reader.data(selection.compared()).rows, "category")
    assert set(series) == {"bridged", "as_published", "shift"}
    drawn = chart(locale, selection, series)
    assert "Estimated effect" not in drawn
    assert "14.0%" in drawn
    names = [name for _, name in legend(locale, selection, {"shift": [shift], **series})]
    dots = re.findall(r"<title>(\w+), [^<]*: ", drawn)
    assert names == list(dict.fromkeys(dots))
    marks = [
        re.findall(r'class="(s\d)"', str(mark)) for mark, _ in legend(locale, selection, series)
    ]
    assert marks == [["s0"], ["s1"]]
    assert legend(locale, selection, series, "bar") == []


def test_without_its_season_a_figure_is_compared_with_the_quarter_before() -> None:
    base = replace(RATE, freq="Q", indicator="unemployment_rate_adjusted", adjustment="S")
    values = {"2024-Q3": 13.6, "2025-Q2": 13.2, "2025-Q3": 12.9}
    rows = [replace(base, period=p, value=v) for p, v in values.items()]
    assert told(rows)[-1] == "That is 0.3 percentage points less than one quarter earlier (13.2%)."
    raw = [replace(row, adjustment="N", indicator="unemployment_rate") for row in rows]
    assert (
        told(raw, freq="Q")[-1]
        == "That is 0.7 percentage points less than one year earlier (13.6%)."
    )
    winter = [replace(base, period=p, value=v) for p, v in (("2024-Q4", 13.0), ("2025-Q1", 13.0))]
    assert told(winter)[-1] == "It has not changed in one quarter."
    assert "earlier" not in told([rows[0], rows[2]])[-1]  # the quarter before is not known


@pytest.mark.parametrize("name", ["revision_size", "adjustment_quality"])
def test_what_sums_up_a_series_is_not_told_of_a_quarter(name: str) -> None:
    category = {"revision_size": "mean_absolute", "adjustment_quality": "Q"}[name]
    rows = [replace(RATE, indicator=name, freq="Q", period=p, category=category, value=0.55, n=4)
            for p in ("2018-Q1", "2019-Q1")]  # fmt: skip
    words = told(rows, category=category)
    assert "in the first quarter" not in words[0]
    assert "up to its last period" in words[0]
    assert not any("earlier" in text for text in words)  # nor compared with another summary
    if name == "adjustment_quality":
        assert words[1] == "It passes: it must be below 1."
        failing = [replace(row, value=1.13) for row in rows]
        assert told(failing, category=category)[1] == "It fails: it must be below 1."
        judged = [replace(row, category="VERDICT", value=0.0) for row in rows]
        assert "Quality of seasonal adjustment: fails its tests (" in told(judged)[0]
        assert len(told(judged)) == 1


def test_what_rests_on_few_persons_says_so() -> None:
    small = year("2024", 100.0, survey="RGPH2024", n=1, area="MA-09-001-03-0")
    locale = Locale("en", Given([small]))  # type: ignore[arg-type]
    indicator = locale.reader.indicator("unemployment_rate")
    for n, words, few in ((1, "rests on 1 person", "few"), (29, "rests on 29 persons", "few"),
                          (30, "n = 30", ""), (None, "", "")):  # fmt: skip
        shown = cell(locale, indicator, replace(small, n=n))
        assert (shown["persons"], shown["few"]) == (words, few)
    assert cell(locale, indicator, replace(small, survey="ADS", n=3))["persons"] == ""
    few = told([replace(small, n=29, area="MA")], survey="RGPH2024")
    assert len(few) == 1
    assert "the figure of 2024 rests on 29 persons, too few to head a page" in few[0]
    assert "100" not in few[0]
    assert "Rests on 4,000 persons." in told([replace(small, n=4000, area="MA")], survey="RGPH2024")


def test_an_adjustment_that_fails_its_tests_heads_no_page() -> None:
    """The verdict stands in place of the figure; the values stay in the table, marked."""
    base = replace(RATE, freq="Q", indicator="unemployment_rate_adjusted", adjustment="S")
    rows = [replace(base, period=p, value=12.9, reliability="C") for p in ("2025-Q2", "2025-Q3")]
    words = told(rows)
    assert len(words) == 1
    assert "fails its own tests" in words[0]
    assert "12.9" not in words[0]
    assert "échoue à ses propres tests" in told(rows, "fr")[0]
    locale = Locale("en", Given(rows))  # type: ignore[arg-type]
    shown = cell(locale, locale.reader.indicator(base.indicator), rows[0])
    assert "fails its tests" in shown["note"]
    assert "12.9%" in told([replace(row, reliability="U") for row in rows])[0]
    assert (
        "12.9%"
        in told(
            [replace(row, adjustment="N", indicator="unemployment_rate") for row in rows], freq="Q"
        )[0]
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Statistical reliability U: Not known", "Check of the transcription: Two copies")),
        (
            "fr",
            (
                "Fiabilité statistique U\u202f: Inconnue",
                "Vérification de la transcription\u202f: Deux",
            ),
        ),
        ("ar", ("الموثوقية الإحصائية U: غير معروفة", "تحقق النقل: نسختان")),
    ],
)
def test_two_marks_have_two_names_and_a_sentence_each(
    language: str, words: tuple[str, str]
) -> None:
    row = replace(RATE, verification="two_sources")
    locale = Locale(language, Given([row]))  # type: ignore[arg-type]
    shown = cell(locale, locale.reader.indicator(row.indicator), row)
    assert all(text in shown["marks"] for text in words), shown["marks"]
    assert shown["mark_id"] == "U-two_sources"
    assert "independent" not in shown["marks"]
    bounded = cell(
        locale, locale.reader.indicator(row.indicator), replace(row, lower=12.0, upper=14.0)
    )
    assert bounded["letter"] == ""  # the interval says more
    assert words[1].split(":")[0].strip() in bounded["marks"]


def drawn(rows: Sequence[Value], language: str = "en") -> AreaMap:
    reader = Given(rows)
    locale = Locale(language, reader)  # type: ignore[arg-type]
    selection = select(
        reader, reader.indicator("unemployment_rate"), {"freq": "A", "survey": "ENE"}
    )  # type: ignore[arg-type]
    answer = area_map(locale, selection, "region", lambda code: f"/areas/{code}")
    assert answer is not None
    return answer


def regions(south: Value | None = None) -> list[Value]:
    return [*(year("2025", v, area=f"MA-{code}") for code, v in REGIONS.items()),
            *([south] if south else [])]  # fmt: skip


def shade(area: AreaMap, code: str) -> str:
    found = re.search(rf'<a href="/areas/{code}"[^>]*><path[^>]*class="([cd]\d)"', area.svg)
    assert found, code
    return found[1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "published for 3 regions together"),
        ("fr", "publié pour 3 régions ensemble"),
        ("ar", "منشور لمجموع 3 جهات"),
    ],
)
def test_the_grouped_south_is_painted_and_told(language: str, words: str) -> None:
    area = drawn(regions(year("2025", 22.8, area="MA-SUD")), language)
    legend = [text for _, text in area.legend]
    assert any(words in text and re.search("22[.,]8", text) for text in legend), legend
    assert area.svg.count('href="/areas/MA-SUD"') == 3
    assert area.svg.count("url(#group-region)") == 3
    assert area.svg.count('fill="url(#hatch-region)"') == 0
    assert shade(area, "MA-SUD") == shade(area, "MA-02")
    assert area.rows[0][1] == "/areas/MA-SUD"  # the highest


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_classes_below_zero_are_told_as_ranges_and_the_worst_is_darkest(language: str) -> None:
    values = {"01": -12.4, "02": -7.0, "03": -3.5, "04": -3.0, "05": 4.2, "06": 5.0}
    area = drawn([year("2025", v, area=f"MA-{code}") for code, v in values.items()], language)
    ranges = [text for _, text in area.legend[:-1]]
    assert all(len(re.findall(r"\d+(?:[.,]\d+)?", text)) == 2 for text in ranges), ranges
    assert "12" in ranges[0]
    assert shade(area, "MA-01")[0] == "d"
    assert shade(area, "MA-05")[0] == "c"
    assert shade(area, "MA-01") > shade(area, "MA-03") >= "d0"


def test_near_values_share_a_colour_and_far_ones_do_not() -> None:
    area = drawn(regions())
    assert shade(area, "MA-09") == shade(area, "MA-05")
    assert shade(area, "MA-03") != shade(area, "MA-02")
    assert area.svg.count('fill="url(#hatch-region)"') == 3  # the South, of which nothing is known
    assert area.legend[-1][1].startswith("no published figure")


def test_colours_mean_the_same_in_every_year() -> None:
    """The classes come from all the years: a region whose figure stays keeps its colour."""
    earlier = [year("2024", v + 2, area=f"MA-{code}") for code, v in REGIONS.items()]
    legend = [text for _, text in drawn([*earlier, *regions()]).legend]
    moved = [replace(row, period="2026") for row in earlier]
    assert [text for _, text in drawn([*regions(), *moved]).legend] == legend


def test_a_region_of_few_persons_is_hatched_and_ranked_last() -> None:
    rows = [replace(row, n=12 if row.area == "MA-02" else 900) for row in regions()]
    area = drawn(rows)
    assert area.rows[-1][1] == "/areas/MA-02"
    assert re.search(r'href="/areas/MA-02"[^>]*><path[^>]*fill="url\(#hatch-region\)"', area.svg)


def test_a_change_is_not_told_between_two_units() -> None:
    rows = [year("2024", 13.0, unit="PP"), year("2025", 12.0)]
    reader = Given(rows)
    locale = Locale("en", reader)  # type: ignore[arg-type]
    selection = select(reader, reader.indicator("unemployment_rate"), {})  # type: ignore[arg-type]
    assert change(locale, selection, rows) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "الموثوقية الإحصائية"),
        ("fr", "Fiabilité statistique"),
        ("en", "Statistical reliability"),
    ],
)
def test_a_tap_on_the_mark_tells_what_it_means(
    real_site: str, wordless: Page, language: str, words: str
) -> None:
    """Beside the figure, without a script, and closed again by a tap elsewhere."""
    wordless.goto(f"{real_site}/{language}/indicators/unemployment_rate?freq=A&survey=RGPH2024")
    wordless.locator(".trust").first.click()
    shown = wordless.locator(".told:popover-open")
    expect(shown).to_be_visible()
    expect(shown).to_contain_text(words)
    wordless.mouse.click(5, 5)
    expect(shown).to_have_count(0)


def test_a_place_stands_beside_the_country_of_the_same_survey_and_period() -> None:
    """The country has a newer figure; the one of the region's year stands in its row."""
    own = year("2024", 14.6, area="MA-06")
    reader = Given([own, year("2024", 13.3), year("2025", 13.0), year("2024", 99.0, sex="F")])
    site = Site("en", reader, "http://127.0.0.1")  # type: ignore[arg-type]
    newest = {
        ("unemployment_rate", "ENE", "MA-06"): own,
        ("unemployment_rate", "ENE", "MA"): reader.rows[2],
    }
    rows = area_page.figures(site, [areas()["MA-06"], areas()["MA"]], newest)
    assert [cell["text"] for cell in rows[0][2][:2]] == ["14.6%", "13.3%"]


@pytest.mark.parametrize(
    ("n", "words"), [(29, "too few"), (640, "Rests on 640 persons."), (1000, "(HCP).")]
)
def test_the_lead_of_a_small_place_says_on_how_many_persons_it_rests(n: int, words: str) -> None:
    row = year("2024", 14.6, area="MA-06", survey="RGPH2024", n=n)
    locale = Locale("en", Given([row]))  # type: ignore[arg-type]
    newest = {("unemployment_rate", "RGPH2024", "MA-06"): row}
    text = area_page.lead(locale, areas()["MA-06"], newest)
    assert words in text
    assert ("Rests" in text) == (n == 640)


@pytest.mark.parametrize(("n", "heads"), [(1, False), (29, False), (30, True)])
def test_what_rests_on_few_establishments_heads_no_page(n: int, heads: bool) -> None:
    row = replace(RATE, indicator="location_quotient", period="2024", area="MA-06", survey="EE2024",
                  category="C", value=7.77, unit="RA", n=n)  # fmt: skip
    words = told([row], area="MA-06", category="C")
    assert ("7.8" in words[0] or "7.77" in words[0]) == heads
    assert heads or f"rests on {n} establishment" in words[0]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "14,7 points"), ("en", "14.7 percentage points")]
)
def test_decimals_are_those_of_the_unit_of_the_row(language: str, words: str) -> None:
    """The indicator's three decimals are for its ratios; its range is in points."""
    row = replace(RATE, indicator="regional_disparity", value=14.7, unit="PP", category="RANGE")
    locale = Locale(language, Given([row]))  # type: ignore[arg-type]
    indicator = locale.reader.indicator("regional_disparity")
    assert indicator.decimals > 1
    assert cell(locale, indicator, row)["text"] == words
    assert amount(locale, indicator, 0.1234, indicator.unit).count("123") == 1
    assert decimals_in(indicator, "PT") == 1
    assert decimals_in(locale.reader.indicator("unemployment_rate"), "PP") == 1
