"""`marsad new`: the folder of a new source, indicator, page or field, or the module of a new format,
ready to be filled in.

What has to be written stands in ⟨ ⟩. While one of these blanks is left, the declaration is refused by
its name and the tests fail; when all are filled in, every contract of the folder holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from marsad.base.declare import load_yaml
from marsad.base.errors import InputError

_ROOT = Path(__file__).parents[1]
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
_MAP = "{ar: ⟨عربية⟩, fr: ⟨français⟩, en: ⟨English⟩}"

_WHOSE = f"""id: NAME
title: {_MAP}
publisher: ⟨who publishes it⟩
homepage: https://⟨address⟩
licence: ⟨licence, or the agreement's name⟩
right:
  legal_basis: {_MAP}
  robots: {_MAP}
  terms: {_MAP}
  personal_data: {_MAP}
  retention_days: 90
"""
_SOURCE = f"""{_WHOSE}kind: ads
confidentiality: aggregate_only
frequency: daily
languages: [fr]
adapter: table
columns: {{id: ad_id, title: raw_title, company: raw_company, city: raw_place, text: raw_text, link: url}}
constants: {{board: NAME}}
"""
_SAMPLE = (
    '{"id": "1", "title": "vendeur", "company": "Atlas", "city": "Fès", "text": "", "link": ""}\n'
)


def _expected(name: str) -> str:
    """What the sample gives, as `marsad try NAME --save` writes it."""
    import msgspec

    from marsad.base.records import JobAd

    ad = JobAd(source_id=name, board=name, ad_id="1", raw_title="vendeur", raw_company="Atlas",
               raw_place="Fès")  # fmt: skip
    expected = {"records": [msgspec.to_builtins(ad)], "issues": []}
    return json.dumps(expected, ensure_ascii=False, indent=1) + "\n"


_INDICATOR = f"""id: NAME
order: 200
title: {_MAP}
question: {_MAP}
definition: {_MAP}
numerator: {_MAP}
denominator: {_MAP}
method: {_MAP}
source: {_MAP}
unit: NB
decimals: 0
dimensions: [freq, area, survey]
surveys: [ADS, ADS_SYNTHETIC]
levels: [country]
inputs: [core_ad_cells, core_ad_readings]
caveats: [ads_partial]
disclosure: {{rule: threshold, minimum: 3}}
default: {{area: MA}}
"""
_COMPUTE = '''"""⟨What NAME is, for a labour statistician⟩."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.products.tabular import SYNTHETIC, Row, Tables, counts, with_month


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey and year."""
    for row in counts(with_month(tables["core_ad_cells"]), "survey", "year"):
        yield {
            "survey": row["survey"],
            "period": row["year"],
            "area": "MA",
            "value": float(row["n"]),
            "n": row["n"],
            "synthetic": row["survey"] == SYNTHETIC,
        }
'''
_EXAMPLES = f"""title: {_MAP}
input:
  core_ads:
    - {{ad_key: a, posted_on: 2026-05-03}}
    - {{ad_key: b, posted_on: 2026-05-04}}
    - {{ad_key: c, posted_on: 2026-06-01}}
expected:
  - {{survey: ADS, period: "2026", area: MA, value: 3, n: 3}}
"""
_PAGE = '''"""⟨What the page NAME answers, and for whom⟩."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/NAME"
TITLE = N_("⟨Title⟩")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: each field is a name in page.html."""

    indicators: int


def context(request: PageRequest) -> View:
    """⟨What is read, and which error an unknown address gives⟩."""
    return View(indicators=len(request.reader.indicators()))
'''
_TEMPLATE = """{% extends "layout/base.html" %}
{% block main %}
<div class="wrap narrow prose">
  {{ parts.crumbs([(title, "")]) }}
  <h1>{{ title }}</h1>
  <p>{{ fmt.number(indicators) }}</p>
</div>
{% endblock %}
"""
_FIELD = f"""order: 200
without_card: ⟨why its accuracy is not measured yet⟩
properties:
  NAME:
    type: code
    description: "list NAME: ⟨what the ad says, in a few words⟩"
    title: {_MAP}
    codelist: NAME
    filter: NAME
    counted: true
    row: known
    variable: {_MAP}
"""
_CODES = f"""FIRST: {_MAP}
SECOND: {_MAP}
"""
_CLASSIFY = '''"""⟨What NAME says of an ad, and when it says nothing⟩."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.enrich.fields import AdWords, Columns, coded
from marsad.enrich.lexicon import Candidate

_WORDS = {
    "FIRST": re.compile(r"\\b⟨first⟩\\b", re.IGNORECASE),
    "SECOND": re.compile(r"\\b⟨second⟩\\b", re.IGNORECASE),
}


def NAME_of(title: str, text: str) -> Candidate | None:
    """The code of the words named in the title (0.95) or the text (0.9); None when none is."""
    for words, score in ((title, 0.95), (text, 0.9)):
        for code, pattern in _WORDS.items():
            if match := pattern.search(words):
                return Candidate(code, score, match.group())
    return None


def classify(ads: Sequence[AdWords]) -> Columns:
    """`NAME_of` for a batch of ads."""
    return coded("NAME", (NAME_of(ad.title, ad.text) for ad in ads))
