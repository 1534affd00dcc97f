"""What the fields of a file are called: a path below the item -> a field of the record.

`names.yml` holds the ordinary names of the parts of ads and courses in en, fr and ar. A path
(`jobDescription/location/jobLocation`) is read by its last words: the longest run of its segments
that is a known name says what it is, unless what stands above it is the employer or a person. A
source's own columns, and those of the dialect that a file is in, go before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.text import arabic_stem, fold

if TYPE_CHECKING:
    from marsad.collect.register import Dialect, Source

IGNORED = "(ignored)"
PAY = ("pay_low", "pay_high", "pay_currency", "pay_unit")
SHORT_TEXT = "short_text"
"""Parts of the pay, and a summary that stands for a text where there is none: no fields of a record."""
_CAMEL = re.compile(r"(?<=[a-z0-9à-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BARE = re.compile(r"\d[\d .,]*")
_YES_NO = {"true": 0, "yes": 0, "oui": 0, "1": 0, "false": 1, "no": 1, "non": 1, "0": 1}
_SEGMENTS = re.compile(r"[/@]+")
_LONGEST = 200  # letters of a name that are looked at
_TOGETHER = 2  # segments that may be one name
_DEEPEST = 12  # segments or words of a name that are looked at
_OF_LINKED_DATA = ("/@type", "/@id", "/@context")
_PLACES = frozenset({"raw_place", "country"})
_INSIDE = {
    "raw_place": _PLACES, "country": _PLACES,
    "raw_salary": frozenset({"raw_salary", *PAY}), "pay_low": frozenset({"pay_low", *PAY}), "pay_high": frozenset({"pay_high", *PAY}),
    "raw_contract": frozenset({"raw_contract"}), "raw_sector": frozenset({"raw_sector", "raw_place", "raw_contract"}), "url": frozenset({"url"}),
}  # fmt: skip
"""Fields that may stand below a field of one name; below others (a text, a title) any may."""


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stops: frozenset[str]
    whole: frozenset[str]
    noise: frozenset[str]
    labels: tuple[str, ...]
    anything: tuple[str, ...]
    numbers: frozenset[str]
    site_names: tuple[str, ...]
    site_marks: tuple[str, ...]
    ads: dict[str, tuple[str, ...]]
    courses: dict[str, tuple[str, ...]]
    heads: tuple[str, ...]
    parties: tuple[str, ...]
    persons: tuple[str, ...]
    ignored: tuple[str, ...]
    beside: dict[str, tuple[str, ...]]
    flags: dict[str, tuple[str, str]]
    wording: dict[str, str]


@cache
def _names() -> _Names:
    return load_declaration(Path(__file__).with_suffix(".yml"), _Names)


def key(name: str) -> str:
    """A name as it is compared: its words without those that say nothing, in one order; '' for none."""
    return _key(name[:_LONGEST])


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    words = [word for word in _words(name) if word not in _names().stops]
    noise = _names().noise
    telling = [stem for word in words if not {word, stem := _stem(word)} & noise]
    return " ".join(sorted(set(telling or words)))


def _words(name: str) -> list[str]:
    """The words of a name, single Latin letters («poste(s)») left out where there are others."""
    words = [arabic_stem(word) for word in fold(_CAMEL.sub(" ", name[:_LONGEST])).split()]
    return [word for word in words if len(word) > 1 or not word.isalpha()] or words


def _stem(word: str) -> str:
    plural = len(word) > 3 and word[-1] == "s" and word[-2] != "s" and word not in _names().whole
    return word[:-1] if plural else word


def _fused(name: str) -> str:
    """A name as one word, as those are written that run their words together («expirationdate»)."""
    return "".join(fold(_CAMEL.sub(" ", name[:_LONGEST])).split()).removesuffix("s")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Names as they are compared -> (field, rank among its names)."""

    keys: dict[str, tuple[str, int]]
    fused: dict[str, tuple[str, int]]

    def get(self, name: str) -> tuple[str, int] | None:
        if entry := self.keys.get(key(name)):
            return entry
        whole = _fused(name)
        return self.fused.get(whole) or self.fused.get(
            whole.removeprefix("job").removeprefix("offer")
        )


@cache
def _lexicon(kind: str) -> _Lexicon:
    names = _names()
    fields = names.ads if kind == "ads" else names.courses
    entries = [
        (phrase, (name, rank)) for name, of in fields.items() for rank, phrase in enumerate(of)
    ]
    entries += [(phrase, (IGNORED, 0)) for phrase in (*names.persons, *names.ignored)]
    lexicon = _Lexicon({}, {})
    for phrase, entry in entries:
        lexicon.keys.setdefault(key(phrase), entry)
        lexicon.fused.setdefault(_fused(phrase), entry)
    return lexicon


