"""Measuring the fields of an ad on what readers wrote down: `training/readings` (its README).

Real ads by two readers apart (the values on which they agree; texts only in DIR) and invented posts in Darija and
mixed languages. Figures are of the test part. Of each field two shares are told: right of the values given, and
found of the values said; an ad that says nothing and of which nothing is given counts for neither.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marsad.base.records import JobAd, Row
from marsad.base.text import clean
from marsad.enrich import batch, language
from marsad.enrich.fields import AdWords, code
from marsad.training.measure.figures import Measured, share_figure
from marsad.training.measure.gold import real_ads

FOLDER = Path(__file__).parents[1] / "readings"
_DIPLOMAS = {
    "bac+2": "bac2", "bac+3": "bac3", "bac+4": "bac3", "bac+5": "bac5", "specialised_technician": "bac2",
    "technician": "vocational", "qualification": "vocational", "lower_secondary": "below_bac", "primary": "below_bac",
}  # fmt: skip
_CONTRACTS = {"cdi": "permanent", "cdd": "fixed_term", "civil_servant": "public"}
_CONDITIONS = {
    "gender_condition": "sex", "age_condition": "age", "appearance_condition": "looks",
    "disability_condition": "health", "origin_condition": "origin", "marital_condition": "family",
}  # fmt: skip
_SAME = {"religion": "origin", "nationality": "origin"}


def is_test(identifier: str) -> bool:
    """Whether a reading is of the test part: by the parity of its hash, so that it never changes."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 2 == 0


def _kinds(reading: Mapping[str, Any]) -> frozenset[str]:
    every = (c["kind"] if isinstance(c, dict) else c for c in reading["conditions"])
    return frozenset(_SAME.get(kind, kind) for kind in every)


def _read(reading: Mapping[str, Any], title: bool) -> dict[str, object]:
    """What a reader wrote down, in the codes of the fields; None where nothing is said."""
    diploma, contract = reading["diploma"], reading["contract"]
    said: dict[str, object] = {
        "diploma": _DIPLOMAS.get(diploma, diploma) or None,
        "experience": reading["experience_years"],
        "salary": reading["pay_max"] if reading["pay_max"] is not None else reading["pay_min"],
        "contract": _CONTRACTS.get(contract, contract) or None,
    }
    return {**said, "language": reading["title_language"]} if title else said


def _given(ad: AdWords) -> dict[str, object]:
    """What the fields say of an ad, in the same form."""
    of = ad.columns
    return {
        "diploma": of["diploma"] or None,
        "experience": of["experience_years"],
        "salary": of["salary_max"] if of["salary_max"] is not None else of["salary_min"],
        "contract": of["contract"] or None,
        "language": language.of_ad(ad.title, "")[0].code,
    }


def _coded(rows: list[Row]) -> list[AdWords]:
    fresh = [{**row, "cleaned_by": batch.version()} for row in rows]
    ads = [batch.words_of_ad(row) for row in batch.without_personal_data(fresh, batch.AD_WORDS)]
    code(ads, days=False)
    code(ads, days=True)
    return ads


def _row(**said: object) -> Row:
    return {**dict.fromkeys(batch.AD_WORDS, ""), "country": "MA", "positions": None, **said}


def _ads(
    root: Path,
) -> Iterator[tuple[str, AdWords, dict[str, object], frozenset[str], frozenset[str]]]:
    """(language, ad, values that both readers wrote down, conditions of both, conditions of either)."""
    held = real_ads(root)
    lines = (FOLDER / "ads.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [
        (row, held[key])
        for row in map(json.loads, lines)
        if is_test("|".join(row["ad"]))
        and (key := (row["ad"][0], row["ad"][1], row["ad"][2])) in held
    ]
    ads = _coded([_of_ad(ad) for _, ad in chosen])
    for (row, _), ad in zip(chosen, ads):
        a, b = (_read(row[reader], title=True) for reader in "ab")
        agreed = {name: value for name, value in a.items() if b[name] == value}
        kinds = _kinds(row["a"]), _kinds(row["b"])
        yield ad.code("language")[:2], ad, agreed, kinds[0] & kinds[1], kinds[0] | kinds[1]


def _of_ad(ad: JobAd) -> Row:
    return {name: getattr(ad, name) for name in (*batch.AD_WORDS, "country", "positions")}


def _posts() -> Iterator[tuple[str, AdWords, dict[str, object], frozenset[str], frozenset[str]]]:
    """The same of the invented posts."""
    rows = [
        row
        for name in ("latin", "arabic")
        for row in map(
            json.loads, (FOLDER / f"posts_{name}.jsonl").read_text(encoding="utf-8").splitlines()
        )
        if is_test(row["id"])
    ]
    ads = _coded(
        [
            _row(raw_title=clean(row["text"]).split("\n")[0][:80], raw_text=row["text"])
            for row in rows
        ]
    )
    for row, ad in zip(rows, ads):
        yield "ary", ad, _read(row, title=False), _kinds(row), _kinds(row)


def on_readings(root: Path) -> Iterator[Measured]:
    """Right of those given and found of those said, by field and language."""
    for data, cases in (("real ads", list(_ads(root))), ("invented posts", list(_posts()))):
        given, said, right = Counter[Key](), Counter[Key](), Counter[Key]()
        flagged, meant, met, missed = (Counter[str]() for _ in range(4))
        for spoken, ad, values, both, either in cases:
            answer = _given(ad)
            for name, value in values.items():
                key = name, spoken
                given[key] += answer[name] is not None
                said[key] += value is not None
                right[key] += value is not None and answer[name] == value
            kinds = {_CONDITIONS[f] for f in str(ad.columns["flags"]).split() if f in _CONDITIONS}
            flagged[spoken] += len(kinds)
            met[spoken] += len(kinds & either)
            meant[spoken] += len(both)
            missed[spoken] += len(both - kinds)
        for (name, spoken), n in sorted(said.items()):
            if n >= _LEAST:
                yield (
                    name,
                    share_figure(
                        spoken,
                        f"readings: {data}, right of those given",
                        right[name, spoken],
                        given[name, spoken],
                    ),
                )
                yield (
                    name,
                    share_figure(
                        spoken, f"readings: {data}, found of those said", right[name, spoken], n
                    ),
                )
        for spoken, n in sorted(meant.items()):
            if n >= _LEAST:
                yield (
                    "flags",
                    share_figure(
                        spoken,
                        f"readings: {data}, conditions, right of those given",
                        met[spoken],
                        flagged[spoken],
                    ),
                )
                yield (
                    "flags",
                    share_figure(
                        spoken,
                        f"readings: {data}, conditions, found of those said",
                        n - missed[spoken],
                        n,
                    ),
                )


Key = tuple[str, str]
_LEAST = 10  # below this a language has no figure
