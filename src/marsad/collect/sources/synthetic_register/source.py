"""A register of an intermediation agency that does not exist: generated counts, marked as synthetic.

It shows on a fresh machine what the pages of supply and demand hold once an agency hands its register over.
Job seekers are placed by the people of a region, posts and placements follow them with a season and chance; a
region and the country are the sums of their occupation groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from marsad.base.areas import COUNTRY
from marsad.base.codes import TOTAL
from marsad.base.periods import following
from marsad.base.records import Observation
from marsad.collect.context import Context
from marsad.collect.seeds import provinces

GROUPS = dict(zip("123456789", (1, 6, 9, 8, 14, 4, 12, 8, 16)))
"""Major groups of ISCO-08 and how often each is sought, in the made-up register."""
_SEEKERS_PER_MILLION, _LEAST = 9_000, 5
_POSTS, _PLACED = 0.06, 0.4


def collect(ctx: Context) -> Iterator[Observation]:
    """Registered job seekers, posts and placements by month, region and major group, and their sums."""
    options = {**ctx.spec.options, **ctx.options}
    dice = np.random.default_rng(options["seed"])
    people: Counter[str] = Counter()
    for seed in provinces():
        people[seed.region_code] += int(seed.weight)
    year, month = map(int, options["until"].split("-"))
    first = 12 * year + month - options["months"]
    months = following(f"{first // 12}-{first % 12 + 1:02}", options["months"])
    for n, period in enumerate(months):
        counts: Counter[tuple[str, str, str]] = Counter()
        season = 1 + 0.2 * np.sin(2 * np.pi * n / 12)
        for region, weight in sorted(people.items()):
            for group, share in GROUPS.items():
                seekers = weight * _SEEKERS_PER_MILLION / 1e6 * share / sum(GROUPS.values())
                posts = seekers * _POSTS * season * (1.5 if group in "57" else 1)
                cells = {
                    "registered_seekers": seekers,
                    "registered_vacancies": posts,
                    "placements": posts * _PLACED,
                }
                for measure, mean in cells.items():
                    number = max(_LEAST, int(dice.poisson(mean)))
                    for area in (COUNTRY, region):
                        for category in (TOTAL, group):
                            counts[measure, area, category] += number
        for (measure, area, category), number in sorted(counts.items()):
            yield Observation(
                indicator=measure, freq="M", period=period, area=area, survey="REGISTER_SYNTHETIC",
                age=TOTAL, category=category, source_id=ctx.spec.id, value=float(number), unit="NB",
                source="Marsad, generated", verification="one_source", synthetic=True,
            )  # fmt: skip
