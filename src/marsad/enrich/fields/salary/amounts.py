"""Amounts of money in ad text: numbers as Morocco writes them, with the words around each.

The rules read lower-case text with Western digits, each number once, and look at a fixed stretch
before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from marsad.base.declare import load_yaml

_DIGITS = {ord("٠") + i: str(i) for i in range(10)} | {ord("۰") + i: str(i) for i in range(10)}
_EASTERN = re.compile("[٠-٩۰-۹]")
_BEFORE, _AFTER, _CLOSE = 60, 30, 28
_OF_MONTH = 1_500.0  # less than this, without a period, is of an unclear one
_CURRENCIES = {
    "MAD": r"(?:dhs?|mad|dirhams?|derhams?|drhm?s?|d\.h\.?s?|درهما|درهم|دراهم|درهمًا)",
    "EUR": r"(?:euros?|eur|€|أورو|يورو)",
    "USD": r"(?:usd|dollars?|\$|دولار)",
    "SAR": r"(?:sar|ريال|riyals?)",
}
_MONEY = "|".join(_CURRENCIES.values())
_NUMBER = r"\d{1,3}(?:[ .,']\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d{1,7}(?:[.,]\d{1,2}(?!\d))?"
_WORD_END = r"(?![^\W\d_])"
_TO = r"(?:-|–|—|~|/|à|a|et|to|and|jusqu['’]à|الى|إلى|و|ل|حتى)"
_SPAN = re.compile(
    rf"(?P<a>{_NUMBER})(?: ?(?P<ka>k){_WORD_END})?(?: ?k?(?P<c1>{_MONEY}){_WORD_END})?"
    rf"(?:(?: ?(?:nets?|bruts?))?\s?{_TO}\s?(?:{_MONEY})?\s?(?P<b>{_NUMBER})(?: ?(?P<kb>k){_WORD_END})?"
    rf"(?: ?k?(?P<c2>{_MONEY}){_WORD_END})?)?"
)
_FIRST = re.compile(rf"(?<![^\W\d_])({_MONEY}) ?:? ?$")  # a currency before its number
_SENTENCE = re.compile(r"[,;.!?\n•\d]")  # what follows is of something else
_GLUED = frozenset(".,/+-_")
_KDH = re.compile(r"\d ?k ?(?:dh|mad)")
_OTHER_UNIT = re.compile(
    r"\s?(?:%|°|h\d|[\d/:+-]|(?:ans?|années?|mois|jours?|heures?|h|km|kg|m2?|cm|personnes?|clients?"
    r"|employés?|salariés?|collaborateurs?|postes?|years?|months?|days?|hours?|people|employees|سنة"
    r"|سنوات|ساعة|ساعات|شهر|أشهر|يوم|أيام|شخص|مستخدم|عامل)\b)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount found: its ends, currency, period and basis where said, how sure, and its words."""

    low: float | None
    high: float | None
    currency: str
    period: str
    basis: str
    weight: float
    evidence: str


