"""Personal data planted in ads: how many are removed, by form and language, and how much is removed
that is nobody's. Development forms (`personal_forms.py`) and held-out ones (`personal_heldout.py`) apart.

    .venv/bin/python -m benchmarks.truth.personal    (prints every form that leaks)
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from marsad.base.text import clean, fold
from marsad.enrich.privacy import scrub

from .harmless import harmless
from .line import Line
from .personal_forms import CARRIERS, FORMS, Form, Planted
from .personal_heldout import HELD_CARRIERS, HELD_OUT

EACH = 3_000
Half = tuple[Mapping[str, tuple[str, Form]], Mapping[str, Sequence[str]]]
HALVES: dict[str, Half] = {"development": (FORMS, CARRIERS), "held out": (HELD_OUT, HELD_CARRIERS)}


def planted(
    half: str, n: int = EACH, seed: int = 11
) -> Iterator[tuple[str, str, str, str, Planted]]:
    """(form, kind, language, ad text, what was planted) of one half, every form in every language."""
    dice = random.Random(seed)
    forms, carriers = HALVES[half]
    languages = list(carriers)
    for i in range(n):
        form = list(forms)[i % len(forms)]
        kind, write = forms[form]
        language = languages[(i // len(forms)) % len(languages)]
        what = write(dice)
        yield form, kind, language, dice.choice(carriers[language]).format(what[0]), what


def squeezed(text: str) -> str:
    """Letters and digits alone, in comparison form."""
    return fold(clean(clean(text))).replace(" ", "")


def leaks(text: str, what: Planted) -> bool:
    """Whether any secret of what was planted still stands in a text, in whatever disguise."""
    plain = squeezed(text)
    return any(squeezed(secret) in plain for secret in what[1])


def recall(
    half: str, n: int = EACH, seed: int = 11
) -> tuple[Counter[str], Counter[str], list[str]]:
    """Items and removed ones, by kind, by language and in all, and the forms that leak with their text."""
    items: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    leaking = []
    for form, kind, language, text, what in planted(half, n, seed):
        without, _ = scrub(text)
        gone = not leaks(without, what)
        for key in ("all", kind, language):
            items[key] += 1
            removed[key] += gone
        if not gone:
            leaking.append(f"{form} [{language}]: {text!r} -> {without!r}")
    return items, removed, leaking


def measure() -> list[Line]:
    """Recall by kind and language of both halves; false removals."""
    lines = []
    for half in HALVES:
        items, removed, _ = recall(half)
        for key, n in items.items():
            bar = ">= 99.5 %" if key == "all" else ""
            share = f"{100 * removed[key] / n:.2f} %"
            lines.append(Line(f"personal data removed, {half}, {key}", bar, share, n))
    texts = list(harmless())
    false = sum(bool(scrub(text)[1]) for text in texts)
    share = f"{100 * false / len(texts):.2f} %"
    return [
        *lines,
        Line("harmless texts in which something is removed", "< 0.5 %", share, len(texts)),
    ]


def _report() -> None:
    for half in HALVES:
        for leak in recall(half)[2][:60]:
            sys.stdout.write(f"{half}: {leak}\n")
    for text in harmless():
        if scrub(text)[1]:
            sys.stdout.write(f"false: {text!r} -> {scrub(text)[0]!r}\n")
    for line in measure():
        sys.stdout.write(f"{line.what}: {line.value} (bar {line.bar or '-'}, n = {line.n})\n")


if __name__ == "__main__":
    _report()
