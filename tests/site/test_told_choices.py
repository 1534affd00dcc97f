"""What a page tells of a choice: breaks between what is shown, places that lead to their survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from given_rows import Given, year
from starlette.responses import Response

from marsad.publish.read.model import Break, Value
from marsad.web.locale import translations
from marsad.web.localisation import Locale
from marsad.web.pages.embed.page import context as embedded
from marsad.web.pages.indicator.page import View, context, crossed
from marsad.web.pages.policy import page as policy
from marsad.web.request import PageRequest
from marsad.web.sentences import cell


def test_only_breaks_between_the_periods_shown_are_told() -> None:
    breaks = [
        Break("ENE", period, "*", {"en": period}, "HCP")
        for period in ("2006", "2017-Q1", "2026-Q1")
    ]
    rows = [year(str(y), 10.0) for y in range(2015, 2026)]
    assert [b.period for b in crossed(breaks, rows)] == ["2017-Q1"]
    assert crossed(breaks, rows[:1]) == ()
    assert crossed(breaks, []) == ()
    unknown = [*rows[5:], replace(rows[0], period="2026", value=None)]
    assert crossed(breaks, unknown) == ()
    assert [b.period for b in crossed(breaks, [*rows[5:], year("2026", 1.0)])] == ["2026-Q1"]


class Named(Given):
    """A reader in which every word names one place."""

    def __init__(self, rows: Sequence[Value], area: str) -> None:
        super().__init__(rows)
        self.finder = SimpleNamespace(hits=lambda kind, words, most: [SimpleNamespace(code=area)])

    def codes(self, indicator: str, dimension: str) -> tuple[str, ...]:
        return tuple(
            sorted({getattr(row, dimension) for row in self.rows if row.indicator == indicator})
        )


CENSUS = year("2024", 15.3, area="MA-01-511-01-0", survey="RGPH2024", n=40000)
ROWS = [
    year("2025", 13.0),
    year("2025", 14.6, area="MA-06"),
    year("2024", 21.3, survey="RGPH2024"),
    CENSUS,
]


def request(place_code: str, language: str = "en", **query: str) -> PageRequest:
    return PageRequest(
        language, Named(ROWS, place_code), "http://marsad.test", page="indicator",  # type: ignore[arg-type]
        where="/indicators/unemployment_rate", path={"indicator": "unemployment_rate"}, query=query,
    )  # fmt: skip


@pytest.mark.parametrize(("area", "survey"), [(CENSUS.area, "RGPH2024"), ("MA-06", None)])
def test_a_place_leads_to_a_survey_that_tells_of_it(area: str, survey: str | None) -> None:
    answer = context(request(area, place="Tanger"))
    assert isinstance(answer, Response)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["area"] == [area]
    assert query.get("survey", [None]) == [survey]
    shown = context(request(area, **{k: v[0] for k, v in query.items()}))
    assert isinstance(shown, View)
    assert shown.nearest is None
    assert "No figure" not in shown.sentences[0]


def test_the_nearest_figure_names_what_it_changes() -> None:
    shown = context(request("", area=CENSUS.area, survey="ENE"))
    assert isinstance(shown, View)
    assert shown.nearest
    link, words = shown.nearest
    assert parse_qs(urlsplit(link).query)["survey"] == ["RGPH2024"]
    assert words.startswith("Survey: ")
    assert "2024" in words
    elsewhere = context(request("", area="MA-06", survey="RGPH2024", sex="_T"))
    assert isinstance(elsewhere, View)
    assert elsewhere.nearest
    assert "Survey: " in elsewhere.nearest[1]
    assert "MA-06" in elsewhere.nearest[0]


def test_an_embedded_chart_tells_interval_and_mark_of_its_last_value() -> None:
    bounded = replace(ROWS[1], lower=13.1, upper=16.1)
    for rows, words in (
        ([*ROWS[:1], bounded], "The 95% interval, reckoned by Marsad, runs from 13.1% to 16.1%."),
        ([*ROWS[:1], ROWS[1]], "Statistical reliability U"),
    ):
        asked = request("", area="MA-06", survey="ENE")
        shown = embedded(replace(asked, reader=Named(rows, "")))
        page = context(replace(asked, reader=Named(rows, "")))
        assert isinstance(page, View)
        assert shown.sentences == page.sentences
        assert words in " ".join([*shown.sentences, *shown.marks])


@pytest.mark.parametrize(("language", "mark"), [("ar", "؟"), ("fr", "?"), ("en", "?")])
def test_an_alert_is_headed_by_a_question_and_marks_what_fails_its_tests(
    language: str, mark: str
) -> None:
    words = translations(language).gettext
    assert all(words(name).endswith(mark) for name in policy.WARNINGS.values())
    failing = replace(ROWS[0], freq="Q", period="2025-Q3", indicator="unemployment_rate_adjusted",
                      adjustment="S", reliability="C")  # fmt: skip
    locale = Locale(language, Given([failing]))  # type: ignore[arg-type]
    note = cell(locale, locale.reader.indicator(failing.indicator), failing)["note"]
    assert words("its seasonal adjustment fails its tests") in note
    template = Path(policy.__file__).with_name("page.html").read_text("utf-8")
    assert "f.cell.note" in template
