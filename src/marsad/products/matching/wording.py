"""Words of an ad that exclude people, for its author: stricter than the flags that are counted.

The flags of `enrich` are made to be right when they speak of an ad that someone else wrote. An employer
who asks before publishing is better served by a hint too many: to the flags are added plain words for a
sex or an age in running text («jeune femme», «20 à 30 ans», «شابة», «derri 18-25 3am»), unless both sexes
are named, and for money to be sent.
"""

from __future__ import annotations

import re

from marsad.enrich.exclusions import CONDITIONS, excluding

_BOTH = re.compile(r"\bh\s*[/-]\s*f\b|\bf\s*[/-]\s*h\b|\bm\s*/\s*f\b|femmes? et hommes?|hommes? et femmes?|hommes? ou femmes?|femmes? ou hommes?|men and women|ذكور وإناث|إناث وذكور|نساء ورجال|رجال ونساء|ذكورا وإناثا", re.I)  # fmt: skip
_RULES = (
    ("gender_condition", re.compile(r"\bjeunes? (?:femmes?|filles?|hommes?|dames?|garçons?)\b|\b(?:young )(?:lady|woman|man|men|women|girl|ladies)\b|\bde sexe (?:féminin|masculin)\b|\b(?:profil|candidat) (?:féminin|masculin)\b|\b(?:female|male)s? only\b|\b(?:bghina|bghit|khas[sn]+[ai]|ma7tajin|kan9elbou 3la|matloub)\s+(?:chi\s+|wa7ed\s+|wahed\s+)?(?:derri|drari|bent|bnat|rajel|rjal|mra|3yalat|weld|wlad)\b(?!\s+(?:sghar|sghir))|\bderri(?:ya)?\b(?!\s+sghir)|(?:بغينا|بغيت|خاصنا|خاصني|محتاجين|مطلوب)\s+(?:شي\s+|واحد\s+)?(?:دري|درية|دراري|بنت|بنات|راجل|رجال|مرا|عيالات|ولد|ولاد)(?!\w)(?!\s+صغار)|(?<!\w)(?:شابات?|شابة|فتيات|فتاة|آنسة)(?!\w)|(?:للإناث|للذكور|للنساء|للرجال) فقط", re.I)),
    ("appearance_condition", re.compile(r"\b(?:jolie|mignonne|ravissante|séduisante)s?\b(?!\s+(?:équipe|entreprise|ville|maison|boutique|région|collection|opportunité|perspective|vue|carrière)s?\b)|(?<!\w)(?:زوينة|زوينات|حسناء)(?!\w)", re.I)),
    ("age_condition", re.compile(r"\b(?:entre |de )?[1-6]\d\s*(?:à|et|-|–|to|and)\s*[1-6]\d\s*ans\b|\bmoins de [1-6]\d ans\b|\b(?:aged?|between)\s*[1-6]\d\s*(?:to|and|-|–)\s*[1-6]\d\b|[1-6]\d\s*(?:[-–]|7tal|hta l|حتى ل?)\s*[1-6]\d\s*(?:3am|3wam|sna|snin|عام)\b|\b(?:derri|drari|bent|bnat|rjal|jeunes?)\s+[1-6]\d\s*[-–]\s*[1-6]\d\b|\bunder [1-6]\d\b|\bjeunes? (?:et )?(?:dynamique|diplômé|motivé)\w*|\byoung and dynamic\b|(?:بين|من)\s*[1-6]\d\s*(?:و|إلى|الى|-)\s*[1-6]\d\s*سنة|(?:أقل من|لا يتجاوز)\s*[1-6]\d\s*سنة", re.I)),
    ("fee_asked", re.compile(r"\b(?:envoye[rz]|vire[rz]|virement de|verse[rz]|send|sift[ou]*|7awlou)\s+(?:\w+\s+){0,2}\d{2,5}\s*(?:dhs?|mad|dirhams?|drahm|درهم)\b(?=.{0,60}(?:inscription|dossier|formation|registration|tasjil|dossi))|(?:أرسل\w*|ارسل\w*|تحويل|أداء|صيفط\w*)\s+(?:مبلغ\s+)?\d{2,5}\s*درهم(?=.{0,60}(?:التسجيل|الملف|التكوين|الدوسي))", re.I)),
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
