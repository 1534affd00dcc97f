"""Promises of the fields of an ad: each folder says everything that follows from it."""

from __future__ import annotations

import pytest

from marsad.base.codes import names
from marsad.base.fields import CODE, FOLDER, fields, properties
from marsad.base.labels import missing
from marsad.enrich.cards import cards
from marsad.enrich.fields import AdWords, code, coders
from marsad.lake.mart_tables import schema
from marsad.lake.tables import table
from marsad.publish.read.ad_filters import filters
from marsad.publish.read.ads import facets
from marsad.publish.read.counts import dimensions


@pytest.mark.parametrize("name", fields())
def test_a_field_is_measured_or_says_why_not(name: str) -> None:
    measured, reason = name in cards(), fields()[name].without_card
    assert measured != bool(reason), "a card.yml, or one line `without_card`, not both"


@pytest.mark.parametrize("name", [name for name, p in properties().items() if p.row])
def test_what_people_see_has_its_name_in_three_languages(name: str) -> None:
    declared = properties()[name]
    assert not missing(declared.title)
    if declared.codelist and declared.codelist != "area":
        assert declared.codelist in names()


def test_every_column_is_written_by_its_coder() -> None:
    ads = [AdWords("Soudeur", "CDI à Fès, permis B, 5000 DH"), AdWords("", "")]
    code(ads)
    assert [name for name, _ in coders()] != []
    lists = {name for name, p in properties().items() if p.type == "list"}
    columns = set(table("core_ads").columns)
    for ad in ads:
        assert set(ad.columns) - lists <= columns


def test_tables_filters_facets_and_counts_follow_from_the_declarations() -> None:
    for name, declared in properties().items():
        if declared.type == "list":
            continue
        assert name in table("core_ads").columns
        assert (name in schema("ads").names) == declared.published
        if declared.filter:
            assert filters()[declared.filter] == (name, declared)
        if declared.facet:
            assert declared.facet in facets()
        assert (name in dimensions()) == declared.counted
        if declared.type == CODE and not declared.rests_on:
            assert f"{name}_score" in table("core_ads").columns


def test_every_folder_is_a_field() -> None:
    folders = {p.name for p in FOLDER.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders == set(fields())
