"""What an installation adds to its library: studies by page, forms, interviews; and files that are hostile."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from click.testing import CliRunner

from collect.forms import form
from marsad.base.errors import InputError, NotFoundError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.collect.context import Payload
from marsad.collect.qdpx import read_project
from marsad.collect.register import source
from marsad.collect.studies import read_document, read_record
from marsad.flow.library import About, add, entries, made_of, read_about, remove
from marsad.flow.reference import _questions
from marsad.flow.release import _study_pages
from marsad.flow.steps import Flow
from marsad.lake import mart, mart_tables
from marsad.publish.read.library import Library
from projects import NAMES, SAID, archive, guid, pdf, project, word

ABOUT = About(title={"fr": "Entretiens"}, publisher="ONDH", year=2026)
HTML = """<html lang="fr"><head><title>x</title><meta name="DC.title" content="Étude sur l'emploi">
<meta name="DC.creator" content="A. B."><meta name="DC.creator" content="C. D.">
<meta name="DCTERMS.issued" content="2023-05-01"><meta name="DC.publisher" content="ONDH">
<script type="application/ld+json">{"@type": "Report", "license": "https://x/by/4.0/", "identifier": "doi:10.1/2"}</script>
</head><body><nav>menu</nav><p>La formation des jeunes.</p></body></html>"""
DCAT = """{"@graph": [{"@type": "dcat:Dataset", "dct:title": {"@value": "T", "@language": "fr"},
"dct:issued": "2022-01-02", "dct:publisher": {"foaf:name": "HCP"},
"dct:language": [{"@id": "http://publications.europa.eu/resource/authority/language/FRA"}]}]}"""
DUBLIN_CORE = (
    '<d xmlns:dc="u"><dc:title>T</dc:title><dc:creator>A</dc:creator><dc:date>2020</dc:date></d>'
)
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", workers=1))


def _put(flow: Flow, path: Path, data: bytes, about: About, name: str = "") -> str:
    path.write_bytes(data)
    return add(flow, path, about, {}, name)


# Interviews.


def test_themes_of_five_people_or_more_are_shown_and_no_part_tells_a_smaller_one() -> None:
    entry = made_of(Payload("p.qdpx", project((10, 5, 4), actors=5)), ABOUT, {}).entry
    transport, pay = entry.themes
    assert (entry.kind, entry.respondents) == ("interviews", 10)
    assert (transport.name["fr"], transport.people, pay.people) == ("Transport", 10, 5)
    parts = {(p.dimension, p.code): p.people for p in transport.parts}
    assert parts == {("actor", "employer"): 5, ("actor", "work seeker"): 5}
    # of ten, seven are of Souss-Massa: shown, they would tell that three are not
    assert {(p.dimension, p.code) for p in pay.parts} == {
        ("actor", "employer"),
        ("region", "MA-09"),
    }


def test_excerpts_tell_of_nobody() -> None:
    entry = made_of(Payload("p.qdpx", project((10, 5, 4))), ABOUT, {}).entry
    words = " ".join(e.text for theme in entry.themes for e in theme.excerpts)
    assert "no transport before six" in words
    for name in NAMES:
        assert not {part.lower() for part in name.split()} & set(words.lower().split())
    assert "@mail.ma" not in words
    assert "0661234567" not in words  # told by four: not shown at all
    assert "More French" not in words
    chosen = made_of(Payload("p.qdpx", project()), msgspec.structs.replace(ABOUT, excerpts=0), {})
    assert all(not theme.excerpts for theme in chosen.entry.themes)


def test_without_cases_each_source_is_one_person() -> None:
    with zipfile.ZipFile(io.BytesIO(project((6, 5, 0)))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    xml = parts["project.qde"].decode()
    xml = re.sub("<Cases>.*</Cases>", "", xml)
    value = f'<VariableValue><VariableRef targetGUID="{guid("Actor")}"/><TextValue>firm</TextValue></VariableValue>'
    xml = xml.replace("</TextSource>", f"{value}</TextSource>")
    data = archive({**parts, "project.qde": xml})
    first = made_of(Payload("p.qdpx", data), ABOUT, {}).entry.themes[0]
    assert (first.people, [(p.code, p.people) for p in first.parts]) == (6, [("firm", 6)])


def test_names_for_themes_choose_among_them() -> None:
    names = {"Pay": {"ar": "الأجر", "fr": "Salaire", "en": "Pay"}}
    entry = made_of(
        Payload("p.qdpx", project()), msgspec.structs.replace(ABOUT, themes=names), {}
    ).entry
    assert [theme.name["fr"] for theme in entry.themes] == ["Salaire"]


def test_in_a_focus_group_a_turn_belongs_to_who_speaks() -> None:
    text = "A: transport is far\nB: pay is low\n"
    cut = text.index("B:")

    def mark(name: str, start: int, end: int, code: str) -> str:
        return (
            f'<PlainTextSelection guid="{{{guid(name).upper()}}}" startPosition="{start}" endPosition="{end}">'
            f'<Coding guid="{guid(name + "c")}"><CodeRef targetGUID="{guid(code)}"/></Coding></PlainTextSelection>'
        )

    def case(name: str, inside: str) -> str:
        return f'<Case guid="{guid(name)}" name="{name}"><SourceRef targetGUID="{guid("s")}"/>{inside}</Case>'

    xml = (
        '<Project xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>'
        + "".join(f'<Code guid="{guid(c)}" name="{c}"/>' for c in ("T", "P", "speaker A"))
        + "</Codes></CodeBook><Cases>"
        + case("Ana", f'<CodeRef targetGUID="{guid("speaker A")}"/>')
        + case("Bob", f'<SelectionRef targetGUID="{guid("turn")}"/>')
        + f'</Cases><Sources><TextSource guid="{guid("s")}"><PlainTextContent>{text}</PlainTextContent>'
        + mark("a", 0, cut, "speaker A") + mark("t", 3, cut - 1, "T") + mark("turn", cut, len(text), "P")
        + "</TextSource></Sources></Project>"
    )  # fmt: skip
    read = read_project(archive({"project.qde": xml}))
    assert [(read.codes[p.code], p.person == guid("Ana"), p.words) for p in read.passages] == [
        ("T", True, "transport is far"), ("P", False, "B: pay is low\n"),
    ]  # fmt: skip
    assert "speaker A" not in read.codes.values()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (project(head=BOMB), "document type"),
        (archive({"project.qde": b"\x00" * 60_000_000}), "unpacks to more"),
        (project()[:2000], "damaged|can be read|neither|word"),
        (archive({"project.qde": "<x/>"}), "holds no project"),
        (project((4, 4, 4)), "told by 5 people"),
        (archive({"project.qde": "<a>" * 300 + "</a>" * 300}), "nested"),
    ],
)
def test_a_hostile_project_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        made_of(Payload("p.qdpx", data), ABOUT, {})


# Studies.


def test_a_study_has_pages_and_says_what_it_is() -> None:
    read = read_document(pdf(["first", "la formation"], "Titre", "Auteur"))
    assert (read.pages, read.paged) == (("first", "la formation"), True)
    assert read.facts == {"title": "Titre", "authors": "Auteur"}, "its file was made later"
    read = read_document(word(["premier", "second"], "Titre", "Auteur"))
    assert (read.pages, read.paged) == (("premier", "second"), True)
    assert (read.facts["title"], read.facts["authors"]) == ("Titre", "Auteur")
    assert read_document(pdf(["x"], "Microsoft Word - etude.doc", "anonymous")).facts == {}
    read = read_document(HTML.encode())
    assert (read.pages, read.paged) == (("La formation des jeunes.",), False)
    assert read.facts == {
        "title": "Étude sur l'emploi", "authors": "A. B., C. D.", "publisher": "ONDH", "year": "2023",
        "languages": "fr", "licence": "https://x/by/4.0/", "identifier": "doi:10.1/2",
    }  # fmt: skip


def test_a_record_beside_a_study_is_read_in_its_forms(tmp_path: Path) -> None:
    assert read_record(DCAT.encode()) == {
        "title": "T",
        "publisher": "HCP",
        "year": "2022",
        "languages": "fr",
    }
    assert read_record(DUBLIN_CORE.encode()) == {"title": "T", "authors": "A", "year": "2020"}
    path = tmp_path / "about.yml"
    path.write_text("publisher: X\nyear: 2020\n", "utf-8")
    assert read_about(path)[0].publisher == "X"
    with pytest.raises(InputError, match="neither"):
        read_record(b"nothing")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"%PDF-1.4 nothing", "damaged"),
        (b"plain words", "neither a PDF"),
        (archive({"x": "y"}), "workbook|DOCX"),
        (b"<html><body></body></html>", "no text"),
        (pdf(["text"]), "publisher is told nowhere|title, publisher"),
    ],
)
def test_what_is_no_study_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        made_of(Payload("x", data), About(), {})


# In the lake, and as it is released.


def _library(flow: Flow, folder: Path) -> Library:
    tables = {
        "studies": flow.lake.read("core_studies").select(["study", "entry"]),
        "study_pages": _study_pages(flow.lake),
    }
    mart_tables.build(folder / mart.NAME, tables)
    return Library(mart.Mart(folder / mart.NAME))


def test_an_entry_is_added_released_and_taken_out(flow: Flow, tmp_path: Path) -> None:
    about = About(publisher="ONDH", year=2024, languages=("fr",), explains=("unemployment_rate",))
    data = pdf(
        ["Page une", "La mobilite des jeunes, M. Karim, tel 0661234567"], "Etude", "A. Auteur"
    )
    assert _put(flow, tmp_path / "Etude 1.pdf", data, about) == "etude_1"
    assert _put(flow, tmp_path / "p.qdpx", project(), ABOUT, "entretiens") == "entretiens"
    held = b"".join(p.read_bytes() for p in (tmp_path / "home").rglob("*") if p.is_file())
    for secret in (b"0661234567", b"Bennis", b"Coder Someone", SAID[2][:20].encode()):
        assert secret not in held
    library = _library(flow, tmp_path)
    hit = library.search("mobilite jeunes")[0]
    assert (hit.id, hit.passages[0].page) == ("etude_1", 2)
    assert "jeunes" in hit.passages[0].excerpt
    assert library.passages("etude_1", "xyzzy") == ()
    assert {s.id for s in library.search("", "", "unemployment_rate")} >= {
        "etude_1",
        "neet_cese_2024",
    }
    assert library.study("entretiens").entry.themes[0].people == 9
    assert "etude_1" not in [s.id for s in library.search("' or 1=1 --")]
    remove(flow, "etude_1")
    assert [name for name, _ in entries(flow)] == ["entretiens"]
    assert flow.lake.read("core_study_pages").num_rows == 0
    with pytest.raises(NotFoundError):
        remove(flow, "etude_1")


def test_the_questions_of_a_form_name_the_categories_of_its_figures(
    flow: Flow, tmp_path: Path
) -> None:
    _put(flow, tmp_path / "form.xlsx", form(), ABOUT, "enquete")
    assert dict(entries(flow))["enquete"].explains == ("opinion_balance",)
    codes = {row["code"]: row for row in _questions(flow.lake)}
    assert set(codes) == {"demand", "demand@industry", "demand@_U"}
    assert codes["demand"]["ar"] == "كيف تغير الطلب؟"
    assert codes["demand@industry"]["en"] == "Demand? · Industry"


def test_a_name_of_the_package_or_none_is_refused(flow: Flow, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="entry of the package"):
        _put(flow, tmp_path / "x.qdpx", project(), ABOUT, "neet_cese_2024")
    with pytest.raises(InputError, match="no name"):
        _put(flow, tmp_path / "مقابلات.qdpx", project(), ABOUT)


def test_damaged_files_are_refused_and_never_crash() -> None:
    rng = random.Random(5)
    whole = [project(), pdf(["one", "two"], "t", "a"), word(["a", "b"]), form(), HTML.encode()]
    about = About(title={"fr": "T"}, publisher="P", year=2020)
    outcomes = pa.array([_outcome(rng, rng.choice(whole), about) for _ in range(400)])
    assert set(outcomes.to_pylist()) == {"read", "refused"}


def _outcome(rng: random.Random, data: bytes, about: About) -> str:
    damaged = bytearray(data[: rng.randint(1, len(data))] if rng.random() < 0.3 else data)
    for _ in range(rng.randint(1, 20)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    try:
        made_of(Payload("x", bytes(damaged)), about, {})
    except InputError:
        return "refused"
    return "read"


# By the command line.


def test_the_commands_add_list_and_remove_and_read_a_form_with_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))
    study, about = tmp_path / "etude.pdf", tmp_path / "about.yml"
    study.write_bytes(pdf(["texte"], "Etude", "A. Auteur"))
    about.write_text("publisher: ONDH\nyear: 2024\n", "utf-8")
    sample = source("opinion_survey").folder / "sample"
    answers = [str(path) for path in (sample / "form.xlsx", sample / "answers.csv")]
    for words in (
        ["library", "add", str(study), "--about", str(about)],
        ["library", "list"],
        ["ingest", "observations", *answers, "--source", "opinion_survey"],
    ):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output, done.exception)
    running = Flow(Settings(home=tmp_path / "home"))
    assert [name for name, _ in entries(running)] == ["etude"]
    assert running.lake.read("core_observations", partition="opinion_survey").num_rows == 36
    assert list((tmp_path / "home" / "vault").rglob("*.*")) == [], "the answers are not kept"
    assert CliRunner().invoke(main, ["library", "remove", "etude"]).exit_code == 0
    assert CliRunner().invoke(main, ["library", "remove", "etude"]).exit_code == 4
