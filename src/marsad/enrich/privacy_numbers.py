"""Numbers that are a person's: telephones, accounts, cards, identity papers, social security.

Finders read the shadow of a text (`privacy.py`: Western digits, no accents) and yield spans. A number
is judged by its grouping and by the words before it: dates, years, times, references, sums of money
and post boxes are none of a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from marsad.base.declare import load_yaml
from marsad.enrich.privacy_shadow import WORDS, Rule, Span, shadow_word

_SEP = r"[\s.\-/_()*|,~]{0,3}"
_NATIONAL = re.compile(rf"(?<!\d)0{_SEP}[5-8](?:{_SEP}\d){{8}}(?!\d)")
_JOINED = re.compile(r"(?<=\d[/-])0[5-8](?:[\s.]?\d\d){4}(?!\d)")
_SIGNED = re.compile(r"(?<!\d)0[5-8](?:([^\w\s])\d\d)(?:\1\d\d){3}(?!\d)")
_ABROAD = re.compile(rf"(?<![\w/-])(?:\+|00){_SEP}[1-9]\d{{0,2}}(?:{_SEP}\d){{8,10}}?(?!\d)")
_MOROCCO = re.compile(rf"(?<!\d)(?:(?:\+|00){_SEP})?212{_SEP}0?{_SEP}[5-8](?:{_SEP}\d){{8}}(?!\d)")
_CALL = re.compile(
    r"(?<![^\W\d_])(?:tel(?:ephone)?|gsm|whats?\s?app?|watsap+|wtsp|wats|wapp|fax|mobile|portable|phone|viber|signal"
    r"|appele[rz]|call(?: us)?|sms|هاتف|الهاتف|هاتفيا|واتساب|الواتساب|واتس اب|الواتس|تلفون|التلفون|نمرة|النمرة|nmra|nemra"
    r"|numero de (?:telephone|portable|gsm)|رقم الهاتف|الرقم)[\s.:()\-=>]{0,6}(?:n[°o]?[\s.:]{1,2}|au\s|sur\s|le\s|على\s|3la\s)?"
    rf"(\+?\d(?:{_SEP}\d){{7,13}})(?!\d)",
    re.I,
)
_NUMBERED = re.compile(r"(?<![^\W\d_])num(?:ero)?\s?[:=]?\s?([5-8]\d{8})(?!\d)", re.I)
_SUFFIX = re.compile(r"\[phone\]\s?(?:/|ou|-)\s?\d{2}(?![\d/h:%.]|\s?(?:dh|ans|postes|%))")
_DATE = re.compile(
    r"\d{1,2}([/.\-])\d{1,2}\1(?:19|20)\d\d(?!\d)|(?:19|20)\d\d([/.\-])\d{1,2}\2\d{1,2}(?!\d)"
)
_TIMES = re.compile(
    r"(?:[01]\d|2[0-3])[.h](?:00|15|30|45)\s?[-/aà]\s?(?:[01]\d|2[0-3])[.h](?:00|15|30|45)"
)
_REFERENCE = re.compile(
    r"(?:\b(?:ref(?:erence)?s?|sku|code(?: article| produit| barres?)?|modele|model|p/?n|ean|isbn|s/?n|lot|article|serie|serial"
    r"|ice|rc|if|patente|part number|product|version)\W{0,4}(?:n[°o]?|no|num|#)?"
    r"|\b(?:concours|offre|dossier|annonce|decret|loi|arrete|facture|marche|order|commande|bon)\W{0,2}(?:n[°o]|no\b|num|#)"
    r"|مرجع|المرجع|رقم الاعلان|رقم العرض|رقم المنتج|قرار|مرسوم|قانون)\W{0,3}$",
    re.I,
)
_LOOKED_AT = 24  # letters before a number that may say what it is
_MONEY_AFTER = re.compile(r"\s?(?:dhs?|mad|dirhams?|euros?|eur|€|\$|usd|درهم|m2|km|kg|ans)\b", re.I)


def _is_reference(shadow: str, start: int) -> bool:
    return bool(_REFERENCE.search(shadow[max(0, start - _LOOKED_AT) : start]))


def _telephone(shadow: str, start: int, end: int) -> bool:
    """Whether digits that look like a telephone are one: no date, no opening hours, no reference."""
    words = shadow[start:end]
    if _DATE.match(words) or _TIMES.search(shadow[start : end + 3]):
        return False
    if (
        _DATE.match(shadow, max(0, start - 3))
        and shadow[max(0, start - 3) : start].strip("/.-").isdigit()
    ):
        return False
    if "," in words and ", " in words:
        return False
    plain = re.fullmatch(r"[\d/-]+", words)
    return not (plain and _is_reference(shadow, start)) and not _MONEY_AFTER.match(shadow, end)


def _telephones(shadow: str) -> Iterator[Span]:
    taken = bytearray(len(shadow))
    for rule in (_MOROCCO, _NATIONAL, _JOINED, _SIGNED, _ABROAD, _CALL, _NUMBERED):
        for match in rule.finditer(shadow):
            start, end = match.span(1 if rule in (_CALL, _NUMBERED) else 0)
            if not any(taken[start:end]) and _telephone(shadow, start, end):
                taken[start:end] = b"\x01" * (end - start)
                yield _trimmed(shadow, start, end)


def _trimmed(shadow: str, start: int, end: int) -> Span:
    """A span without separators before its first digit, an opening bracket kept in."""
    while start < end and shadow[start] in " .-/_)*|,~\n":
        start += 1
    return start, end


@cache
def _number_words() -> dict[str, int]:
    """Number words in the shadow's letters -> how many digits each says; joining words say none."""
    words = load_yaml(WORDS)
    weights = {"number_joins": 0, "number_ones": 1, "number_tens": 2}
    return {shadow_word(w): n for name, n in weights.items() for w in words[name]}


