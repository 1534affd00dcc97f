"""The door for benchmarks: machine reading of text as JSON lines in, JSON lines out.

In: `id` and `text`, and optionally `description` (for a title, the ad's text), `language`, `board`,
`company`, `place`, `posted_on`, `deadline_on`. Out: `id` and `codes`, ranked best first, each with
`code`, `score` (0-1) and `evidence`; nothing known is an empty list. From a score of one half on an
occupation counts as answered and a skill as said; what follows is the ranking. `esco` and `skills`
add the concept's address as `uri`; `language` says Darija as `ary` in both scripts and adds
`script`. For `dedup`: `cluster`, and `links` to other lines with band, kind, score and reason.
"""

from __future__ import annotations

import codecs
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import click
import msgspec

from marsad.base.encoding import decode
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.text import clean
from marsad.enrich import language, place
from marsad.enrich.duplicates import linking
from marsad.enrich.fields.esco_skills.classify import ranked as ranked_skills
from marsad.enrich.fields.esco_skills.classify import skill_uri
from marsad.enrich.fields.isco08.classify import (
    Reading,
    concept_uri,
    read_title,
)
from marsad.enrich.lexicon import Candidate

MOST_BYTES = 1_000_000
"""Bytes of the longest line that is read."""


class Line(msgspec.Struct, frozen=True):
    """One text to read."""

    id: str | int
    text: str
    description: str = ""
    language: str = ""
    board: str = ""
    company: str = ""
    place: str = ""
    posted_on: dt.date | None = None
    deadline_on: dt.date | None = None


Answer = list[Row]


def _answer(candidates: Iterable[Candidate]) -> Answer:
    return [{"code": c.code, "score": c.score, "evidence": c.evidence} for c in candidates]


def _reading(line: Line, *, slow: bool) -> Reading:
    title, text = clean(line.text), clean(line.description)
    spoken = line.language or language.of_segment(title).code
    return read_title(title, text, spoken, slow=slow)


def _isco08(line: Line) -> Answer:
    """Unit groups as every ad is coded: the slow tier adds nothing to them."""
    return _answer(_reading(line, slow=False).groups)


def _esco(line: Line) -> Answer:
    """ESCO occupations and, where none is nearer, ISCO groups; each with its address. Here the slow tier helps (mean
    reciprocal rank of ROME titles .87 against .85)."""
    return [
        {**candidate, "uri": concept_uri(candidate["code"])}
        for candidate in _answer(_reading(line, slow=True).concepts)
    ]


def _skills(line: Line) -> Answer:
    title, text = clean(line.text), clean(line.description)
    candidates = ranked_skills(title, text, line.language or language.of_ad(title, text)[0].code)
    return [{**candidate, "uri": skill_uri(candidate["code"])} for candidate in _answer(candidates)]


def _language(line: Line) -> Answer:
    """The language; Darija is `ary` in both scripts, and `script` says which."""
    title, text = clean(line.text), clean(line.description)
    candidate = language.of_ad(title, text)[0] if text else language.of_segment(title)
    code, _, script = candidate.code.partition("-")
    answer = {"code": code, "score": candidate.score, "evidence": candidate.evidence}
    return [{**answer, "script": script} if script else answer]


SCHEMES: dict[str, Callable[[Line], Answer]] = {
    "isco08": _isco08,
    "esco": _esco,
    "skills": _skills,
    "language": _language,
}


Refuse = Callable[[InputError], None]
"""Told of each line that cannot be read."""


def _lines(given: Iterable[bytes], refuse: Refuse) -> Iterator[Line]:
    """The lines that can be read; each other one is told to `refuse`, and the rest go on."""
    read = msgspec.json.Decoder(Line).decode
    for number, raw in enumerate(_utf8(given), 1):
        if not raw.strip():
            continue
        try:
            if len(raw) > MOST_BYTES:
                raise InputError(f"longer than {MOST_BYTES:,} bytes")
            yield read(raw)
        except InputError as error:
            refuse(InputError(error.rule, file="input", row=number))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            rule = str(error) if isinstance(error, msgspec.DecodeError) else "not UTF-8 text"
            refuse(InputError(rule, file="input", row=number))


def _utf8(given: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without a byte order mark; all of a file of wider letters at once."""
    lines = iter(given)
    first = next(lines, b"")
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = decode(first + b"".join(lines)).text
        yield from (line.encode() for line in text.split("\n"))
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from lines


def _folded(line: Line) -> linking.Folded:
    at = place.of_ad(clean(line.place), clean(line.text), clean(line.description))
    jobs = read_title(clean(line.text)).groups
    return linking.folded(
        {
            "ad_key": str(line.id),
            "board": line.board,
            "ad_id": str(line.id),
            "title": clean(line.text),
            "text": clean(line.description),
            "company": clean(line.company),
            "province": at.province.code if at.province else "",
            "place_text": clean(line.place),
            "posted_on": line.posted_on,
            "deadline_on": line.deadline_on,
            "isco08": jobs[0].code if jobs else "",
        }
    )


def _duplicates(lines: list[Line]) -> Iterator[Row]:
    ads = [_folded(line) for line in lines]
    if len({ad.key for ad in ads}) < len(ads):
        raise InputError("an id occurs twice; dedup needs one id a line", file="input")
    links = linking.links(ads)
    clusters = linking.clusters([ad.key for ad in ads], links)
    linked: dict[str, list[Row]] = defaultdict(list)
    for link in links:
        edge = {
            "band": link.band,
            "kind": link.kind,
            "score": link.score,
            "reason": link.reason,
        }
        linked[link.ad_a].append({"id": link.ad_b, **edge})
        linked[link.ad_b].append({"id": link.ad_a, **edge})
    for ad in ads:
        yield {"id": ad.key, "cluster": clusters[ad.key], "links": linked[ad.key]}


def _answers(scheme: str, lines: Iterator[Line]) -> Iterator[Row]:
    if scheme == "dedup":
        yield from _duplicates(list(lines))
        return
    read = SCHEMES[scheme]
    for line in lines:
        yield {"id": line.id, "codes": read(line)}


def code(scheme: str, given: Iterable[bytes], out: BinaryIO) -> None:
    """Write the lines of JSON that answer the lines given. InputError, once all are answered: how
    many could not be read; each is named on standard error."""
    refused = 0

    def refuse(error: InputError) -> None:
        nonlocal refused
        refused += 1
        click.echo(f"marsad: {error}", err=True)

    for row in _answers(scheme, _lines(given, refuse)):
        out.write(msgspec.json.encode(row) + b"\n")
    if refused:
        raise InputError(f"lines that could not be read: {refused:,}", file="input")
