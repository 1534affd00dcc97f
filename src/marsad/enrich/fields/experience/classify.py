"""Experience asked for: the least number of years that the ad names, as written in any language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.base.text import fold
from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.lexicon import Candidate

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
    "jouj": 2, "zouj": 2, "tlata": 3, "tlt": 3, "reb3a": 4, "rb3": 4, "khamsa": 5, "khms": 5, "3chra": 10,
    "جوج": 2, "ثلاث": 3, "ثلاثه": 3, "ثلاثة": 3, "تلت": 3, "اربع": 4, "اربعه": 4, "اربعة": 4, "ربع": 4,
    "خمس": 5, "خمسه": 5, "خمسة": 5, "ست": 6, "سبع": 7, "ثمان": 8, "عشر": 10,
}  # fmt: skip
_SINGLES = {
    "سنه": 1,
    "سنة": 1,
    "عام": 1,
    "سنتين": 2,
    "سنتان": 2,
    "عامين": 2,
    "3amayn": 2,
    "3amin": 2,
}
_MONTHS = frozenset("mois month months اشهر شهور chhor chhour chhora".split())
_NUMBER = rf"(\d{{1,2}}|{'|'.join(_WORDS)})"
_UNIT = (
    r"(ans?|annees?|years?|yrs?|anos?|سنوات|سنين|سنه|سنة|اعوام|عام|snin|snine|senin|3wam|3am"
    rf"|{'|'.join(sorted(_MONTHS))})"
)
_TO = r"(?:a|et|to|and|ou|l|hta|7ta|الي|او|حتي|حتى|ل)"
_RANGE = re.compile(rf"\b{_NUMBER}\s(?:{_TO}\s{_NUMBER}\s)?(?:[^\W\d]\w*\s)?{_UNIT}\b")
_NEAR = re.compile(
    r"experien|experiment|expe?r?\b|seniority|anciennete|pratique|خبر|تجرب|تجارب|اقدمي|قدمي|tajrib|tejrib|khbra"
    r"|khobra|khebra|khibra|mjerr?eb|مجرب|dawez|داوز|metier|midan|ميدان|khdam\b|khdem\b|khdma f|خدام|خدم "
)
_AFTER = re.compile(
    r"\s(?:\S+\s){0,2}(?:wla aktar|ou plus|et plus|minimum|au moins|at least|علي الاقل|على الاقل|فما فوق)"
    r"|\s(?:f|fi|fl|d|dyal|dans|en|au|in|في|ف)?\s?(?:l ?)?(?:metier|domaine|lmidan|midan|secteur|cabinet|atelier"
    r"|poste similaire|mini\b|min\b|فالميدان|في الميدان"
    r"|فالمجال|في المجال|فال)"
)
"""What follows a number of years that are those of experience, where no word for it stands near."""
_OF_ELSE = re.compile(
    r"\b(?:contrat|cdd|interim|stage|duree|pendant|periode|garantie|age\w*|3mr\w*|3mer\w*|(?:ال)?عمر\w*|السن|سن|depuis"
    r"|existe|fondee?|creee?|leader|fort de|التكوين|عقد|مده|مدة|عندنا)\s(?:\S+\s){0,2}$|\bformation (?:de |d )?$"
)
"""What comes before a number of years or months of something else."""
_FIRM = re.compile(
    r"(?:\b(?:entreprise|societe|groupe|fiduciaire|cabinet|fondee?|creee?|leader|forts? (?:de|d)|fortes? (?:de|d)|maison|marque"
    r"|company|firm|charika|ch7arika|ste)|(?:ال)?(?:شركه|شركة|مجموعة|مجموعه|مؤسسة|موسسه|مقاولة|مقاوله|رايدة|رايده|رائدة|رائد|صالون)"
    r"|\bhadi|هادي|منذ|depuis|تفوق)(?:\s\S+){0,3}\s?$"
)
_HIRES = re.compile(
    r"recrut|cherch|profil|candidat|\bvous\b|minimum|au moins|exig|requi|bgh|khass|kan9|kat9|kay9|m7taj|hiring|seek|look"
    r"|يبحث|تبحث|نبحث|تطلب|يطلب|مطلوب|محتاج|خاص|توظيف|بغ|كتقلب|كيقلب|كنقلب|عندو|يكون"
)
"""Words by which years after the name of a firm are those of a candidate all the same."""
_EITHER = re.compile(r"debutante?s? (?:ou|a|et) (?:un|1|2|deux) ans?\b")
_MANY = 12  # more years than this are mostly an age or the age of a firm
_LEVEL = re.compile(
    r"\b(?:bac|باك)\s?(?:\+|plus)?\s?\d(?:\s?(?:/|-|à|a|ou|et|et/ou)\s?(?:bac\s?)?\+?\s?\d(?!\d|\s?(?:ans?|mois|a)(?!\w)|\s?[-–à]))*",
    re.I,
)
_OR_MORE = re.compile(r"(?<=\d)\s?\+(?=\s?[^\W\d_])")
_DASH = re.compile(r"(?<=\d)\s?[-–—/]\s?(?=\d)")
_LESS = re.compile(
    rf"(?<!au )\bmoins (?:de|d) {_NUMBER} ans?\b|\bless than {_NUMBER} years?\b"
    r"|اقل من (?:سنه|سنة|سنتين|عامين)"
)
_NONE = re.compile(
    r"sans experience|debutants?(?: acceptes?)?|aucune experience|no experience|entry level|sin experiencia"
    r"|no se requiere experiencia|experience non (?:requise|exigee)|jeunes? diplomes?"
    r"|(?:بدون|بلا|دون|والو) (?:خبره|خبرة|تجربه|تجربة)|bla (?:tajriba|khobra|khbra|experience)"
    r"|ma ?khass(?:ch|ek|kch)? experience|(?:experience|khbra|khobra|tajriba) (?:machi|ma chi) (?:darori|mohim)"
    r"|ma ?3nd\w+ (?:ta |hta |7ta )?(?:khbra|khobra|tajriba|experience)|(?:7na |ana )?(?:ghadi )?(?:n|kan)(?:3l+m|3el+m|kwn|kown)\w{1,4}\b"
    r"|ma ?chi darori ykon kay3ref|baghi yt3el+em|(?:غادي )?(?:كنعلم|نعلم|كنكون|نكون)(?:و|ك|ه|وه|وك|وكم|كم|وهم)+\b"
)
_SINGLE = re.compile(rf"\b({'|'.join(_SINGLES)})\b")  # alone, in the experience field
_SINGLE_NEAR = re.compile(
    rf"(?:خبره|خبرة|الخبره|الخبرة|تجربه|تجربة|tajriba|khbra|khobra|experience)\s(?:[^\W\d]+\s){{0,3}}({'|'.join(_SINGLES)})\b"
    rf"|\b({'|'.join(_SINGLES)})\s(?:[^\W\d]+\s){{0,2}}(?:الخبره|الخبرة|خبره|خبرة|تجربه|تجربة|tajriba|khbra|khobra)\b"
)


def _form(text: str) -> str:
    """A text in which levels of schooling are no numbers and ranges are written with «a»."""
    levelled = _LEVEL.sub(" bac ", text.replace("<", " moins de "))
    return fold(_DASH.sub(" a ", _OR_MORE.sub(" ", levelled)))


def _years(number: str, unit: str) -> float:
    value = float(_WORDS.get(number) or int(number))
    return round(value / 12, 2) if unit in _MONTHS else value


def _about(form: str, match: re.Match[str]) -> bool:
    """Whether the words around a number of years are about experience."""
    if _OF_ELSE.search(form[max(0, match.start() - 40) : match.start()]):
        return False
    after = form[match.end() : match.end() + 40]
    if (firm := _FIRM.search(form[max(0, match.start() - 70) : match.start()])) and not (
        _HIRES.search(firm.group()) or _HIRES.search(after[:25])
    ):
        return False
    months = match.group(3) in _MONTHS
    if after.startswith((" permis", " de permis", " d existence")):
        return False
    reach = 40 if _years(match.group(1), match.group(3)) > _MANY else 60
    around = f"{form[max(0, match.start() - reach) : match.start()]} {after[: reach // 2 + 10]}"
    return bool(_NEAR.search(around) or (_AFTER.match(after) and not months))


def _in_text(form: str, *, near: bool) -> tuple[float, str] | None:
    for match in _RANGE.finditer(form):
        years = _years(match.group(1), match.group(3))
        if years <= 30 and (not near or _about(form, match)):
            return years, match.group()
    if single := (_SINGLE_NEAR if near else _SINGLE).search(form):
        return float(_SINGLES[next(filter(None, single.groups()))]), single.group()
    return None


def experience_of(field: str, title: str, text: str) -> Candidate | None:
    """Least years asked, as a number in `code` ('0', '2', '0.5'); None when the ad names none.

    The experience field scores 0.95; where it is one of a board's classes («de 1 à 3 ans»), a number of years
    near a word for experience in title or text (0.8) stands before it. «Beginners welcome» is zero years (0.7).
    """
    words = _form(f"{title}\n{text}")
    own = _in_text(words, near=True)
    if own and (either := _EITHER.search(words)):
        own = 0.0, either.group()
    form = _form(field)
    if form and (_LESS.search(form) or _NONE.search(form)):
        return Candidate("0", 0.95, form)
    if form and (experience := _in_text(form, near=False)):
        range_of_board = _RANGE.search(form)
        if own and own[0] != experience[0] and range_of_board and range_of_board[2]:
            return Candidate(f"{own[0]:g}", 0.8, own[1])
        return Candidate(f"{experience[0]:g}", 0.95, experience[1])
    if own:
        return Candidate(f"{own[0]:g}", 0.8, own[1])
    if welcome := _NONE.search(fold(f"{title}\n{text}")):
        return Candidate("0", 0.7, welcome.group())
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`experience_of` for a batch of ads, in years."""
    every = [experience_of(ad.raw_experience, ad.title, ad.text) for ad in ads]
    return {
        "experience_years": [float(years.code) if years else None for years in every],
        "experience_score": [years.score if years else None for years in every],
        "experience_evidence": [years.evidence if years else "" for years in every],
    }
