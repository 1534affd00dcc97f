"""Words of an ad that exclude people, for its author: stricter than the flags that are counted.

The flags of `enrich` are made to be right when they speak of an ad that someone else wrote. An employer
who asks before publishing is better served by a hint too many: to the flags are added plain words for a
sex or an age in running text («jeune femme», «20 à 30 ans», «شابة»), unless both sexes are named.
"""

from __future__ import annotations

import re

from marsad.enrich.exclusions import CONDITIONS, excluding

_BOTH = re.compile(r"\bh\s*[/-]\s*f\b|\bf\s*[/-]\s*h\b|\bm\s*/\s*f\b|femmes? et hommes?|hommes? et femmes?|hommes? ou femmes?|femmes? ou hommes?|men and women|ذكور وإناث|إناث وذكور|نساء ورجال|رجال ونساء|ذكورا وإناثا", re.I)  # fmt: skip
_RULES = (
    ("gender_condition", re.compile(r"\bjeunes? (?:femmes?|filles?|hommes?|dames?|garçons?)\b|\b(?:young )(?:lady|woman|man|men|women|girl|ladies)\b|\bde sexe (?:féminin|masculin)\b|\b(?:profil|candidat) (?:féminin|masculin)\b|\b(?:female|male)s? only\b|(?<!\w)(?:شابات?|شابة|فتيات|فتاة|آنسة)(?!\w)|(?:للإناث|للذكور|للنساء|للرجال) فقط", re.I)),
    ("appearance_condition", re.compile(r"\b(?:jolie|mignonne|ravissante|séduisante)s?\b(?!\s+(?:équipe|entreprise|ville|maison|boutique|région|collection|opportunité|perspective|vue|carrière)s?\b)|(?<!\w)(?:زوينة|زوينات|حسناء)(?!\w)", re.I)),
    ("age_condition", re.compile(r"\b(?:entre |de )?[1-6]\d\s*(?:à|et|-|–|to|and)\s*[1-6]\d\s*ans\b|\bmoins de [1-6]\d ans\b|\b(?:aged?|between)\s*[1-6]\d\s*(?:to|and|-|–)\s*[1-6]\d\b|\bunder [1-6]\d\b|\bjeunes? (?:et )?(?:dynamique|diplômé|motivé)\w*|\byoung and dynamic\b|(?:بين|من)\s*[1-6]\d\s*(?:و|إلى|الى|-)\s*[1-6]\d\s*سنة|(?:أقل من|لا يتجاوز)\s*[1-6]\d\s*سنة", re.I)),
)  # fmt: skip


def flagged(title: str, text: str) -> tuple[tuple[str, str], ...]:
    """(flag of the list `integrity_flag`, words), each flag once, in the order of the list."""
    flags = {flag: words.split(" (", 1)[0] for flag, words in excluding(title, text)}
    whole = f"{title}\n{text}"
    for flag, rule in _RULES:
        both = flag == "gender_condition" and _BOTH.search(whole)
        if flag not in flags and not both and (match := rule.search(whole)):
            flags[flag] = match[0]
    return tuple((flag, flags[flag]) for flag in CONDITIONS if flag in flags)
