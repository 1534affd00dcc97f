"""The open ads of one release in memory, so that one person is weighed against all of them at once.

Open: its `state` is, on the reference day (see `products.windows`). The score is that of `products.matching.score`: its parts are worked out once for each occupation
and place that occur, and spread over the ads; the share of skills is one product of sparse matrices.
What is shown of an ad is kept beside it. `benchmarks/matching.py` measures time and memory.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from marsad.base.distances import about_km
from marsad.lake.mart import Mart
from marsad.products.matching.score import WEIGHTS, Seeker, occupation, place
from marsad.publish.read.profiles import MedianPay, paid

if TYPE_CHECKING:
    from scipy import sparse

SHOWN = (
    "ad_key", "title", "company", "board", "url", "posted_on", "deadline_on", "isco08", "region",
    "province", "synthetic", "contract", "experience_years",
)  # fmt: skip
_ADS = """
select ad_key, title, company, board, url, posted_on, deadline_on, coalesce(isco08, '') as isco08,
  region, province, synthetic, coalesce(contract, '') as contract, experience_years, concat_ws(' ', region, province, commune) as places from ads where state = 'open'
order by posted_on desc nulls last, ad_key"""
_PAY = """
select synthetic, coalesce(isco08, '') as code, list((coalesce(salary_month_min_mad,
  salary_month_max_mad) + coalesce(salary_month_max_mad, salary_month_min_mad)) / 2) as pay
from (select *, max(year(posted_on)) over (partition by synthetic) as newest from ads
  where coalesce(salary_month_min_mad, salary_month_max_mad) is not null)
