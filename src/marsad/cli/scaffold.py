"""`marsad new`: the folder of a new source, indicator or page, ready to be filled in.

What is written already loads and passes the checks of declarations; its texts say what to replace.
"""

from __future__ import annotations

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
homepage: https://example.org
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
columns: {{title: raw_title, company: raw_company, city: raw_place, text: raw_text, link: url}}
constants: {{board: NAME}}
"""
_SAMPLE = '{"title": "vendeur", "company": "Atlas", "city": "Fès", "text": "", "link": ""}\n'

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
expected:
  - {{survey: ADS, period: "2026", area: MA, value: 2, n: 2}}
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
        "fill source.yml, replace sample/ by a few records of your own writing in the source's shape,"
        " then `marsad try NAME`",
    ),
    "indicator": (
        "products/indicators",
        {
            "indicator.yml": _INDICATOR,
            "compute.py": _COMPUTE,
            "examples.yml": _EXAMPLES,
            "__init__.py": "",
        },
        "fill indicator.yml, write compute.py and its worked example, then `marsad flow release`",
    ),
    "page": (
        "web/pages",
        {"page.py": _PAGE, "page.html": _TEMPLATE, "__init__.py": ""},
        "write page.py and page.html, name the page in the navigation, then `make test`",
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
    return folder, then.replace("NAME", name)
