"""Language of an ad and of each of its segments: Arabic, Darija (both scripts), French, English.

Script decides first. In Arabic script, words that only Darija has decide against standard Arabic;
in Latin script, Darija is told by its words and by digits written for letters (3, 7, 9), and
French from English by py3langid restricted to the two, helped by common words in short texts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from marsad.base.text import ARABIC, LATIN, arabic_share, fold
from marsad.enrich.lexicon import Candidate

_SEGMENT = re.compile(r"[\n\r.!?؟;•●▪]+|\s[-–—*]\s|\s{2,}")
_ARABIC_DARIJA = frozenset(
    [
        "ديال",
        "ديالنا",
        "ديالك",
        "ديالو",
        "ديالها",
        "ديالهم",
        "بغيت",
        "بغينا",
        "بغا",
        "كنقلبو",
        "كنقلب",
        "كنقلبوا",
        "كاين",
        "كاينة",
        "ماكاينش",
        "خدام",
        "خدامة",
        "خدامين",
        "خدمة",
        "مزيان",
        "مزيانة",
        "مزيانين",
        "بزاف",
        "شي",
        "واحد",
        "واحدة",
        "هاد",
        "هادي",
        "هادشي",
        "دابا",
        "فين",
        "كيفاش",
        "علاش",
        "شنو",
        "اشنو",
        "شكون",
        "حيت",
        "باش",
        "راه",
        "غادي",
        "غير",
        "والو",
        "مول",
        "مولات",
        "الدري",
        "بنت",
        "ولد",
        "درية",
        "تخدم",
        "يخدم",
        "نخدم",
        "خاصنا",
        "خاصو",
        "خاصها",
        "خاصك",
        "خاص",
        "كيعرف",
        "كتعرف",
        "يعرف",
        "كنوفرو",
        "كاتعرف",
        "كيخدم",
        "كتخدم",
        "عندنا",
        "عندو",
        "عندها",
        "عندك",
        "مايكونش",
        "تيليفون",
        "صيفط",
        "صيفطو",
        "صيفطي",
        "عيط",
        "عيطو",
        "عيطي",
        "عيطلنا",
        "دوز",
        "دوزو",
        "حدا",
        "قريب",
        "لي",
        "اللي",
        "فيه",
        "ديما",
        "نقدر",
        "يقدر",
        "تقدر",
        "مكاين",
        "ماشي",
        "واخا",
        "زوين",
        "زوينة",
        "خلاص",
        "الخلاص",
        "الصالير",
        "صالير",
        "فرصة",
        "زعما",
        "هنا",
        "تما",
        "بلا",
        "حنا",
        "حنايا",
        "نتا",
        "نتي",
        "نتوما",
        "كنا",
        "كانو",
        "تكون",
        "يكون",
        "ضروري",
        "ضرورية",
        "مجرب",
        "مجربة",
        "معقول",
        "معقولة",
        "بالنهار",
        "بالليل",
        "سربيس",
        "سربايات",
        "طباخ",
        "فران",
        "حلوة",
        "شيفور",
        "طاكسي",
        "كاميو",
        "سوق",
        "حانوت",
        "محل",
    ]
)
_STRONG_ARABIC = frozenset(
    [
        "ديال",
        "ديالنا",
        "ديالك",
        "ديالو",
        "ديالها",
        "ديالهم",
        "بغيت",
        "بغينا",
        "بغا",
        "كنقلبو",
        "كنقلب",
        "كنقلبوا",
        "كاين",
        "كاينة",
        "ماكاينش",
        "خدام",
        "خدامة",
        "خدامين",
        "مزيان",
        "مزيانة",
        "مزيانين",
        "بزاف",
        "هادشي",
        "دابا",
        "فين",
        "كيفاش",
        "علاش",
        "شنو",
        "اشنو",
        "شكون",
        "حيت",
        "باش",
        "غادي",
        "والو",
        "خاصنا",
        "خاصو",
        "خاصها",
        "خاصك",
        "كنوفرو",
        "كيخدم",
        "كتخدم",
        "صيفط",
        "صيفطو",
        "صيفطي",
        "عيط",
        "عيطو",
        "عيطي",
        "عيطلنا",
        "واخا",
        "زوين",
        "زوينة",
        "الصالير",
        "صالير",
        "زعما",
        "حنا",
        "نتا",
        "نتي",
        "نتوما",
        "سربيس",
        "شيفور",
        "كيعرف",
        "كتعرف",
        "كاتعرف",
        "عندو",
        "الدري",
    ]
)
_LATIN_DARIJA = frozenset(
    [
        "khdma",
        "lkhdma",
        "khedma",
        "lkhedma",
        "khdam",
        "khdama",
        "khdamin",
        "bghit",
        "bghina",
        "bghiti",
        "bgha",
        "dial",
        "dyal",
        "dyalna",
        "diyal",
        "dialna",
        "dialk",
        "dyalk",
        "kay3ref",
        "kat3ref",
        "wahed",
        "wa7ed",
        "wahd",
        "wahda",
        "chi",
        "shi",
        "li",
        "lli",
        "hna",
        "houwa",
        "hiya",
        "kayn",
        "kayna",
        "makaynch",
        "kaynin",
        "mzyan",
        "mzyana",
        "mzian",
        "mziana",
        "bzaf",
        "bzzaf",
        "daba",
        "fin",
        "fayn",
        "kifach",
        "kifash",
        "3lach",
        "chno",
        "chnou",
        "ach",
        "achno",
        "chkoun",
        "hit",
        "7it",
        "bach",
        "bash",
        "rah",
        "raha",
        "rahom",
        "ghadi",
        "ghir",
        "walo",
        "walou",
        "mol",
        "moul",
        "moulat",
        "lwalad",
        "khassna",
        "khasna",
        "khasso",
        "khassha",
        "khass",
        "khasek",
        "khassek",
        "3ndna",
        "3ndo",
        "3ndha",
        "3ndk",
        "3endna",
        "3endo",
        "sift",
        "siftou",
        "sifet",
        "3ayt",
        "3ayto",
        "3iyet",
        "telefoun",
        "doz",
        "dozou",
        "hda",
        "7da",
        "9rib",
        "qrib",
        "lay",
        "la",
        "ila",
        "nta",
        "nti",
        "ntouma",
        "kan",
        "kano",
        "ykoun",
        "ykon",
        "tkoun",
        "tkon",
        "darouri",
        "darori",
        "darouria",
        "mjareb",
        "mjrreb",
        "ma3qoul",
        "m3a9oul",
        "ma39oul",
        "nhar",
        "lil",
        "serbiss",
        "serbay",
        "chifour",
        "chifor",
        "tbakh",
        "ferran",
        "hanout",
        "7anout",
        "mahal",
        "lmahal",
        "salaire",
        "mn",
        "men",
        "f",
        "fl",
        "wla",
        "wlla",
        "aw",
        "3la",
        "3a",
        "3lina",
        "m3a",
        "m3ana",
        "bla",
        "dyalo",
        "dyalha",
        "kanqelbou",
        "kan9elbou",
        "kan9albo",
        "kanqalbo",
        "kanqelbo",
        "kanwfrou",
        "kanweffrou",
        "nas",
        "ness",
        "lbnat",
        "wlad",
        "dar",
        "ddar",
        "lkhlas",
        "lkhelas",
        "khlas",
        "flous",
    ]
)
_LATIN_WEAK = frozenset(
    [
        "la",
        "men",
        "f",
        "salaire",
        "li",
        "mol",
        "dar",
        "ness",
        "nas",
        "kan",
        "lay",
        "aw",
        "chi",
        "hit",
        "bash",
        "fin",
        "mahal",
    ]
)
_ARABIZI = re.compile(
    r"(?<![\w-])(?=[a-z]*[379][a-z]*[a-z])(?:[a-z]+[379][a-z0-9]*|[379][a-z]{2,}[a-z0-9]*)(?![\w-])"
)
_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "et",
        "en",
        "pour",
        "sur",
        "avec",
        "dans",
        "au",
        "aux",
        "par",
        "est",
        "sont",
        "nous",
        "vous",
        "notre",
        "votre",
        "recherche",
        "recrute",
        "poste",
        "offre",
        "emploi",
        "chef",
        "chargé",
        "chargée",
        "agent",
        "ingénieur",
        "responsable",
        "commercial",
        "commerciale",
        "technicien",
        "technicienne",
        "vendeur",
        "vendeuse",
        "assistant",
        "assistante",
        "conducteur",
        "gestionnaire",
        "conseiller",
        "conseillère",
        "comptable",
        "directeur",
        "directrice",
        "ouvrier",
        "ouvrière",
        "aide",
        "cadre",
        "stagiaire",
        "chauffeur",
        "enseignant",
        "enseignante",
        "professeur",
        "cuisinier",
        "serveur",
        "serveuse",
        "infirmier",
        "opérateur",
        "opératrice",
        "employé",
        "employée",
        "hôtesse",
        "mécanicien",
        "électricien",
        "régleur",
        "métiers",
        "études",
        "ventes",
        "achats",
        "qualité",
        "projet",
        "clientèle",
        "maîtrise",
        "expérience",
        "ans",
        "profil",
        "formation",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "of",
        "for",
        "with",
        "to",
        "in",
        "on",
        "is",
        "are",
        "we",
        "you",
        "our",
        "your",
        "manager",
        "engineer",
        "officer",
        "sales",
        "developer",
        "buyer",
        "specialist",
        "senior",
        "junior",
        "lead",
        "head",
        "analyst",
        "assistant",
        "director",
        "looking",
        "hiring",
        "job",
        "position",
        "team",
        "work",
        "experience",
        "years",
        "skills",
        "teacher",
        "customer",
        "support",
        "service",
        "business",
        "development",
        "data",
        "driver",
        "worker",
        "operator",
        "nurse",
        "accountant",
        "administrator",
        "designer",
        "consultant",
        "coordinator",
        "executive",
        "software",
        "project",
        "quality",
        "planner",
        "supervisor",
        "technician",
        "representative",
        "advisor",
        "agent",
    ]
)


_ARABIC_SCRIPT = frozenset({"ar", "ary"})


@cache
def _french_or_english() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier


def _arabic(words: list[str]) -> Candidate:
    """Darija when its own words are frequent enough; else standard Arabic."""
    strong = [w for w in words if w in _STRONG_ARABIC]
    weak = [w for w in words if w in _ARABIC_DARIJA]
    if strong and (len(strong) + 0.5 * len(weak)) / len(words) >= 0.06:
        return Candidate("ary", min(0.99, 0.6 + 0.1 * len(strong)), " ".join(strong[:5]))
    return Candidate("ar", 0.95 if len(words) > 3 else 0.8, "")


def _latin(text: str) -> Candidate:
    lowered = text.lower()
    words = re.findall(r"[^\W\d_]+|\w+", lowered)
    if not words:
        return Candidate("und", 0.0, "")
    darija = [w for w in re.findall(r"\w+", lowered) if w in _LATIN_DARIJA]
    darija_strong = [w for w in darija if w not in _LATIN_WEAK] + _ARABIZI.findall(lowered)
    if darija_strong and (len(darija_strong) * 2 + len(darija)) / len(words) >= 0.34:
        return Candidate(
            "ary-Latn", min(0.99, 0.6 + 0.08 * len(darija_strong)), " ".join(darija_strong[:5])
        )
    code, probability = _french_or_english().classify(text)
    french = sum(w in _FRENCH for w in words)
    english = sum(w in _ENGLISH for w in words)
    if len(words) <= 8 and abs(french - english) >= 1:
        code = "fr" if french > english else "en"
        probability = max(float(probability), 0.8)
    if re.search(r"[éèêàçùîôœ]", lowered) and len(words) <= 8 and not english:
        code, probability = "fr", 0.9
    return Candidate(code, round(float(probability), 3), "")


@lru_cache(maxsize=50_000)
def of_segment(text: str) -> Candidate:
    """The language of one segment; `und` for a text without letters."""
    if not ARABIC.search(text):
        return _latin(text) if LATIN.search(text) else Candidate("und", 0.0, "")
    if arabic_share(text) >= 0.5:
        words = re.findall(r"[\u0621-\u064a]+", fold(text))
        return _arabic(words) if words else Candidate("und", 0.0, "")
    return _latin(re.sub(r"[\u0600-\u06ff]+", " ", text))


def segments(text: str) -> list[tuple[str, Candidate]]:
    """The segments of a text (sentences, lines, list items) each with its language."""
    parts = [part.strip() for part in _SEGMENT.split(text)]
    return [(part, of_segment(part)) for part in parts if LATIN.search(part) or ARABIC.search(part)]


def of_ad(title: str, text: str) -> tuple[Candidate, list[str]]:
    """The language of an ad and those of its segments, in order of first appearance.

    Each segment counts by its letters. The ad is `mixed` below 75 % for one language, and from 8 %
    in the other script on (a script is read without error, a language is not). Darija and
    Arabic in one script are one language when Darija has at least a fifth: people mix them freely.
    """
    weights: dict[str, int] = {}
    evidence: dict[str, str] = {}
    found = segments(f"{title}\n{text}" if text else title)
    for part, candidate in found:
        if len(part) < 12 and len(found) > 3:
            continue
        weights[candidate.code] = weights.get(candidate.code, 0) + len(part)
        if candidate.evidence:
            evidence.setdefault(candidate.code, candidate.evidence)
    weights.pop("und", None)
    if not weights:
        whole = of_segment(f"{title} {text}".strip())
        return whole, [whole.code]
    if (
        "ary" in weights
        and "ar" in weights
        and weights["ary"] >= 0.2 * (weights["ary"] + weights["ar"])
    ):
        weights["ary"] += weights.pop("ar")
    total = sum(weights.values())
    code = max(weights, key=lambda c: (weights[c], c))
    share = weights[code] / total
    order = list(dict.fromkeys(c.code for _, c in found if c.code in weights))
    foreign = sum(
        n for c, n in weights.items() if (c in _ARABIC_SCRIPT) != (code in _ARABIC_SCRIPT)
    )
    if share < 0.75 or foreign >= 0.08 * total:
        parts = " + ".join(
            f"{c} {weights[c] * 100 // total} %" for c in sorted(weights, key=lambda c: -weights[c])
        )
        return Candidate("mixed", round(1 - share, 3), parts), order
    return Candidate(code, round(share, 3), evidence.get(code, "")), order
