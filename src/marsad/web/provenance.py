"""Where a figure was read, told in the reader's language: a source of the tables by its pattern.

What stands in the tables is English, as its transcribers wrote it; `provenance.yml` says the same in
three languages. A source that fits no pattern is quoted as it is.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
from markupsafe import Markup

from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick


class _Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    text: Text
    press: bool = False


class _Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[_Pattern, ...]
    remarks: dict[str, Text]


@cache
def _declared() -> _Provenance:
    return load_declaration(Path(__file__).with_name("provenance.yml"), _Provenance)


def _matched(source: str) -> tuple[_Pattern, re.Match[str]] | None:
    for declared in _declared().sources:
        if match := re.fullmatch(declared.pattern, source):
            return declared, match
    return None


def from_press(source: str) -> bool:
    """Whether a figure was read in the press, and not in its producer's publication."""
    matched = _matched(source)
    return matched is not None and matched[0].press


def provenance(source: str, language: str) -> Markup:
    """Where a figure was read, in a language; what is not known to us is quoted in its own."""
    matched = _matched(source)
    if matched is None:
        return Markup('<q dir="auto">{}</q>').format(source)
    declared, match = matched
    values = {"year": "", **match.groupdict()}
    names = values["names"]
    for remark, text in _declared().remarks.items():
        names = names.replace(remark, pick(text, language))
    parts = {"year": values["year"], "names": Markup("<bdi>{}</bdi>").format(names)}
    return Markup(pick(declared.text, language)).format(**parts)  # noqa: S704 - our own declaration
