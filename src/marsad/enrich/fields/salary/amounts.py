"""Amounts of money in ad text: numbers as Morocco writes them, with the words around each.

The rules read lower-case text with Western digits, each number once, and look at a fixed stretch
before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from marsad.base import money
from marsad.base.declare import load_yaml

_BEFORE, _AFTER, _CLOSE = 60, 30, 28
_OF_MONTH = 1_500.0  # less than this, without a period, is of an unclear one
_NAMED = ("hour", "day", "week", "fortnight", "month", "year")
_PERIODS = (*_NAMED, "piece")
_UNNAMED = {"day": (40, 2_000), "week": (300, 15_000), "month": (600, 60_000)}
"""Period -> least and most amount that is pay where no currency is named but the period follows."""
_LEAST_UNNAMED = 40
_ROUND = (
    1_500,
    20_000,
)  # a bare number that is a month's pay where extras follow or it stands alone
OTHER = "other"
"""The period of an amount for a number of days, hours or months that is none of the periods."""
_COUNTED = re.compile(r"\s?(?:/|(?:pour|par)\s)\s?(\d{1,3})\s?(?=[^\W\d_])")
_UNITS = {
    "hour": {1: "hour", 8: "day", 44: "week", 48: "week", 191: "month"},
    "day": {1: "day", 6: "week", 7: "week", 14: "fortnight", 15: "fortnight", 26: "month", 30: "month", 31: "month"},
    "week": {1: "week", 2: "fortnight", 4: "month"},
    "month": {1: "month", 12: "year"},
}  # fmt: skip
"""Unit -> how many of them are a period («4000 DH/15 j»)."""
_MONEY = money.pattern()
_NUMBER = r"\d{1,3}(?:[ .,']\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
_WORD_END = r"(?![^\W\d_])"
_TO = rf"(?:-|–|—|~|/(?!\s?\d{{1,3}}\s?(?!{_MONEY}|k{_WORD_END})[^\W\d_])|à|a|et|to|and|jusqu['’]à|7t+a(?: l)?|7tal|ht+a(?: l)?|htal|الى|إلى|و|ل|حتى|تال)"
_KILO = "k|alf|mille|ألف|الف|آلاف|الاف"
_RYALS = 20
"""Ryals in a dirham, by which people count in Darija."""
_RYAL = re.compile(r"r[iy]+yals?|ryals?|rials?|ريال(?:ات|ا)?")
_SPAN = re.compile(
    rf"(?P<a>{_NUMBER})(?: ?(?:d )?(?P<ka>{_KILO}){_WORD_END}| (?P<ma>millions?|مليون){_WORD_END})?"
    rf"(?:(?:\.-)? ?k?(?P<c1>{_MONEY}){_WORD_END})?"
    rf"(?:(?: ?(?:nets?|bruts?))?\s?{_TO}\s?(?:{_MONEY})?\s?(?P<b>{_NUMBER})(?: ?(?:d )?(?P<kb>{_KILO}){_WORD_END})?"
    rf"(?: ?k?(?P<c2>{_MONEY}){_WORD_END})?)?"
)
_FIRST = re.compile(rf"(?<![^\W\d_])({_MONEY}) ?:? ?$")  # a currency before its number
_SENTENCE = re.compile(r"[,;.!?\n•\d]")  # what follows is of something else
_GLUED = frozenset(".,/+-_")
_CLAUSE = re.compile(r"[.!?](?=\s)|[\n•]")
_STOP = re.compile(r"[.,;،!?\n•]")
_OF = (
    r"(?:/\s?)?(?:(?:f|fl|l|b|d|dyal|kol|kola|lkol|3la|في|كل|لكل|على|د|ديال)\s)*"
    r"(?:fl|l|f|b|d|لل|فال|بال|دال|ال|ل|ف|ب|د)?"
)
"""What links an amount to its period in Darija: «f chhar», «lnhar», «للمتر»."""
_EACH = re.compile(r"\s?(?:(?:3la |على )?(?:kola?|l?kol|لكل|كل))\s?[^\W\d_]{2}")
_ALONE_BEFORE = re.compile(r"(?:^|[.,;،!?\n•–—-])\s*$")
_ALONE_AFTER = re.compile(r"\s*(?:$|[.,;،!?\n•+])")
_AND = r"\s?(?:\+|w|wa|و|et|avec|plus|m3a|مع)\s?"
_KDH = re.compile(r"\d ?k ?(?:dh|mad)")
_OTHER_UNIT = re.compile(
    r"\s?(?:%|°|h\d|[\d/:]|[+-]\s?\d|(?:ans?|années?|mois|jours?|heures?|h|km|kg|m2?|cm|personnes?|clients?"
    r"|employés?|salariés?|collaborateurs?|postes?|years?|months?|days?|hours?|people|employees|سنة"
    r"|سنوات|ساعة|ساعات|شهر|أشهر|يوم|أيام|شخص|مستخدم|عامل)\b)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: its ends, currency (and whether any is named), period and basis where said, how sure, and its words."""

    low: float | None
    high: float | None
    currency: str
    named: bool
    period: str
    basis: str
    weight: float
    evidence: str


