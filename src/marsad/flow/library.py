"""Additions to the qualitative library of an installation: a study, the form of a survey, or a project of
interviews, with what a small record beside it says. The file itself is not kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from marsad.base.codes import UNKNOWN
from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import InputError, NotFoundError
from marsad.base.labels import LANGUAGES, Text, pick
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.base.workbook import ZIP, read_workbook
from marsad.collect.adapters.opinion import scale, sector_question
from marsad.collect.context import Payload, read_payload
from marsad.collect.qdpx import is_project, read_project
from marsad.collect.register import source
from marsad.collect.studies import read_document, read_record
from marsad.collect.xlsform import category, is_form, read_form
from marsad.enrich import privacy
from marsad.flow.interviews import themes
from marsad.flow.sealing import without_persons
from marsad.flow.steps import Flow
from marsad.products.declare import indicator
from marsad.products.library import FEWEST, Entry, Question, added, studies

_NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")
_YML = (".yml", ".yaml")
_MOST_EXCERPTS, _BALANCE = 3, "opinion_balance"
_TEXTS = load_yaml(Path(__file__).with_name("library_texts.yml"))


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told beside a file (about.yml): the fields of an entry, of which those that are left out come
    from the file; of interviews also the variables of actors and regions, names for themes in ar, fr and en
    (they choose among them), and how many excerpts a theme may have; of a survey the source that reads its
    answers."""

    title: dict[str, str] = {}
    authors: str = ""
    publisher: str = ""
    year: int = 0
    languages: tuple[str, ...] = ()
    question: dict[str, str] = {}
    method: dict[str, str] = {}
    explains: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    licence: str = ""
    identifier: str = ""
    address: str = ""
    respondents: int = 0
    synthetic: bool = False
    actor: str = ""
    region: str = ""
    themes: dict[str, dict[str, str]] = {}
    excerpts: int = 2
    source: str = "opinion_survey"


@dataclass(frozen=True, slots=True)
class Made:
    """An entry made of a file, and the text of its pages by their number."""

    entry: Entry
    pages: tuple[tuple[int, str], ...] = ()


def read_about(path: Path | None) -> tuple[About, dict[str, str]]:
    """What a record beside a file tells: an about.yml, or a record of Dublin Core, DCAT or schema.org (XML,
    JSON-LD). InputError or DeclarationError: it is none."""
    if path is None:
        return About(), {}
    if path.suffix.lower() in _YML:
        return load_declaration(path, About), {}
    return About(), read_record(read_payload(path).data)


def made_of(payload: Payload, about: About, record: Mapping[str, str]) -> Made:
    """The entry of a file, by what it holds. InputError: it cannot be read, or its title, publisher or year is
    told nowhere."""
    for name in about.explains:
        indicator(name)
    if is_project(payload.data):
        return _interviews(payload, about, record)
    if (
        payload.data[:4] == ZIP
        and not _is_docx(payload)
        and is_form(read_workbook(payload.data)[0])
    ):
        return _survey(payload, about, record)
    return _study(payload, about, record)


def add(flow: Flow, path: Path, about: About, record: Mapping[str, str], name: str = "") -> str:
    """Add the entry of a file to the library, in the place of one of the same name; its name. It is shown with
    the next release. InputError as `made_of`."""
    payload = read_payload(path)
    name = name or re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name: say one with --name (a-z, 0-9 and _)")
    if name in {known.id for known in studies()}:
        raise InputError(f"{name!r} is an entry of the package: say another name with --name")
    try:
        made = made_of(payload, about, record)
    except InputError as error:
        raise InputError(error.rule, file=path.name) from None
    row: Row = {
        "study": name,
        "entry": msgspec.json.encode(made.entry).decode(),
        "sha256": hashlib.sha256(payload.data).hexdigest(),
        "added_on": dt.date.today(),
    }
    pages = [{"study": name, "page": number, "text": text} for number, text in made.pages]
    with flow.writing(), flow.control.run("library", name, without_persons) as run:
        run.files = without_persons(path.name)
        flow.lake.replace("core_study_pages", name, pages)
        flow.lake.replace("core_studies", name, [row])
        run.rows_in = run.rows_out = 1
    return name


def entries(flow: Flow) -> list[tuple[str, Entry]]:
    """The entries that the installation has added, by name."""
    rows = flow.lake.read("core_studies").sort_by("study").to_pylist()
    return [(row["study"], added(row["study"], row["entry"]).entry) for row in rows]


