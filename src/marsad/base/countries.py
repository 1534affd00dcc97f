"""Countries: the ISO 3166-1 code of whatever an ad or a source calls a country, '' when unknown.

Names are those of CLDR in Arabic, French and English (through Babel), the ISO codes of two and three
letters, and `countries.yml`: other names, words of state, and cities that mean one country. Nothing
is guessed: no default, no first two letters. A state of the United States named after a comma makes the
country US, its code alone none. `EH` beside an area of Morocco is a region of it, as HCP codes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from babel import Locale
from babel.core import get_global

from marsad.base.areas import areas
from marsad.base.declare import load_declaration
from marsad.base.labels import LANGUAGES
from marsad.base.text import fold

_PARTS = re.compile(r"[,;/|()\[\]\n،؛]+|\s[-–—]\s")
_CODE = re.compile(r"[A-Z]{2,3}")
_POSTCODE = re.compile(r"\b\d{3,}\b")
_NUMBERED = re.compile(r"([^,;()]{3,40}?)\s*\((?:\d{2,3}|2[AB])\)\s*$")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_LONGEST = 6  # words of the longest name
_READ = 20_000  # letters of a text in which a country is looked for
_LINKS = frozenset({"de", "d", "du", "of"})  # «avenue de France»


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    forms: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    cities: dict[str, tuple[str, ...]]
    ambiguous: tuple[str, ...]
    street: tuple[str, ...]
    us_states: frozenset[str]
    state_codes: frozenset[str]
    state_names: tuple[str, ...]
    departments: tuple[str, ...]


@cache
def _words() -> _Words:
    return load_declaration(Path(__file__).with_suffix(".yml"), _Words)


@cache
def _codes() -> dict[str, str]:
    """ISO codes of two and three letters -> that of two."""
    two = {str(c) for c in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(c))}
    two -= {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    codes = {code: code for code in two}
    for alias, meant in get_global("territory_aliases").items():
        alias, meant = str(alias), [str(code) for code in meant]
        if re.fullmatch("[A-Z]{2,3}", alias) and len(meant) == 1 and meant[0] in two:
            codes.setdefault(alias, meant[0])
    return codes


@cache
def _names() -> dict[str, str]:
    """Every name of a country in comparison form -> its code."""
    names: dict[str, str] = {}
    for code, texts in _words().names.items():
        names |= {fold(text): code for text in texts}
    for language in LANGUAGES:
        territories = Locale(language).territories
        for code in set(_codes().values()):
            name = territories.get(code, "")
            for joined in (name, name.replace("&", "and")):
                names.setdefault(fold(joined), code)
    names.pop("", None)
    return _with_prefixes(names)


def _with_prefixes(names: dict[str, str]) -> dict[str, str]:
    """Names with «in» and «to», which Arabic writes onto a word."""
    arabic = {form: code for form, code in names.items() if form[0] > "\u0600"}
    prefixed = {f"ب{form}": code for form, code in arabic.items()}
    prefixed |= {f"لل{form[2:]}": code for form, code in arabic.items() if form.startswith("ال")}
    return prefixed | names


@cache
def _cities() -> dict[str, str]:
    """Cities that mean one country, in comparison form -> its code."""
    cities = {fold(name): code for code, names in _words().cities.items() for name in names}
    return _with_prefixes(cities)


@cache
def _moroccan() -> frozenset[str]:
    """Names of the areas of Morocco in comparison form."""
    return frozenset(fold(a.label(language)) for a in areas().values() for language in ("fr", "ar"))


@lru_cache(maxsize=4096)
def in_morocco(words: str) -> bool:
    """Whether words name an area of Morocco, or another name of one."""
    form = fold(words)
    return any(_within(form, _moroccan())) or any(_within(form, _aliases()))


@cache
def _aliases() -> frozenset[str]:
    path = Path(__file__).with_name("place_aliases.yml")
    names = load_declaration(path, dict[str, tuple[str, ...]])
    return frozenset(fold(name) for listed in names.values() for name in listed)


@cache
def _forms() -> tuple[str, ...]:
    return tuple(sorted({fold(form) + " " for form in _words().forms}, key=len, reverse=True))


def _name(form: str) -> str:
    """The code of a name in comparison form, with or without words of state; '' for none."""
    names = _names()
    if form in names:
        return names[form]
    for state in _forms():
        if form.startswith(state) and (code := names.get(form[len(state) :])):
            return code
    return ""


def _last_code(part: str, before: str) -> str:
    """A code of two or three capital letters at the end of an address, '' where a state of the
    United States may be meant."""
    letters = part.split()[-1] if part.split() else ""
    code = _codes().get(letters, "") if _CODE.fullmatch(letters) else ""
    if not code or letters not in _words().us_states:
        return code
    around = fold(f"{before} {part.removesuffix(letters)}")
    homes = {"MA"} if any(_within(around, _moroccan())) else set()
    return code if code in homes | set(_within(around, _cities())) else ""


@cache
def _departments() -> frozenset[str]:
    return frozenset(map(fold, _words().departments))


@cache
def _states() -> frozenset[str]:
    return frozenset(map(fold, _words().state_names))


def _state(parts: list[str]) -> str:
    """`US` where a part after the first is a state's name, or `US-IN`, with or without a postcode."""
    plain = [_POSTCODE.sub(" ", part).strip() for part in parts[1:]]
    return (
        "US" if any(fold(p) in _states() or re.fullmatch("US-[A-Z]{2}", p) for p in plain) else ""
    )