@cache
def _near(code: str) -> re.Pattern[str]:
    """Any word of a code, whole, in running text."""
    words = load_yaml(Path(__file__).with_name("words.yml"))[code]
    longest = sorted(map(str, words), key=len, reverse=True)
    signs = "|".join(re.escape(w) for w in longest if w.startswith("/"))
    every = "|".join(re.escape(w) for w in longest if not w.startswith("/"))
    joined = rf"|(?:{signs})(?![^\W_])" if signs else ""
    return re.compile(rf"(?<![^\W_])(?:{every})(?![^\W_]){joined}")


def _any(words: Sequence[object]) -> str:
    """Any of some words, longest first, as a regular expression."""
    return "|".join(re.escape(w) for w in sorted(map(str, words), key=len, reverse=True))


@cache
def _rates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of each period (a group) right after an amount («200/jour», «110 لنهار»), and its nouns right
    before it («b nhar 200»)."""
    words = load_yaml(Path(__file__).with_name("words.yml"))
    after, before = [], []
    for code in _PERIODS:
        nouns = _any(words[f"rate_{code}"])
        darija = rf"(?:nets?|bruts?|صافي)?\s?{_OF}(?:{nouns})"
        after.append(rf"(?P<{code}>(?:{_any(words[code])}|{darija})(?![^\W_]))")
        before.append(rf"(?P<{code}>(?:{nouns}))")
    named = (
        rf"(?<![^\W_])(?:b|f|ب|ف)\s?(?:l|ال)?(?:{'|'.join(before)})(?:\s(?:carré|المربع))?\s?:?\s?$"
    )
    return re.compile(rf"\s*(?:{'|'.join(after)})"), re.compile(named)


def _rate(before: str, after: str) -> str:
    """The period that stands right at an amount; '' for none."""
    right, left = _rates()
    if match := right.match(after):
        return str(match.lastgroup)
    if _EACH.match(after):
        return "piece"
    match = left.search(before)
    return str(match.lastgroup) if match else ""


@cache
def _extras() -> re.Pattern[str]:
    """What is given on top of pay, right after an amount («3000 + primes», «2400 والماكلة»), or its basis."""
    words = load_yaml(Path(__file__).with_name("words.yml"))["extras"]
    every = _any(words)
    return re.compile(
        rf"(?:\s?(?:nets?|bruts?|fixe?|صافي)(?![^\W\d_])|{_AND}(?:l|ال|la |le |les )?(?:{every}))"
    )


@cache
def _unnamed() -> re.Pattern[str]:
    """Where a number without a currency may be pay: at a rate, with extras, or alone."""
    after, before = (re.sub(r"\?P<\w+>", "?:", pattern.pattern) for pattern in _rates())
    alone = rf"{_ALONE_BEFORE.pattern.removesuffix('$')}(?:\d{{4,6}}|\d{{1,3}}[ .]\d{{3}})"
    return re.compile(
        rf"\d(?:{after}|{_extras().pattern})|{before.removesuffix('$')}\d|{alone}", re.MULTILINE
    )


def may_be_unnamed(text: str) -> bool:
    """Whether a text may name pay without a currency and without a word for pay."""
    return _unnamed().search(money.plain(text)) is not None


def _value(number: str, *, kilo: bool) -> float:
    whole = re.sub(r"[ .,'](?=\d{3}(?!\d))", "", number).replace(",", ".")
    return float(whole) * (1_000 if kilo else 1)


def _symbol(match: re.Match[str]) -> str:
    """The word or sign of money at an amount, '' for none."""
    first = _FIRST.search(match.string[max(0, match.start() - 24) : match.start()])
    return match["c2"] or match["c1"] or (first[1] if first else "")


def _numbers(plain: str) -> Iterator[re.Match[str]]:
    """Every number that is not the tail of another one or of a word."""
    for match in _SPAN.finditer(plain):
        last = plain[match.start() - 1 : match.start()]
        tail = last in _GLUED or last.isalnum()
        if not tail or not last or _FIRST.search(plain[max(0, match.start() - 24) : match.start()]):
            yield match


def _ends(match: re.Match[str]) -> tuple[float, float]:
    """Both ends of a range, the smaller first; the same number twice for a single amount."""
    kilo = bool(match["ka"] or match["kb"] or _KDH.search(match.group()))
    low = _value(match["a"], kilo=bool(match["ka"]) or (kilo and not match["b"]))
    low *= 1_000_000 if match["ma"] else 1
    if not match["b"]:
        return low, low
    high = _value(match["b"], kilo=bool(match["kb"]) or (kilo and not match["ka"]))
    if low < 100 and high >= 1_000 and low * 1_000 <= high:  # «5 à 7000», «8-10k»
        low *= 1_000
    if low == 0 or low <= high <= 20 * low:
        return low, high
    return (high, low) if 0 < high < low <= 5 * high else (low, low)


def _counted(after: str) -> str:
    """The period that a number of units after an amount is: `OTHER` for none of them, '' where none is said."""
    if not (count := _COUNTED.match(after)):
        return ""
    units = [code for code in _UNITS if _near(f"unit_{code}").match(after[count.end() :])]
    return _UNITS[units[0]].get(int(count[1]), OTHER) if units else ""


def _period(before: str, after: str, *, field: bool = False) -> str:
    """The period said right after an amount, else before it; in a pay field a unit alone is one."""
    if counted := _counted(after):
        return counted
    if rate := _rate(before, after):
        return rate
    before = _CLAUSE.split(before)[-1]
    close = _SENTENCE.split(after[:_CLOSE], maxsplit=1)[0]
    if field:
        units = [c for c in _NAMED if _near(f"unit_{c}").match(close.strip(" ./-()"))]
        if units:
            return units[0]
    starts = [(match.start(), code) for code in _NAMED if (match := _near(code).search(close))]
    if starts:
        return min(starts)[1]
    ends = [
        (max(m.end() for m in _near(code).finditer(before)), code)
        for code in _NAMED
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
    """The ends that an amount has: «jusqu'à 10000» and «0 - 10000» have no least, «dès 5000» no most."""
    if low == 0:
        return None, high
    if (
        low == high
        and (m := list(_near("until").finditer(before[-22:])))
        and _last(m, before[-22:])
    ):
        return None, high
    if low == high and before.rstrip().endswith(("<", "≤", "<=")):
        return None, high
    if low == high and (m := list(_near("from").finditer(before[-22:]))) and _last(m, before[-22:]):
        return low, None
    return low, high


