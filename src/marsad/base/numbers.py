"""Numbers as people write them in ar, fr and en: decimal comma or point, thousands, percent."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from marsad.base.errors import InputError

_DIGITS = {chr(ord(zero) + i): str(i) for zero in "٠۰" for i in range(10)}
_PLAIN = str.maketrans(
    _DIGITS
    | {
        "٫": ",",
        "٬": " ",
        "−": "-",
        "–": "-",
        "’": " ",
        "'": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200e": "",
        "\u200f": "",
        "٪": "%",
    }
)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[ ,.]\d{1,40}){0,12}|[+-]?[.,]\d{1,40}")
_SCIENTIFIC = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?[eE][+-]?\d{1,3}")
_LONE = re.compile(r"[+-]?(\d{1,3})([,.])(\d{3})")


def plain_digits(text: str) -> str:
    """A text with Western digits, plain spaces, minus and percent signs."""
    return text.translate(_PLAIN)


def parse_number(text: str, decimal: str = "") -> float:
    """The number that a text is, a percent sign after it allowed; InputError for any other text.

    Of two separators the last one is the decimal sign; one that repeats marks thousands. «1,234»
    is read by `decimal`, the sign that the table uses (see `decimal_sign`), else as 1.234.
    """
    form = plain_digits(text).strip().removesuffix("%").strip()
    if _SCIENTIFIC.fullmatch(form) and math.isfinite(float(form)):
        return float(form)
    if not _NUMBER.fullmatch(form):
        raise InputError(f"{text[:60]!r} is not a number")
    form = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", form)
    if " " in form:
        raise InputError(f"{text[:60]!r} is not a number")
    sign = _sign(form, decimal)
    for other in {",", "."} - {sign}:
        if re.search(rf"\{other}(?!\d{{3}}(?!\d))", form):
            raise InputError(f"{text[:60]!r} is not a number")
        form = form.replace(other, "")
    return float(form.replace(",", "."))


def _sign(form: str, decimal: str) -> str:
    """The decimal sign of a number without spaces, '' when it has none."""
    commas, points = form.count(","), form.count(".")
    if commas and points:
        sign = "," if form.rfind(",") > form.rfind(".") else "."
        return sign if form.count(sign) == 1 else "?"
    if commas + points != 1:
        return ""
    if _LONE.fullmatch(form) and decimal and not form.startswith(("0", "-0")):
        return decimal
    return "," if commas else "."


def decimal_sign(cells: Iterable[str]) -> str:
    """The decimal sign that the numbers of a table use, by those that can be read in one way only:
    ',' or '.'; '' when none tells, or they contradict each other."""
    votes: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for cell in cells:
        form = plain_digits(cell).strip().removesuffix("%").strip().replace(" ", "")
        if match := _LONE.fullmatch(form):
            thousands[match[2]] += match[1] not in {"0"}
        elif _NUMBER.fullmatch(form) and (sign := _sign(form, "")) in {",", "."}:
            votes[sign] += 1
    if votes:
        return votes.most_common(1)[0][0] if len(votes) == 1 else ""
    if thousands.total() > 1 and len(thousands) == 1:
        return "." if "," in thousands else ","
    return ""
