"""What a person said of themselves on a page of matching: read from a form or an address, never kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from marsad.base.areas import at_level, region_of
from marsad.base.distances import located
from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.refusals import refused
from marsad.publish.read.matching import (
    AGAINST,
    REASONS,
    WIDENED,
    MedianPay,
    Person,
    RankedAd,
    Wishes,
)
from marsad.publish.read.persons import MOST_TEXT, known_codes, place_of
from marsad.web.demand import ads_named, pay
from marsad.web.localisation import Locale, Site
from marsad.web.request import PageRequest
from marsad.web.sentences import counted

MOST_CODES, MOST_WORDS = 60, 160
_FIELDS = ("area", "contract", "level", "occupation", "skills", "within_km", "years")
KM = (20, 50, 100, 200)
CLOSE, PARTLY = 0.7, 0.4
_KINDS = {
    "skills_shared": "skill", "skills_missing": "skill", "same_area": "area", "same_region": "area",
    "other_area": "area",
}  # fmt: skip
Options = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class PersonForm:
    """What a form says: codes and words of skills, occupation and area, each of which exists; `coded`
    are words that were read as skills, for they may speak for a trade too; `denied` are words left out, for
    they deny something."""

    codes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    occupation: str = ""
    area: str = ""
    contract: str = ""
    level: str = ""
    years: float | None = None
    within_km: int | None = None
    coded: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.within_km if self.area else None, self.contract, self.years)

    @property
    def person(self) -> Person:
        return Person(self.codes, self.phrases, self.occupation, self.area)

    @property
    def empty(self) -> bool:
        return not (self.codes or self.phrases or self.occupation)


def read_person_form(request: PageRequest) -> PersonForm:
    """What was sent, or what the address says. InputError for a field of the address, a skill, an
    occupation, a place or a contract that nobody knows."""
    if unknown := sorted({*request.query} - {*_FIELDS}):
        known = ", ".join(_FIELDS)
        raise InputError(refused("no_parameter", name=", ".join(unknown), known=known))
    if request.sent:
        codes, words = request.form.get("skill", ()), request.form.get("words", ())
        read: Callable[[str], str] = request.form_value
    else:
        codes, words = tuple(request.query.get("skills", "")[:MOST_TEXT].split(",")), ()
        read = request.get
    codes = tuple(dict.fromkeys(filter(None, (code.strip() for code in codes))))[:MOST_CODES]
    holds = request.reader.careers.holds
    if code := next((code for code in codes if not holds(code)), ""):
        raise InputError(refused("no_skill_named", code=code[:80]))
    return PersonForm(
        codes,
        _pieces(words),
        _known(read("occupation"), "occupation", "isco08"),
        located(place_of(read("area"))),
        _known(read("contract"), "contract", "contract"),
        _known(read("level"), "level", "diploma"),
        _number(read("years"), 50),
        int(km) if (km := _number(read("within_km"), 3_000)) is not None else None,
        _pieces(request.form.get("coded", ())),
        _pieces(request.form.get("denied", ())),
    )  # fmt: skip


def _pieces(words: Iterable[str]) -> tuple[str, ...]:
    each = (" ".join(piece.split())[:MOST_WORDS] for piece in words if piece.strip())
    return tuple(dict.fromkeys(each))[:MOST_CODES]


def _known(code: str, name: str, list_name: str) -> str:
    known_codes((code,), name, list_name)
    return code


def _number(text: str, most: float) -> float | None:
    """A number from 0 to `most`, None for no text. InputError for anything else."""
    if not text:
        return None
    number = parse_number(text)
    if not 0 <= number <= most:
        raise InputError(refused("no_number", text=text[:20], most=f"{most:g}"))
    return number


def contracts(locale: Locale) -> Options:
    """Kinds of contract for a choice: those that open ads name."""
    held = locale.reader.careers.contracts
    return [("", [(code, locale.label("contract", code)) for code in held])]


def distances(locale: Locale) -> Options:
    """Distances for a choice."""
    return [
        ("", [(str(km), locale._("%(km)s km") % {"km": locale.format.number(km)}) for km in KM])
    ]


def widened(locale: Locale, codes: Iterable[str]) -> list[str]:
    """What was given up to find openings, in words."""
    return [locale.text(WIDENED[code]) for code in codes]


def places(locale: Locale) -> Options:
    """Regions, and provinces under their region, for a choice."""
    regions = [(a.code, a.label(locale.language)) for a in at_level("region")]
    groups: Options = [(locale._("Regions"), regions)]
    for code, name in regions:
        below = [a for a in at_level("province") if region_of(a.code) == code]
        groups.append((name, [(a.code, a.label(locale.language)) for a in below]))
    return groups


def named(locale: Locale, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Skills with their names."""
    return [(code, locale.label("skill", code)) for code in codes]


def source(locale: Locale) -> str:
    """The name of the ads that answers are made of."""
    return ads_named(locale, locale.reader.careers.synthetic)


def paid(locale: Locale, median_pay: MedianPay, group: str) -> dict[str, object]:
    """Pay offered as a figure with how many ads say it and of which group; `figure` is None where
    they are too few."""
    return {
        "figure": pay(locale, median_pay, source(locale)),
        "n": locale.ngettext(
            "%(count)s ad says its pay", "%(count)s ads say their pay", median_pay.n
        ),
        "group": locale.label("occupation", group) if group else "",
        "wider": len(group) < 4,
    }


def years_text(locale: Locale, years: float | None) -> str:
    """Years of experience in words; empty where none are said."""
    if years is None:
        return ""
    whole = max(0, round(years))
    return locale.ngettext("%(count)s year of experience", "%(count)s years of experience", whole)


def opening(site: Site, ranked: RankedAd) -> dict[str, object]:
    """One opening as pages show it: its score in words and as a figure, and why."""
    score = ranked.match.score
    word = (
        site._("close") if score >= CLOSE
        else site._("in part") if score >= PARTLY else site._("far")
    )  # fmt: skip
    reasons: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for reason in ranked.match.reasons:
        kind = _KINDS.get(reason.code, "occupation")
        names = [site.label(kind, code) for code in reason.codes]
        reason_text = (site.text(REASONS[reason.code]), site._(", ").join(names))
        reasons[reason.code in AGAINST].append(reason_text)
    ad = ranked.ad
    place = ad["province"] or ad["region"]
    return {
        "title": ad["title"],
        "link": site.link(f"/ads/{ad['ad_key']}"),
        "company": ad["company"],
        "place": site.label("area", place) if place else "",
        "km": site._("about %(km)s km") % {"km": site.format.number(ranked.km)} if ranked.km else "",
        "contract": site.label("contract", ad["contract"]) if ad["contract"] else "",
        "years": years_text(site, ad["experience_years"]),
        "other_trade": "trade" in ranked.beyond,
        "posted": ad["posted_on"],
        "synthetic": ad["synthetic"],
        "score": {
            **counted(site, 0, source(site)), "value": f"{100 * score:.0f}", "unit": "PT",
            "text": site.format.share(score),
        },
        "word": word,
        "for": reasons[False],
        "against": reasons[True],
    }  # fmt: skip
