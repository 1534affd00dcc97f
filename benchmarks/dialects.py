"""Dialects of job ads: what is read of files of boards and employers, against what they give.

    PYTHONPATH=src .venv/bin/python benchmarks/dialects.py [FILE ...]

Without files: those of `../shared` that `dialects.tsv` names, each with the ads and fields that a person
counted in it (country: the codes, in order); with files: what is read of each. The last lines sum up.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from marsad.base.errors import MarsadError
from marsad.base.records import JobAd
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector, source

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2] / "shared"
TODAY = dt.date(2026, 11, 30)
FIELDS = {
    "title": "raw_title", "text": "raw_text", "company": "raw_company", "place": "raw_place",
    "posted": "posted_on", "deadline": "deadline_on", "contract": "raw_contract",
    "salary": "raw_salary", "experience": "raw_experience", "diploma": "raw_diploma",
    "sector": "raw_sector", "positions": "positions", "url": "url",
}  # fmt: skip
_TIME = re.compile(r"\btemps\b|\btime\b|partiel|heures|hours|الدوام", re.I)


def read(path: Path) -> tuple[str, list[JobAd], Context | None]:
    """(the source of a file or why it is refused, its ads, what the reader met)."""
    try:
        data = path.read_bytes()
        spec = detect("ads", path, data)
        context = Context(spec, (Payload(path.name, data),), today=TODAY)
        ads = [ad for ad in collector(spec)(context) if isinstance(ad, JobAd)]
    except MarsadError as error:
        return f"refused: {error}"[:60], [], None
    return spec.id, ads, context


def counts(ads: list[JobAd]) -> Counter[str]:
    """How many ads have each field."""
    filled = Counter(
        {name: sum(bool(getattr(ad, of)) for ad in ads) for name, of in FIELDS.items()}
    )
    filled["time"] = sum(bool(_TIME.search(ad.raw_contract)) for ad in ads)
    return filled


def _unread(context: Context | None) -> str:
    rules = [issue.rule for issue in context.issues] if context else []
    return str(sum(rule.startswith("field ") and rule.endswith("is not read") for rule in rules))


def _truths() -> list[dict[str, str]]:
    with HERE.with_suffix(".tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def truth() -> None:
    """The files of `../shared`, against what a person counted."""
    table = Table(
        "file",
        "source",
        "ads",
        "of",
        "set aside",
        "fields",
        "of",
        "right country",
        "unnamed fields",
    )
    sums: Counter[str] = Counter()
    for row in _truths():
        path = SHARED / row["file"]
        source, ads, context = read(path)
        given = {name: int(row[name] or 0) for name in [*FIELDS, "time"]}
        filled = counts(ads)
        right = sum(min(filled[name], n) for name, n in given.items())
        codes = row["codes"].split()
        countries = sum(ad.country == code for ad, code in zip(ads, codes))
        sums.update(ads=len(ads), of=int(row["ads"]), right=right, given=sum(given.values()),
                    countries=countries, codes=len(codes), moroccan=sum(ad.country == "MA" for ad in ads),
                    invented=len(ads) if not codes else 0)  # fmt: skip
        table.add_row(path.name, source, str(len(ads)), row["ads"], str(context.rejected if context else "-"),
                      str(right), str(sum(given.values())), f"{countries} of {len(codes)}", _unread(context))  # fmt: skip
        lacking = [f"{name} {filled[name]} of {n}" for name, n in given.items() if filled[name] < n]
        if lacking:
            table.add_row("", f"lacking: {', '.join(lacking)}")
    console = Console(width=160)
    console.print(table)
    console.print(
        f"ads {sums['ads']} of {sums['of']}; fields {sums['right']} of {sums['given']}; "
        f"right country {sums['countries']} of {sums['codes']}; Moroccan {sums['moroccan']}; "
        f"ads where there is none {sums['invented']}"
    )


_EXAMPLES = "data/html/schemaorg_17.0_examples.txt"
_OF_KIND = {
    "ads": ("jobposting_pages", r'["/ ](?:schema:)?JobPosting["\s]'),
    "courses": ("course_pages", r'["/ ](?:schema:)?(?:Course|EducationalOccupationalProgram)["\s]'),
}
_SYNTAX = r"(?ms)^{}:\s*\n(.*?)(?=^(?:PRE-MARKUP|MICRODATA|RDFA|JSON):|\Z)"


def schema_org() -> None:
    """The examples of schema.org, each syntax a page: how many give records, or are set aside by rule."""
    text = (SHARED / _EXAMPLES).read_text(encoding="utf-8")
    for kind, (identifier, pattern) in _OF_KIND.items():
        sums: Counter[str] = Counter()
        for example in re.split(r"(?m)^TYPES:", text)[1:]:
            for syntax in ("MICRODATA", "RDFA", "JSON"):
                match = re.search(_SYNTAX.format(syntax), example)
                if match is None or not re.search(pattern, match[1]):
                    continue
                context = Context(
                    source(identifier), (Payload(f"{syntax}.html", match[1].encode()),), TODAY
                )
                records = list(collector(context.spec)(context))
                filled = sum(bool(getattr(r, n)) for r in records for n in r.__struct_fields__)
                sums.update(
                    pages=1,
                    read=bool(records),
                    records=len(records),
                    fields=filled,
                    aside=context.rejected,
                )
        print(f"schema.org, {kind}: {dict(sums)}")


def files(paths: list[Path]) -> None:
    """What is read of files given."""
    table = Table(
        "file", "source", "ads", "set aside", *FIELDS, "time", "country", "unnamed fields"
    )
    for path in paths:
        source, ads, context = read(path)
        filled = counts(ads)
        codes = " ".join(
            f"{n} {code or '?'}" for code, n in Counter(ad.country for ad in ads).items()
        )
        cells = [str(filled[name] or "") for name in [*FIELDS, "time"]]
        aside = str(context.rejected) if context else "-"
        table.add_row(path.name, source, str(len(ads)), aside, *cells, codes, _unread(context))
    Console(width=200).print(table)


if __name__ == "__main__":
    if sys.argv[1:]:
        files([Path(name) for name in sys.argv[1:]])
    else:
        truth()
        schema_org()
