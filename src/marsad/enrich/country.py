"""Country of an ad, from what its source says and what its words name; '' stays unknown.

A country or foreign city named in the place decides before what the source says («Rabat, Malta»);
an ad of unknown country is Moroccan only by evidence: a place of Morocco in its place field or title,
or stated as the place of work, with no other country beside it. «EH» beside a place of Morocco (Dakhla,
Laâyoune) is Morocco, whose regions MA-11 and MA-12 HCP codes there.
"""

from __future__ import annotations

from marsad.base.areas import COUNTRY as HOME
from marsad.base.countries import countries_in, country_code, country_in
from marsad.enrich import place

_SURE = 0.8  # from this score a place is evidence: a field, a title, a stated place of work
_READ = 1_500  # letters of a text in which a country is looked for


def of_ad(country: str, place_text: str, title: str, text: str) -> str:
    """The ISO code of an ad's country: named in its place field, else as declared, else named in
    its title or stated in its text; '' when nothing says so."""
    declared = country_code(country)
    if declared == "EH" and place.of_ad(place_text, "", "").region:
        declared = HOME
    named = country_in(place_text)
    if named == HOME or (named and declared in ("", HOME)):
        return named
    if declared and (declared != HOME or place_text):
        return declared
    titled = countries_in(title, running=True)
    if len(titled) == 1 and not (declared and place.of_ad("", title, "").region):
        return titled[0]
    return declared or _by_evidence(place_text, title, text)


def _by_evidence(place_text: str, title: str, text: str) -> str:
    """The country of an ad of which nothing declares one."""
    at = place.of_ad(place_text, title, text).region
    others = [c for c in countries_in(text[:_READ], running=True) if c != HOME]
    if at and at.score >= _SURE and (place_text or not others):
        return HOME
    if at is None and len(others) == 1:
        return others[0]
    return HOME if at and not others and country_in(text[:_READ], running=True) == HOME else ""
