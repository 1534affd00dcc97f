"""Personal data out of ad text: emails, phones, national ids, bank accounts, recruiters' names.

Each is replaced by a mark in brackets that says what stood there (law 09-08). The rules prefer to
remove a number too many: an ad loses little by it, a person much by the opposite.
"""

from __future__ import annotations

import re
from collections import Counter

_AT = r"(?:@|＠|\s?[\[({]\s?(?:at|arobase|@)\s?[\])}]\s?|\s+arobase\s+)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|point)\s?[\])}]\s?)"
_LOCAL = r"(?<![\w.+%-])[\w.+%-]+"  # from its first letter only: a long word is read once
_EMAIL = re.compile(
    rf"(?:mailto:)?{_LOCAL}\s?{_AT}\s?[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[a-z]{{2,}}", re.I
)
_SPELLED = re.compile(
    rf"{_LOCAL}\s+(?:at|arobase)\s+[\w-]+(?:\s+(?:dot|point)\s+[\w-]+)*?"
    r"\s+(?:dot|point)\s+(?:com|ma|fr|net|org|info|eu)\b",
    re.I,
)
_HANDLE = re.compile(rf"{_LOCAL}@[\w.-]+", re.I)
_SEP = r"[\s.\-/_()\u00a0\u202f]{0,3}"
_DIGIT = r"[0-9٠-٩۰-۹]"
_MOBILE = r"[0٠۰]{sep}[5-8٥-٨۵-۸]"
_PHONE = re.compile(
    rf"(?<![\w/-])(?:\+|[0٠۰]{{2}}){_SEP}{_DIGIT}{{1,3}}(?:{_SEP}{_DIGIT}){{8,10}}?(?!\d)"
    rf"|(?<![\w/-]){_MOBILE.format(sep=_SEP)}(?:{_SEP}{_DIGIT}){{8}}(?!\d)"
    rf"|(?:wa\.me/|tel:|whatsapp\.com/\S*phone=)\+?{_DIGIT}{{8,}}"
    rf"|(?<!\d){_MOBILE.format(sep='')}(?:[.\-]?{_DIGIT}){{8}}(?!\d)"
    rf"|(?<=\d[/-]){_MOBILE.format(sep='')}(?:[\s.]{_DIGIT}{{2}}){{4}}(?!\d)"
)
_INTERNATIONAL = re.compile(
    rf"(?<!\d)(?:\+|[0٠۰]{{2}})?{_SEP}(?:212|٢١٢|۲۱۲){_SEP}[0٠۰]?{_SEP}[5-8٥-٨۵-۸](?:{_SEP}{_DIGIT}){{8}}(?!\d)"
)
_RIB = re.compile(r"(?<![\w])(?:MA\d{2}\s?)?(?:\d[\s.-]?){23}\d(?!\d)")
_CIN = re.compile(
    r"\b(?i:(?:CIN|CNIE|C\.I\.N\.?)\W{0,6}(?:n[°o]\W{0,2})?[A-Z]{1,2}\s?\d{5,6})\b"
    r"|\b(?:(?:CIN|CNIE|C\.I\.N\.?|بطاقة|البطاقة الوطنية)\W{0,6}(?:n[°o]\W{0,2}|رقم\W{0,2})?)?[A-Z]{1,2}\s?\d{5,6}\b"
)
_TITLE = r"(?:Monsieur|Madame|Mademoiselle|Mme|Mlle|Mr|M\.|Mrs|Ms)"
_NAME = rf"{_TITLE}\.?\s+(?:[A-ZÀ-Ý][\w'’-]+\s?){{1,3}}"
_CONTACT = re.compile(
    rf"(?i:contact(?:er|ez)?|adresser?|attention de|demander|responsable du recrutement)\W{{1,4}}(?:\w+\W+){{0,2}}?{_NAME}"
    r"|(?:السيدة|السيد|الأستاذة|الأستاذ|للاتصال ب)\s*:?\s+\S+\s+\S+"
)

# What must stand in a text for a rule to find anything: looked for first, since most ads hold none.
_AN_AT = ("@", "＠", "arobase", " at ", "(at", "( at", "[at", "[ at", "{at", "{ at", "\tat", "\nat")


def _has_at(text: str) -> bool:
    lowered = text.lower()
    return any(sign in lowered for sign in _AN_AT)


_SIX_DIGITS = re.compile(rf"{_DIGIT}(?:{_SEP}{_DIGIT}){{5}}")
_FIVE_DIGITS = re.compile(r"\d{5}")
_A_TITLE = re.compile(rf"{_TITLE}|السيد|الأستاذ|للاتصال")

_RULES = (
    ("account", _RIB, _SIX_DIGITS.search),
    ("email", _EMAIL, _has_at),
    ("email", _SPELLED, _has_at),
    ("email", _HANDLE, _has_at),
    ("phone", _INTERNATIONAL, _SIX_DIGITS.search),
    ("phone", _PHONE, _SIX_DIGITS.search),
    ("id", _CIN, _FIVE_DIGITS.search),
    ("name", _CONTACT, _A_TITLE.search),
)


def remove(text: str) -> tuple[str, Counter[str]]:
    """The text without personal data, and how many of each kind were removed."""
    counts: Counter[str] = Counter()
    for kind, rule, sign in _RULES:
        if not sign(text):
            continue
        text, n = rule.subn(f"[{kind}]", text)
        if n:
            counts[kind] += n
    return text, counts
