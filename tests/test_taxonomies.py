"""Official releases of ESCO in an installation: files, the public interface, and what comes of them."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_files import HOME, RELATIONS, interface, occupation, write
from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.collect.esco_api import Interface, read_api
from marsad.collect.fetch.client import Door
from marsad.collect.taxonomy import CREDIT
from marsad.flow import taxonomies
from marsad.lake.store import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "home" / "lake")


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door(sleep=lambda _: None)
    yield opened
    opened.close()


def _labels(lake: Lake) -> set[tuple[str, str, str, bool]]:
    return {
        (row["uri"].rsplit("/", 1)[-1], row["language"], row["label"], row["preferred"])
        for row in lake.read("core_concept_labels").to_pylist()
    }


def test_a_folder_gives_concepts_labels_and_relations(lake: Lake, tmp_path: Path) -> None:
    counts = taxonomies.import_files(lake, [write(tmp_path / "esco_1.2")])
    assert (counts["occupation"], counts["skill"], counts["relation"]) == (2, 2, 2)
    assert counts["occupation fr"] == 5
    assert counts["skill en"] == 1
    row = {r["uri"]: r for r in lake.read("core_concepts").to_pylist()}[f"{HOME}occupation/o1"]
    assert row == {
        "scheme": "esco", "release": "1.2", "uri": f"{HOME}occupation/o1", "kind": "occupation",
        "code": "2411.90", "group": "2411",
    }  # fmt: skip
    assert ("o1", "ar", "حارس المنارة البحرية", True) in _labels(lake)
    assert ("s1", "fr", "polir le verre de lanterne", False) in _labels(lake)
    needs = lake.read("core_concept_relations").to_pylist()
    assert {(r["skill"][-2:], r["relation"]) for r in needs} == {
        ("s1", "essential"), ("s2", "optional"),
    }  # fmt: skip


def test_an_archive_gives_the_same_and_again_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    folder = write(tmp_path / "files")
    archive = tmp_path / "ESCO dataset - v1.1.1 - fr.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in folder.iterdir():
            made.write(path, f"ESCO/{path.name}")
    taxonomies.import_files(lake, [archive])
    first = _labels(lake)
    taxonomies.import_files(lake, [archive])
    assert _labels(lake) == first
    assert taxonomies.listed(lake)[0]["release"] == "1.1.1"


def test_another_language_is_added_and_a_newer_one_replaces(lake: Lake, tmp_path: Path) -> None:
    write(tmp_path / "v1.1")
    taxonomies.import_files(lake, [tmp_path / "v1.1" / "skills_fr.csv"])
    taxonomies.import_files(lake, [tmp_path / "v1.1" / "skills_en.csv"])
    newer = tmp_path / "skills_fr.csv"
    text = f"conceptUri,preferredLabel,altLabels\n{HOME}skill/s1,garder le feu,\n"
    newer.write_text(text, encoding="utf-8")
    taxonomies.import_files(lake, [newer], "1.2")
    assert _labels(lake) == {
        ("s1", "fr", "garder le feu", True),
        ("s1", "en", "tend the lantern", True),
        ("s2", "fr", "signaux", True),
    }
    assert [(r["release"], r["concepts"], r["labels"]) for r in taxonomies.listed(lake)] == [
        ("1.1", 1, {"fr": 1}),
        ("1.2", 1, {"en": 1, "fr": 1}),
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("skills_fr.csv", "conceptUri,label\nx,y\n", "row 2: column 'preferredLabel' is missing"),
        ("skills_fr.csv", "conceptUri,preferredLabel\nskill/1,y\n", "row 2: 'skill/1' is not an address"),
        ("skills_fr.csv", f"conceptUri,preferredLabel\n{HOME}skill/a,a\n{HOME}skill/b,\n", "row 3: a concept needs"),
        ("occupationSkillRelations.csv", RELATIONS.replace("optional", "maybe"), "row 3: relationType must be"),
        ("occupationSkillRelations.csv", "occupationUri\nx\n", "row 2: column 'skillUri' is missing"),
        ("nothing.csv", "a,b\n", "no file of ESCO is here"),
        ("broken.zip", "PK", "not a zip archive"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_row_and_rule(
    lake: Lake, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as raised:
        taxonomies.import_files(lake, [tmp_path / name])
    assert name in str(raised.value)
    assert lake.version("core_concepts") == -1


def test_a_file_of_another_encoding_is_named(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "skills_fr.csv"
    path.write_bytes(f"conceptUri,preferredLabel\n{HOME}skill/a,métier\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"skills_fr.csv: row \d: this is not UTF-8"):
        taxonomies.import_files(lake, [path])


def test_commands_say_counts_and_the_credit(tmp_path: Path) -> None:
    env = {"MARSAD_HOME": str(tmp_path / "home")}
    empty = CliRunner().invoke(main, ["taxonomy", "list"], env=env)
    assert empty.exit_code == 0
    assert "No taxonomy is imported yet" in empty.output
    files = str(write(tmp_path / "esco_1.2"))
    done = CliRunner().invoke(main, ["taxonomy", "import", "esco", files], env=env)
    assert done.exit_code == 0, done.output
    assert CREDIT in done.output
    assert "ar 1, fr 5" in done.output
    listed = CliRunner().invoke(main, ["taxonomy", "list"], env=env)
    assert "en 1, fr 4" in listed.output
    assert CREDIT in listed.output


def _fetch(home: Path, lake: Lake, api: str, door: Door, **more: str) -> object:
    return taxonomies.fetch(Settings(home=home), lake, api, "fr", door.fetch, **more)


def test_the_interface_is_read_page_by_page(lake: Lake, tmp_path: Path, door: Door) -> None:
    with interface() as (api, handler):
        _fetch(tmp_path, lake, api, door, release="1.2.0")
    pages = [path for path in handler.requests if "resource" in path]
    assert len(pages) == 2 + 3
    assert all("language=fr" in page and "selectedVersion=v1.2.0" in page for page in pages)
    assert handler.requests[0] == "/robots.txt"
    rows = {row["kind"]: row for row in taxonomies.listed(lake)}
    assert rows["occupation"]["labels"] == {"fr": 46}
    assert rows["skill"]["concepts"] == 45
    assert rows["skill"]["release"] == "1.2.0"
    assert lake.read("core_concept_relations").num_rows == 46
    assert {row["group"] for row in lake.read("core_concepts").to_pylist()} == {"2411", ""}
    assert not (tmp_path / "fetched").exists() or not list((tmp_path / "fetched").iterdir())


def test_an_interface_that_counts_pages_is_read_too(lake: Lake, tmp_path: Path, door: Door) -> None:
    with interface() as (api, handler):
        handler.by_page = True
        _fetch(tmp_path, lake, api, door)
    assert {row["concepts"] for row in taxonomies.listed(lake)} == {23, 45}


def test_a_reading_cut_off_goes_on_where_it_stopped(lake: Lake, tmp_path: Path, door: Door) -> None:
    with interface() as (api, handler):
        handler.broken.add("skill 20")
        with pytest.raises(PlaceError, match="come back later"):
            _fetch(tmp_path, lake, api, door)
        assert lake.version("core_concepts") == -1, "half a taxonomy is none"
        handler.requests.clear()
        _fetch(tmp_path, lake, api, door)
    assert [path.split("offset=")[1][:2] for path in handler.requests] == ["20", "40"]
    assert sum(row["concepts"] for row in taxonomies.listed(lake)) == 68


def test_an_interface_that_loses_concepts_is_refused(
    lake: Lake, tmp_path: Path, door: Door
) -> None:
    with interface(occupations=3) as (api, handler):
        handler.held["occupation"][1] = handler.held["occupation"][0]
        with pytest.raises(InputError, match="tells of 3 occupations and gave 2"):
            _fetch(tmp_path, lake, api, door)
        handler.held["occupation"][1] = occupation("other", "2411")
        _fetch(tmp_path, lake, api, door)
    assert taxonomies.listed(lake)[0]["concepts"] == 3, (
        "the pages that were wrong are asked for anew"
    )


def test_robots_of_the_interface_are_obeyed(lake: Lake, tmp_path: Path, door: Door) -> None:
    def refused(address: str) -> None:
        raise RefusedError(f"robots.txt forbids {address}")

    with pytest.raises(RefusedError):
        taxonomies.fetch(Settings(home=tmp_path), lake, "http://x", "fr", refused)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"total": "many", "_embedded": {}}', "no number 'total'"),
        (b'{"total": 1, "_embedded": 3}', "no '_embedded' concepts"),
        (b'{"total": 1, "_embedded": {"a": {"uri": "urn:x"}}}', "is not an address of ESCO"),
    ],
)
def test_a_page_that_is_not_escos_is_named(tmp_path: Path, body: bytes, words: str) -> None:
    from marsad.collect.context import Payload

    pages = taxonomies.Pages(tmp_path / "pages")
    source = Interface("http://127.0.0.1:1/api", "fr", lambda address: Payload(address, body))
    with pytest.raises(InputError, match=words) as raised:
        read_api(source, pages, lambda *_: None)
    assert "resource/occupation?" in str(raised.value)


def test_an_occupation_takes_its_group_from_its_code(tmp_path: Path) -> None:
    import json

    from marsad.collect.context import Payload

    narrow = occupation("o9", "0000", code="2654.1.7", _links={})
    bodies = {
        "occupation": {"total": 1, "_embedded": {"results": [narrow]}},
        "skill": {"total": 0, "_embedded": {}},
    }

    def fetch(address: str) -> Payload:
        kind = "occupation" if "/occupation?" in address else "skill"
        return Payload(address, json.dumps(bodies[kind]).encode())

    pages = taxonomies.Pages(tmp_path / "pages")
    taxonomy = read_api(Interface("http://x/api", "en", fetch), pages, lambda *_: None)
    concept = taxonomy.concepts[f"{HOME}occupation/o9"]
    assert (concept.code, concept.group, concept.labels) == ("2654.1.7", "2654", {"en": ["job o9"]})


def test_fetch_from_the_command_line(tmp_path: Path) -> None:
    env = {"MARSAD_HOME": str(tmp_path / "home")}
    with interface(occupations=2, skills=3) as (api, _):
        words = ["taxonomy", "fetch", "esco", "--language", "fr", "--api", api, "--delay", "0"]
        done = CliRunner().invoke(main, words, env=env)
        wrong = CliRunner().invoke(main, [*words[:4], "f/../r", "--api", api], env=env)
    assert done.exit_code == 0, done.output
    assert CREDIT in done.output
    assert "fr 4" in done.output
    assert wrong.exit_code == 2
    assert "is not a language code" in wrong.output


def test_names_of_codes_used_come_from_preferred_labels(lake: Lake, tmp_path: Path) -> None:
    taxonomies.import_files(lake, [write(tmp_path / "files")])
    rows = taxonomies.names(lake, {"s1", "unknown"}, ["2411.90", ""])
    assert rows == [
        {"list": "esco", "code": "2411.90", "ar": "حارس المنارة البحرية", "fr": "gardien de phare", "en": ""},
        {"list": "skill", "code": "s1", "ar": "", "fr": "entretenir la lanterne", "en": "tend the lantern"},
    ]  # fmt: skip


def test_the_lexicon_file_follows_the_tables(lake: Lake, tmp_path: Path) -> None:
    assert taxonomies.write_lexicon(lake, tmp_path) == ""
    taxonomies.import_files(lake, [write(tmp_path / "files")])
    first = taxonomies.write_lexicon(lake, tmp_path)
    assert taxonomies.write_lexicon(lake, tmp_path) == first
    shutil.rmtree(tmp_path / "files")
    taxonomies.import_files(lake, [write(tmp_path / "again")])
    assert taxonomies.write_lexicon(lake, tmp_path) == first, "the same labels again"
    lake.remove("core_concept_labels", "language = 'ar'")
    second = taxonomies.write_lexicon(lake, tmp_path)
    assert second != first
    assert not Path(first).exists()


def test_tabiyas_layout_is_joined_by_address(lake: Lake, tmp_path: Path) -> None:
    folder = tmp_path / "tabiya"
    folder.mkdir()
    head = "ID,ORIGINURI,CODE,PREFERREDLABEL,ALTLABELS,DESCRIPTION"
    (folder / "occupations.csv").write_text(
        f"{head},OCCUPATIONTYPE,OCCUPATIONGROUPCODE\n"
        f'k1,{HOME}occupation/o1,2411.90,lighthouse keeper,"keeper of lights\nlight keeper",x,escooccupation,2411\n'
        "k2,https://tabiya.example/o9,I9_1,water seller,,x,localoccupation,9\n"
    )
    (folder / "skills.csv").write_text(
        f"{head},SKILLTYPE\nk7,{HOME}skill/s1,,polish lenses,,x,skill\nk8,{HOME}isced-f/01,,group,,x,skill\n"
    )
    (folder / "occupation_to_skill_relations.csv").write_text(
        "OCCUPATIONTYPE,OCCUPATIONID,RELATIONTYPE,SKILLID,SIGNALLINGVALUE\n"
        "escooccupation,k1,essential,k7,\nescooccupation,k2,essential,k7,\nescooccupation,k1,other,k7,\n"
    )
    counts = taxonomies.import_files(lake, [folder])
    assert (counts["occupation"], counts["skill"], counts["relation"]) == (1, 1, 1)
    assert ("o1", "en", "lighthouse keeper", True) in _labels(lake)
    assert ("o1", "en", "light keeper", False) in _labels(lake)
    (row,) = lake.read("core_concept_relations").to_pylist()
    assert (row["occupation"][-2:], row["skill"][-2:], row["relation"]) == ("o1", "s1", "essential")


def test_tabiyas_files_say_their_language_and_what_they_lack(lake: Lake, tmp_path: Path) -> None:
    head = "ID,ORIGINURI,CODE,PREFERREDLABEL,ALTLABELS,DESCRIPTION,OCCUPATIONTYPE,OCCUPATIONGROUPCODE\n"
    path = tmp_path / "occupations_fr.csv"
    path.write_text(
        f"{head}k1,{HOME}occupation/o1,2411.90,gardien de phare,,,escooccupation,2411\n"
    )
    assert taxonomies.import_files(lake, [path])["occupation fr"] == 1
    path.write_text(f"{head}k1,{HOME}occupation/o1,2411.90, ,,,escooccupation,2411\n")
    with pytest.raises(InputError, match="row 2: a concept needs a PREFERREDLABEL"):
        taxonomies.import_files(lake, [path])
