"""Errors of the API as problem details (RFC 9457), with their title in three languages.

The detail names the parameter and the rule; it and the title are in the language that `lang` or
Accept-Language prefers, English else, and the title is in all three under `titles`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick
from marsad.base.settings import site_path

MEDIA_TYPE = "application/problem+json"


class ProblemKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of problem: what its address ends with, and its title."""

    slug: str
    title: Text


KINDS = load_declaration(Path(__file__).with_name("problems.yml"), dict[int, ProblemKind])
"""Status -> kind."""


def problem(status: int, detail: str, *, language: str = "en", kind: str = "") -> bytes:
    """The body of a problem, its title in a language as the detail is."""
    kind_of = KINDS.get(status, KINDS[500 if status >= 500 else 400])
    body = {
        "type": site_path(f"/api/problems/{kind_of.slug}"),
        "title": pick(kind_of.title, language),
        "status": status,
        "detail": detail,
        "titles": kind_of.title,
    }
    return msgspec.json.encode({**body, "kind": kind} if kind else body)
