"""Find my way: skills typed, picked or read from a CV; openings, trainings and other occupations.

Everything that a person says travels in the form and back: no account, nothing kept, nothing in the
address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from marsad.base.distances import located
from marsad.publish.read.matching import (
    Answer,
    Careers,
    CvError,
    Pathway,
    SkillDemand,
    Training,
)
from marsad.publish.read.persons import DENIED, MOST_TEXT, Meant, Note, says_work, statement
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site
from marsad.web.person_form import (
    Options,
    PersonForm,
    contracts,
    distances,
    named,
    opening,
    paid,
    places,
    read_person_form,
    source,
    widened,
)
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/match"
TITLE = N_("Find my way")
POST = True
CACHEABLE = False
HEADERS = {"Cache-Control": "private, no-cache"}
"""The visitor's own browser may show an answer again when they come back from an ad; nobody else's. Of
a file that was sent it holds the codes that were read, never the file."""
_MATCHES, _JOBS, _MOST_LISTED = 12, 5, 6
SURE, _SHOWN, _BY_SKILLS = 0.3, 0.005, 0.25
"""Belief from which a trade is taken as read, and from which it is shown; how far a trade is believed
that skills alone speak for."""
PROBLEMS = {
    "too_large": N_("The file is larger than 5 MB."),
    "other_kind": N_("The file is neither a PDF, a DOCX document nor plain text."),
    "old_word": N_(
        "The file is protected by a password or is of an old Word: save it as PDF or DOCX."
    ),
    "protected": N_("The file is protected by a password: take it off first."),
    "damaged_pdf": N_("The file is damaged: it cannot be read as a PDF."),
    "damaged_docx": N_("The file is damaged: it cannot be read as a DOCX document."),
    "unpacks": N_("The file unpacks to more than a CV can hold: save it as PDF."),
    "too_long": N_("The file holds more text than a CV can (100,000 letters): send the CV alone."),
    "too_costly": N_(
        "The file takes more time or memory to read than a CV may: save it as PDF again, or paste its text."
    ),
    "busy": N_("Several files are being read at this moment: send yours again in some seconds."),
    "no_text": N_(
        "No text was found in the file: it may be a picture (a scan). Paste or type your skills."
    ),
}
"""Why a file could not be read: the code of a CvError -> words."""


@dataclass(frozen=True)
class _Read:
    """What the form says once its new words are read: `left` was not understood, `meant` are occupations
    that the words speak for, `problem` is the code of what is wrong with the file."""

    form: PersonForm
    left: str = ""
    meant: tuple[Meant, ...] = ()
    problem: str = ""
    cv: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    form: PersonForm
    left: str
    problem: str
    cv: bool
    skills: list[tuple[str, str]]
    jobs: list[dict[str, object]]
    sure: bool
    notes: list[str]
    level: str
    places: Options
    contracts: Options
    distances: Options
    years: str
    pick: str
    picked: list[tuple[str, str]]
    usual: list[tuple[str, str]]
    answer: dict[str, object] | None
    synthetic: bool


def context(request: PageRequest) -> View:
    """The form as it stands, and answers once something is said."""
    read = _read(request)
    now = read.form
    careers = request.reader.careers
    meant = _meant(careers, read)
    if not now.occupation and meant:
        now = replace(now, occupation=meant[0].code)
    if now.occupation and now.occupation not in (m.code for m in meant):
        meant.insert(0, Meant(now.occupation, 1.0, ()))
    query = request.form_value("pick")
    answer = None if now.empty else careers.answer(now.person, wishes=now.wishes)
    return View(
        form=now,
        left=read.left,
        problem=_problem(request, read),
        cv=read.cv,
        skills=named(request, now.codes),
        jobs=[_job(request, occupation) for occupation in meant[: _JOBS + 1]],
        sure=bool(request.form_value("occupation")) or not meant or meant[0].score >= SURE,
        notes=_notes(request, read),
        level=request.label("diploma", now.level) if now.level else "",
        places=places(request),
        contracts=contracts(request),
        distances=distances(request),
        years="" if now.years is None else f"{now.years:g}",
        pick=query,
        picked=_matching(request, query, now),
        usual=named(request, _usual(request, now)),
        answer=_answer_context(request, answer) if answer else None,
        synthetic=careers.synthetic,
    )


def _meant(careers: Careers, read: _Read) -> list[Meant]:
    """The occupations that words speak for; where there are none, those that skills alone do."""
    meant = [m for i, m in enumerate(read.meant[:_JOBS]) if not i or m.score >= _SHOWN]
    if meant:
        return meant
    likely = careers.likely(replace(read.form, occupation="").person, _JOBS)
    return [Meant(one.code, _BY_SKILLS * one.share, one.because) for one in likely]


def _notes(request: PageRequest, read: _Read) -> list[str]:
    """What is told of how words were read: those left out, now or before, and places."""
    denied = [Note(DENIED, words) for words in read.form.denied]
    notes = (*denied, *(note for note in read.notes if note.code != DENIED))
    return [note.text(request.language) for note in notes]


def _problem(request: PageRequest, read: _Read) -> str:
    """What is wrong with what was sent: a file that cannot be read, or one that names nothing known."""
    if read.problem:
        return request._(PROBLEMS[read.problem])
    if read.cv and read.form.empty:
        return request._(
            N_(
                "The CV was read, but no skill or occupation that we know was found in it: type yours."
            )
        )
    return ""


def _read(request: PageRequest) -> _Read:
    now = read_person_form(request)
    if not request.sent:
        return _Read(now)
    codes, words, coded = list(now.codes), list(now.phrases), list(now.coded)
    left: list[str] = []
    text, trade = request.form_value("text", MOST_TEXT), request.form_value("job")
    new = statement(text)  # a place or years taken away by hand do not come back from older words
    for phrase in request.reader.careers.understood(new.held):
        codes += phrase.codes
        if says_work(phrase.words):
            read_so = phrase.codes and not phrase.job
            (coded if read_so else words if phrase.known else left).append(phrase.words)
    problem, cv, held = "", False, ""
    in_cv: tuple[Meant, ...] = ()
    for file in request.files[:1]:
        try:
            curriculum = request.reader.careers.curriculum(file.data)
        except CvError as error:
            problem = error.code
            continue
        cv = True
        codes += curriculum.codes
        words += curriculum.phrases
        held = curriculum.jobs[0].words if curriculum.jobs else ""
        in_cv = () if held else curriculum.meant
    form = replace(
        now,
        codes=tuple(dict.fromkeys(codes)),
        phrases=tuple(dict.fromkeys(words)),
        coded=tuple(dict.fromkeys(coded)),
        denied=tuple(
            dict.fromkeys((*now.denied, *(n.words for n in new.notes if n.code == DENIED)))
        ),
    )
    read = statement("\n".join((*now.phrases, *now.coded, text))[:MOST_TEXT], trade or held)
    form = replace(
        form,
        area=form.area or located(new.area),
        years=new.read.years if form.years is None else form.years,
        level=new.read.level or form.level,
    )
    meant = read.read.occupations or in_cv
    if meant and (trade or not form.occupation):
        form = replace(form, occupation=meant[0].code)
    return _Read(form, ", ".join(left), meant, problem, cv, new.notes)


def _job(site: Site, meant: Meant) -> dict[str, object]:
    names = [
        site.label("skill", one) if site.reader.careers.holds(one) else one
        for one in meant.words[:4]
    ]
    return {
        "code": meant.code,
        "name": site.label("occupation", meant.code),
        "because": site._(", ").join(names),
        "link": site.link(f"/occupations/{meant.code}"),
    }


def _matching(locale: Locale, words: str, now: PersonForm) -> list[tuple[str, str]]:
    if not words:
        return []
    lookups = locale.reader.lookups
    skills = lookups.skill_words.find(words) or lookups.skill_words.like(words)
    return named(locale, [code for code in skills if code not in now.codes][:_MATCHES])


def _usual(locale: Locale, now: PersonForm) -> list[str]:
    """Skills usual for the occupation that were not named: what its ads ask, then what ESCO holds
    essential."""
    if not now.occupation:
        return []
    demanded = [demand.code for demand in locale.reader.careers.usual(now.occupation)]
    essential = [row["skill"] for row in locale.reader.lookups.essential(now.occupation)]
    every = dict.fromkeys([*demanded, *essential])
    return [code for code in every if code not in now.codes][:_MATCHES]


def _answer_context(site: Site, answer: Answer) -> dict[str, object]:
    origin = source(site)
    return {
        "openings": [opening(site, match) for match in answer.matches],
        "widened": widened(site, answer.widened),
        "weighed": counted(site, answer.weighed, origin),
        "none_open": not answer.weighed,
        "about": site.label("occupation", answer.about) if answer.about else "",
        "missing": [_missing(site, demand) for demand in answer.missing],
        "whole": counted(site, answer.missing[0].whole, origin) if answer.missing else None,
        "trainings": [_training(site, training) for training in answer.trainings],
        "pathways": [_pathway(site, pathway) for pathway in answer.pathways],
        "every": site.link("/ads", {"occupation": answer.person.occupation}),
        "source": origin,
    }


def _missing(site: Site, demand: SkillDemand) -> dict[str, object]:
    origin = source(site)
    return {
        "name": site.label("skill", demand.code),
        "link": site.link(f"/skills/{demand.code}"),
        "n": counted(site, demand.n, origin),
        "opens": counted(site, demand.opens, origin),
    }


def _training(site: Site, training: Training) -> dict[str, object]:
    row = training.row
    names = [site.label("skill", code) for code in training.teaches]
    return {
        "title": row["title"],
        "link": site.link(f"/trainings/{row['training']}"),
        "provider": row["provider"],
        "place": site.label("area", row["province"] or row["region"] or "MA"),
        "teaches": site._(", ").join(names),
        "more": training.offers - 1,
    }


def _pathway(site: Site, pathway: Pathway) -> dict[str, object]:
    origin = source(site)
    path = pathway.path
    whole = len(path.had) + len(path.lacking)
    return {
        "name": site.label("occupation", path.code),
        "link": site.link(f"/occupations/{path.code}"),
        "distance": {
            **counted(site, 0, "ESCO"), "value": f"{100 * path.distance:.0f}", "unit": "PT",
            "text": site.format.share(path.distance),
        },
        "near": min(100, round(100 * (1 - path.distance))),
        "had_n": site.format.number(len(path.had)),
        "whole": site.format.number(whole),
        "had": site._(", ").join(site.label("skill", code) for code in pathway.had[:_MOST_LISTED]),
        "lacking": site._(", ").join(site.label("skill", c) for c in pathway.lacking[:_MOST_LISTED]),
        "open": counted(site, pathway.open, origin),
        "trainings": counted(site, pathway.trainings, origin),
        "pay": paid(site, pathway.pay, pathway.paid),
    }  # fmt: skip
