"""Find my way: skills typed, picked or read from a CV; openings, trainings and other occupations.

Everything that a person says travels in the form and back: no account, nothing kept, nothing in the
address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from marsad.base.errors import InputError
from marsad.publish.read.matching import Answer, Pathway, SkillDemand, Training
from marsad.web.locale import N_
from marsad.web.person_form import (
    MOST_TEXT,
    Said,
    named,
    opening,
    paid,
    places,
    said,
    source,
)
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

PATH = "/match"
TITLE = N_("Find my way")
POST = True
KEPT = False
HEADERS = {"Cache-Control": "private, no-cache"}
"""The visitor's own browser may show an answer again when they come back from an ad; nobody else's, and
not where a file was sent."""
_MATCHES, _JOBS, _TOLD = 12, 5, 6
PROBLEMS = {
    "The file is larger than 5 MB.": N_("The file is larger than 5 MB."),
    "The file is protected by a password: take it off first.": N_(
        "The file is protected by a password: take it off first."
    ),
    "The file is protected by a password or is of an old Word: save it as PDF or DOCX.": N_(
        "The file is protected by a password or is of an old Word: save it as PDF or DOCX."
    ),
    "The file is neither a PDF nor a DOCX document.": N_(
        "The file is neither a PDF nor a DOCX document."
    ),
    "The file is damaged: it cannot be read as a PDF.": N_(
        "The file is damaged: it cannot be read as a PDF."
    ),
    "The file is damaged: it cannot be read as a DOCX document.": N_(
        "The file is damaged: it cannot be read as a DOCX document."
    ),
    "The file unpacks to more than a CV can hold: save it as PDF.": N_(
        "The file unpacks to more than a CV can hold: save it as PDF."
    ),
    "No text was found in the file: it may be a picture (a scan). Paste or type your skills.": N_(
        "No text was found in the file: it may be a picture (a scan). Paste or type your skills."
    ),
}


@dataclass(frozen=True)
class _Read:
    """What the form says once its new words are read: `left` was not understood, `jobs` are
    occupations named, `problem` is of the file, `new` whether words were read."""

    said: Said
    left: str = ""
    jobs: tuple[str, ...] = ()
    problem: str = ""
    cv: bool = False


def context(request: PageRequest) -> dict[str, object]:
    """The form as it stands, and answers once something is said."""
    found = _read(request)
    now = found.said
    careers = request.reader.careers
    likely = careers.likely(now.person, _JOBS)
    jobs = list(dict.fromkeys([*found.jobs, *(each.code for each in likely)]))
    if not now.occupation and jobs:
        now = replace(now, occupation=jobs[0])
    if now.occupation and now.occupation not in jobs:
        jobs.insert(0, now.occupation)
    query = request.given("pick")
    answer = None if now.empty else careers.answer(now.person)
    because = {each.code: each.because for each in likely}
    return {
        "said": now,
        "left": found.left,
        "problem": request._(PROBLEMS.get(found.problem, found.problem)) if found.problem else "",
        "cv": found.cv,
        "skills": named(request, now.codes),
        "jobs": [_job(request, code, because.get(code, ())) for code in jobs[: _JOBS + 1]],
        "places": places(request),
        "pick": query,
        "picked": _matching(request, query, now),
        "usual": named(request, _usual(request, now)),
        "answer": _told(request, answer) if answer else None,
        "synthetic": careers.synthetic,
        "ready": likely or now.occupation,
    }


def _read(request: PageRequest) -> _Read:
    now = said(request)
    if not request.sent:
        return _Read(now)
    codes, words, left, jobs = list(now.codes), list(now.phrases), [], []  # type: ignore[var-annotated]
    for each in request.reader.careers.understood(request.given("text", MOST_TEXT)):
        codes += each.codes
        if each.job:
            jobs.append(each.job)
        elif not each.codes:
            (words if each.known else left).append(each.words)
    problem, cv = "", False
    for file in request.files[:1]:
        try:
            held = request.reader.careers.curriculum(file.data)
        except InputError as error:
            problem = str(error)
            continue
        cv = True
        codes += held.codes
        words += held.phrases
        jobs += [job.code for job in held.jobs]
    if asked := request.given("job"):
        jobs = [job.code for job in request.reader.careers.jobs_named(asked)[:1]] + jobs
    told = replace(now, codes=tuple(dict.fromkeys(codes)), phrases=tuple(dict.fromkeys(words)))
    if jobs and (asked or not told.occupation):
        told = replace(told, occupation=jobs[0])
    return _Read(told, ", ".join(left), tuple(dict.fromkeys(jobs)), problem, cv)


def _job(request: PageRequest, code: str, because: tuple[str, ...]) -> dict[str, object]:
    names = [request.label("skill", each) for each in because[:4]]
    return {
        "code": code,
        "name": request.label("occupation", code),
        "because": request._(", ").join(names),
        "link": request.link(f"/occupations/{code}"),
    }


def _matching(request: PageRequest, words: str, now: Said) -> list[tuple[str, str]]:
    if not words:
        return []
    lookups = request.reader.lookups
    found = lookups.skill_words.find(words) or lookups.skill_words.like(words)
    return named(request, [code for code in found if code not in now.codes][:_MATCHES])


def _usual(request: PageRequest, now: Said) -> list[str]:
    """Skills usual for the occupation that were not named: what its ads ask, then what ESCO holds
    essential."""
    if not now.occupation:
        return []
    asked = [each.code for each in request.reader.careers.usual(now.occupation)]
    essential = [row["skill"] for row in request.reader.lookups.essential(now.occupation)]
    every = dict.fromkeys([*asked, *essential])
    return [code for code in every if code not in now.codes][:_MATCHES]


def _told(request: PageRequest, answer: Answer) -> dict[str, object]:
    told = source(request)
    return {
        "found": [opening(request, each) for each in answer.matches],
        "weighed": counted(request, answer.weighed, told),
        "about": request.label("occupation", answer.about) if answer.about else "",
        "missing": [_missing(request, each) for each in answer.missing],
        "whole": counted(request, answer.missing[0].whole, told) if answer.missing else None,
        "trainings": [_training(request, each) for each in answer.trainings],
        "ways": [_way(request, each) for each in answer.pathways],
        "every": request.link("/ads", {"occupation": answer.person.occupation}),
        "source": told,
    }


def _missing(request: PageRequest, asked: SkillDemand) -> dict[str, object]:
    told = source(request)
    return {
        "name": request.label("skill", asked.code),
        "link": request.link(f"/skills/{asked.code}"),
        "n": counted(request, asked.n, told),
        "opens": counted(request, asked.opens, told),
    }


def _training(request: PageRequest, training: Training) -> dict[str, object]:
    row = training.row
    names = [request.label("skill", code) for code in training.teaches]
    return {
        "title": row["title"],
        "link": request.link(f"/trainings/{row['training']}"),
        "provider": row["provider"],
        "place": request.label("area", row["province"] or row["region"] or "MA"),
        "teaches": request._(", ").join(names),
        "more": training.offers - 1,
    }


def _way(request: PageRequest, way: Pathway) -> dict[str, object]:
    told = source(request)
    path = way.path
    whole = len(path.had) + len(path.lacking)
    return {
        "name": request.label("occupation", path.code),
        "link": request.link(f"/occupations/{path.code}"),
        "distance": {
            **counted(request, 0, "ESCO"), "value": f"{100 * path.distance:.0f}", "unit": "PT",
            "text": request.format.share(path.distance),
        },
        "near": min(100, round(100 * (1 - path.distance))),
        "had_n": request.format.number(len(path.had)),
        "whole": request.format.number(whole),
        "had": request._(", ").join(request.label("skill", code) for code in way.had[:_TOLD]),
        "lacking": request._(", ").join(request.label("skill", c) for c in way.lacking[:_TOLD]),
        "open": counted(request, way.open, told),
        "trainings": counted(request, way.trainings, told),
        "pay": paid(request, way.pay, way.paid),
    }  # fmt: skip