@cache
def _keys(group: str) -> frozenset[str]:
    return frozenset(map(key, getattr(_names(), group)))


@cache
def _flags() -> dict[str, tuple[str, str]]:
    return {key(phrase): words for phrase, words in _names().flags.items()}


@cache
def _wording() -> dict[str, str]:
    listed = _names().wording
    return {form(phrase): words for phrase, words in listed.items() for form in (_fused, key)}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a path says: a field of the record (or IGNORED), and how well; smaller ranks go first."""

    field: str
    rank: tuple[int, int, int]
    group: str


def direct(kind: str, name: str) -> str:
    """The field that a name says as a whole; '' for none that is read."""
    entry = _lexicon(kind).get(name)
    return entry[0] if entry and entry[0] != IGNORED else ""


def known_name(kind: str, name: str) -> bool:
    """Whether the heading of a column is an ordinary name of a field that is read."""
    return bool(direct(kind, name))


def meaning(kind: str, path: str) -> Meaning | None:
    """What a path means by its words alone; None when nothing is known of it."""
    return _meaning(kind, path) if len(path) <= 2 * _LONGEST else None


@lru_cache(maxsize=20_000)
def _meaning(kind: str, path: str) -> Meaning | None:
    segments = [part for part in _SEGMENTS.split(path) if part]
    if not segments or len(segments) > _DEEPEST:
        return None
    if path.endswith(_OF_LINKED_DATA):
        return Meaning(IGNORED, (0, 0, 0), "")
    if direct := _by_segments(kind, segments):
        return direct
    words = _words(segments[-1])[:_DEEPEST]
    split = [*segments[:-1], *words]
    means = _by_segments(kind, split, loose=True) if len(words) > 1 else None
    numbered = len(words) > 1 and words[-1] in _names().numbers
    for n in range(len(words) - 1, 0, -1) if len(segments) == 1 else ():
        first = " ".join(words[:n])
        starts = None if key(first) in _keys("heads") else _by_segments(kind, [first])
        if starts and numbered and starts.field != "country":
            return Meaning(IGNORED, (0, 0, 0), "")
        if starts and (means is None or (starts.field == means.field and starts.rank < means.rank)):
            return starts
    if means:
        return means
    if len(segments) > 1 and _is_label(segments[-1]):
        return meaning(kind, "/".join(segments[:-1]))
    return None


def _by_segments(kind: str, segments: list[str], *, loose: bool = False) -> Meaning | None:
    """What segments mean together; `loose` where they are words, of which some alone say nothing."""
    above, lexicon = segments[:-1], _lexicon(kind)
    nothing = Meaning(IGNORED, (0, 0, 0), "")
    if any(key(part) in _keys("persons") or _is_ignored(kind, part) for part in above):
        return nothing
    party = any(key(part) in _keys("parties") for part in above)
    for start in range(max(0, len(segments) - _TOGETHER), len(segments)):
        if (entry := lexicon.get(" ".join(segments[start:]))) is None:
            continue
        name, rank = entry
        if loose and start == len(segments) - 1 and key(segments[-1]) in _keys("heads"):
            return None
        if party and name not in ("raw_company", "raw_provider", "raw_sector", *_PLACES):
            return nothing
        if not _may_stand(kind, above[:start], name):
            return nothing
        group = f"{'/'.join(above)}|{key(segments[-1])}"
        return Meaning(name, (int(party), rank, len(segments)), group)
    return nothing if party and not loose and not _is_label(segments[-1]) else None


def _is_ignored(kind: str, part: str) -> bool:
    entry = _lexicon(kind).get(part)
    return entry is not None and entry[0] == IGNORED


def _is_label(part: str) -> bool:
    return key(part) in _keys("labels")


def _may_stand(kind: str, above: list[str], name: str) -> bool:
    """Whether a field may stand below what is above it: no identifier or kind below a place."""
    for part in above:
        entry = _lexicon(kind).get(part)
        outer = entry[0] if entry else ""
        if outer in _INSIDE and name not in _INSIDE[outer]:
            return False
    return True


@dataclass(slots=True)
class Plan:
    """How the fields of one file are read: path -> field of the record, in the order in which they
    count; `groups` are other ways to say one thing, of which one counts."""

    columns: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    dialect: str = ""

    def words(self, path: str, cell: object) -> object:
        """A cell in words, where its name says what a yes, a no or a number alone mean."""
        name = _SEGMENTS.split(path)[-1]
        last = key(name) if key(name) in _wording() else _fused(name)
        text = str(cell).strip() if isinstance(cell, (bool, int, float, str)) else ""
        if flag := _flags().get(key(name)):
            return flag[_YES_NO[text.lower()]] if text.lower() in _YES_NO else cell
        if isinstance(cell, bool):
            return None
        template = _wording().get(last, "")
        if not template or not _BARE.fullmatch(text):
            return cell
        return template.format(text) if text.strip("0., ") else None


def dialect_of(spec: Source, fields: frozenset[str]) -> tuple[str, Dialect | None]:
    """The dialect of a file by its fields, the one of most signs; ('', None) when it is in none."""
    folded = {fold(name) for name in fields}
    fitting = [
        (len(dialect.when), name)
        for name, dialect in spec.dialects.items()
        if {fold(w) for w in dialect.when} <= folded
    ]
    name = max(fitting)[1] if fitting else ""
    return name, spec.dialects.get(name)


def plan(spec: Source, fields: Sequence[str]) -> Plan:
    """How a source reads a file that has these fields, in the order in which they come."""
    there = frozenset(fields)
    name, dialect = dialect_of(spec, there)
    ignored = {*spec.ignore, *(dialect.ignore if dialect else ())}
    own = {**(dialect.columns if dialect else {}), **spec.columns}
    if not spec.ordinary_names:
        return Plan(dict(spec.columns), unknown=set(there) - set(own) - ignored, dialect=name)
    columns = {path: of for path, of in own.items() if path in there and path not in ignored}
    made = Plan(columns, dialect=name)
    _read_by_names(
        spec.kind, made, [p for p in fields if p not in columns and p not in ignored], fields
    )
    return made


def ordinary(kind: str, fields: Sequence[str]) -> Plan:
    """How a file is read by ordinary names alone."""
    made = Plan()
    _read_by_names(kind, made, fields, fields)
    return made


def _read_by_names(kind: str, made: Plan, rest: Sequence[str], fields: Sequence[str]) -> None:
    """Add to a plan what the names of other fields say."""
    there = frozenset(fields)
    labelled = {above for above, last in map(_parted, fields) if above and _is_label(last)}
    read: list[tuple[tuple[int, int, int], str, Meaning]] = []
    for path in rest:
        above, last = _parted(path)
        if (means := meaning(kind, path)) is None:
            made.unknown.add(path)
        elif not (
            means.field == IGNORED
            or _said_by_another(path, there)
            or (above in labelled and _is_code(kind, above, last))
        ):
            read.append((means.rank, path, _named_place(means, path, there)))
    for _, path, means in sorted(read, key=lambda entry: entry[0]):
        made.columns[path], made.groups[path] = means.field, means.group


def _named_place(means: Meaning, path: str, fields: frozenset[str]) -> Meaning:
    """The employer, where a place with a number of its own or an address has a name: its site."""
    above, last = _parted(path)
    if means.field != "raw_place" or not _is_label(last) or key(last) not in _keys("site_names"):
        return means
    beside = {key(sibling) for there, sibling in map(_parted, fields) if there == above}
    return Meaning("raw_company", (1, 99, 0), path) if beside & _keys("site_marks") else means


_TELLING = frozenset(
    {"raw_text", "raw_contract", "raw_salary", "deadline_on", "positions", "raw_level", "hours", "months", "places"}
)  # fmt: skip
"""Fields of which one shows that a «name» is that of a post or a training, not of a person or a place."""


def says_enough(made: Plan) -> bool:
    """Whether a file has a title and one more of what an ad or a course says."""
    titles = [path for path, name in made.columns.items() if name == "raw_title"]
    read = set(made.columns.values()) - {"ad_id", "course_id", "raw_title"}
    sure = any(path not in made.groups or key(path) not in _keys("anything") for path in titles)
    above = {_parted(path)[0] for path in titles}
    telling = any(
        name in _TELLING
        and _parted(path)[0] in above
        and key(_parted(path)[1]) not in _keys("heads")
        for path, name in made.columns.items()
    )
    return bool(titles and read) and (sure or telling)


def _parted(path: str) -> tuple[str, str]:
    """What stands above the last segment of a path, and that segment."""
    above, _, last = path.rpartition("/")
    return above, last


def _is_code(kind: str, above: str, last: str) -> bool:
    """Whether this is a code, a number or a kind of a thing whose name stands beside it."""
    outer, entry = meaning(kind, above), _lexicon(kind).get(last)
    inner = entry[0] if entry else ""
    return bool(
        outer and outer.field in _INSIDE and not _is_label(last) and inner not in {*_PLACES, *PAY}
    )


def _said_by_another(path: str, fields: frozenset[str]) -> bool:
    """Whether a name says another thing here, for what stands beside it."""
    above, last = _parted(path)
    others = _beside().get(key(last), frozenset())
    beside = (
        sibling for there, sibling in map(_parted, fields if others else ()) if there == above
    )
    return any(key(sibling) in others for sibling in beside)


@cache
def _beside() -> dict[str, frozenset[str]]:
    return {key(name): frozenset(map(key, others)) for name, others in _names().beside.items()}
