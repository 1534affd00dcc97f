"""Titles of ads as they are written, and the words in them that name the work.

Gender marks and feminine doubles go, and so do the frames of public notices, grades, and what names
the employer.
"""

from __future__ import annotations

import re
from itertools import takewhile

from marsad.base.text import match_form

_GENDER = re.compile(
    r"\(\s*(?:[hfmx]\s*[/.\-]\s*[hfmx](?:\s*[/.\-]\s*[hfmx])?|e|fe|ة|ne|nne|se|sse|euse|trice|rice|ère|ere|le|ve|s|es|x)\s*\)"
    r"|\b[hfm]\s?[/\-]\s?[hfm](?:\s?[/\-]\s?x)?\b"
    r"|(?<=\w)[.·•/-](?:e|ne|se|sse|euse|trice|rice|ère|ice|es|ive)(?:s)?\b",
    re.I,
)
_REMOVED = re.compile(
    r"\[(?:account|address|email|handle|id|name|phone)\]"
)  # marks of `privacy.py`
LINKS = frozenset(
    """de du des d l le la les un une et en a au aux pour sur avec dans par the of and for
    in to an at في من علي عن او و ذو ذات""".split()
)
NOISE = frozenset(
    match_form(w)
    for w in """h f m x cdi cdd stage stagiaire junior senior confirmé confirmée débutant débutante
    expérimenté expérimentée urgent recrute recherche recrutement offre emploi poste
    divers profil profils nous recrutons postulez opportunité opportunités plusieurs
    maroc casablanca rabat tanger fès marrakech agadir kénitra meknès oujda salé tétouan
    settat berrechid mohammedia khouribga laâyoune dakhla nador safi bac مطلوب توظيف bghina bghit khassna khasna khasni wahed wa7ed chi dyal
    dial kan9elbou kanqelbou 3la casa msta3jel بغينا بغيت خاصنا خاصني واحد واحدة شي ديال كنقلبو كنقلب""".split()
)
STOP = LINKS | NOISE
HIRING = "recrutement"  # noise in a frame, the work itself after a link
# How notices are framed, in comparison form: «avis de concours de recrutement de ...», «... relevant
# de la direction ...». What names the employer names no occupation.
_FRAME = re.compile(
    r"^(?:(?:avis|appel|concour|recrutement|candidature|ouverture|postes?|responsabilites?|de|d|des|du|a"
    r"|offres?|emploi|nous|on|recrut\w*|recherch\w*|cherch\w*|rech|hiring|pour|le|la|les|l|un|une|urgent|h|f)\s)*(?:(?:candidature|responsabilites?|recrutement|concour)\b\s?)?"
    r"|^(?:مباراة لتوظيف|مباراة توظيف|لتوظيف|فتح باب ترشيح ل? ?(?:مناصب مسوولية|لمناصب مسوولية|منصب|شغل منصب)?)\s?"
)
_EMPLOYER = re.compile(
    r"(?:^|\s)(?:relevant|(?:au|a la|a l|aupre du?e?|du|de la) (?:sein|ministere|delegation|agence|office"
    r"|prefecture|province|wilaya|conseil|universite|academie|direction|pole|departement|secretariat)"
    r"|(?:ب ?|ل ?|لدي |تابع ل|تابعة ل)?(?:وزارة|بوزارة|عمالة|بعمالة|مندوبية|بمندوبية|وكالة|بوكالة|بمديرية|اكاديمية))\b.*$"
)
_GRADE = re.compile(r"\b(?:echelle|سلم|rh) \d+.*$")
RANK = re.compile(r"\s(?:de )?(?:\d(?:er|ere|eme|e)? (?:grade|classe)|grade [a-d]|من درجة \w+)\b")


def occupation_words(form: str) -> str:
    """A title in comparison form without the frame of a notice, its grade scale and its employer."""
    return _EMPLOYER.sub("", _GRADE.sub("", _FRAME.sub("", form))).strip()


def form_of(title: str) -> str:
    """The form in which titles and labels are compared."""
    return match_form(plain_title(title))


def plain_title(title: str) -> str:
    """A title without its gender marks: «Vendeur/se (H/F)» and «Vendeur / Vendeuse» -> «Vendeur»."""
    return without_twins(_GENDER.sub(" ", _REMOVED.sub(" ", title)))


def _twins(a: str, b: str) -> bool:
    """Whether two words are one in its two genders, or the same."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b)))
    return a == b or (alike >= 3 and alike >= min(len(a), len(b)) - 4)


def without_twins(title: str) -> str:
    """A title in which what is said for men and again for women is said once."""
    first, *others = title.split("/")
    deduplicated = first.split()
    for part in others:
        words = part.split()
        for n in range(min(len(deduplicated), len(words), 5), 0, -1):
            pairs = [(a.lower(), b.lower()) for a, b in zip(deduplicated[-n:], words)]
            if all(_twins(a, b) for a, b in pairs) and any(a != b for a, b in pairs):
                words = words[n:]
                break
        deduplicated += words
    return " ".join(deduplicated)