'''
_WRITER = '''"""⟨What NAME is and who reads it⟩ (⟨address of its specification⟩)."""

from __future__ import annotations

import msgspec

from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import Format
from marsad.publish.formats.writers.json import keyed_values


def write_NAME(answer: Answer) -> bytes:
    """⟨What the file holds, and what it is for no value⟩."""
    return msgspec.json.encode(list(keyed_values(answer.table)))


FORMATS = (
    Format(
        id="NAME",
        media_type="⟨media type⟩",
        extension="⟨ending of its files⟩",
        file_type="⟨its code in the EU's authority table of file types⟩",
        label="⟨its name as people write it⟩",
        order=200,
        write=write_NAME,
    ),
)
'''

_FILES = {
    "source": (
        "collect/sources",
        {"source.yml": _SOURCE, "sample/ads.jsonl": _SAMPLE, "__init__.py": ""},
        "fill in source.yml; replace sample/ by a few records of your own writing in the source's shape;"
        " look at them with `marsad try NAME`; keep what they give with `marsad try NAME --save`"
        " (expected.json); write the reference with `python scripts/reference.py`; then `make test`",
    ),
    "indicator": (
        "products/indicators",
        {
            "indicator.yml": _INDICATOR,
            "compute.py": _COMPUTE,
            "examples.yml": _EXAMPLES,
            "__init__.py": "",
        },
        "fill in indicator.yml, compute.py and the worked example in examples.yml; write the reference"
        " with `python scripts/reference.py`; `make test`; then `marsad flow release`",
    ),
    "page": (
        "web/pages",
        {"page.py": _PAGE, "page.html": _TEMPLATE, "__init__.py": ""},
        "fill in page.py and write page.html; bring its words into web/locale/ with"
        " `python -m marsad.web.locale.messages` and translate them in ar.po and fr.po; name the page in"
        " web/layout/navigation.py and its address in tests/site/routes.txt and PATHS of"
        " tests/site/test_pages.py; then `make test`",
    ),
    "field": (
        "enrich/fields",
        {"field.yml": _FIELD, "codes.yml": _CODES, "classify.py": _CLASSIFY, "__init__.py": ""},
        "fill in field.yml, codes.yml and classify.py; write tests/enrich/test_NAME.py with words of your"
        " own; write the reference with `python scripts/reference.py`; `make test`; then"
        " `marsad flow enrich release`",
    ),
    "format": (
        "publish/formats/writers",
        {"NAME.py": _WRITER},
        "write the module; add what a reader of the format gets to tests/publish/test_formats.py; write"
        " the reference with `python scripts/reference.py`; then `make test`",
    ),
}


def keep(folder: Path, records: Sequence[object], issues: Sequence[tuple[str, str]]) -> Path:
    """Write what the sample of a source gives to its `expected.json`; its path."""
    import msgspec

    expected = {"records": msgspec.to_builtins(records), "issues": issues}
    path = folder / "expected.json"
    text = json.dumps(expected, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _copy(made: Path, name: str, like: Path) -> None:
    """Write a source that reads as another does: what says whose it is and by what right stays blank, its
    board is its own, and it is fetched from nowhere.

    InputError: there is no such source, or it comes with the package.
    """
    if not (like / "sample").is_dir():
        raise InputError(f"there is no source {like.name!r} that reads files")
    declared = load_yaml(like / "source.yml")
    reading = {key: value for key, value in declared.items() if f"\n{key}:" not in f"\n{_WHOSE}"}
    reading.pop("fetch", None)
    board = (reading.get("constants") or {}).get("board")
    if board:
        reading["constants"]["board"] = name
    text = _WHOSE.replace("NAME", name) + yaml.safe_dump(
        reading, allow_unicode=True, sort_keys=False, width=110
    )
    for path in sorted(p for p in like.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        target = made / path.relative_to(like)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        if path.name == "expected.json":
            expected = json.loads(content)
            for record in expected["records"]:
                record["source_id"] = name
                if board and record.get("board") == board:
                    record["board"] = name
            content = (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode()
        if path.suffix == ".py":  # sources never import each other
            of_like, own = (f"marsad.collect.sources.{each}" for each in (like.name, name))
            content = content.replace(of_like.encode(), own.encode())
        target.write_bytes(text.encode() if path.name == "source.yml" else content)


def make(kind: str, name: str, root: Path = _ROOT, like: str = "") -> tuple[Path, str]:
    """Write the folder (of a format: the module); its path and what to do next. A source `like`
    another reads as that one does.

    InputError: a bad name, one taken, or no such source.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} must be lower-case letters, digits and _, such as my_board")
    if not (root.parents[1] / "pyproject.toml").exists() and root == _ROOT:
        raise InputError(
            "`marsad new` writes into a checkout of Marsad; this is an installed package"
        )
    where, files, then = _FILES[kind]
    alone = len(files) == 1
    made = root / where / (f"{name}.py" if alone else name)
    if made.exists():
        raise InputError(f"there is already a {kind} {name!r}", file=str(made))
    if kind == "source" and like:
        _copy(made, name, root / where / like)
        return made, then.replace("NAME", name)
    for file, text in files.items():
        path = made if alone else made / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name), encoding="utf-8")
    if kind == "source":
        (made / "expected.json").write_text(_expected(name), encoding="utf-8")
    return made, then.replace("NAME", name)
