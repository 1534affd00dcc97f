"""`marsad new`: the folder of a new source, indicator or page, ready to be filled in.

What has to be written stands in ⟨ ⟩. While one of these blanks is left, the declaration is refused by
its name and the tests fail; when all are filled in, every contract of the folder holds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from marsad.base.errors import InputError

_ROOT = Path(__file__).parents[1]
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
_MAP = "{ar: ⟨عربية⟩, fr: ⟨français⟩, en: ⟨English⟩}"

_SOURCE = f"""id: NAME
kind: ads
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
inputs: [core_ads]
caveats: [ads_partial]
disclosure: {{rule: threshold, minimum: 3}}
default: {{area: MA}}
"""
_COMPUTE = '''"""⟨What NAME is, for a labour statistician⟩."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marsad.products.tabular import Row, Tables, openings


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey and year."""
    counts = Counter(
        (ad["survey"], str(ad["posted_on"].year)) for ad in openings(tables) if ad["posted_on"]
    )
    for (survey, year), n in counts.items():
        yield {
            "survey": survey,
            "period": year,
            "area": "MA",
            "value": float(n),
            "n": n,
            "synthetic": survey == "ADS_SYNTHETIC",
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

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/NAME"
TITLE = N_("⟨Title⟩")


def context(request: PageRequest) -> dict[str, object]:
    """What the template shows."""
    return {"release": request.reader.release()}
'''
_TEMPLATE = """{% extends "layout/base.html" %}
{% block main %}
<div class="wrap narrow prose">
  {{ parts.crumbs([(title, "")]) }}
  <h1>{{ title }}</h1>
</div>
{% endblock %}
"""

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
        "fill in page.py and write page.html; put its words into web/locale/ar.po and fr.po; name the"
        " page in the navigation; then `make test`",
    ),
}


def make(kind: str, name: str, root: Path = _ROOT) -> tuple[Path, str]:
    """Write the folder; its path and what to do next. InputError: a bad name, or one taken."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} must be lower-case letters, digits and _, such as my_board")
    where, files, then = _FILES[kind]
    folder = root / where / name
    if folder.exists():
        raise InputError(f"there is already a {kind} {name!r}", file=str(folder))
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name), encoding="utf-8")
    if kind == "source":
        (folder / "expected.json").write_text(_expected(name), encoding="utf-8")
    return folder, then.replace("NAME", name)
