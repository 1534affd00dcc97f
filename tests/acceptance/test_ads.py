"""Real job ads: all read, coded, folded, and without personal data. Texts stay in ../shared."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from marsad.base.codes import codelist
from marsad.base.settings import Settings
from marsad.collect.detect import detect
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.publish.read.reader import AdQuery, Reader

FILES = {
    "morocco_boards_2026-01.jsonl": ("morocco_boards", 2813),
    "morocco_fulltext_2023-09.jsonl": ("board_fulltext", 380),
    "morocco_public_sector_fr_2026-08.jsonl": ("emploi_public_fr", 682),
    "morocco_public_sector_ar_2026-08.jsonl": ("emploi_public_ar", 660),
    "arabic_fulltext_2024.jsonl": ("arabic_fulltext", 442),
}
# Written apart from the cleaner's own rules, and wider.
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
PHONE = re.compile(r"(?<!\d)(?:\+?212|0)[\s.\-/]*[5-8](?:[\s.\-/]*\d){8}(?!\d)")


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Flow:
    flow = Flow(Settings(home=tmp_path_factory.mktemp("real"), workers=2))
    for name, (identifier, _) in FILES.items():
        path = shared_data / "ads" / name
        assert detect("ads", path, path.read_bytes()).id == identifier
        flow.ingest(source(identifier), [path])
    flow.enrich()
    flow.release()
    return flow


def _ads(flow: Flow, identifier: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = flow.lake.read("core_ads", partition=identifier).to_pylist()
    return rows


def test_every_row_is_read(real: Flow) -> None:
    for identifier, rows in FILES.values():
        run = real.control.last_run("collect", identifier)
        assert run is not None
        assert (run["rows_in"], run["rows_out"], run["rejected"]) == (rows, rows, 0)
        assert real.lake.read("raw_ads", partition=identifier).num_rows == rows


def test_public_notices_resolve_to_110(real: Flow) -> None:
    french = _ads(real, "emploi_public_fr")
    assert len({ad["ad_id"] for ad in french}) == len(french) == 110
    both = french + _ads(real, "emploi_public_ar")
    assert len({ad["cluster"] for ad in both}) == 110
    assert sum(bool(ad["is_canonical"]) for ad in both) == 110


def test_translations_of_a_notice_are_one_opening_and_nothing_else_is(real: Flow) -> None:
    notice = {
        ad["ad_key"]: ad["ad_id"] for s in ("fr", "ar") for ad in _ads(real, f"emploi_public_{s}")
    }
    links = [
        k
        for k in real.lake.read("core_ad_links", partition="real").to_pylist()
        if k["ad_a"] in notice and k["band"] != "related"
    ]
    assert len(links) == 102
    assert all(notice[k["ad_a"]] == notice[k["ad_b"]] for k in links)
    assert {k["kind"] for k in links} <= {"full", "semantic"}


def test_flags_show_their_words_and_drop_nothing(real: Flow) -> None:
    ads = [ad for identifier, _ in FILES.values() for ad in _ads(real, identifier)]
    flagged = [ad for ad in ads if ad["flags"]]
    assert len(flagged) > 20
    assert all(ad["flags_evidence"] for ad in flagged)
    assert {code for ad in flagged for code in str(ad["flags"]).split()} <= set(
        codelist("integrity_flag")
    )


def test_share_coded_of_the_three_boards(real: Flow) -> None:
    ads = _ads(real, "morocco_boards")
    assert len(ads) == 2813
    assert sum(bool(ad["province"]) for ad in ads) / len(ads) > 0.9
    assert sum(bool(ad["isco08"]) for ad in ads) / len(ads) > 0.75
    assert all(ad["isco08_evidence"] for ad in ads if ad["isco08"])
    assert all(ad["province_evidence"] for ad in ads if ad["province"])


def test_hijri_dates_become_days_of_our_calendar(real: Flow) -> None:
    days = [ad["posted_on"] for ad in _ads(real, "arabic_fulltext") if ad["posted_on"]]
    assert len(days) > 390
    assert {day.year for day in days} <= {2022, 2023, 2024}  # type: ignore[attr-defined]


def test_no_email_or_phone_is_stored(real: Flow) -> None:
    found = []
    for name in ("raw_ads", "core_ads", "core_ad_skills", "core_ad_links", "core_courses"):
        table = real.lake.read(name)
        for column in table.schema:
            if column.type == pa.string() and column.name != "skill":  # ids of ESCO, not words
                texts = table[column.name].to_pylist()
                found += [(name, column.name) for t in texts if EMAIL.search(t) or PHONE.search(t)]
    assert found == []


def test_texts_that_may_not_be_shown_are_not_published(real: Flow) -> None:
    folder = real.current()
    assert folder is not None
    page = Reader(folder).search_ads(AdQuery(realm="real", size=100))
    assert page.total > 2_000
    assert not [ad for ad in page.ads if ad.text and ad.board != "emploi-public"]
    assert Reader(folder).search_ads(AdQuery(realm="synthetic")).total == 0


def test_the_same_file_again_changes_nothing(real: Flow, shared_data: Path) -> None:
    name, (identifier, rows) = next(iter(FILES.items()))
    real.ingest(source(identifier), [shared_data / "ads" / name])
    assert real.lake.read("raw_ads", partition=identifier).num_rows == rows


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("lba_decathlon.test.input.json", 3),
        ("lba_engagementJeunes.test.input.json", 2),
        ("lba_france-travail-cegid-mapper.test.input.json", 1),
        ("lba_import-apec.test.input.xml", 5),
        ("lba_import-clever-connect.test.input.xml", 3),
        ("lba_import-edf.test.input.xml", 3),
        ("lba_import-enedis.test.input.xml", 2),
        ("lba_import-france-travail-cegid.test.input.json", 4),
        ("lba_import-hello-work-buddi.test.input.xml", 3),
        ("lba_import-hello-work.test.input.xml", 5),
        ("lba_import-jobteaser.test.input.xml", 2),
        ("lba_import-jooble.test.input.xml", 2),
        ("lba_import-kelio.test.input.xml", 2),
        ("lba_import-laposte.test.input.xml", 2),
        ("lba_import-leboncoin.test.input.csv", 2),
    ],
)
def test_feeds_of_real_producers(
    shared_data: Path, tmp_path: Path, name: str, records: int
) -> None:
    flow = Flow(Settings(home=tmp_path))
    path = shared_data / "feeds" / name
    spec = detect("ads", path, path.read_bytes())
    run = flow.ingest(spec, [path])
    assert (run.rows_out, run.rejected) == (records, 0)
    for ad in flow.lake.read("raw_ads").to_pylist():
        assert ad["raw_title"]
        assert len(ad["raw_text"]) > 30
        assert ad["raw_company"]
        assert ad["raw_place"] or ad["country"]
        assert ad["posted_on"] or "leboncoin" in name
        assert ad["country"] in ("FR", "GB", "")


def test_schema_org_examples(shared_data: Path, tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path))
    page = shared_data / "html" / "schemaorg_17.0_examples.txt"
    assert flow.ingest(source("jobposting_pages"), [page]).rows_out == 12
    assert flow.ingest(source("course_pages"), [page]).rows_out >= 10


def test_trainings_of_one_town(shared_data: Path, tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path))
    path = shared_data / "trainings" / "ofppt_settat_filieres.json"
    run = flow.ingest(source("ofppt_catalogue"), [path])
    assert run.rows_out == 101
    courses = flow.lake.read("core_courses").to_pylist()
    assert sum(bool(c["isced_f"]) for c in courses) / len(courses) > 0.85
    settat = [c for c in courses if c["course_id"].split("@")[1] == "Settat"]
    assert {c["province"] for c in settat} == {"MA-06-461"}