@cache
def _number_run() -> re.Pattern[str]:
    every = "|".join(map(re.escape, sorted(_number_words(), key=len, reverse=True)))
    token = rf"(?:\+?\d{{1,10}}|و?(?:{every})(?![^\W\d_]))"
    return re.compile(rf"(?<![^\W_]){token}(?:[\s,.\-/]{{1,3}}{token}){{3,24}}", re.I)


def _digit_count(words: str) -> int:
    """How many digits a run of digits and number words says («soixante et un», «واحد وستون» say two)."""
    digits, after_ten, last = 0, False, 0
    for token in re.findall(r"\+?\d+|[^\W\d_]+", words.lower()):
        if token.lstrip("+").isdigit():
            digits, after_ten, last = digits + len(token.lstrip("+")), False, 0
            continue
        if token not in _number_words():  # «واحد وستون» says two
            digits, after_ten, last = digits + 2 - last, False, 0
            continue
        last = weight = _number_words()[token]
        digits += 0 if weight == 1 and after_ten else weight
        after_ten = weight == 2 or (after_ten and weight == 0)
    return digits


_LETTERS = re.compile(r"[^\W\d_]+")
_ZERO = re.compile(
    r"(?:zero|oh|صفر|sfer|sifr|0[5-8]|0(?=\s[^\W\d_])|\+212|00212|plus)(?![^\W\d_])", re.I
)


def _spoken(shadow: str) -> Iterator[Span]:
    """Telephones in which digits are digits in words."""
    joins = {word for word, weight in _number_words().items() if not weight}
    for match in _number_run().finditer(shadow):
        words = match.group()
        for start in (m.start() for m in _ZERO.finditer(words)):
            digits = _digit_count(words[start:])
            if (
                _number_words().keys() & set(_LETTERS.findall(words[start:].lower())) - joins
                and 9 <= digits <= 26
            ):
                yield match.start() + start, match.end()
                break


