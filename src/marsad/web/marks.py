"""The two marks of a figure, with two names: its statistical reliability (a letter), and how its
transcription was checked. What each means is told in a sentence, beside the figure."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.publish.read.model import Value
from marsad.publish.read.trust import OF_ADS, of_persons
from marsad.web.localisation import Locale


def marks(locale: Locale, row: Value) -> dict[str, str]:
    """What a cell tells of its marks: `letter` (empty where an interval says more), `marks` (one
    sentence a mark) and `mark_id` (the same for the same sentences)."""
    letter = "" if row.lower is not None else row.reliability
    sentences = [*_reliability(locale, [letter]), *_checks(locale, [row.verification])]
    code = "-".join(filter(None, (letter, row.verification)))
    return {
        "letter": letter,
        "marks": " ".join(sentences),
        "mark_id": code if sentences else "",
    }


def precision(locale: Locale, row: Value) -> str:
    """How precise a figure is, in words; empty where its interval is told."""
    return " ".join(_reliability(locale, [row.reliability])) if row.lower is None else ""


def counted_persons(locale: Locale, row: Value, *, few: bool) -> str:
    """The persons behind a figure as a table has them: in words where they are few, else n = 1,234."""
    if row.n is None or not of_persons(row):
        return ""
    return persons(locale, row) if few else f"n = {locale.format.number(row.n)}"


def persons(locale: Locale, row: Value) -> str:
    """On how many persons a figure of a survey or census rests; empty where that is not told."""
    if row.n is None or not of_persons(row):
        return ""
    return locale.ngettext("rests on %(count)s person", "rests on %(count)s persons", row.n)


def units(locale: Locale, row: Value) -> str:
    """On how many persons, or else establishments, an official figure rests; empty for one of ads."""
    if row.n is None or of_persons(row) or row.survey in OF_ADS:
        return persons(locale, row)
    return locale.ngettext(
        "rests on %(count)s establishment", "rests on %(count)s establishments", row.n
    )


def legend(locale: Locale, rows: Iterable[Value]) -> list[str]:
    """The marks that occur among values, a sentence each."""
    held = [row for row in rows if row.value is not None]
    letters = sorted({row.reliability for row in held if row.lower is None})
    counted = any(row.n is not None and of_persons(row) for row in held)
    return [
        *_reliability(locale, letters),
        *_checks(locale, sorted({row.verification for row in held}, reverse=True)),
        *([locale._("n: how many persons a figure rests on.")] if counted else []),
    ]


def _reliability(locale: Locale, letters: Iterable[str]) -> list[str]:
    return [
        locale._("Statistical reliability %(letter)s: %(words)s.")
        % {"letter": letter, "words": locale.label("reliability", letter)}
        for letter in letters
        if letter
    ]


def _checks(locale: Locale, codes: Iterable[str]) -> list[str]:
    return [
        locale._("Check of the transcription: %(words)s.")
        % {"words": locale.label("verification", code)}
        for code in codes
        if code
    ]
