"""A read path made of a few rows, for tests of the portal alone: real declarations and official
figures of three indicators, and ads of which one is hostile."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import marsad.collect
from marsad.base import areas, codes
from marsad.base.codes import codelist
from marsad.base.errors import NotFoundError
from marsad.base.fields import CODE, properties, public_name
from marsad.products import declare
from marsad.publish.read.library import Library
from marsad.publish.read.reader import (
    Ad,
    AdDetail,
    AdPage,
    AdQuery,
    Break,
    Card,
    Coded,
    DataQuery,
    DataResult,
    Flag,
    Indicator,
    Pay,
    Release,
    ReviewCase,
    SourceRow,
    Value,
)

FIGURES = Path(marsad.collect.__file__).parent / "sources/hcp_labour_figures/figures.csv.gz"
HOSTILE = (
    '<script>alert(1)</script>" onmouseover="alert(2)\u202egnp.exe<img src=x onerror=alert(3)>'
)
_SEX = {"all": "_T", "male": "M", "female": "F"}
_PLACE = {"total": "_T", "urban": "U", "rural": "R"}
_AGE = {"15+": "_T", "15-24": "Y15T24", "25-34": "Y25T34", "35-44": "Y35T44", "45+": "Y_GE45"}
_SURVEY = {"ILO-modelled": "ILO_MODELLED"}
_STATUS = {"conflict": "V"}
TEXT = {"ar": "نص للتجربة", "fr": "texte d'essai", "en": "trial text"}


KNOWN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def _area(row: dict[str, str]) -> str:
    digits = row["geo_code"].removeprefix("MA").strip("-.")
    return areas.from_hcp(digits) if digits else "MA"


def _value(row: dict[str, str]) -> Value | None:
    area = _area(row)
    if row["vintage"] == "first_release" or row["diploma"] != "all" or row["age"] not in _AGE:
        return None
    if area not in areas.areas():
        return None
    survey = _SURVEY.get(row["survey"], row["survey"])
    bounds = {"lower": None, "upper": None}
    return Value(
        indicator=row["indicator"], freq=row["freq"], period=row["period"], area=area,
        survey=survey, sex=_SEX[row["sex"]], age=_AGE[row["age"]],
        urbanisation=_PLACE[row["milieu"]], education="_T", occupation="_T", category="_T",
        adjustment="N", conf_status="F", valid_from=KNOWN, valid_to=None, vintage="current", value=float(row["value"]), unit="PT",
        obs_status=_STATUS.get(row["verification"], "A"), **bounds,
        reliability="U", verification="two_sources" if int(row["n_sources"] or 1) > 1 else "one_source", n=None, source=row["source"],
        source_date=row["source_date"], note=row["note"], synthetic=False,
    )  # fmt: skip


@cache
def values() -> tuple[Value, ...]:
    wanted = {"unemployment_rate", "activity_rate", "employment_rate"}
    with gzip.open(FIGURES, "rt", encoding="utf-8") as file:
        rows = (_value(row) for row in csv.DictReader(file) if row["indicator"] in wanted)
        return tuple(row for row in rows if row)


def _ads_values() -> tuple[Value, ...]:
    """Synthetic counts of ads per month, with an interval and a withheld cell."""
    return tuple(
        Value("new_ads", "M", f"2026-{month:02d}", "MA", "ADS_SYNTHETIC", "_T", "_T", "_T", "_T",
              code, "_T", "N", "current", None if month == 3 and code == "9" else 90.0 + 7 * month,
              "NB", "Q" if month == 3 and code == "9" else "A", "F", 80.0 + 7 * month, 100.0 + 7 * month,
              "", "", 90, "Marsad", "2026-11-01", "", True, KNOWN, None)
        for month in range(1, 10)
        for code in ("_T", "2", "5", "9")
    )  # fmt: skip


SKILLS = {
    "s-0": {"ar": "تلحيم بالقوس", "fr": "soudage à l'arc", "en": "arc welding"},
    "s-1": {"ar": "قراءة التصاميم", "fr": "lecture de plans", "en": "reading plans"},
}


def _codes(number: int, hostile: bool) -> dict[str, Coded | None]:
    """The codes of an ad; ad 1 has one for every property that fields declare."""
    declared = {public_name(name): p for name, p in properties().items() if p.type == CODE}
    codes: dict[str, Coded | None] = dict.fromkeys(declared)
    codes |= {
        "language": Coded("ar", 0.93, ""),
        "occupation": Coded("7212", 0.81, HOSTILE if hostile else "soudeur"),
        "region": Coded("MA-06", 1.0, "Casablanca"),
        "province": Coded("MA-06-141", 1.0, "Casablanca"),
        "contract": Coded("permanent", 0.9, "CDI"),
    }
    if number == 1:
        codes |= {
            "working_time": Coded("shifts", 0.8, "équipes"),
            "remote": Coded("on_site", 0.9, "atelier"),
            "isic": Coded("C", 0.75, "Atelier"),
            "isced_level": Coded("3", 0.8, "bac pro"),
            "work_kind": Coded("employee", 0.7, "contrat"),
        }
        for name, p in declared.items():
            if codes[name] is None and p.codelist not in ("area", "diploma"):
                codes[name] = Coded(next(iter(codelist(p.codelist))), 0.8, "atelier")
    return codes


def _terms(number: int, hostile: bool) -> dict[str, Any]:
    """What ad 1 says of its terms, with every flag; the hostile ad one flag; the others nothing."""
    if hostile:
        return {"flags": (Flag("fee_asked", HOSTILE),), "usual_skills": ("s-0",)}
    if number != 1:
        return {}
    return {
        "positions": 4,
        "pay": Pay(90.0, 110.5, "MAD", "day", "net", 2340.0, 2873.0, 0.9, "90 a 110,50 dh"),
        "flags": (
            Flag("gender_condition", "homme uniquement"), Flag("age_condition", "moin de 30 ans"),
            Flag("below_minimum_wage", "110,50 dh (2873 < 3183 MAD)"),
            Flag("likely_fake", "frai de dossier + no employer"),
            Flag("stale", "2026-10-01 < 2026-11-22"), Flag("not_yet_known", "mot"),
        ),
        "usual_skills": ("s-0", "s-1", "a-code-without-a-label"),
    }  # fmt: skip


def ad(number: int, hostile: bool = False) -> AdDetail:
    words = HOSTILE if hostile else "مطلوب لحام محترف بالدار البيضاء. Soudeur qualifié, CDI, 3 ans."
    title = HOSTILE if hostile else ("Soudeur TIG" if number % 2 else "لحام محترف")
    if number == 1:
        words += " Homme uniquement, moins de 30 ans. Frais de dossier : 250 dh."
    return AdDetail(
        key=f"ad-{number}", title=title, company=HOSTILE if hostile else "Atelier Atlas",
        place_text=HOSTILE if hostile else "Casablanca", text=words + "\n" + words * 3,
        board=HOSTILE if hostile else "essai", posted_on=dt.date(2026, 11, 1 + number % 20),
        url="javascript:alert(4)" if hostile else "https://example.org/ad",
        deadline_on=None, last_seen_on=dt.date(2026, 11, 22), state="open", esco="",
        codes=_codes(number, hostile), experience_years=Coded("3", 0.9, "3 ans"), skills=(Coded("soudage TIG", 0.7, "TIG"),),
        copies=1 + number % 3, synthetic=number % 4 != 0,
        **_terms(number, hostile),
    )  # fmt: skip


ADS = (ad(0, hostile=True), *(ad(n) for n in range(1, 46)))


class FakeReader:
    """Answers like `marsad.publish.read.reader.Reader`, from memory."""

    library = Library()

    def release(self) -> Release:
        when = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
        real = sum(not ad.synthetic for ad in ADS)
        return Release("2026-11-23.1", when, when.date(), len(values()), real, len(ADS) - real)

    def indicators(self) -> tuple[Indicator, ...]:
        return declare.indicators()

    def indicator(self, identifier: str) -> Indicator:
        return declare.indicator(identifier)

    def data(self, query: DataQuery) -> DataResult:
        self.indicator(query.indicator)
        known = areas.areas()

        def below(code: str) -> bool:
            here = known.get(code)
            while here and here.code != query.parent:
                here = known.get(here.parent) if here.parent else None
            return here is not None

        rows = [
            row
            for row in (*values(), *_ads_values())
            if row.indicator == query.indicator
            and all(getattr(row, d) in wanted for d, wanted in query.filters.items())
            and (not query.level or known[row.area].level == query.level)
            and (not query.parent or below(row.area))
        ]
        rows.sort(key=lambda row: (row.area, row.survey, row.sex, row.period))
        return DataResult(query, tuple(rows[: query.limit]), len(rows))

    def codes(self, indicator: str, dimension: str) -> tuple[str, ...]:
        rows = self.data(DataQuery(indicator)).rows
        occurring = {str(getattr(row, dimension)) for row in rows}
        if dimension == "area":
            return tuple(code for code in areas.areas() if code in occurring)
        name = declare.CODELISTS.get(dimension, "")
        listed = (
            [c for c in codes.codelist(name) if c in occurring] if name in codes.names() else []
        )
        return (*listed, *sorted(occurring - set(listed)))

    def choices(self, indicator: str, chosen: Mapping[str, str]) -> dict[str, frozenset[str]]:
        rows = [row for row in self.data(DataQuery(indicator)).rows if row.value is not None]
        return {
            name: frozenset(
                str(getattr(row, name))
                for row in rows
                if all(str(getattr(row, d)) == c for d, c in chosen.items() if d != name)
            )
            for name in chosen
        }

    def label(self, dimension: str, code: str, language: str, indicator: str = "") -> str:
        if dimension == "area":
            return areas.areas()[code].label(language) if code in areas.areas() else code
        if dimension == "skill" and code in SKILLS:
            return SKILLS[code][language]
        name = declare.CODELISTS.get(dimension, dimension)
        return codes.label(name, code, language) if name in codes.names() else code

    def breaks(self, indicator: str, survey: str) -> tuple[Break, ...]:
        reason = {"ar": "عينة جديدة", "fr": "Nouvel échantillon", "en": "New sample"}
        return (Break("ENE", "2017", "*", reason, "HCP"),) if survey == "ENE" else ()

    def search_ads(self, query: AdQuery) -> AdPage:
        def fits(ad: Ad) -> bool:
            words = f"{ad.title} {ad.text} {ad.company}".lower()
            realm = "synthetic" if ad.synthetic else "real"
            return query.text.lower() in words and query.realm in ("", realm)

        matching = [a for a in ADS if fits(a)]
        first = (query.page - 1) * query.size
        facets: Mapping[str, Mapping[str, int]] = {
            "region": {"MA-06": len(matching)}, "major": {"7": len(matching)},
            "language": {"ar": len(matching)}, "contract": {"permanent": len(matching)},
            "realm": {"synthetic": sum(a.synthetic for a in matching)},
        }  # fmt: skip
        return AdPage(query, tuple(matching[first : first + query.size]), len(matching), facets)

    def ad(self, key: str) -> AdDetail:
        for ad in ADS:
            if ad.key == key:
                return ad
        raise NotFoundError(f"There is no ad {key!r}.")

    def data_many(self, queries: Sequence[DataQuery]) -> list[DataResult]:
        return [self.data(query) for query in queries]

    def sources(self) -> tuple[SourceRow, ...]:
        return tuple(
            SourceRow(f"source_{kind}", TEXT, kind, "HCP", "https://www.hcp.ma", "CC BY 4.0", TEXT,
                      TEXT, TEXT, TEXT, 90, {}, "monthly", kind == "ads", 1200,
                      dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "ok", "")
            for kind in ("observations", "ads", "courses")
        )  # fmt: skip

    def review(self, scheme: str = "", limit: int = 100) -> tuple[ReviewCase, ...]:
        cases = (
            ReviewCase("isco08", "ad-0", 1, "uncertain", "7212", 0.51, 9, 4.1, HOSTILE, "", "essai",
                       "ad-0", False),
            ReviewCase("isco08", "ad-1", 2, "abstained", "", 0.0, 3, 2.6, "لحام محترف", "", "essai",
                       "ad-1", True),
            ReviewCase("dedup", "ad-1 ad-2", 1, "borderline", "probable", 0.76, 4, 2.9, "Soudeur",
                       HOSTILE, "essai", "ad-1", True),
        )  # fmt: skip
        return tuple(c for c in cases if scheme in ("", c.scheme) and c.rank <= limit)

    def cards(self) -> tuple[Card, ...]:
        return tuple(
            Card("isco08", TEXT, lang, "gold.csv", 120, 0.84, 0.7, *measured)
            for lang, measured in (("ar", (0.77, 0.892, 0.034)), ("fr", ()))
        )

    def example(self, indicator: str) -> Mapping[str, object]:
        row = {"period": "2025", "area": "MA", "value": 13.0}
        return {"input": {"core_observations": [row]}, "expected": [row]}
