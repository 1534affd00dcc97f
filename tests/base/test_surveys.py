"""Definitions of surveys: complete in three languages, and the same in a page and in SDMX."""

from __future__ import annotations

import pytest

from marsad.base.codes import codelist
from marsad.base.labels import missing
from marsad.base.surveys import definitions, described, diplomas


@pytest.mark.parametrize("survey", ["ENE", "RGPH2024", "RGPH2014", "ILO_MODELLED"])
def test_each_survey_of_people_defines_the_same_ten_things(survey: str) -> None:
    blocks = definitions(survey)
    assert [pair[0]["en"] for pair in blocks] == [pair[0]["en"] for pair in definitions("ENE")]
    assert len(blocks) == 10
    assert all(missing(text) == [] for pair in blocks for text in pair)
    assert "ICLS" in described("ENE")["en"]
    assert "CIST" in described("ENE")["fr"]


def test_ads_define_no_unemployment_and_groups_of_diplomas_are_codes() -> None:
    assert definitions("ADS") == ()
    assert described("ADS") == {}
    assert set(diplomas()) <= set(codelist("education"))
    assert all(missing(text) == [] for text in diplomas().values())
