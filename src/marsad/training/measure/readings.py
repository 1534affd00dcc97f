"""Measuring the fields of an ad on what readers wrote down: `training/readings` (its README).

Real ads by two readers apart (the values on which they agree; texts only in DIR) and invented posts in Darija and
mixed languages. Figures are of the test part. Of each field two shares are told: right of the values given, and
found of the values said; an ad that says nothing and of which nothing is given counts for neither.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
Key = tuple[str, str]
_LEAST = 10  # below this a language has no figure
_SAME = {"religion": "origin", "nationality": "origin"}


class Read(NamedTuple):
    """An ad with what readers wrote down: its language, its fields as coded, the values agreed on, and the
    conditions of both readers and of either."""

    language: str
    ad: AdWords
    values: dict[str, object]
    both: frozenset[str]
    either: frozenset[str]


def is_test(identifier: str) -> bool:
    """Whether a reading is of the test part: by the parity of its hash, so that it never changes."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 2 == 0


def _kinds(reading: Mapping[str, Any]) -> frozenset[str]:
    every = (c["kind"] if isinstance(c, dict) else c for c in reading["conditions"])
    return frozenset(_SAME.get(kind, kind) for kind in every)


def _read(reading: Mapping[str, Any], title: bool) -> dict[str, object]:
    """What a reader wrote down, in the codes of the fields; None where nothing is said."""
    diploma, contract = reading["diploma"], reading["contract"]
    values: dict[str, object] = {
        "diploma": _DIPLOMAS.get(diploma, diploma) or None,
        "experience": reading["experience_years"],
        "salary": reading["pay_max"] if reading["pay_max"] is not None else reading["pay_min"],
        "contract": _CONTRACTS.get(contract, contract) or None,
    }
    return {**values, "language": reading["title_language"]} if title else values


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


def _row(title: str, text: str) -> Row:
    empty = dict.fromkeys(batch.AD_WORDS, "")
    return {**empty, "raw_title": title, "raw_text": text, "country": "MA", "positions": None}


def _ads(root: Path) -> Iterator[Read]:
    """The real ads of the test part."""
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
        yield Read(ad.code("language")[:2], ad, agreed, kinds[0] & kinds[1], kinds[0] | kinds[1])


def _of_ad(ad: JobAd) -> Row:
    return {name: getattr(ad, name) for name in (*batch.AD_WORDS, "country", "positions")}


def _posts() -> Iterator[Read]:
    """The invented posts of the test part."""
    rows = [
        row
        for name in ("latin", "arabic")
        for row in map(
            json.loads, (FOLDER / f"posts_{name}.jsonl").read_text(encoding="utf-8").splitlines()
        )
        if is_test(row["id"])
    ]
    ads = _coded([_row(clean(row["text"]).split("\n")[0][:80], row["text"]) for row in rows])
    for row, ad in zip(rows, ads):
        yield Read("ary", ad, _read(row, title=False), _kinds(row), _kinds(row))


def on_readings(root: Path) -> Iterator[Measured]:
    """Right of those given and found of those named, by field and language."""
    for data, cases in (("real ads", list(_ads(root))), ("invented posts", list(_posts()))):
        yield from _values(data, cases)
        yield from _conditions(data, cases)


def _shares(
    name: str, spoken: str, data: str, right: tuple[int, int], given: int, named: int
) -> Iterator[Measured]:
    """Both shares of a field in a language: right of those given (the first of `right`), right of those named."""
    if named >= _LEAST:
        yield name, share_figure(spoken, f"readings: {data}, right of those given", right[0], given)
        yield name, share_figure(spoken, f"readings: {data}, found of those said", right[1], named)


def _values(data: str, cases: Sequence[Read]) -> Iterator[Measured]:
    given, named, right = Counter[Key](), Counter[Key](), Counter[Key]()
    for case in cases:
        answer = _given(case.ad)
        for name, value in case.values.items():
            key = name, case.language
            given[key] += answer[name] is not None
            named[key] += value is not None
            right[key] += value is not None and answer[name] == value
    for (name, spoken), n in sorted(named.items()):
        met = right[name, spoken]
        yield from _shares(name, spoken, data, (met, met), given[name, spoken], n)


def _conditions(data: str, cases: Sequence[Read]) -> Iterator[Measured]:
    flagged, meant, met, missed = (Counter[str]() for _ in range(4))
    for case in cases:
        flags = str(case.ad.columns["flags"]).split()
        kinds = {_CONDITIONS[flag] for flag in flags if flag in _CONDITIONS}
        flagged[case.language] += len(kinds)
        met[case.language] += len(kinds & case.either)
        meant[case.language] += len(case.both)
        missed[case.language] += len(case.both - kinds)
    for spoken, n in sorted(meant.items()):
        right = met[spoken], n - missed[spoken]
        yield from _shares("flags", spoken, f"{data}, conditions", right, flagged[spoken], n)
