"""HTML of strangers as a tree, unless it is nested so deep that the parser's time would run away."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from marsad.base.errors import InputError

_DEEPEST = 3_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
_CLOSES_ITSELF = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead"
    " tfoot option optgroup colgroup caption rp rt html head body".split()
)


def parse_html(text: str) -> LexborHTMLParser:
    """The tree of a page. InputError: more than 3,000 elements stand open in one another."""
    depth = deepest = 0
    for match in _TAG.finditer(text):
        if match[2].lower() not in _CLOSES_ITSELF:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise InputError(f"elements are nested deeper than {_DEEPEST:,} levels")
    return LexborHTMLParser(text)