def remove(flow: Flow, name: str) -> None:
    """Take an entry out, with its pages; releases made before keep theirs. NotFoundError: there is none."""
    if name not in dict(entries(flow)):
        raise NotFoundError(refused("no_study", code=name))
    with flow.writing(), flow.control.run("library", name):
        for table in ("core_studies", "core_study_pages"):
            flow.lake.replace(table, name, [])


def _is_docx(payload: Payload) -> bool:
    return b"word/document.xml" in payload.data


def _entry(kind: str, about: About, facts: Mapping[str, str], **more: object) -> Entry:
    """An entry of what is told: the about before the facts of the file. InputError: title, publisher or year is
    missing."""
    title = dict(about.title)
    languages = about.languages or tuple(facts.get("languages", "").replace(",", " ").split())
    if not title and facts.get("title"):
        title = {next((k for k in languages if k in LANGUAGES), "fr"): facts["title"]}
    year = about.year or int(facts.get("year", 0))
    publisher = about.publisher or facts.get("publisher", "")
    lacking = {"title": title, "publisher": publisher, "year": year}
    if names := [name for name, value in lacking.items() if not value]:
        raise InputError(f"its {', '.join(names)} is told nowhere: say it in --about about.yml")
    fields: Row = {
        "kind": kind,
        "title": title,
        "original_title": facts.get("title", ""),
        "authors": about.authors or facts.get("authors", ""),
        "publisher": publisher,
        "year": year,
        "languages": languages,
        "question": about.question,
        "method": about.method,
        "explains": about.explains,
        "words": about.words,
        "licence": about.licence or facts.get("licence", ""),
        "identifier": about.identifier or facts.get("identifier", ""),
        "address": _web(about.address or facts.get("address", "")),
        "respondents": about.respondents,
        "synthetic": about.synthetic,
        "added": True,
        "verified": True,
    }
    return Entry(**(fields | more))


def _web(address: str) -> str:
    return address if re.match(r"https?://", address) else ""


def _study(payload: Payload, about: About, record: Mapping[str, str]) -> Made:
    document = read_document(payload.data)
    texts = [privacy.scrub(page)[0] for page in document.pages]
    pages = tuple((n * document.paged, t) for n, t in enumerate(texts, 1) if t)
    facts = {**document.facts, **record}
    entry = _entry("study", about, facts, pages=len(texts), paged=document.paged, verified=False)
    return Made(entry, pages)


def _survey(payload: Payload, about: About, record: Mapping[str, str]) -> Made:
    spec = source(about.source)
    form = read_form(payload.data, next(iter(about.languages), "fr"))
    sector = sector_question(spec, form)
    questions = []
    for question in form.questions:
        shown = bool(scale(question, spec.options["scales"]))
        parts = {
            category(question.name, choice.name): _beside(
                question.labels, choice.labels or {"fr": choice.name}
            )
            for choice in (sector.choices if sector and shown else ())
        }
        if parts:
            parts[category(question.name, UNKNOWN)] = _beside(question.labels, _TEXTS["no_sector"])
        code = category(question.name) if shown else ""
        answers = tuple(dict(choice.labels) for choice in question.choices if choice.labels)
        questions.append(Question(dict(question.labels), answers[:40], code, parts))
    explains = about.explains
    if any(question.category for question in questions):
        explains = tuple(dict.fromkeys((*explains, _BALANCE)))
    facts = {"title": form.title, **record}
    more = {"questions": tuple(questions), "explains": explains}
    return Made(_entry("employer_survey", about, facts, **more))


def _beside(question: Text, choice: Text) -> dict[str, str]:
    return {k: f"{pick(question, k)} · {pick(choice, k)}" for k in LANGUAGES}


def _interviews(payload: Payload, about: About, record: Mapping[str, str]) -> Made:
    project = read_project(payload.data)
    spoken = themes(
        project,
        about.themes,
        actor=about.actor,
        region=about.region,
        excerpts=min(about.excerpts, _MOST_EXCERPTS),
    )
    if not spoken:
        raise InputError(f"no theme of the project was told by {FEWEST} people or more")
    speakers = {passage.person for passage in project.passages} - {""}
    respondents = max(about.respondents or len(project.persons), len(speakers))
    entry = _entry("interviews", about, record, themes=spoken, respondents=respondents)
    return Made(entry)
