"""A counsellor's list: up to 30 people without their names, answered in one table or as CSV. Nothing
is kept."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

from starlette.responses import Response

from marsad.base.distances import located
from marsad.base.errors import InputError
from marsad.publish.formats.spreadsheets import disarmed
from marsad.publish.read.matching import Answer, Person, Wishes
from marsad.publish.read.persons import MOST_TEXT, Note, says_work, statement
from marsad.web import person_form
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/match/counsellor"
TITLE = N_("A list of people")
POST = True
CACHEABLE = False
HEADERS = {"Cache-Control": "private, no-cache"}
"""The counsellor's own browser may show the list again when they come back; nobody else's."""
MOST_ROWS, MOST_LETTERS, MOST_LABEL = 30, 20_000, 40
COLUMNS = ("reference", "skills", "area")
OFFERS, _MOST_LISTED = 3, 3
"""Openings that each person gets, and names in a list."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line read: `rule` names what is wrong with it, in which case there is no person."""

    number: int
    label: str
    person: Person
    rule: str = ""
    years: float | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    text: str
    most: int
    bad: list[tuple[int, str, str]]
    rows: list[dict[str, object]]
    synthetic: bool
    source: str
    empty: bool


def context(request: PageRequest) -> View | Response:
    """The form and the table; CSV with the button `format=csv`."""
    text = request.form_value("people", MOST_LETTERS)
    lines = _lines(request, text) if request.sent else []
    good = [line for line in lines if not line.rule]
    careers = request.reader.careers
    answers = [
        (line, careers.answer(line.person, OFFERS, Wishes(experience=line.years))) for line in good
    ]
    if answers and request.form_value("format") == "csv":
        return _csv(request, answers)
    return View(
        text=text,
        most=MOST_ROWS,
        bad=[(line.number, line.label, line.rule) for line in lines if line.rule],
        rows=[_row(request, line, answer) for line, answer in answers],
        synthetic=request.reader.careers.synthetic,
        source=person_form.source(request),
        empty=request.sent and not lines,
    )


def _lines(locale: Locale, text: str) -> list[_Line]:
    lines: list[_Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (number == 1 and _is_head(line)):
            continue
        if len(lines) >= MOST_ROWS:
            rule = locale._("only the first %(count)s people are answered") % {"count": MOST_ROWS}
            return [*lines, _Line(number, "", Person(), rule)]
        lines.append(_line(locale, number, line))
    return lines


def _cells(line: str) -> list[str]:
    mark = "\t" if "\t" in line else ";" if ";" in line else "؛" if "؛" in line else ","
    row: list[str] = next(csv.reader([line], delimiter=mark, strict=False), [])
    return [cell.strip() for cell in row]


def _is_head(line: str) -> bool:
    return tuple(cell.lower() for cell in _cells(line)) == COLUMNS


def _line(locale: Locale, number: int, line: str) -> _Line:
    """One person; the first rule that the line breaks."""
    cells = _cells(line)
    label = cells[0][:MOST_LABEL] if cells else ""

    def wrong(rule: str) -> _Line:
        return _Line(number, label, Person(), rule)

    if not 2 <= len(cells) <= 3:
        return wrong(locale._("a line has two or three columns: reference; skills; area"))
    if not label or len(cells[0]) > MOST_LABEL:
        return wrong(locale._("the reference has 1 to 40 letters"))
    text = cells[1].replace("+", ",")[:MOST_TEXT]
    try:
        read = statement(text, area=cells[2] if len(cells) == 3 else "")
    except InputError:
        return wrong(
            locale._("no region or province is called “%(words)s”") % {"words": cells[2][:40]}
        )
    careers = locale.reader.careers
    phrases = careers.understood(read.held)
    codes = tuple(dict.fromkeys(code for phrase in phrases for code in phrase.codes))
    words = tuple(p.words for p in phrases if p.known and not p.codes and says_work(p.words))
    person = Person(codes, words, read.occupation, located(read.area))
    if not person.occupation and (likely := careers.likely(person, 1)):
        person = replace(person, occupation=likely[0].code)
    if not person.occupation:
        return wrong(locale._("no skill or occupation was understood"))
    return _Line(number, label, person, years=read.read.years, notes=read.notes)


def _row(site: Site, line: _Line, answer: Answer) -> dict[str, object]:
    origin = person_form.source(site)
    join = site._(", ").join
    return {
        "label": line.label,
        "job": site.label("occupation", line.person.occupation),
        "place": site.label("area", line.person.area) if line.person.area else "",
        "years": person_form.years_text(site, line.years),
        "skills": join(site.label("skill", code) for code in line.person.codes),
        "offers": [person_form.opening(site, match) for match in answer.matches],
        "widened": person_form.widened(site, answer.widened),
        "notes": [note.text(site.language) for note in line.notes],
        "ways": [
            (site.label("occupation", pathway.path.code), site.link(f"/occupations/{pathway.path.code}"),
             counted(site, pathway.open, origin)) for pathway in answer.pathways[:_MOST_LISTED]
        ],
        "missing": join(site.label("skill", demand.code) for demand in answer.missing[:_MOST_LISTED]),
        "trainings": [
            (training.row["title"], site.link(f"/trainings/{training.row['training']}"))
            for training in answer.trainings[:_MOST_LISTED]
        ],
    }  # fmt: skip


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return str(disarmed(text))


def _csv(locale: Locale, answers: list[tuple[_Line, Answer]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["reference", "isco08", "occupation", "area", "ads", "titles", "scores", "about_km", "widened", "missing_skills",
         "trainings", "pathways", "pathway_distances", "pathway_open_ads", "synthetic", "release"]
    )  # fmt: skip
    for line, answer in answers:
        ways = answer.pathways[:_MOST_LISTED]
        cells = [
            line.label, line.person.occupation, locale.label("occupation", line.person.occupation),
            line.person.area,
            " | ".join(match.ad["ad_key"] for match in answer.matches),
            " | ".join(match.ad["title"] or "" for match in answer.matches),
            " | ".join(f"{match.match.score:.3f}" for match in answer.matches),
            " | ".join("" if match.km is None else str(match.km) for match in answer.matches),
            " ".join(answer.widened),
            " | ".join(locale.label("skill", demand.code) for demand in answer.missing),
            " | ".join(training.row["title"] for training in answer.trainings),
            " | ".join(f"{pathway.path.code} {locale.label('occupation', pathway.path.code)}" for pathway in ways),
            " | ".join(f"{pathway.path.distance:.3f}" for pathway in ways),
            " | ".join(str(pathway.open) for pathway in ways),
            str(answer.synthetic).lower(), locale.reader.release().id,
        ]  # fmt: skip
        writer.writerow([_plain(cell) for cell in cells])
    headers = {"Content-Disposition": 'attachment; filename="marsad-people.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers=headers)