@cache
def _near(code: str) -> re.Pattern[str]:
    """Any word of a code, whole, in running text."""
    words = load_yaml(Path(__file__).with_name("words.yml"))[code]
    every = "|".join(re.escape(str(w)) for w in sorted(map(str, words), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{every})(?![^\W_])")


def _value(number: str, *, kilo: bool) -> float:
    whole = re.sub(r"[ .,'](?=\d{3}(?!\d))", "", number).replace(",", ".")
    return float(whole) * (1_000 if kilo else 1)


def _currency(match: re.Match[str]) -> str:
    first = _FIRST.search(match.string[max(0, match.start() - 12) : match.start()])
    symbol = match["c2"] or match["c1"] or (first[1] if first else "")
    return next((c for c, rule in _CURRENCIES.items() if re.fullmatch(rule, symbol)), "")


def _numbers(plain: str) -> Iterator[re.Match[str]]:
    """Every number that is not the tail of another one or of a word."""
    for match in _SPAN.finditer(plain):
        last = plain[match.start() - 1 : match.start()]
        tail = last in _GLUED or last.isalnum()
        if not tail or not last or _FIRST.search(plain[max(0, match.start() - 12) : match.start()]):
            yield match


def _ends(match: re.Match[str]) -> tuple[float, float]:
    """Both ends of a range, the same number twice for a single amount."""
    kilo = bool(match["ka"] or match["kb"] or _KDH.search(match.group()))
    low = _value(match["a"], kilo=bool(match["ka"]) or (kilo and not match["b"]))
    if not match["b"]:
        return low, low
    high = _value(match["b"], kilo=bool(match["kb"]) or (kilo and not match["ka"]))
    if low < 100 and high >= 1_000 and low * 1_000 <= high:  # «5 à 7000», «8-10k»
        low *= 1_000
    return (low, high) if low <= high <= 20 * low else (low, low)


def _period(before: str, after: str) -> str:
    close = _SENTENCE.split(after[:_CLOSE], maxsplit=1)[0]
    starts = [
        (match.start(), code)
        for code in ("hour", "day", "week", "month", "year")
        if (match := _near(code).search(close))
    ]
    if starts:
        return min(starts)[1]
    ends = [
        (max(m.end() for m in _near(code).finditer(before)), code)
        for code in ("hour", "day", "week", "month", "year")
        if _near(code).search(before)
    ]
    return max(ends)[1] if ends else ""


def _basis(before: str, after: str) -> str:
    close = _SENTENCE.split(after[:_CLOSE], maxsplit=1)[0]
    for stretch in (close, before[-_CLOSE:]):
        bases = [c for c in ("net", "gross") if _near(c).search(stretch)]
        if len(bases) == 1:
            return bases[0]
    return ""


def _open_end(low: float, high: float, before: str) -> tuple[float | None, float | None]:
    if (
        low == high
        and (m := list(_near("until").finditer(before[-22:])))
        and _last(m, before[-22:])
    ):
        return None, high
    if low == high and (m := list(_near("from").finditer(before[-22:]))) and _last(m, before[-22:]):
        return low, None
    return low, high


def _last(matches: list[re.Match[str]], stretch: str) -> bool:
    """Whether the last match ends right before the number."""
    return len(stretch.rstrip(" :de")) <= matches[-1].end() + 1


def _plain(text: str) -> str:
    lower = text.lower()
    return lower.translate(_DIGITS) if _EASTERN.search(lower) else lower


def _amount(match: re.Match[str], plain: str, weight: float) -> Amount:
    before = plain[max(0, match.start() - _BEFORE) : match.start()]
    after = plain[match.end() : match.end() + _AFTER]
    low, high = _open_end(*_ends(match), before)
    return Amount(
        low, high, _currency(match), _period(before, after), _basis(before, after), weight,
        match.group().strip(),
    )  # fmt: skip


def _plausible(match: re.Match[str], period: str) -> bool:
    low, high = _ends(match)
    if period in {"hour", "day", "week"}:
        return low >= 5 and high <= 20_000
    return low >= 500 and high <= 5_000_000


def of_field(text: str) -> Amount | None:
    """The first plausible amount of a pay field, with or without a currency."""
    plain = _plain(text)
    for match in _numbers(plain):
        amount = _amount(match, plain, 1.0)
        other = _OTHER_UNIT.match(plain, match.end()) and not _currency(match)
        if not other and _plausible(match, amount.period):
            return amount
    return None


def _weight(match: re.Match[str], plain: str) -> float:
    """How sure it is that an amount in running text is pay: 0 (no), 0.5 or 1."""
    before = plain[max(0, match.start() - _BEFORE) : match.start()]
    after = plain[match.end() : match.end() + _AFTER]
    money = bool(_currency(match))
    if not money and (_OTHER_UNIT.match(after) or 1950 <= _ends(match)[0] <= 2035):
        return 0
    pay = max((m.end() for m in _near("pay").finditer(before)), default=-1)
    other = max((m.end() for m in _near("not_pay").finditer(before)), default=-1)
    between = before[pay:] if pay >= 0 else ""
    if other > pay or _near("after_not_pay").match(after.lstrip()):
        return 0
    if pay < 0 or (not money and (re.search(r"\d|[.!?\n]", between) or len(between) > 25)):
        return 0.5 if money and not re.search(r"\d{7}|millions?|milliards?", before + after) else 0
    return 1.0 if money else 0.5


def _candidates(plain: str) -> Iterator[Amount]:
    for match in _numbers(plain):
        small = match.end() - match.start() < 3 and not match["ka"]
        if small or not (weight := _weight(match, plain)):
            continue
        amount = _amount(match, plain, weight)
        highest = 200_000 if amount.period != "year" else 3_000_000
        if _plausible(match, amount.period) and _ends(match)[1] <= highest:
            yield amount


def of_text(text: str) -> Amount | None:
    """The surest amount of pay in running text, the first of equals; None when there is none."""
    best: Amount | None = None
    for amount in _candidates(_plain(text)):
        clear = amount.period or (amount.high or amount.low or 0) >= _OF_MONTH
        sure = amount if clear else replace(amount, weight=amount.weight / 2)
        if best is None or sure.weight > best.weight:
            best = sure
        if best.weight >= 1:
            break
    return best
