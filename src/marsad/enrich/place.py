"""Place of an ad: the words of its place field, else of its title and text -> commune, province,
region, in Arabic and French and their usual misspellings.

A name shared by several communes is taken only when one of them is far larger than the others or
all lie in one province; else the coder climbs to what they share, or abstains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from rapidfuzz import fuzz, process

from marsad.base.areas import Area, aliases, area, areas
from marsad.base.countries import elsewhere
from marsad.base.text import fold, match_form
from marsad.enrich.lexicon import Candidate, Lexicon, Match

_SMALL = 40_000  # below this population a commune is read in running text only after a place word
_READ = 1_500  # letters of a text in which a place is looked for
_LARGER = 8.0  # how many times larger the largest of several namesakes must be to be meant
_BEFORE = re.compile(
    r"\b(?:a|au|aux|en|sur|base a|basee a|ville de|ville|region de|region|province de|localisation"
    r"|lieu de travail|lieu|poste base|ref|in|city|based in|location|f|fi|fel|7da|9rib l|nwa7i|nawa7i|nawahi|tri9|tariq|حدا|نواحي|طريق|قريب من|قرب|ف|في|مدينه|مدينة|ب|عماله"
    r"|عمالة|اقليم|إقليم|جهه|جهة|مقر عمل|مكان عمل)\s*$"
)
# What comes before the place of work in an ad's text, said as such.
_STATED = re.compile(
    r"(?:localisation|lieu de travail|lieu du poste|lieu d affectation|poste base a|(?:poste|site|usine|societe|client"
    r"|entreprise|agence|magasin) (?:est )?(?:base|basee|situe|situee) a|bureau(?:x)? (?:base |situe )?a|work location"
    r"|job location|مقر عمل|مكان عمل)\s*(?:a|au|est|:|ب)?\s*$"
)
_JOINED = ("ب", "ل", "ف", "د")  # prepositions that Arabic and Darija write onto a name
_WITH_ARTICLE = ("فال", "بال", "لل", "دال")
_ADJECTIVES = frozenset({"جديده", "جديدة", "jdida", "jadida", "حاجب"})
"""Names of towns that are ordinary words without their article."""
_WORDS = frozenset({"عيون"})  # a large town whose name is an ordinary word with its article
_QUARTERS = frozenset({"hay", "حي", "quartier", "derb", "درب", "riad", "route", "طريق"})
_SPOKEN = frozenset({"casa", "fes", "kaza", "rbat", "sla", "kech", "wjda", "tanja"})
"""Short names by which towns are called, taken anywhere in a text."""
_NATIONAL = {"maroc", "morocco", "المغرب", "مغرب", "tout maroc", "toute ville", "national", "ma"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an ad is: candidates by level, None where the coder abstains."""

    region: Candidate | None = None
    province: Candidate | None = None
    commune: Candidate | None = None


def _rank(named_area: Area) -> tuple[int, int]:
    order = {"region": 0, "province": 1, "commune": 2}[named_area.level]
    return order, -(named_area.population_2024 or 0)


def _meant(candidates: list[Area]) -> Area | None:
    """The one area that a name means, or None.

    A province named as its chief town means the town; of namesakes the far larger one is meant.
    """
    towns = sorted((a for a in candidates if a.level == "commune"), key=_rank)
    provinces = [a for a in candidates if a.level == "province"]
    regions = [a for a in candidates if a.level == "region"]
    if towns:
        first = towns[0].population_2024 or 0
        if len(towns) == 1 or first >= _LARGER * (towns[1].population_2024 or 1):
            if not provinces or towns[0].parent == provinces[0].code:
                return towns[0]
        elif len({t.parent for t in towns}) == 1:
            return area(str(towns[0].parent))
    if provinces:
        return provinces[0]
    return regions[0] if regions and not towns else None


@cache
def _names() -> dict[str, Area]:
    """Every name in comparison form -> the area it means."""
    named: dict[str, list[Area]] = {}
    for named_area in areas().values():
        if named_area.level in ("region", "province", "commune"):
            for text in {named_area.name["fr"], named_area.name["ar"]}:
                named.setdefault(match_form(text), []).append(named_area)
    meant = {form: meaning for form, every in named.items() if (meaning := _meant(every))}
    for code, texts in aliases().items():
        for text in texts:
            meant[match_form(text)] = area(code)
    for form, meaning in list(meant.items()):
        if form[:1] > "\u0600":  # Arabic writes «in» and «to» onto the name
            for prefix in _JOINED:
                meant.setdefault(prefix + form, meaning)
    return meant


@cache
def _lexicon() -> Lexicon[Area]:
    return Lexicon(_names().items())


@cache
def _fuzzy_names() -> list[str]:
    return [form for form, _ in _names().items() if len(form) >= 5 and form[:1] < "\u0600"]


def _place(deepest: Area, score: float, evidence: str) -> Place:
    levels: dict[str, Candidate] = {}
    here: Area | None = deepest
    while here is not None:
        levels.setdefault(here.level, Candidate(here.code, score, evidence))
        here = area(here.parent) if here.parent else None
    return Place(levels.get("region"), levels.get("province"), levels.get("commune"))