def elsewhere(address: str) -> bool:
    """Whether what stands after the first part of an address puts it outside Morocco: a country, a
    state of the United States by its name or code («Tangier, IN»), or a code like `FR-75`; `MA` and
    `EH` do not."""
    parts = [part for part in map(str.strip, _PARTS.split(address)) if part]
    if _state(parts):
        return True
    last = _POSTCODE.sub(" ", parts[-1]).strip() if len(parts) > 1 else ""
    code, _, rest = last.partition("-")
    if rest and re.fullmatch("[A-Z0-9]{1,3}", rest):
        return code in _codes().keys() - {"MA", "EH"}
    states = (_words().us_states | _words().state_codes) - {"MA"}
    return last in states or _name(fold(last)) not in ("", "MA", "EH")


def _at_home(code: str, around: str) -> str:
    """`MA` for `EH` where an area of Morocco stands beside it, else the code."""
    return "MA" if code == "EH" and any(_within(fold(around), _moroccan())) else code


@cache
def _streets() -> frozenset[str]:
    return frozenset(map(fold, _words().street))


def _within(form: str, names: dict[str, str] | frozenset[str]) -> Iterator[str]:
    """Names that stand in a form: what each stands for, or itself."""
    words = form.split()
    for n in range(min(_LONGEST, len(words)), 0, -1):
        for i in range(len(words) - n + 1):
            if (run := " ".join(words[i : i + n])) in names:
                yield names[run] if isinstance(names, dict) else run


def _ending(form: str) -> str:
    """The country that the last words of an address name, not those of a street."""
    words = form.split()
    for n in range(min(_LONGEST, len(words)), 0, -1):
        before = words[-n - 1] if len(words) > n else ""
        if (code := _name(" ".join(words[-n:]))) and before not in _LINKS:
            return "" if before in _streets() else code
    return ""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The ISO 3166-1 code of two letters that a country's field or an address says; '' when unknown.

    Reads every name in ar, fr and en, codes of two and three letters in any case, flags, «Kingdom of
    Morocco», «MA - Maroc», and addresses that end in a country («12 rue X, 20000 Casablanca, Maroc»).
    """
    text = text.strip()
    if flag := _FLAG.fullmatch(text):
        text = "".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in flag.group())
    plain = text.replace(".", "").upper()
    if _CODE.fullmatch(plain) and plain in _codes():
        return _codes()[plain]
    if code := _name(fold(text)):
        return code
    parts = [part for part in map(str.strip, _PARTS.split(text)) if part]
    if len(parts) == 2 and (code := _name(fold(f"{parts[1]} {parts[0]}"))):
        return code  # «Korea, Republic of»
    single = {_codes().get(p) or _name(fold(p)) for p in parts}
    if len(parts) > 1 and len(single) == 1 and (code := single.pop()):
        return code
    if not parts:
        return ""
    if (numbered := _NUMBERED.search(text)) and fold(numbered[1]) in _departments():
        return "FR"
    last = _POSTCODE.sub(" ", parts[-1]).strip()
    before = " ".join(parts[:-1])
    code = _name(fold(last)) or _last_code(last, before)
    return _at_home(code or _state(parts) or _ending(fold(last)), text)


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(map(fold, _words().ambiguous))


def _named(words: list[str], at: int, running: bool) -> tuple[str, str, int]:
    """(country, city's country, number of words) of the longest name that starts at a word."""
    for n in range(min(_LONGEST, len(words) - at), 0, -1):
        run = " ".join(words[at : at + n])
        code, town = _names().get(run, ""), _cities().get(run, "")
        if (code or town) and len(run) >= 3 and not (running and run in _ambiguous()):
            return code, "" if code else town, n
    return "", "", 1


def countries_in(words: str, *, running: bool = False) -> list[str]:
    """The countries that words name, by name or by a city that means one, each once in order.

    A city counts where no country is named («Rabat, Malta»: MT); names of streets and schools do not
    count, and in `running` text no names that are also other words («La Réunion», «مالي»).
    """
    if not running and (state := _state([p for p in map(str.strip, _PARTS.split(words)) if p])):
        return [state]
    named: list[str] = []
    towns: list[str] = []
    form = fold(words[:_READ]).split()
    at = 0
    while at < len(form):
        code, town, length = _named(form, at, running)
        link = at - 1 if at and form[at - 1] in _LINKS else at
        if not (link and form[link - 1] in _streets()):
            named += [code] if code else []
            towns += [town] if town else []
        at += length
    return list(dict.fromkeys(_at_home(code, words) for code in named or towns))


def country_in(words: str, *, running: bool = False) -> str | None:
    """The one country that words name (`countries_in`); None for none or several."""
    countries = countries_in(words, running=running)
    return countries[0] if len(countries) == 1 else None