_RIB = re.compile(r"(?<![\w])\d(?:[\s.\-]?\d){23}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}[ ]?\d{2}(?:[ .\-]?[A-Z0-9]{3,4}){3,8}(?![A-Z0-9])")
_SPACED_IBAN = re.compile(r"\bMA(?:[ .\-]?\d){26}(?!\d)", re.I)
_CARD = re.compile(r"(?<!\d)\d{4}([ .\-]?)\d{4}\1\d{4}\1\d{4}(?!\d)")
_ACCOUNT = re.compile(
    r"(?:\brib|\biban|compte(?: bancaire| n[°o]?)?|\bbank account|account (?:no|number)|الحساب البنكي|رقم الحساب|حساب بنكي|\bccp|\bvirement)"
    r"[^\d\n]{0,25}?(\d(?:[\s.\-/]{0,2}\d){9,29})(?!\d)",
    re.I,
)
_GROUPS = re.compile(r"\d+")


def _grouped_as_account(words: str) -> bool:
    """Whether 24 digits stand as accounts do: in one, by threes to sixteens, or by fours; not years."""
    groups = _GROUPS.findall(words)
    sizes = [len(group) for group in groups]
    if len(groups) == 1 or max(sizes) >= 7 or sizes[:2] == [3, 3] or sizes[:2] == [3, 2]:
        return True
    years = sum(len(g) == 4 and "1950" <= g <= "2060" for g in groups)
    return set(sizes) == {4} and years < len(groups) - 1


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _accounts(shadow: str) -> Iterator[Span]:
    yield from (m.span() for m in _SPACED_IBAN.finditer(shadow))
    yield from (m.span() for m in _IBAN.finditer(shadow) if sum(map(str.isdigit, m.group())) >= 12)
    yield from (m.span(1) for m in _ACCOUNT.finditer(shadow))
    for match in _RIB.finditer(shadow):
        if _grouped_as_account(match.group()) and not _is_reference(shadow, match.start()):
            yield match.span()
    for match in _CARD.finditer(shadow):
        digits = re.sub(r"\D", "", match.group())
        if digits[0] in "3456" and _luhn(digits) and not _is_reference(shadow, match.start()):
            yield match.span()


_NO = r"[^\d\n]{0,22}?"  # words between a cue and its number
_PAPER = re.compile(
    r"(?<![^\W_])(?:c\.?\s?i\.?\s?n\.?|c\.?\s?n\.?\s?i\.?\s?e?\.?|carte d[’' ]?identite(?: nationale)?|carte nationale|carte de sejour|lacarte|la carte"
    r"|piece d[’' ]?identite|identity card|national id|\bid card|البطاقة الوطنية|بطاقة التعريف|بطاقة وطنية|بطاقة|بطاقته|بطاقتها|لاكارط|لكارط|ب\.?ت\.?و)"
    r"(?![^\W\d_])(?:[^\w\n]|n[°o]?|num(?:ero)?|no|de|rqm|ra9m|est|is|dyalo|dyali|رقم|رقمها|هو|هي|ذات|الرقم|للتعريف|الوطنية|الالكترونية|nationale|d|identite|electronique){0,9}?"
    r"([A-Z](?:[ .\-]{0,2}[A-Z])?[ .\-]{0,2}\d(?:[ .\-]?\d){4,6})(?!\d)",
    re.I,
)
_PASSPORT = re.compile(
    r"(?:passe?port|جواز السفر|جواز سفر|الباسبور|باسبور|paspor)"
    + _NO.replace("[^", "[^\\[")
    + r"((?<![^\W\d_])[A-Z]{1,2}[ .\-]?\d(?:[ .\-]?\d){5,8}|(?<![A-Za-z])\d(?:[ .\-]?\d){6,8})(?!\d)",
    re.I,
)
_SECURITY = re.compile(
    r"(?:\bcnss|\bcnops|\bcimr|\bamo\b|\brcar|securite sociale|social security|الضمان الاجتماعي|صندوق الضمان|الضمان)"
    + rf"(?:{_NO}|\s(?:de|du|d[’'])[^\d\n:]{{1,60}}:\s{{0,2}})"
    + r"(\d(?:[ .\-]?\d){6,12})(?!\d)",
    re.I,
)
_LICENCE = re.compile(
    r"(?:permis(?: de conduire)?|driving licen[cs]e|رخصة السياقة|رخصة القيادة|البيرمي)"
    + _NO
    + r"(\d{1,3}[/\-]\d{4,8}|(?<!\d)\d{6,9})(?!\d)",
    re.I,
)
_PREFIXES = (
    "AA|AB|AD|AE|AJ|AS|AY|BA|BB|BE|BF|BH|BJ|BK|BL|BM|BV|BW|CB|CD|CN|DA|DB|DC|DJ|DN|DO|EA|EB|EC|EE|EF|EJ|ES|EW|FA|FB|FC|FD|FE|FG"
    "|FH|FJ|FK|FL|GA|GB|GI|GJ|GK|GM|GN|GY|HA|HH|IA|IB|IC|ID|IE|JA|JB|JC|JD|JE|JF|JH|JK|JM|JT|JY|JZ|KA|KB|LA|LB|LC|LE|LF|MA|MC|MD"
    "|OD|PA|PB|PK|PP|PS|PY|QA|QB|RB|RX|SH|SJ|SK|SL|TA|TK|UA|UB|UC|UD|VA|VM|WA|WB|XA|ZG|ZH|ZT"
)
_BARE = re.compile(rf"(?<![\w/\-°#])(?:{_PREFIXES})\s?\d{{5,6}}(?![\w/\-]|[.,]\d)")