def _last(matches: list[re.Match[str]], stretch: str) -> bool:
    """Whether the last match ends right before the number."""
    return len(stretch.rstrip(" :de")) <= matches[-1].end() + 1


def _amount(
    match: re.Match[str], plain: str, weight: float, country: str, *, field: bool = False
) -> Amount:
    before = plain[max(0, match.start() - _BEFORE) : match.start()]
    after = plain[match.end() : match.end() + _AFTER]
    low, high = _open_end(*_ends(match), before)
    symbol = _symbol(match)
    currency = money.currency_code(symbol, country) if symbol else ""
    if country == "MA" and _RYAL.fullmatch(symbol):
        low, high = (None if end is None else end / _RYALS for end in (low, high))
        currency = "MAD"
    return Amount(
        low, high, currency, bool(symbol),
        _period(before, after, field=field), _basis(before, after), weight,
        money.without_marks(match.group().strip()),
    )  # fmt: skip


def _plausible(amount: Amount) -> bool:
    """Whether an amount may be pay: by its period, and by the size of its currency's numbers."""
    ends = [end for end in (amount.low, amount.high) if end is not None]
    low, high, size = ends[0], ends[-1], money.scale(amount.currency)
    if amount.period == "piece":
        return amount.named and low >= 1 and high <= 20_000
    if amount.period in {"hour", "day", "week", "fortnight"}:
        return low >= 5 * min(size, 1) and high <= 20_000 * max(size, 1)
    return low >= (500 if size >= 1 else 100) and high <= 5_000_000 * max(size, 1)