def _deepest(named: list[tuple[Area, str]]) -> tuple[Area, str] | None:
    """One area out of several named together: the deepest, when the others contain it; else the
    area that contains them all, below the country."""
    if not named:
        return None
    chains = []
    for named_area, _ in named:
        chain = [named_area.code]
        while (parent := area(chain[-1]).parent) is not None:
            chain.append(parent)
        chains.append(chain)
    deepest = max(range(len(named)), key=lambda i: (len(chains[i]), -i))
    if all(chains[i][0] in chains[deepest] for i in range(len(named))):
        return named[deepest]
    shared = [c for c in chains[deepest] if all(c in chain for chain in chains)]
    evidence = " / ".join(dict.fromkeys(words for _, words in named))
    return (area(shared[0]), evidence) if shared and shared[0] != "MA" else None


def _field(form: str) -> Place | None:
    """A place field: every known name in it, else one word within a letter or two of a name."""
    matches = [(m.payload, m.phrase) for m in _lexicon().find(form)]
    if chosen := _deepest(matches):
        return _place(chosen[0], 0.97 if len(matches) == 1 else 0.93, chosen[1])
    if matches:
        return Place()  # several places that have nothing in common: none of them is the ad's
    if form in _NATIONAL or len(form) < 5:
        return None
    best = process.extractOne(form, _fuzzy_names(), scorer=fuzz.ratio, score_cutoff=86)
    return _place(_names()[best[0]], round(best[1] / 100 * 0.9, 3), form) if best else None


def _placed(match: Match[Area], spoken: list[str], before: str) -> bool:
    """Whether a name stands as a place: after a place word, or with a preposition written onto it."""
    raw, first = spoken[match.start], match.phrase.split()[0]
    if first in _ADJECTIVES and (
        not raw.startswith(("ال", *_WITH_ARTICLE, "el", "l")) or before.endswith(("مدينه", "مدينة"))
    ):
        return False
    if _BEFORE.search(before):
        return True
    large = (match.payload.population_2024 or 0) >= _SMALL
    joined = _JOINED if large else ("ب", "ف")  # «لمساعدة» is «to help»
    written_on = raw == first and raw.startswith(joined) and first[1:] in _names()
    return (large or len(first) >= 6) and (
        written_on or (raw != first and raw.startswith(_WITH_ARTICLE))
    )


def _running(text: str, score: float, before: re.Pattern[str] = _BEFORE) -> Place | None:
    """A place named in running text: large towns, or any place right after a place word; with
    `before` other than the usual, only places after what it says."""
    text = text[:_READ]
    form, spoken = match_form(text), fold(text).split()
    words = form.split()
    matches: list[Match[Area]] = []
    for match in _lexicon().find(form):
        words_before = " ".join(words[max(0, match.start - 4) : match.start])
        town = match.payload
        if before is not _BEFORE:
            if before.search(words_before):
                matches.append(match)
            continue
        large = town.level != "commune" or (town.population_2024 or 0) >= _SMALL
        long = len(match.phrase) >= (4 if match.phrase[0] > "\u0600" else 5)
        likely = large and match.start > 0 and (long or match.phrase in _SPOKEN)
        likely = likely and match.phrase.split()[0] not in _ADJECTIVES | _WORDS
        if likely or _placed(match, spoken, words_before):
            matches.append(match)
    chosen = _deepest([(match.payload, match.phrase) for match in _towns(matches)])
    return _place(chosen[0], score, chosen[1]) if chosen else None


def _towns(matches: list[Match[Area]]) -> list[Match[Area]]:
    """The matches without quarters that several towns have, where the town follows («hay riad meknes»)."""
    return [
        match
        for match, after in zip_longest(matches, matches[1:])
        if after is None
        or match.start + match.length != after.start
        or match.phrase.split()[0] not in _QUARTERS
    ]


def _better(field: Place, other: Place | None) -> bool:
    """Whether an ad's own words say more than its place field, or another province."""
    if other is None or other.province is None:
        return False
    if field.province is None:
        return field.region is None or field.region.code == (other.region and other.region.code)
    return field.province.code != other.province.code


def of_ad(place: str, title: str, text: str) -> Place:
    """The place of an ad; every level None when nothing in it names one place of Morocco.

    The place field is the board's, often the nearest city it knows: a place that the title names, or
    that the text states as the place of work, is believed before it. A place outside Morocco, as «Tangier,
    Indiana» is, is none; «Dakhla, EH» is the region that HCP codes.
    """
    if elsewhere(place):
        return Place()
    form = match_form(place)
    field = _field(form) if form else None
    titled = _running(title, 0.85)
    if field is None and titled:
        return titled
    if field == Place():  # a list of towns or regions: the ad's own words may name the one
        return titled or _running(text, 0.8, _STATED) or field
    if field and _better(field, titled):
        return titled or field
    stated = _running(text, 0.8, _STATED)
    if field is None:
        return stated or _running(text, 0.7) or Place()
    return (stated or field) if _better(field, stated) else field