def _papers(shadow: str) -> Iterator[Span]:
    for rule in (_PAPER, _PASSPORT, _SECURITY, _LICENCE):
        for match in rule.finditer(shadow):
            if not _DATE.match(match[1]) and not _MONEY_AFTER.match(shadow, match.end()):
                yield match.span(1)
    for match in _BARE.finditer(shadow):
        if not _is_reference(shadow, match.start()) and not _MONEY_AFTER.match(shadow, match.end()):
            yield match.span()


_TURN = r"\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d{1,4})?\s?(?:[\"”″]|''|’’|′′)\s?)?"
_COORDINATES = re.compile(
    r"(?<![\d.,])[+-]?(?:2\d|3[0-6])\.\d{4,15}\s?°?\s?[NS]?\s?[,;/ ]\s?(?:long?(?:itude)?\s?[:=]?\s?)?[+-]?1?\d\.\d{4,15}(?!\d)(?:\s?°?\s?[EWO]\b)?"
    rf"|{_TURN}[NS][\s,;/]{{0,3}}{_TURN}[EWO]\b|\b[NS]\s?{_TURN}[\s,;/]{{0,3}}[EWO]\s?{_TURN}",
    re.I,
)


def _coordinates(shadow: str) -> Iterator[Span]:
    """Where a house stands, by latitude and longitude within Morocco or in degrees."""
    yield from (match.span() for match in _COORDINATES.finditer(shadow))


_SIX_DIGITS = re.compile(rf"\d(?:{_SEP}\d){{5}}")
_FIVE_DIGITS = re.compile(r"\d(?:[ .\-]?\d){4}")
_ZERO_SAID = re.compile(
    r"(?:\b0\s[a-z]|zero|\boh\b|صفر|sfer|sifr|0[5-8]|\+212|\bplus deux\b)", re.I
)
RULES: tuple[Rule, ...] = (
    ("address", _COORDINATES.search, _coordinates),
    ("account", _SIX_DIGITS.search, _accounts),
    ("id", _FIVE_DIGITS.search, _papers),
    ("phone", lambda shadow: _SIX_DIGITS.search(shadow) or _SIGNED.search(shadow), _telephones),
    ("phone", _ZERO_SAID.search, _spoken),
    (
        "phone",
        lambda shadow: "[phone]" in shadow,
        lambda shadow: (m.span() for m in _SUFFIX.finditer(shadow)),
    ),
)
