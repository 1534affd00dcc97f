"""Persons in posts: people write there to people they know, so more goes than from an ad.

After `privacy.scrub` has taken what is a person's detail wherever it stands, this takes handles, what follows
a form of address or a call to get in touch, and given names that name no street, quarter, school or shrine.
"""

from __future__ import annotations

import re

from marsad.base.text import fold
from marsad.enrich import privacy
from marsad.enrich.privacy_names import word_set

MARK = "[nom]"
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w.-]+)?")
_SPELLED = re.compile(
    r"\b[\w.+-]+\s?[(\[{]\s?(?:at|arobase|AT)\s?[)\]}]\s?[\w-]+(?:\s?[(\[{]\s?(?:dot|point|DOT)\s?[)\]}]\s?\w+|\.\w+)+"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ADDRESS = frozenset(
    "mme mr m mlle madame monsieur lalla lla moulay mly haj hajja l7aj lhaj m3elem m3alem ustad ostad ana cest ping"
    " encadre appelez appeler demandez demander contactez voir ecrivez contact moul chi khouya khoya khti 3ayto 3ayet"
    " مي للا لالة الحاج الحاجة مدام السيد السيدة المعلم بالمعلم الاستاذ الاستاذة سي مولاي خالتي عمي السي".split()
)
_LINKS = frozenset("a l de par avec ل مع chi si الى".split())
_PLACES = frozenset(
    "hay quartier rue avenue av bd boulevard sidi moulay lalla douar place ecole lycee college clinique hopital residence"
    " cite derb zone route aeroport groupe cafe restaurant hotel societe ben beni bni oulad ouled ait region province"
    " حي شارع زنقة دوار درب مدرسة ثانوية اعدادية مصحة مستشفى سيدي مولاي ساحة جماعة اقليم مقهى شركة طريق بني اولاد ايت ملعب".split()
)
_PARTICLES = frozenset("el al ben bel ait ould bou ibn بن ابن ال ايت بو".split())
_REACH = 3


def without_persons(text: str) -> str:
    """The text without persons; what went is marked."""
    text = privacy.scrub(_SPELLED.sub(MARK, _HANDLE.sub(MARK, text)))[0]
    words = list(_WORD.finditer(text))
    forms = [fold(word.group()) for word in words]
    gone: set[int] = set()
    for i, (word, form) in enumerate(zip(words, forms)):
        before = forms[i - 1] if i else ""
        place = before in _PLACES or (i > 1 and forms[i - 2] in _PLACES)
        if form in word_set("given") and not place:
            gone.add(i)
            follow = i + 1
            while follow < len(words) and follow <= i + _REACH and _joined(text, words, follow) and _is_name(words[follow], forms[follow]):  # fmt: skip
                gone.add(follow)
                follow += 1
        elif _named(text, words, forms, i) and _is_name(word, form) and not place:
            gone.add(i)
    for i in sorted(gone, reverse=True):
        text = text[: words[i].start()] + MARK + text[words[i].end() :]
    return re.sub(rf"{re.escape(MARK)}(?:\s{re.escape(MARK)})+", MARK, text)


def _joined(text: str, words: list[re.Match[str]], i: int) -> bool:
    return text[words[i - 1].end() : words[i].start()] in (" ", "-", "  ")


def _named(text: str, words: list[re.Match[str]], forms: list[str], i: int) -> bool:
    """Whether a word stands after a form of address, or after a link that does."""
    if not i or not _joined(text, words, i):
        return False
    return forms[i - 1] in _ADDRESS or bool(
        i > 1
        and forms[i - 1] in _LINKS
        and forms[i - 2] in _ADDRESS
        and _joined(text, words, i - 1)
    )


def _is_name(word: re.Match[str], form: str) -> bool:
    """Whether a word may be a name: a capital, or an Arabic word that is not among those that are none."""
    if form in _PARTICLES:
        return True
    first = word.group()[0]
    return (
        form not in word_set("no_name") and len(form) > 2 and (first.isupper() or first > "\u0600")
    )
