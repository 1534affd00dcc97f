"""What a sentence about oneself takes away: «je ne sais pas souder», «sans permis», «ما كنعرفش الفرنسية».

A negation takes away the rest of its clause; where nothing follows it there, what precedes it in the
clause («l'espagnol je ne parle pas»). «sans», «without», «بلا» take away the words up to the next
preposition. A clause ends at punctuation or where another begins (`clauses.yml`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.text import fold, match_form
from marsad.enrich.fields.isco08.classify import titles_in
from marsad.products.matching.tasks import telling

_WORD = re.compile(r"[^\W_]+")
STOPS = re.compile(r"[\n\r;:،؛!?؟|•]+|[.,](?!\d)|\s[-–—]\s")
_ONE_WORD = re.compile(
    r"و?ما.{3,}ش|ma(?:k[aiy]?[nty]|bgh|b8|3[ean]|9|q|nkh|fi[ay]|kh|dir).*(?:ch|sh|x)"
)
_PRESENT = re.compile(r"(?:كن|kan)..+")
_FIRST_PERSON = re.compile(r"و?كن..+|kan[^a].+")
_CLINGING = re.compile(r"[فب]ال?..")
_NEVER = ("عمري", "وعمري", "3omri")
_LONGEST_PHRASE, _NEAR = 5, 3


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clause: frozenset[str]
    phrase: frozenset[str]
    prepositions: frozenset[str]
    harmless: frozenset[str]
    begins: frozenset[str]
    denies: frozenset[str]
    behind: frozenset[str]
    kin: frozenset[str]


@cache
def _words() -> _Words:
    return load_declaration(Path(__file__).with_name("clauses.yml"), _Words)


class Parted(NamedTuple):
    """A text without what it takes away, and that, as written."""

    held: str
    denied: tuple[str, ...]


def clauses(text: str) -> list[str]:
    """The pieces of a text between stops; a decimal mark is none."""
    return [piece for piece in STOPS.split(text) if piece.strip()]


def parted(text: str) -> Parted:
    """What a text says of its writer and what it denies; its stops stay."""
    held, denied, at = [], [], 0
    for stop in [*STOPS.finditer(text), None]:
        piece = text[at : stop.start() if stop else len(text)]
        rest, gone = _of_clause(piece)
        held.append(rest + (stop.group() if stop else ""))
        denied += gone
        at = stop.end() if stop else at
    return Parted("".join(held), tuple(denied))


def beside(text: str) -> str:
    """A text without what its writer is retired from and whose kin they are."""
    known, pieces = _words(), []
    for piece in clauses(text):
        spans = [match.span() for match in _WORD.finditer(piece)]
        terms = [fold(piece[a:b]) for a, b in spans]
        for i, term in enumerate(terms):
            kin = {term, " ".join(terms[i : i + 2])} & known.kin
            if term in known.behind or (kin and not _titled(piece, kin)):
                end = _end(terms, i + 1, terms[i + 1 : i + 2])
                piece = piece[: spans[i][0]] + (piece[spans[end][0] :] if end < len(terms) else "")
                break
        pieces.append(piece)
    return ", ".join(pieces)


def _titled(piece: str, kin: set[str]) -> bool:
    """Whether words of kin begin a title in use («femme de ménage»)."""
    first = tuple(map(match_form, kin))
    return any(title.startswith(first) for _, title in titles_in(piece))


def _of_clause(piece: str) -> tuple[str, list[str]]:
    """A clause without its negated part, and that part."""
    denied: list[str] = []
    while True:
        spans = [match.span() for match in _WORD.finditer(piece)]
        terms = [fold(piece[a:b]) for a, b in spans]
        cut = next(filter(None, (_cut(terms, at) for at in range(len(terms)))), None)
        if cut is None:
            return piece, denied
        first, last = cut
        before, after = piece[: spans[first][0]], piece[spans[last - 1][1] :]
        gone = piece[spans[first][0] : spans[last - 1][1]]
        denied.append(gone)
        piece = f"{before} {after}" if before.strip() and after.strip() else before + after


def _cut(terms: list[str], at: int) -> tuple[int, int] | None:
    """First and last word that the word at a place takes away, itself too; None for no negation."""
    known, verb = _words(), _verb(terms, at)
    if verb is None:
        return None
    if terms[at] in known.phrase:
        end = next((i for i in range(at + 2, len(terms)) if _ends_phrase(terms, i)), len(terms))
        end = min(end, at + _LONGEST_PHRASE)
    else:
        end = _end(terms, at + 1, terms[at + 1 : verb + 1])
    if (
        not known.harmless.isdisjoint(terms[at + 1 : at + 1 + _NEAR])
        or "الا" in terms[at + 1 : end]
    ):
        return None
    first = at - 1 if terms[at] == "t" else at
    fronted = (
        verb == at or terms[at][:2] in ("ما", "ma") or {"ne", "n"} & {*terms[max(0, at - 3) : at]}
    )
    if not fronted or terms[at] in known.phrase or telling(" ".join(terms[at + 1 : end])):
        return first, end
    start = max((i for i in range(at) if terms[i] in known.begins and i < at - 3), default=0)
    return (start, end) if telling(" ".join(terms[start:at])) else (first, end)


def _verb(terms: list[str], at: int) -> int | None:
    """The place of the verb that a negation denies (its own where it has none); None for no negation."""
    known, term = _words(), terms[at]
    following = terms[at + 1] if at + 1 < len(terms) else ""
    if term in known.clause:
        only = term == "الا" and not {"ما", "لا"}.isdisjoint(terms[:at])
        return None if only or (term == "لا" and terms[at - 1 : at] == ["و"]) else at + 1
    if term in known.phrase or _ONE_WORD.fullmatch(term):
        return at
    if term == "plus":
        return at + 1 if {"ne", "n"} & {*terms[max(0, at - _NEAR) : at]} else None
    if term == "t":
        return at + 1 if at and re.fullmatch(r"[a-z]+n", terms[at - 1]) else None
    if term in ("ما", "وما", "ma"):
        negated = bool(_ONE_WORD.fullmatch(f"ma{following}")) or (
            term != "ma" and following.endswith("ش") and len(following) > _NEAR
        )
        sure = negated or following in known.denies or _PRESENT.fullmatch(following)
        return at + 1 if sure or (at and terms[at - 1] in _NEVER) else None
    return None


def _ends_phrase(terms: list[str], at: int) -> bool:
    known = _words()
    return terms[at] in known.prepositions | known.begins or bool(_CLINGING.match(terms[at]))


def _end(terms: list[str], start: int, verb: list[str]) -> int:
    """Where the clause of a negation ends: before the first word that begins another."""
    for i in range(start + len(verb), len(terms)):
        if terms[i] in _words().begins or _FIRST_PERSON.fullmatch(terms[i]):
            return i
    return len(terms)