def _end_of(code: str, stretch: str) -> int:
    """Where the last word of a code ends, -1 for none."""
    return max((m.end() for m in _near(code).finditer(stretch)), default=-1)


def of_field(text: str, country: str = "") -> Amount | None:
    """The first plausible amount of a pay field, with or without a currency."""
    plain = money.plain(text)
    for match in _numbers(plain):
        amount = _amount(match, plain, 1.0, country, field=True)
        before = re.split(r"[\d;]", plain[max(0, match.start() - _CLOSE - 16) : match.start()])[-1]
        other = (
            _end_of("not_pay", before) > _end_of("pay", before)
            if amount.named
            else _OTHER_UNIT.match(plain, match.end())
        )
        if not other and _plausible(amount):
            return amount
    return None


def _weight(match: re.Match[str], plain: str, country: str) -> float:
    """How sure it is that an amount in running text is pay: 0 (no) to 1."""
    before = plain[max(0, match.start() - _BEFORE) : match.start()]
    after = plain[match.end() : match.end() + _AFTER]
    named = bool(_symbol(match))
    if not named:
        low, high = _ends(match)
        if high < _LEAST_UNNAMED:
            return 0
        rate = _rate(before, after)
        least, most = _UNNAMED.get(rate, (0, 0))
        rated = least <= low and high <= most
        fixed = _end_of("pay", before) >= len(before.rstrip(" :"))
        if not rated and (_OTHER_UNIT.match(after) or (1950 <= low <= 2035 and not fixed)):
            return 0
    clause = (_CLAUSE if named or not rated else _STOP).split(before)[-1]
    pay, other = _end_of("pay", before), _end_of("not_pay", clause) + len(before) - len(clause)
    if (other >= len(before) - len(clause) and other > pay) or _near("after_not_pay").match(
        after.lstrip()
    ):
        return 0
    between = before[pay:] if pay >= 0 else ""
    if named:
        counted = re.search(r"\d{7}|millions?|milliards?", before + after)
        return 1.0 if pay >= 0 else 0.0 if counted else 0.5
    if pay >= 0 and not re.search(r"\d|[.!?\n]", between) and len(between) <= 25:
        return 0.5
    if rated:
        return 0.5
    return 0.3 if _bare(low, high, before, after, country) else 0


def _bare(low: float, high: float, before: str, after: str, country: str) -> bool:
    """Whether a number without currency and period is a month's pay, as posts write it in Morocco: round,
    of its size, and followed by extras or alone between two stops."""
    if (
        country not in {"MA", ""}
        or not (_ROUND[0] <= low <= high <= _ROUND[1])
        or low % 50
        or high % 50
    ):
        return False
    alone = _ALONE_BEFORE.search(before) and _ALONE_AFTER.match(after)
    return bool(alone or _extras().match(after))


def _candidates(plain: str, country: str) -> Iterator[Amount]:
    for match in _numbers(plain):
        small = match.end() - match.start() < 2 and not match["ka"]
        if small or not (weight := _weight(match, plain, country)):
            continue
        amount = _amount(match, plain, weight, country)
        highest = 3_000_000 if amount.period == "year" else 200_000
        if _plausible(amount) and _ends(match)[1] <= highest * max(money.scale(amount.currency), 1):
            yield amount


def of_text(text: str, country: str = "") -> Amount | None:
    """The surest amount of pay in running text, the first of equals; None when there is none."""
    best: Amount | None = None
    for amount in _candidates(money.plain(text), country):
        least = _OF_MONTH * min(money.scale(amount.currency), 1)
        clear = amount.period or (amount.high or amount.low or 0) >= least
        sure = amount if clear else replace(amount, weight=amount.weight / 2)
        if best is None or sure.weight > best.weight:
            best = sure
        if best.weight >= 1:
            break
    return best