where year(posted_on) = newest group by all"""
_STEPS = 10_000
Places = NDArray[np.int64]


class Openings:
    """Open ads, the newest first, by their place in this order."""

    def __init__(self, mart: Mart) -> None:
        table = mart.arrow(_ADS)
        self.keys = table["ad_key"].combine_chunks()
        self.shown = table.select(list(SHOWN)).combine_chunks()
        self.synthetic: NDArray[np.bool_] = table["synthetic"].to_numpy(zero_copy_only=False)
        self.jobs, self._job = _coded(table["isco08"])
        self._areas, self._area = _coded(table["places"])
        self._area_sets = [frozenset(codes.split()) for codes in self._areas]
        self.contracts, self._contract = _coded(table["contract"])
        years = table["experience_years"].combine_chunks().cast("float64").fill_null(0.0)
        self.experience: NDArray[np.float64] = years.to_numpy(zero_copy_only=False)
        named = mart.arrow("select ad_key, skill from ad_skills")
        rows = pc.index_in(named["ad_key"], value_set=self.keys)
        is_open = pc.is_valid(rows).combine_chunks()
        self.skills, columns = _coded(named["skill"].filter(is_open))
        self.skill_at = {code: i for i, code in enumerate(self.skills)}
        self._skilled = rows.filter(is_open).to_numpy(), columns
        self._pay = mart.rows(_PAY)
        (row,) = mart.rows("select coalesce(bool_and(synthetic), false) as sample from ads")
        self._sample = bool(row["sample"])
        self._paid: dict[tuple[str, bool], MedianPay] = {}
        self._of_job: dict[tuple[str, bool], Places] = {}
        self._usual: dict[tuple[str, bool], list[tuple[str, int]]] = {}

    @cached_property
    def skill_matrix(self) -> sparse.csr_matrix:
        """1 where an ad (a row) asks a skill (a column)."""
        from scipy import sparse  # 20 MB, of no use to who asks for no match

        shape = (len(self.keys), len(self.skills))
        ones = np.ones(len(self._skilled[0]), np.float32)
        matrix = sparse.csr_matrix((ones, self._skilled), shape=shape)
        matrix.data[:] = 1.0
        return matrix

    @cached_property
    def _skill_counts(self) -> NDArray[np.int64]:
        counts: NDArray[np.int64] = np.maximum(np.diff(self.skill_matrix.indptr), 1)
        return counts

    @cached_property
    def synthetic_only(self) -> bool:
        """Whether the release has no real ad: then the synthetic ones are told of."""
        return self._sample

    def scores(self, criteria: Seeker) -> NDArray[np.float32]:
        """The score of every ad, as `score.match` gives it."""
        total = np.zeros(len(self.keys), np.float32)
        whole = 0
        if criteria.occupation:
            parts = [occupation(criteria.occupation, code)[0] for code in self.jobs]
            total += WEIGHTS["occupation"] * np.array(parts, np.float32)[self._job]
            whole += WEIGHTS["occupation"]
        if criteria.skills:
            total += WEIGHTS["skills"] * self.shared(criteria.skills) / self._skill_counts
            whole += WEIGHTS["skills"]
        if criteria.area:
            parts = [place(criteria.area, codes)[0] for codes in self._area_sets]
            total += WEIGHTS["place"] * np.array(parts, np.float32)[self._area]
            whole += WEIGHTS["place"]
        return (total / (whole or 1)).astype(np.float32)

    def shared(self, skills: frozenset[str]) -> NDArray[np.float32]:
        """How many of these skills each ad asks."""
        vector = np.zeros(len(self.skills), np.float32)
        vector[[self.skill_at[s] for s in skills if s in self.skill_at]] = 1
        counts: NDArray[np.float32] = self.skill_matrix @ vector
        return counts

    def skills_of(self, ad: int) -> frozenset[str]:
        """The skills that an ad asks."""
        start, end = self.skill_matrix.indptr[ad : ad + 2]
        return frozenset(self.skills[i] for i in self.skill_matrix.indices[start:end])

    def realm(self, realm: str) -> NDArray[np.bool_]:
        """The ads of a realm (`real`, `synthetic`; '' for every one)."""
        every = np.ones(len(self.keys), np.bool_)
        return every if not realm else self.synthetic if realm == "synthetic" else ~self.synthetic

    def of_job(self, group: str, synthetic: bool, area: str = "") -> Places:
        """The open ads of an ISCO-08 group of any length in a realm (and an area)."""
        chosen = self._of_job.get((group, synthetic))
        if chosen is None:
            fits = np.array([code.startswith(group) and bool(code) for code in self.jobs], np.bool_)
            chosen = np.flatnonzero(fits[self._job] & (self.synthetic == synthetic))
            self._of_job[group, synthetic] = chosen
        if not area:
            return chosen
        inside = np.array([area in codes for codes in self._area_sets], np.bool_)
        return chosen[inside[self._area[chosen]]]

    def in_group(self, group: str) -> NDArray[np.bool_]:
        """Whether each ad is of an ISCO-08 group of any length."""
        fits = np.array([bool(group) and code.startswith(group) for code in self.jobs], np.bool_)
        return _spread(fits, self._job)

    def of_contract(self, contract: str) -> NDArray[np.bool_]:
        """Whether each ad offers a contract."""
        return _spread(
            np.array([code == contract for code in self.contracts], np.bool_), self._contract
        )

    def contracts_named(self, synthetic: bool) -> tuple[str, ...]:
        """The contracts that ads of a realm offer, most first."""
        n = np.bincount(self._contract[self.synthetic == synthetic], minlength=len(self.contracts))
        order = np.argsort(-n, kind="stable")
        return tuple(self.contracts[i] for i in order if self.contracts[i] and n[i])

    def inside(self, area: str) -> NDArray[np.bool_]:
        """Whether each ad lies in an area."""
        return _spread(np.array([area in codes for codes in self._area_sets], np.bool_), self._area)

    def km(self, area: str) -> NDArray[np.float64]:
        """About how far each ad lies from an area, 0 inside it; infinity where its place is unknown."""
        away = [
            0 if area in codes else about_km(area, max(codes, key=len)) if codes else None
            for codes in self._area_sets
        ]
        every = np.array([math.inf if km is None else km for km in away], np.float64)
        return every[self._area] if len(every) else np.zeros(0)

    def usual(self, group: str, synthetic: bool) -> list[tuple[str, int]]:
        """The skills that the open ads of a group ask, with how many do, most first."""
        if (group, synthetic) not in self._usual:
            self._usual[group, synthetic] = self._skills_by_ads(self.of_job(group, synthetic))
        return self._usual[group, synthetic]

    def where(self, ad: int) -> frozenset[str]:
        """The region, province and commune of an ad, as far as known."""
        codes: frozenset[str] = self._area_sets[int(self._area[ad])]
        return codes

    def counts(self, synthetic: bool) -> dict[str, int]:
        """Open ads by unit group in a realm; those without a code left out."""
        n = np.bincount(self._job[self.synthetic == synthetic], minlength=len(self.jobs))
        return {code: int(k) for code, k in zip(self.jobs, n) if code and k}

    def best(self, scores: NDArray[np.float32], limit: int) -> list[int]:
        """The ads with the highest scores above 0, best and newest first."""
        steps = np.ceil(np.clip(scores, 0, 1) * _STEPS).astype(np.int64)
        above = np.cumsum(np.bincount(steps, minlength=_STEPS + 1)[::-1])
        edge = max(1, _STEPS - int(np.searchsorted(above, limit)))
        near = np.flatnonzero(steps >= edge)
        order = near[np.argsort(-scores[near], kind="stable")]
        return [int(i) for i in order[:limit]]

    def _skills_by_ads(self, ads: Places) -> list[tuple[str, int]]:
        n = np.asarray(self.skill_matrix[ads].sum(axis=0)).ravel().astype(int)
        order = np.lexsort((np.arange(len(n)), -n))
        return [(self.skills[i], int(n[i])) for i in order if n[i]]

    def pay(self, group: str, synthetic: bool) -> MedianPay:
        """Median monthly pay of the ads of a group that say one, of the newest year, by the rule of
        `wage_offered`."""
        if (group, synthetic) not in self._paid:
            rows = (r for r in self._pay if r["code"].startswith(group) and r["code"])
            amounts = [v for row in rows if row["synthetic"] == synthetic for v in row["pay"]]
            self._paid[group, synthetic] = paid(amounts)
        return self._paid[group, synthetic]


def _spread(by_value: NDArray[np.bool_], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    return by_value[at] if len(by_value) else np.zeros(len(at), np.bool_)


def _coded(column: object) -> tuple[Sequence[str], NDArray[np.int64]]:
    """Distinct values, and for each row the place of its own."""
    encoded = pc.dictionary_encode(column.combine_chunks())  # type: ignore[attr-defined]
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


_LOCK = threading.Lock()
_OPENINGS: WeakKeyDictionary[Mart, Openings] = WeakKeyDictionary()


def openings(mart: Mart) -> Openings:
    """The open ads of a release, read once."""
    with _LOCK:
        if mart not in _OPENINGS:
            _OPENINGS[mart] = Openings(mart)
        return _OPENINGS[mart]
