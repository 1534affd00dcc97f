"""Countries: every spelling of CLDR and ISO, addresses, homonyms and foreign cities, and whole ads of
unknown country; what is not known must stay unknown."""

from __future__ import annotations

import random
from itertools import product

from babel import Locale
from babel.core import get_global

from marsad.base.countries import country_code
from marsad.enrich.country import of_ad

from .line import Line

_STATES = {
    "fr": ("République de {}", "{}"),
    "en": ("Republic of {}", "Kingdom of {}", "the {}"),
    "ar": ("جمهورية {}", "دولة {}"),
}
_UNKNOWN = (
    "", "-", "?", "non précisé", "Remote", "Télétravail", "غير محدد", "Worldwide", "Europe", "Maghreb", "EMEA", "Afrique", "N/A",
    "Boston, MA", "Nashville, TN", "Denver, CO 80014", "San Diego, CA", "hay Riad", "avenue de France", "rue de Tunis", "Casablanca",
    "Rabat", "Gerland", "Xanadu", "00", "123", "Zone industrielle", "الشرق الأوسط", "عن بعد", "Home office", "à définir", "MAX", "CDI",
)  # fmt: skip
_FOREIGN = (
    ("Rabat, Malta", "MT"), ("Casablanca, Chile", "CL"), ("Tanger, Kentucky, USA", "US"), ("Fès, Turquie", "TR"), ("Salé, Italie", "IT"),
    ("Tunis", "TN"), ("Sfax (Tunisie)", "TN"), ("Dakar", "SN"), ("Alger", "DZ"), ("Oran, Algérie", "DZ"), ("الرياض", "SA"), ("جدة، السعودية", "SA"),
    ("دبي", "AE"), ("Paris 8e", "FR"), ("Lyon", "FR"), ("Madrid", "ES"), ("Bruxelles", "BE"), ("Abidjan", "CI"), ("Nouakchott", "MR"),
    ("نواكشوط", "MR"), ("القاهرة", "EG"), ("Doha", "QA"), ("Montréal", "CA"), ("Libreville, Gabon", "GA"), ("Istanbul", "TR"), ("London", "GB"),
)  # fmt: skip
_HOME = (
    "Tanger",
    "Fès",
    "وجدة",
    "الدار البيضاء",
    "Kénitra",
    "Béni Mellal",
    "طنجة",
    "Nador",
    "Agadir, Maroc",
    "سطات",
    "Ouarzazate",
    "Casablanca-Settat",
)
_TITLES = ("Comptable", "Soudeur TIG", "محاسب", "Sales manager", "ممرضة", "Chargé d'affaires")


def spellings() -> list[tuple[str, str]]:
    """(spelling, code): names of CLDR in three languages and cases, words of state, codes of ISO."""
    every: list[tuple[str, str]] = []
    codes = sorted(c for c in Locale("en").territories if len(str(c)) == 2 and str(c).isalpha())
    codes = [c for c in codes if c not in {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}]
    for language in ("ar", "fr", "en"):
        names = Locale(language).territories
        for code in codes:
            if name := names.get(code):
                every += [(name, code), (name.upper(), code), (f" {name.lower()} ", code)]
    every += [(case(code), code) for code in codes for case in (str.upper, str.lower)]
    for alias, meant in get_global("territory_aliases").items():
        if len(str(alias)) == 3 and str(alias).isalpha() and len(meant) == 1 and meant[0] in codes:
            every += [(str(alias), meant[0]), (str(alias).lower(), meant[0])]
    return every


def addresses(dice: random.Random) -> list[tuple[str, str]]:
    """(address, code): street, town and country in many layouts."""
    towns = {"MA": "Rabat", "TN": "Tunis", "FR": "Lille", "SN": "Thiès", "ES": "Sevilla"}
    layouts = (
        "{n} rue des Lilas, {t}, {c}",
        "{t} {n}00 {c}",
        "{t} - {c}",
        "{t} ({c})",
        "{n}, bd Central\n{t}\n{c}",
        "{c} / {t}, {c}",
    )
    every = []
    for (code, town), layout, language in product(towns.items(), layouts, ("fr", "en", "ar")):
        country = Locale(language).territories[code]
        every.append((layout.format(n=dice.randint(1, 99), t=town, c=country), code))
    return every


def _line(what: str, bar: str, right: list[bool]) -> Line:
    return Line(what, bar, f"{100 * sum(right) / len(right):.1f} %", len(right))


def measure() -> list[Line]:
    """Shares right by kind."""
    dice = random.Random(7)
    foreign = [
        of_ad(declared, place, title, "") == code
        for (place, code), title, declared in product(_FOREIGN, _TITLES, ("", "MA"))
    ]
    titled = [
        of_ad("", "", f"{title} - {place}", "") == code
        for (place, code), title in product(_FOREIGN, _TITLES)
    ]
    home = [of_ad("", place, title, "") == "MA" for place, title in product(_HOME, _TITLES)]
    unknown = [of_ad("", "", title, "Poste à pourvoir.") == "" for title in _TITLES]
    states = [
        (state.format(Locale(language).territories[code]), code)
        for language, every in _STATES.items()
        for state, code in product(every, ("MA", "TN", "SN", "KE", "IQ"))
    ]
    return [
        _line(
            "countries: names and codes", ">= 99 %", [country_code(w) == c for w, c in spellings()]
        ),
        _line("countries: words of state", ">= 99 %", [country_code(w) == c for w, c in states]),
        _line(
            "countries: addresses", ">= 99 %", [country_code(w) == c for w, c in addresses(dice)]
        ),
        _line(
            "countries: unknown stays unknown", "100 %", [country_code(w) == "" for w in _UNKNOWN]
        ),
        _line("ads: another country in the place field", ">= 99 %", foreign),
        _line("ads: another country in the title", ">= 95 %", titled),
        _line("ads: Moroccan by their place alone", ">= 99 %", home),
        _line("ads that name no place: unknown", "100 %", unknown),
    ]
