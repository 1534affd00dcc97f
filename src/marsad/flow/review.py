"""Review: which cases a person should look at, what people judged, and how that takes effect.

The queue puts first what is unsure and what many ads hang on. A judgement is kept with what stood
there before; when ads are enriched the next time it wins over what is computed, and it leaves as a
gold row (identifiers and codes, never texts) for measuring the classifiers.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa

from marsad.base.codes import codelist
from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.base.text import match_form
from marsad.enrich.fields.isco08.classify import FLOOR, read_title
from marsad.enrich.fields.isco08.titles import form_of
from marsad.enrich.lexicon import Candidate
from marsad.lake.control import Control
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products.tabular import OPEN

CODED = ("isco08", "language")
SCHEMES = ("isco08", "dedup", "language")
NO_OCCUPATION = "X"
ANSWERS = ("same", "different")
RELEASED = 500
"""Cases of each scheme that a release holds."""
LOOKED_AT = 20_000
"""Titles or links of which the cases are made."""
_COUNTRY = "MA"
_FLOOR = {"isco08": FLOOR, "language": 0.5}
_EDGE, _REACH = 0.75, 0.25  # scores of links between duplicate and not: around the edge
_AD_COLUMNS = [
    "ad_key", "cluster", "is_canonical", "source_id", "board", "ad_id", "title", "country",
    "synthetic", "isco08", "isco08_score", "isco08_evidence", "language", "language_score",
]  # fmt: skip

_SHOWN = ("ad_key", "title", "board", "synthetic", "is_canonical", "country")
_SCHEMA = pa.unify_schemas(
    [
        table("core_ads").schema,
        pa.schema([f for f in table("core_ad_links").schema if f.name != "realm"]),
        pa.schema([(name, pa.int64()) for name in ("n", "size", "ads")]),
    ]
)
_CODES = "select {code}, count(*) as n from open_ads where {code} <> '' group by {code}"
_SIZES = (
    "select cluster, count(*) as n from open_ads"
    " where cluster in (select cluster from chosen) group by cluster"
)
_LINKS = (
    "select ad_a, ad_b, band, score from core_ad_links"  # noqa: S608 - numbers of ours
    f" order by case when band = 'certain' then 0.1 else 1 - abs(score - {_EDGE}) / {_REACH} end desc, ad_a, ad_b limit {LOOKED_AT}"
)
_TITLES = (
    "select ad_key, title, board, synthetic, is_canonical, country, {code}, {code}_score, size, ads from"
    " (select *, cast(sum(size) over (partition by title, {code}, synthetic) as bigint) as ads, row_number() over"
    " (partition by title, {code}, synthetic order by size desc, ad_key desc) as nth from"
    " (select ad_key, title, board, synthetic, is_canonical, country, {code}, {code}_score,"
    " 1 + coalesce(copied, 0) as size from open_ads a left join"
    " (select cluster, count(*) as copied from open_ads where not is_canonical group by cluster) b"
    " on a.ad_key = b.cluster where is_canonical) sized) ranked where nth = 1"
    " order by case when {code} = '' then 1.0 else"
    " 1 - greatest(0.0, (coalesce({code}_score, 0.0) - {floor}) / (1 - {floor})) end"
    " * (1 + log2(ads)) desc, ad_key limit {most}"
)
"""Of each title with its code the ad of most copies, how many ads it stands for (`size`), and how many all
ads of the title do (`ads`)."""


def words_of(title: str) -> str:
    """What tells whether an ad still bears the title that a person judged: a hash, for no words of ads are
    kept among judgements."""
    return hashlib.sha256(form_of(title).encode()).hexdigest()[:16]


def in_force(judgement: Row, title: str) -> bool:
    """Whether a judgement is of the title that its ad bears now."""
    return judgement["words"] in ("", words_of(title))


class Shown(NamedTuple):
    """One ad as a person judges it: the row of core_ads, other readings, its links, judgements."""

    ad: Row
    alternatives: tuple[Candidate, ...]
    links: tuple[Row, ...]
    judged: tuple[Row, ...]


def queue(lake: Lake, control: Control, schemes: Iterable[str] = SCHEMES) -> dict[str, list[Row]]:
    """Rows of out_review by scheme, most pressing first, without what is judged already.

    priority = uncertainty * (1 + log2(ads that the answer bears on) + its occupation's share), of the
    LOOKED_AT titles that press most, or links that are least sure.
    """
    queues = {}
    for scheme in schemes:
        cases = _pairs(lake) if scheme == "dedup" else _codes(lake, scheme)
        judged = {row["subject"] for row in judgements(lake, control, scheme)}
        cases = [case for case in cases if case["subject"] not in judged]
        cases.sort(key=lambda case: (-case["priority"], case["subject"]))
        queues[scheme] = [{**case, "rank": i} for i, case in enumerate(cases, 1)]
    return queues


def judgements(lake: Lake, control: Control, scheme: str) -> list[Row]:
    """The judgements of a scheme, without those of ads that bear another title by now."""
    rows = control.judgements(scheme)
    if scheme not in CODED:
        return rows
    titles = _ads(lake, ["ad_key", "title"], {row["subject"] for row in rows})
    return [
        r for r in rows if r["subject"] not in titles or in_force(r, titles[r["subject"]]["title"])
    ]


def _uncertainty(scheme: str, row: Row) -> float:
    """1 for an abstention or a code at the floor, 0 for a code beyond doubt."""
    if not row[scheme]:
        return 1.0
    above = ((row[f"{scheme}_score"] or 0.0) - _FLOOR[scheme]) / (1 - _FLOOR[scheme])
    return round(1 - min(1.0, max(0.0, above)), 3)


def _codes(lake: Lake, scheme: str) -> list[Row]:
    """One case for all ads of one title and code: the answer for one tells of the others."""
    coded = {row[scheme]: row["n"] for row in _rows(lake, _CODES.format(code=scheme), scheme, "n")}
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    query = _TITLES.format(code=scheme, floor=_FLOOR[scheme], most=LOOKED_AT)
    score = f"{scheme}_score"
    for row in _rows(lake, query, *_SHOWN, scheme, score, "size", "ads"):
        groups.setdefault((match_form(row["title"]), row[scheme], row["synthetic"]), []).append(row)
    total = max(1, sum(coded.values()))
    cases = []
    for (_, code, _synthetic), ads in groups.items():
        first = max(ads, key=lambda row: (row["size"], row["ad_key"]))
        unsure = _uncertainty(scheme, first)
        bears = sum(row["ads"] for row in ads)
        reason = "abstained" if not code else "uncertain" if unsure >= 0.5 else "influential"
        priority = unsure * (1 + math.log2(bears) + coded.get(code, 0) / total)
        cases.append(
            _case(scheme, first["ad_key"], reason, first, ads=bears, priority=priority)
            | {"value": code, "score": first[score] or 0.0}
        )
    return cases


def _pairs(lake: Lake) -> list[Row]:
    """For any two clusters, and within each, the one pair that is least sure."""
    links = _rows(lake, _LINKS, "ad_a", "ad_b", "band", "score")
    keys = {link[end] for link in links for end in ("ad_a", "ad_b")}
    ads = _ads(lake, [*_SHOWN, "cluster"], keys)
    clusters = pa.table({"cluster": sorted({ad["cluster"] for ad in ads.values()})})
    sizes = {r["cluster"]: r["n"] for r in _rows(lake, _SIZES, "cluster", "n", chosen=clusters)}
    cases: dict[frozenset[str], Row] = {}
    for link in links:
        if link["ad_a"] not in ads or link["ad_b"] not in ads:
            continue
        one, two = ads[link["ad_a"]], ads[link["ad_b"]]
        between = frozenset((one["cluster"], two["cluster"]))
        bears = sum(sizes[cluster] for cluster in between)
        near = 0.1 if link["band"] == "certain" else 1 - abs(link["score"] - _EDGE) / _REACH
        unsure = max(0.1, near)
        reason = "borderline" if unsure >= 0.5 else "cluster"
        subject = pair(one["ad_key"], two["ad_key"])
        case = _case(
            "dedup", subject, reason, one, ads=bears, priority=unsure * (1 + math.log2(bears))
        ) | {"value": link["band"], "score": link["score"], "title_b": two["title"]}
        if between not in cases or case["priority"] > cases[between]["priority"]:
            cases[between] = case
    return list(cases.values())


def _case(scheme: str, subject: str, reason: str, ad: Row, *, ads: int, priority: float) -> Row:
    shown = ad["is_canonical"] and ad["country"] == _COUNTRY
    return {
        "scheme": scheme,
        "subject": subject,
        "rank": 0,
        "reason": reason,
        "ads": ads,
        "priority": round(priority, 3),
        "title": ad["title"],
        "title_b": "",
        "board": ad["board"],
        "ad_key": ad["ad_key"] if shown else "",
        "synthetic": ad["synthetic"],
    }


def pair(one: str, two: str) -> str:
    """Two ads as one subject, whatever their order."""
    return " ".join(sorted((one, two)))


def _rows(lake: Lake, query: str, *names: str, **given: pa.Table) -> list[Row]:
    """The rows of a query of ours over open ads (`open_ads`), their links and the tables given."""
    schema = pa.schema([_SCHEMA.field(name) for name in names])
    query = f"with open_ads as (select * from core_ads where confidentiality = '{OPEN}') {query}"  # noqa: S608
    rows: list[Row] = lake.table(query, ("core_ads", "core_ad_links"), schema, given).to_pylist()
    return rows


def _ads(lake: Lake, columns: Sequence[str], keys: Iterable[str]) -> dict[str, Row]:
    """The ads with these keys that are open, by key."""
    query = f"select {', '.join(columns)} from open_ads where ad_key in (select ad_key from chosen)"  # noqa: S608
    chosen = pa.table({"ad_key": pa.array(sorted(keys), pa.string())})
    return {row["ad_key"]: row for row in _rows(lake, query, *columns, chosen=chosen)}


def _ad(lake: Lake, key: str, columns: Sequence[str] = _AD_COLUMNS) -> Row:
    rows = lake.read("core_ads", where=("ad_key", [key])).to_pylist()
    if not rows or rows[0]["confidentiality"] != OPEN:  # of a register no record leaves
        raise NotFoundError(f"There is no ad {key!r} among the coded ads.")
    return {name: rows[0][name] for name in columns}


def _links(lake: Lake, key: str) -> list[Row]:
    ends = [lake.read("core_ad_links", where=(end, [key])).to_pylist() for end in ("ad_a", "ad_b")]
    return [row for rows in ends for row in rows]


def show(lake: Lake, control: Control, key: str) -> Shown:
    """Everything a person needs to judge one ad; NotFoundError when there is none of that key."""
    ad = _ad(lake, key, [*_AD_COLUMNS, "text", "company", "place_text", "esco"])
    reading = read_title(ad["title"], ad["text"][:700])
    judged = tuple(
        row
        for scheme in SCHEMES
        for row in control.judgements(scheme)
        if key in row["subject"].split(" ")
    )
    return Shown(ad, reading.groups[:8], tuple(_links(lake, key)), judged)


def _checked(scheme: str, value: str) -> str:
    if scheme == "isco08":
        if value != NO_OCCUPATION and (len(value) != 4 or value not in codelist("isco08")):
            raise InputError(
                f"{value!r} is not an ISCO-08 unit group of four digits"
                f" ({NO_OCCUPATION} when the ad names no occupation)"
            )
    elif value not in codelist(scheme):
        raise InputError(f"{value!r} is not a code of the list {scheme!r}")
    return value


def _fresh(control: Control, scheme: str, subject: str, title: str = "", *, again: bool) -> None:
    for row in control.judgements(scheme, subject):
        if not again and in_force(row, title):
            raise InputError(
                f"{subject} is judged already: {row['value']}, by {row['judge']} on"
                f" {row['judged_at'][:10]}; say --again to judge it anew"
            )


def _named(judge: str) -> str:
    if not judge.strip():
        raise InputError("a judgement needs the name of its judge")
    return judge.strip()


def judge_code(
    lake: Lake, control: Control, scheme: str, key: str, value: str, *, judge: str,
    note: str = "", again: bool = False,
) -> int:  # fmt: skip
    """Keep a person's code for an ad; the number of the judgement.

    NotFoundError for an unknown ad; InputError for an unknown code or an ad judged already.
    """
    ad = _ad(lake, key)
    _checked(scheme, value)
    _fresh(control, scheme, key, ad["title"], again=again)
    return control.keep_judgement(
        scheme, key, value, previous=ad[scheme], score=ad[f"{scheme}_score"],
        judge=_named(judge), note=note, words=words_of(ad["title"]),
    )  # fmt: skip


def judge_pair(
    lake: Lake, control: Control, one: str, two: str, answer: str, *, judge: str,
    note: str = "", again: bool = False,
) -> int:  # fmt: skip
    """Keep a person's answer whether two ads are one opening; the number of the judgement.

    NotFoundError for an unknown ad; InputError for an ad with itself, ads of two realms (real and
    synthetic ones are never compared), or a pair judged already.
    """
    if answer not in ANSWERS:
        raise InputError(f"the answer must be {' or '.join(ANSWERS)}, not {answer!r}")
    if one == two:
        raise InputError("an ad cannot be judged against itself")
    first, second = _ad(lake, one), _ad(lake, two)
    if first["synthetic"] != second["synthetic"]:
        raise InputError("a real and a synthetic ad are never compared")
    subject = pair(one, two)
    _fresh(control, "dedup", subject, again=again)
    same = first["cluster"] == second["cluster"]
    scores = [r["score"] for r in _links(lake, one) if pair(r["ad_a"], r["ad_b"]) == subject]
    return control.keep_judgement(
        "dedup", subject, answer, previous=ANSWERS[not same], score=scores[0] if scores else None,
        judge=_named(judge), note=note,
    )  # fmt: skip


def judged_pairs(control: Control) -> list[tuple[str, str, bool]]:
    """(ad, ad, same opening?) of every pair that people judged."""
    pairs = []
    for row in control.judgements("dedup"):
        one, two = row["subject"].split(" ")
        pairs.append((one, two, row["value"] == "same"))
    return pairs


def gold(lake: Lake, control: Control, scheme: str) -> tuple[str, int, int]:
    """What people judged as CSV: identifiers, codes and judges, never a text; then the rows in it
    and the judgements left out because their ad is no longer there."""
    judged = judgements(lake, control, scheme)
    keys = {key for row in judged for key in row["subject"].split(" ")}
    ads = _ads(lake, ["ad_key", "source_id", "board", "ad_id"], keys)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ("source_id", "board", "ad_id")
    ends = ("",) if scheme != "dedup" else ("_a", "_b")
    writer.writerow([*(f"{name}{end}" for end in ends for name in names), "value", "judge"])
    written = 0
    for row in judged:
        keys = row["subject"].split(" ")
        if all(key in ads for key in keys):
            cells = [ads[key][name] for key in keys for name in names]
            writer.writerow([*cells, row["value"], row["judge"]])
            written += 1
    return out.getvalue(), written, len(judged) - written


def judged_titles(lake: Lake, control: Control) -> list[tuple[str, str, str, str]]:
    """(language, title, text, unit group or X) of every ad whose occupation a person judged."""
    judged = judgements(lake, control, "isco08")
    columns = ["ad_key", "language", "title", "text"]
    ads = _ads(lake, columns, {row["subject"] for row in judged})
    rows = ((ads.get(row["subject"]), row["value"]) for row in judged)
    return [(ad["language"] or "und", ad["title"], ad["text"], code) for ad, code in rows if ad]
