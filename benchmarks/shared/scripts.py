"""Two scripts on one page, as a reader sees them in a browser: for tests of the portal and its bars."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from marsad.base import areas, codes
from marsad.base.text import fold
from marsad.web.locale import messages

SEEN = Path(__file__).with_suffix(".js").read_text("utf-8")
ARABIC, LATIN = re.compile("[\u0600-\u06ff]"), re.compile("[A-Za-zÀ-ÿ]")


@cache
def arabic_names() -> dict[str, str]:
    """Every French or English name that the portal has an Arabic one for: places, codes, its own words."""
    pairs: list[tuple[str, str]] = []
    for name in codes.names():
        for text in codes.codelist(name).values():
            pairs += [(text[k], text["ar"]) for k in ("fr", "en")]
    pairs += [(a.label(k), a.label("ar")) for a in areas.areas().values() for k in ("fr", "en")]
    for message in messages.catalogue("ar"):
        one, translated = message.id, message.string
        if one:
            pair = (one[0], translated[0]) if isinstance(one, tuple) else (one, translated)
            pairs.append((str(pair[0]), str(pair[1])))
    return {
        fold(latin): arabic
        for latin, arabic in pairs
        if len(LATIN.findall(latin)) > 3 and not ARABIC.search(latin) and ARABIC.search(arabic)
    }


@cache
def places() -> re.Pattern[str]:
    """The Latin names of regions and provinces, as words inside a longer text."""
    held = [a.label("fr") for level in ("region", "province") for a in areas.at_level(level)]
    return re.compile(r"\b(" + "|".join(re.escape(fold(n)) for n in held if len(n) > 4) + r")\b")


def seen(page: Page, address: str) -> list[dict[str, Any]]:
    """The texts of a page, every fold open: their words, language, place, and faults of order."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return list(page.evaluate(SEEN))


def latin_names(texts: list[dict[str, Any]]) -> list[str]:
    """Texts of an Arabic page, said by the portal, that bear a Latin name that has an Arabic one.

    Texts marked as of another language, and the words of others (dir=auto), are theirs."""
    wrong = []
    for one in texts:
        text = fold(one["text"].strip(" .:,()،؛«»"))
        if one["lang"] == "ar" and not one["said"] and LATIN.search(text):
            name = text in arabic_names() or (len(text) < 200 and places().search(text))
            wrong += [f"{one['text']!r} in {one['where'][:100]}"] if name else []
    return wrong
