"""Cursors: where the next page of a long list begins, as a text that callers hand back as it is.

A cursor belongs to one question and one release, in which it never changes its meaning.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import urlencode

from fastapi import Request

from marsad.base.errors import InputError
from marsad.base.refusals import refused
from marsad.base.settings import site_path

_PLACES = ("cursor", "page")


def _mark(request: Request, release: str, at: int) -> str:
    parameters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in _PLACES)
    text = "\x1f".join((release, request.url.path, repr(parameters), str(at)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cursor(request: Request, release: str, at: int) -> str:
    """The cursor of the page of this question that begins at row `at` (0 is the first)."""
    text = f"{at}.{_mark(request, release, at)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def offset(text: str, request: Request, release: str) -> int:
    """The row at which a cursor begins, 0 without one; InputError for a cursor of another question
    or release."""
    if not text:
        return 0
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        place, _, mark = base64.b64decode(padded, b"-_", validate=True).decode().partition(".")
    except (binascii.Error, ValueError):
        place, mark = "", ""
    if not place.isascii() or not place.isdecimal() or mark != _mark(request, release, int(place)):
        raise InputError(refused("old_cursor"))
    return int(place)


def following(request: Request, release: str, at: int) -> str:
    """The address of the page that begins at row `at`."""
    parameters = [(k, v) for k, v in request.query_params.multi_items() if k not in _PLACES]
    query = urlencode([*parameters, ("cursor", cursor(request, release, at))])
    return f"{site_path(request.url.path)}?{query}"
