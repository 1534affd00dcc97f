"""Addresses on the web that lead to a person: e-mail in all its disguises, profiles, handles.

Finders read the shadow of a text (`privacy.py`) and yield spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.enrich.privacy_shadow import Finder, Rule, Span

_OPEN, _SHUT = r"\s?[\[({<*_|-]{1,2}\s?", r"\s?[\])}>*_|-]{1,2}\s?"
_AT_WORD = r"(?:at|arobase?|arrobase?|arobas|arobaz|a|chez|@|ات|اروباز|اروبيز)"
_DOT_WORD = r"(?:dot|point|pt|\.|نقطة|دوت|بوان)"
_AT = rf"(?:\s{{0,2}}@\s{{0,2}}|{_OPEN}{_AT_WORD}{_SHUT}|\s+(?:at|arobase?|arrobase?|arobas|arobaz|chez|ات|اروباز|اروبيز)\s+)"
_DOT = rf"(?:\.|\s\.\s?|{_OPEN}{_DOT_WORD}{_SHUT}|\s+(?:dot|point|pt|نقطة|دوت|بوان)\s+)"
_LOCAL = r"(?<![\w.+%-])[\w.+%-]{1,64}"  # from its first letter only: a long word is read once
_TLD = (
    r"(?:com|ma|fr|net|org|info|eu|io|co|biz|es|de|uk|ca|be|ch|it|tn|dz|sn|africa|gov|edu|me|tech|pro|online"
    r"|كوم|كم|ما|فر|نت)"
)
_PROVIDER = r"(?:gmail|hotmail|yahoo|outlook|live|icloud|menara|protonmail|proton|msn|ymail|gmx|جيميل|هوتميل|ياهو)"
_EMAIL = re.compile(
    rf"(?:mailto:)?{_LOCAL}\s{{0,2}}@\s{{0,2}}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.[a-z]{{2,}}"
    rf"|{_LOCAL}\s{{0,2}}@\s{{0,2}}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,3}}?{_DOT}{_TLD}\b",
    re.I,
)
_SPELLED = re.compile(
    rf"{_LOCAL}(?:\s(?:point|dot|tiret|underscore|نقطة)\s[\w.+%-]{{1,40}}){{0,3}}{_AT}[\w-]{{1,63}}"
    rf"(?:{_DOT}[\w-]{{1,63}}){{0,3}}?{_DOT}{_TLD}\b",
    re.I,
)
_JOINED = re.compile(
    rf"(?<![\w.+%-])[\w.+%]{{1,40}}[-_](?:at|arobase)[-_][\w.]{{1,40}}[-_](?:dot|point)[-_]{_TLD}\b",
    re.I,
)
_LETTERS = re.compile(  # k a r i m @ g m a i l . c o m
    r"(?<!\w)(?:[\w.+-] ){2,40}@(?: [\w-]){2,40}(?: ?\.(?: ?\w){2,4}){1,3}(?!\w)", re.I
)
_NO_SIGN = re.compile(  # karim gmail.com, karim chez gmail, karim@gmail,com
    rf"{_LOCAL}(?<!\.)\s{{0,2}}(?:[@#&*/]|\(a\)|{_AT_WORD}\s)?\s{{0,2}}{_PROVIDER}"
    r"(?:[.,]|\s\.\s?|\s|\s?\(\.\)\s?|\s(?:point|dot|نقطة|دوت)\s)(?:com|fr|كوم|كم)\b"
    rf"|{_LOCAL}(?:{_AT}){_PROVIDER}\b"
    rf"|\b(?:(?:gmail|hotmail|yahoo|outlook)(?:\.com|\.fr)?|adresse mail|mail|email|e-mail)\s?[:=]\s?[\w+-]{{2,30}}[._][\w.+-]{{2,30}}",
    re.I,
)
_LOOSE = re.compile(rf"{_LOCAL}@[\w.-]+", re.I)
_HOST = (
    r"(?:linkedin\s?\.\s?com\s?/\s?(?:in|pub|mwlite|profile)\s?/\s?|(?:facebook|fb)\s?\.\s?(?:com|me)\s?/"
    r"(?!pages/|groups/|events/|jobs|sharer)|(?:instagram|twitter|threads|pinterest)\.(?:com|net)/|\bx\.com/|m\.me/|t\.me/"
    r"|telegram\.me/|tiktok\.com/|snapchat\.com/add/"
    r"|youtube\.com/@|linktr\.ee/|msng\.link/|signal\.me/|skype:|tg:)"
)
_PROFILE = re.compile(rf"(?:https?://)?(?:[a-z]{{1,5}}\.){{0,2}}{_HOST}[^\s<>\"'،]+", re.I)
_CALLED = re.compile(
    r"(?:https?://)?(?:wa\.me/|wa\.link/|(?:api\.|chat\.)?whatsapp\.com/|tel:\s?\+?\d|viber:|whatsapp:)[^\s<>\"'،,;]+"
    r"(?:\s\d[\d ]{6,14}\d)?",
    re.I,
)
_NETWORK = (
    r"(?:instagram|insta|ig|telegram|tg|snap(?:chat)?|tiktok|twitter|skype|messenger|facebook|fb|linkedin|discord|pseudo|compte"
    r"|انستغرام|الانستغرام|انستا|تلغرام|تيليغرام|تليجرام|فيسبوك|الفيسبوك|سناب|لينكدان|تيك توك)"
)
_HANDLE_WORD = r"(?=[\w.-]{0,40}(?:[_\d]|\w\.\w))[A-Za-z0-9][\w.-]{2,40}"
_HANDLE = re.compile(
    rf"(?<!\w){_NETWORK}\b\s?(?:[:=>-]{{1,2}}\s?@?{_HANDLE_WORD}|(?:[:=>-]\s?)?@\s?[A-Za-z0-9][\w.-]{{1,40}})"
    rf"|(?<!\w){_NETWORK}\s[a-z][a-z\d.]{{1,30}}_[\w.]{{1,30}}"
    r"|(?<![\w.@])@(?=\w{0,30}[_\d]|\w{1,30}\.[a-z_\d])[A-Za-z][\w.]{2,40}"
    r"|(?<!\w)(?:skype\s?:?\s?)?live:\.?[a-z\d][\w.\-]{2,60}"
    rf"|(?<!\w){_NETWORK}\s?[:=]\s?(?:live:)?[a-z]{{3,15}}[._]?[\w.]{{0,20}}\d\w{{0,10}}",
    re.I,
)
_SIGNS = ("@", "arob", "arrob", " at ", "(at", "( at", "[at", "[ at", "{at", "{ at", "<at", "*at", "_at", "-at-",
          "(a)", "[a]", " chez ", "gmail", "hotmail", "yahoo", "outlook", "mail", "menara", " ات ", "اروب",
          "جيميل", "هوتميل", "ياهو", "\nat", "\tat", " at\n", "icloud", "proton", "live", "msn")  # fmt: skip
_CALL_SIGN = re.compile(r"wa\.|whatsapp|tel:|viber:", re.I)
_NETWORKS = ("linkedin", "facebook", "fb.", "fb ", "fb:", "insta", "ig ", "ig:", "twitter", "x.com", "m.me", "t.me", "tg:", "tg ",
             "telegram", "tiktok", "snap", "skype", "messenger", "discord", "linktr", "youtube", "threads", "pinterest", "msng", "signal",
             "pseudo", "compte", "@", "live:", "انست", "تلغ", "تيلي", "تليج", "فيسبوك", "سناب", "لينكد", "تيك توك")  # fmt: skip


def _on_network(shadow: str) -> bool:
    lowered = shadow.lower()
    return any(sign in lowered for sign in _NETWORKS)


def _has_at(shadow: str) -> bool:
    lowered = shadow.lower()
    return any(sign in lowered for sign in _SIGNS)


def _spans(rule: re.Pattern[str]) -> Finder:
    return lambda shadow: (match.span() for match in rule.finditer(shadow))


def _emails(shadow: str) -> Iterator[Span]:
    """Addresses in all their disguises; what overlaps is one."""
    for rule in (_EMAIL, _SPELLED, _JOINED, _LETTERS, _NO_SIGN, _LOOSE):
        yield from (match.span() for match in rule.finditer(shadow))


RULES: tuple[Rule, ...] = (
    ("phone", _CALL_SIGN.search, _spans(_CALLED)),
    ("handle", _on_network, _spans(_PROFILE)),
    ("email", _has_at, _emails),
    ("handle", _on_network, _spans(_HANDLE)),
)
